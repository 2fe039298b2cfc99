/**
 * The front of contestants of which none is both cheaper and faster (Pareto). Only those that are ranked
 * can be on it: who served less, or lost requests, is neither.
 */
import type { ContestantResult, EstimateName } from '../experiment/comparison.ts'

/** A cost and a time: of both, less is better. */
export interface TradeOff {
  readonly cost: EstimateName
  readonly time: EstimateName
}

/** By the means. Those that are equal in both are all on it. */
export function frontOf(
  contestants: readonly ContestantResult[],
  tradeOff: TradeOff,
): ReadonlySet<ContestantResult> {
  const ranked = contestants.filter(({ rank }) => rank !== undefined)
  return new Set(ranked.filter(each => !ranked.some(other => isBeyond(other, each, tradeOff))))
}

/** At least as good in both, and better in one. */
function isBeyond(
  one: ContestantResult,
  other: ContestantResult,
  { cost, time }: TradeOff,
): boolean {
  const moreCost = one.estimates[cost].mean - other.estimates[cost].mean
  const moreTime = one.estimates[time].mean - other.estimates[time].mean
  return moreCost <= 0 && moreTime <= 0 && (moreCost < 0 || moreTime < 0)
}
