/**
 * Scenarios of a few nodes for the tests: short, and with one thing at a time.
 */

import type { RunResult } from '../../../sim/experiment/run-result.ts'
import { runOnce } from '../../../sim/fleet/run.ts'
import { contestantsOf, type ScenarioInput, scenario } from '../../../sim/scenario/scenario.ts'

const FAST = {
  llm: { stepBaseMs: 10, stepPerSequenceMs: 0.1, prefillTokenMs: 0.1, kvCacheTokens: 100_000 },
}

const SLOW = {
  llm: { stepBaseMs: 40, stepPerSequenceMs: 0.5, prefillTokenMs: 0.5, kvCacheTokens: 40_000 },
}

export const CLASS = {
  kind: 'llm',
  model: 'm',
  share: 1,
  inputTokens: { type: 'lognormal', mu: 6, sigma: 0.8 },
  outputTokens: { type: 'lognormal', mu: 4.5, sigma: 0.6 },
} as const

export function fleetOf(nodeCount: number, change: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    ...{ name: 'test', durationMs: 20_000, warmUpMs: 2_000, runs: 1 },
    gpus: { fast: FAST, slow: SLOW },
    topology: { cells: [{ nodes: [{ count: nodeCount, gpu: 'fast' }] }] },
    ingresses: { count: 2 },
    workload: { arrivals: { type: 'poisson', loadRatio: 0.6 }, classes: [CLASS] },
    strategies: ['mesh'],
    ...change,
  }
}

/** Of each contestant, in its order. */
export function runAll(input: ScenarioInput, seed = 1): readonly RunResult[] {
  const parsed = scenario.parse(input)
  return contestantsOf(parsed).map(contestant => runOnce({ scenario: parsed, contestant, seed }))
}

export function runFirst(input: ScenarioInput, seed = 1): RunResult {
  const [result] = runAll(input, seed)
  if (result === undefined) throw new Error('a scenario has a contestant')
  return result
}
