/**
 * What an experiment runs: every contestant of every scenario under every seed. Each such job stands for
 * itself, so it does not matter where and in which order they run.
 */
import { type Contestant, contestantsOf, type Scenario } from '../scenario/scenario.ts'
import type { TraceRow } from '../workload/trace.ts'
import type { RunResult } from './run-result.ts'

export interface PlannedScenario {
  readonly scenario: Scenario
  /** Of the file that it names. `undefined`: it names none. */
  readonly trace: readonly TraceRow[] | undefined
}

export interface Job extends PlannedScenario {
  readonly contestant: Contestant
  readonly seed: number
}

/** One job at work. `onProgress` may be told how far the simulated time is. */
export type RunJob = (
  job: Job & { readonly onProgress?: (simulatedMs: number) => void },
) => RunResult

/** By scenario, then contestant, then seed. */
export function jobsOf(planned: readonly PlannedScenario[]): readonly Job[] {
  return planned.flatMap(each => {
    const { runs, seed: firstSeed } = each.scenario
    const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index)
    return contestantsOf(each.scenario).flatMap(contestant =>
      seeds.map(seed => ({ ...each, contestant, seed })),
    )
  })
}
