/**
 * How many requests come, and what the mean one is: from the scenario, or from its trace.
 */
import { capacityPerSecond } from '../scenario/fleet-capacity.ts'
import type { ResolvedFleet } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { type MeanRequest, meanRequestsOf, meanRequestsOfTrace } from '../workload/mean-request.ts'
import type { TraceRow } from '../workload/trace.ts'
import { traceRequestsPerSecond } from '../workload/trace-workload.ts'

export interface Demand {
  readonly means: readonly MeanRequest[]
  readonly requestsPerSecond: number
}

/** @throws MeshError ERR_CONFIG if the trace has a model that no class has. */
export function demandOf(
  { workload }: Scenario,
  fleet: ResolvedFleet,
  trace: readonly TraceRow[] | undefined,
): Demand {
  const { arrivals } = workload
  const means =
    trace === undefined ? meanRequestsOf(workload) : meanRequestsOfTrace(workload, trace)
  const { requestsPerSecond, loadRatio } = arrivals
  if (requestsPerSecond !== undefined) return { means, requestsPerSecond }
  if (loadRatio !== undefined) {
    return { means, requestsPerSecond: loadRatio * capacityPerSecond(fleet, means) }
  }
  const copies = arrivals.type === 'trace' ? arrivals.copies : 1
  return { means, requestsPerSecond: traceRequestsPerSecond(trace ?? [], copies) }
}
