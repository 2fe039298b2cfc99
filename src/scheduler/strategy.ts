/**
 * What a strategy is: the rule by which one of those that could serve a request is chosen. `mesh` is
 * the one to use; the others are known rules, to compare with and for policies that want them.
 */
import type { Random } from '../core/random.ts'
import type { Candidates } from './candidates.ts'
import type { ChoiceRule, ScoreTerms } from './decision.ts'
import type { SchedulerOptions, StrategyName } from './options.ts'
import { type Contender, type RequestSize, scoreTerms } from './score.ts'

export interface Scored {
  readonly contender: Contender
  readonly terms: ScoreTerms
}

export interface Choice {
  readonly chosen: Scored
  /** The sample that was scored, best first. Includes the chosen. */
  readonly scored: readonly Scored[]
  /** Of the prompt, those that are not saturated, the first to be asked first. */
  readonly homes?: readonly Contender[] | undefined
  /** From this score on another would have been chosen. `undefined`: there is none, or none is meant. */
  readonly limitScore?: number | undefined
  /** What is written down of how it came about. */
  readonly rule?: ChoiceRule | undefined
}

export interface StrategyDeps {
  readonly options: SchedulerOptions
  readonly random: Random
}

export interface Strategy {
  readonly name: StrategyName
  /** `undefined`: nobody is eligible. */
  choose(candidates: Candidates, size: RequestSize): Choice | undefined
}

/** Each with its terms, the lowest score first. */
export function scoreAll(
  contenders: readonly Contender[],
  size: RequestSize,
  options: SchedulerOptions,
): readonly Scored[] {
  return contenders
    .map(contender => ({ contender, terms: scoreTerms(size, contender, options) }))
    .sort((a, b) => a.terms.score - b.terms.score)
}

/** The chosen is scored all the same, so that the record can say what it was worth. */
export function onlyOne(
  contender: Contender | undefined,
  size: RequestSize,
  options: SchedulerOptions,
): Choice | undefined {
  if (contender === undefined) return undefined
  const chosen = { contender, terms: scoreTerms(size, contender, options) }
  return { chosen, scored: [chosen] }
}

/** One of the items with the lowest cost, all of them equally likely. `undefined`: there is none. */
export function anyOfLowest<Item>(
  items: readonly Item[],
  costOf: (item: Item) => number,
  random: Random,
): Item | undefined {
  let lowest = Number.POSITIVE_INFINITY
  let best: Item | undefined
  let tiedCount = 0
  for (const item of items) {
    const cost = costOf(item)
    if (cost > lowest) continue
    tiedCount = cost < lowest ? 1 : tiedCount + 1
    lowest = cost
    if (tiedCount === 1 || random.nextIndex(tiedCount) === 0) best = item
  }
  return best
}
