/**
 * One run: one contestant, one seed, from the first request to the end of the last.
 *
 * Equal arguments give equal results, whatever else runs on the machine.
 */
import type { RunResult } from '../experiment/run-result.ts'
import { gpuMsOf } from '../scenario/fleet-capacity.ts'
import { type ResolvedFleet, type ResolvedNode, resolveFleet } from '../scenario/resolve.ts'
import type { Contestant, Scenario } from '../scenario/scenario.ts'
import type { MeanRequest } from '../workload/mean-request.ts'
import type { SimRequest } from '../workload/request.ts'
import type { TraceRow } from '../workload/trace.ts'
import { createWorkload } from '../workload/workload.ts'
import { demandOf } from './demand.ts'
import { Fleet } from './fleet.ts'
import { honestyChecks } from './honesty.ts'
import { Recorder } from './recorder.ts'
import { unloadedBatchMs, unloadedLanguageMs } from './unloaded.ts'
import { Usage } from './usage.ts'

export interface RunInit {
  readonly scenario: Scenario
  readonly contestant: Contestant
  readonly seed: number
  /** Of the file that the workload names. `undefined`: it names none. */
  readonly trace?: readonly TraceRow[] | undefined
  /** Told now and then how far it has come. */
  readonly onProgress?: ((simulatedMs: number) => void) | undefined
}

/** Columns of the plots over time. */
const BUCKETS = 60

/** How often it is looked whether the last request has ended. */
const DRAIN_STEP_MS = 250

/** What was cancelled is on its way to its node for no longer. */
const SETTLE_MS = 5_000

/** @throws MeshError ERR_CONFIG if the parts of the scenario do not fit. */
export function runOnce({ scenario, contestant, seed, trace, onProgress }: RunInit): RunResult {
  const { durationMs, warmUpMs, drainMaxMs, workload } = scenario
  const resolved = resolveFleet(scenario)
  const bucketMs = durationMs / BUCKETS
  const { means, requestsPerSecond } = demandOf(scenario, resolved, trace)
  const recorder = new Recorder({
    ...{ durationMs, warmUpMs, bucketMs, slo: workload.slo },
    capacities: resolved.nodes.map(node => capacityOf(node, means)),
    unloadedMs: unloadedBy(resolved),
  })
  const requests = createWorkload({
    ...{ scenario: workload, durationMs, seed, ingressCount: scenario.ingresses.count, trace },
    requestsPerSecond,
  })
  const fleet = new Fleet({
    ...{ scenario, contestant, seed, fleet: resolved, workload: requests, recorder },
  })
  const { timeline, nodes } = fleet
  const usage = new Usage(resolved, nodes, bucketMs)
  timeline.at(warmUpMs, () => usage.begin())
  fleet.start()
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
    const atMs = bucket * bucketMs
    timeline.run(atMs)
    usage.observe()
    recorder.observed(atMs, fleet.occupancy())
    onProgress?.(atMs)
  }
  usage.end()
  const untilMs = durationMs + drainMaxMs
  let bucketEndMs = durationMs + bucketMs
  while (recorder.openCount > 0 && timeline.nowMs < untilMs) {
    timeline.run(Math.min(untilMs, bucketEndMs, timeline.nowMs + DRAIN_STEP_MS))
    if (timeline.nowMs < bucketEndMs) continue
    recorder.observed(bucketEndMs, fleet.occupancy())
    bucketEndMs += recorder.isDrawn(bucketEndMs) ? bucketMs : Number.POSITIVE_INFINITY
  }
  const simulatedMs = Math.max(durationMs, fleet.lastEndMs)
  const cost = usage.metrics(durationMs - warmUpMs, simulatedMs, recorder.servedTokens)
  if (recorder.openCount === 0) timeline.run(timeline.nowMs + SETTLE_MS)
  const counts = recorder.counts()
  return {
    ...{ contestant: contestant.name, seed, counts },
    summaries: recorder.summaries(),
    curves: recorder.curves(),
    metrics: { ...recorder.metrics(), ...cost },
    timeline: recorder.timeline(),
    heatMap: usage.heatMap(),
    checks: honestyChecks(counts, nodes),
    eventCount: fleet.eventCount,
    simulatedMs,
  }
}

/** Requests a second that a node is good for: what its share of the picks is measured by. */
function capacityOf({ hardware }: ResolvedNode, means: readonly MeanRequest[]): number {
  const { profile, models } = hardware
  const served = means.filter(each => models.some(({ name }) => name === each.class.model))
  return served.reduce((sum, each) => sum + each.ratio / gpuMsOf(profile, each), 0)
}

/** On the fastest engine for each model. */
function unloadedBy({ nodes }: ResolvedFleet): (request: SimRequest) => number {
  const all = [...new Set(nodes.map(({ hardware }) => hardware))]
  return request => {
    let leastMs = Number.POSITIVE_INFINITY
    for (const { profile, models } of all) {
      if (!models.some(({ name }) => name === request.model)) continue
      const speed = profile[request.kind]
      if (speed === undefined) continue
      const ms =
        'stepBaseMs' in speed ? unloadedLanguageMs(speed, request) : unloadedBatchMs(speed, request)
      leastMs = Math.min(leastMs, ms)
    }
    return leastMs
  }
}
