/**
 * The front of contestants of which none is both cheaper and faster (Pareto). Only those that are ranked
 * can be on it: who served less, or lost requests, is neither.
 */
import type { ContestantResult } from '../experiment/comparison.ts'

export const FRONT_COST = 'dollarsPerThousandTokens'

export const FRONT_TIME = 'ttftMs.p99'

/** By the means. Those that are equal in both are all on it. */
export function frontOf(contestants: readonly ContestantResult[]): ReadonlySet<ContestantResult> {
  const ranked = contestants.filter(({ rank }) => rank !== undefined)
  return new Set(ranked.filter(each => !ranked.some(other => isBeyond(other, each))))
}

/** At least as good in both, and better in one. */
function isBeyond(one: ContestantResult, other: ContestantResult): boolean {
  const cost = one.estimates[FRONT_COST].mean - other.estimates[FRONT_COST].mean
  const time = one.estimates[FRONT_TIME].mean - other.estimates[FRONT_TIME].mean
  return cost <= 0 && time <= 0 && (cost < 0 || time < 0)
}
