/**
 * How one of the eligible peers is chosen. `mesh` is the one to use; the others are the simplest
 * known rules, to compare with.
 */
import { assert } from '../core/assert.ts'
import type { Random } from '../core/random.ts'
import type { ScoreTerms } from './decision.ts'
import type { SchedulerOptions, StrategyName } from './options.ts'
import { weightedSample } from './sample.ts'
import { type Contender, capacityOf, type RequestSize, scoreTerms } from './score.ts'

export interface Scored {
  readonly contender: Contender
  readonly terms: ScoreTerms
}

export interface Choice {
  readonly chosen: Scored
  /** The sample that was scored, best first. Includes the chosen. */
  readonly scored: readonly Scored[]
}

export interface StrategyDeps {
  readonly options: SchedulerOptions
  readonly random: Random
}

export interface Strategy {
  readonly name: StrategyName
  /** @param eligible Not empty. */
  choose(eligible: readonly Contender[], size: RequestSize): Choice
}

/** Lowest score among a few sampled by capacity. */
function createMesh({ options, random }: StrategyDeps): Strategy {
  return {
    name: 'mesh',
    choose(eligible, size) {
      const sample = weightedSample(eligible, options.sampleSize, capacityOf, random)
      const scored = sample.map(contender => ({
        contender,
        terms: scoreTerms(size, contender, options),
      }))
      scored.sort((a, b) => a.terms.score - b.terms.score)
      const chosen = anyOfLowest(scored, ({ terms }) => terms.score, random)
      return { chosen, scored }
    },
  }
}

/** Each eligible peer in turn. */
function createRoundRobin({ options }: StrategyDeps): Strategy {
  let turn = -1
  return {
    name: 'round-robin',
    choose(eligible, size) {
      turn = (turn + 1) % eligible.length
      return only(eligible[turn], size, options)
    },
  }
}

/** Any eligible peer, all equally likely. */
function createRandom({ options, random }: StrategyDeps): Strategy {
  return {
    name: 'random',
    choose: (eligible, size) => only(eligible[random.nextIndex(eligible.length)], size, options),
  }
}

/** The eligible peer with the fewest requests, among all of them. */
function createLeastQueue({ options, random }: StrategyDeps): Strategy {
  const lengthOf = ({ model, reserved }: Contender) =>
    model.load.queuedCount + model.load.runningCount + reserved.count
  return {
    name: 'least-queue',
    choose: (eligible, size) => only(anyOfLowest(eligible, lengthOf, random), size, options),
  }
}

const factories = {
  mesh: createMesh,
  'round-robin': createRoundRobin,
  random: createRandom,
  'least-queue': createLeastQueue,
} as const satisfies Record<StrategyName, (deps: StrategyDeps) => Strategy>

export function createStrategy(deps: StrategyDeps): Strategy {
  return factories[deps.options.strategy](deps)
}

/** The chosen is scored all the same, so that the record can say what it was worth. */
function only(
  contender: Contender | undefined,
  size: RequestSize,
  options: SchedulerOptions,
): Choice {
  assert(contender !== undefined, 'there is an eligible peer')
  const chosen = { contender, terms: scoreTerms(size, contender, options) }
  return { chosen, scored: [chosen] }
}

/** One of the items with the lowest value, all of them equally likely. */
function anyOfLowest<Item>(
  items: readonly Item[],
  costOf: (item: Item) => number,
  random: Random,
): Item {
  let lowest = Number.POSITIVE_INFINITY
  let best: Item | undefined
  let tiedCount = 0
  for (const item of items) {
    const value = costOf(item)
    if (value > lowest) continue
    tiedCount = value < lowest ? 1 : tiedCount + 1
    lowest = value
    if (tiedCount === 1 || random.nextIndex(tiedCount) === 0) best = item
  }
  assert(best !== undefined, 'there is a lowest')
  return best
}
