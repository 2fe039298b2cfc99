/**
 * Measures a run: counts what happens to every request, and the times of those that came after the
 * warm-up.
 *
 * The counts hold all requests, for nothing may get lost between them. Times are as the ingress sees them,
 * from the arrival of the request there.
 */
import type {
  Counts,
  Metrics,
  Summary,
  SummaryName,
  TimelinePoint,
} from '../experiment/run-result.ts'
import type { WorkloadScenario } from '../scenario/workload.ts'
import type { SimRequest } from '../workload/request.ts'
import type { Attempt, Ending, Flight } from './attempt.ts'
import { Fairness } from './fairness.ts'
import { Herding } from './herding.ts'
import type { IngressNote } from './ingress.ts'
import { plotted } from './plotted.ts'
import { Samples } from './samples.ts'

export interface RecorderInit {
  readonly warmUpMs: number
  readonly durationMs: number
  readonly bucketMs: number
  readonly slo: WorkloadScenario['slo']
  /** Of each node, in any unit. */
  readonly capacities: readonly number[]
  /** On the fastest engine there is for it. */
  readonly unloadedMs: (request: SimRequest) => number
}

/** A short run with a long end would be drawn in millions: what comes later is counted and not drawn. */
const BUCKETS_MAX = 600

interface Bucket {
  arrived: number
  completed: number
  rejected: number
  queued: number
  running: number
  readonly ttftMs: Samples
}

export class Recorder {
  readonly #init: RecorderInit
  readonly #samples: Readonly<Record<SummaryName, Samples>> = {
    ttftMs: new Samples(),
    tpotMs: new Samples(),
    endToEndMs: new Samples(),
    queueWaitMs: new Samples(),
    slowdown: new Samples(),
  }
  readonly #counts = {
    ...{ arrived: 0, completed: 0, rejected: 0, failed: 0 },
    ...{ bounces: 0, retries: 0, hedgesSent: 0, hedgesWon: 0 },
  }
  readonly #reasons = new Map<string, number>()
  readonly #buckets: Bucket[] = []
  readonly #herding: Herding
  readonly #fairness = new Fairness()
  /** Of requests after the warm-up. */
  #measuredCount = 0
  #admittedCount = 0
  #goodCount = 0
  #promptTokens = 0
  #cachedTokens = 0
  #servedTokens = 0

  constructor(init: RecorderInit) {
    this.#init = init
    this.#herding = new Herding(init.capacities)
  }

  get openCount(): number {
    const { arrived, completed, rejected, failed } = this.#counts
    return arrived - completed - rejected - failed
  }

  /** Tokens read and made for requests that were completed. */
  get servedTokens(): number {
    return this.#servedTokens
  }

  arrived(request: SimRequest): void {
    this.#counts.arrived += 1
    const bucket = this.#bucketAt(request.atMs)
    if (bucket !== undefined) bucket.arrived += 1
    if (!this.#isMeasured(request)) return
    this.#measuredCount += 1
    this.#fairness.asked(request.tenant, tokensOf(request))
  }

  dispatched(attempt: Attempt, nowMs: number): void {
    if (nowMs >= this.#init.warmUpMs) this.#herding.picked(attempt.node, nowMs)
  }

  prefilled(attempt: Attempt, cachedTokens: number): void {
    if (!this.#isMeasured(attempt.flight.request)) return
    this.#promptTokens += attempt.inputTokens
    this.#cachedTokens += cachedTokens
  }

  noted(note: IngressNote): void {
    if (note === 'bounce') this.#counts.bounces += 1
    else if (note === 'retry') this.#counts.retries += 1
    else if (note === 'hedge') this.#counts.hedgesSent += 1
    else this.#counts.hedgesWon += 1
  }

  ended(
    flight: Flight,
    ending: Ending,
    { reason, nowMs }: { reason: string; nowMs: number },
  ): void {
    const { request } = flight
    this.#counts[ending] += 1
    const bucket = this.#bucketAt(nowMs)
    if (bucket !== undefined && ending !== 'failed') bucket[ending] += 1
    if (ending !== 'completed') this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1)
    if (ending === 'completed') this.#servedTokens += tokensOf(request)
    if (!this.#isMeasured(request)) return
    if (ending !== 'rejected') this.#admittedCount += 1
    if (ending === 'completed') this.#measure(flight, nowMs)
  }

  /** The state of the fleet at the end of a bucket. */
  observed(atMs: number, { queued, running }: { queued: number; running: number }): void {
    const bucket = this.#bucketAt(atMs - this.#init.bucketMs / 2)
    if (bucket === undefined) return
    bucket.queued = queued
    bucket.running = running
  }

  /** Whether the timeline shows what happens then. */
  isDrawn(atMs: number): boolean {
    return atMs < BUCKETS_MAX * this.#init.bucketMs
  }

  counts(): Counts {
    return {
      ...this.#counts,
      inFlight: this.openCount,
      reasons: Object.fromEntries([...this.#reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
    }
  }

  summaries(): Readonly<Record<SummaryName, Summary>> {
    const { ttftMs, tpotMs, endToEndMs, queueWaitMs, slowdown } = this.#samples
    return {
      ttftMs: ttftMs.summary(),
      tpotMs: tpotMs.summary(),
      endToEndMs: endToEndMs.summary(),
      queueWaitMs: queueWaitMs.summary(),
      slowdown: slowdown.summary(),
    }
  }

  curves() {
    const { ttftMs, endToEndMs } = this.#samples
    return { ttftMs: ttftMs.curve(), endToEndMs: endToEndMs.curve() }
  }

  /** Those of the metrics that follow from requests alone. */
  metrics(): Pick<
    Metrics,
    | 'completionRatio'
    | 'admittedPerSecond'
    | 'goodputPerSecond'
    | 'goodputRatio'
    | 'kvHitRatio'
    | 'herdingIndex'
    | 'fairness'
  > {
    const { arrived, completed, rejected } = this.#counts
    const seconds = (this.#init.durationMs - this.#init.warmUpMs) / 1_000
    const admitted = arrived - rejected
    return {
      completionRatio: admitted === 0 ? 1 : completed / admitted,
      admittedPerSecond: this.#admittedCount / seconds,
      goodputPerSecond: this.#goodCount / seconds,
      goodputRatio: this.#measuredCount === 0 ? 0 : this.#goodCount / this.#measuredCount,
      kvHitRatio: this.#promptTokens === 0 ? 0 : this.#cachedTokens / this.#promptTokens,
      herdingIndex: this.#herding.index,
      fairness: this.#fairness.index,
    }
  }

  timeline(): readonly TimelinePoint[] {
    const { bucketMs } = this.#init
    return this.#buckets.map(({ ttftMs, ...rest }, index) => ({
      atMs: index * bucketMs,
      ...rest,
      ttftP50Ms: plotted(ttftMs.quantile(0.5)),
      ttftP99Ms: plotted(ttftMs.quantile(0.99)),
    }))
  }

  #measure({ request, firstTokenAtMs, attempts }: Flight, nowMs: number): void {
    const { ttftMs, tpotMs, endToEndMs, queueWaitMs, slowdown } = this.#samples
    const endToEnd = nowMs - request.atMs
    const firstToken = (firstTokenAtMs ?? nowMs) - request.atMs
    const furtherTokens = request.outputTokens - 1
    const perToken = furtherTokens > 0 ? (endToEnd - firstToken) / furtherTokens : 0
    ttftMs.add(firstToken)
    endToEndMs.add(endToEnd)
    if (furtherTokens > 0) tpotMs.add(perToken)
    slowdown.add(endToEnd / this.#init.unloadedMs(request))
    const served = attempts.find(
      ({ isAbandoned, releasedAtMs }) => !isAbandoned && releasedAtMs > 0,
    )
    if (served !== undefined) queueWaitMs.add(served.releasedAtMs - served.arrivedAtMs)
    this.#bucketAt(request.atMs)?.ttftMs.add(firstToken)
    this.#fairness.served(request.tenant, tokensOf(request))
    const { slo } = this.#init
    const isGood =
      request.kind === 'llm'
        ? firstToken <= slo.ttftMs && perToken <= slo.tpotMs
        : endToEnd <= slo.unitsMs
    if (isGood) this.#goodCount += 1
  }

  #isMeasured({ atMs }: SimRequest): boolean {
    return atMs >= this.#init.warmUpMs
  }

  #bucketAt(atMs: number): Bucket | undefined {
    if (!this.isDrawn(atMs)) return undefined
    const index = Math.floor(Math.max(0, atMs) / this.#init.bucketMs)
    for (let next = this.#buckets.length; next <= index; next += 1) {
      this.#buckets.push({
        ...{ arrived: 0, completed: 0, rejected: 0, queued: 0, running: 0 },
        ttftMs: new Samples(16),
      })
    }
    return this.#buckets[index]
  }
}

/** What a request is worth to whoever sent it. */
function tokensOf({ inputTokens, outputTokens, units }: SimRequest): number {
  return inputTokens + outputTokens + units
}
