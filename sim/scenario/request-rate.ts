/**
 * How many requests a second a scenario asks for.
 */
import { meanRequestsOf, meanRequestsOfTrace } from '../workload/mean-request.ts'
import type { TraceRow } from '../workload/trace.ts'
import { traceRequestsPerSecond } from '../workload/trace-workload.ts'
import { capacityPerSecond } from './fleet-capacity.ts'
import type { ResolvedFleet } from './resolve.ts'
import type { Scenario } from './scenario.ts'

export interface RequestRateInit {
  readonly scenario: Scenario
  readonly fleet: ResolvedFleet
  /** What `workload.arrivals` of type `trace` replay. */
  readonly trace?: readonly TraceRow[] | undefined
}

/** As it says itself, by the share of the fleet it is to fill, or as the trace has it. */
export function requestsPerSecondFor({ scenario, fleet, trace }: RequestRateInit): number {
  const { workload } = scenario
  const { arrivals } = workload
  if (arrivals.requestsPerSecond !== undefined) return arrivals.requestsPerSecond
  if (arrivals.loadRatio !== undefined) {
    const means =
      trace === undefined ? meanRequestsOf(workload) : meanRequestsOfTrace(workload, trace)
    return arrivals.loadRatio * capacityPerSecond(fleet, means)
  }
  const copies = arrivals.type === 'trace' ? arrivals.copies : 1
  return traceRequestsPerSecond(trace ?? [], copies)
}
