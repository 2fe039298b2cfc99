/**
 * The requests of a run, one by one. They depend on the scenario and the seed and on nothing else: every
 * contestant meets the same.
 */
import type { WorkloadScenario } from '../scenario/workload.ts'
import type { Workload } from './request.ts'
import { createSyntheticWorkload } from './synthetic-workload.ts'
import type { TraceRow } from './trace.ts'
import { createTraceWorkload } from './trace-workload.ts'

export interface WorkloadInit {
  readonly scenario: WorkloadScenario
  readonly durationMs: number
  readonly seed: number
  readonly ingressCount: number
  readonly requestsPerSecond: number
  /** What `arrivals` of type `trace` replay. */
  readonly trace?: readonly TraceRow[] | undefined
}

export function createWorkload(init: WorkloadInit): Workload {
  const { trace, ...rest } = init
  return trace === undefined
    ? createSyntheticWorkload(rest)
    : createTraceWorkload({ ...rest, trace })
}
