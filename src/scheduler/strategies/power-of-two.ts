/**
 * The one with fewer requests of two peers drawn with all alike.
 *
 * Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 2001.
 */
import { queueRank } from '../score.ts'
import { anyOfLowest, type Strategy, type StrategyDeps, scoreAll } from '../strategy.ts'

export function createPowerOfTwo({ options, random }: StrategyDeps): Strategy {
  return {
    name: 'power-of-two',
    choose(candidates, size) {
      const scored = scoreAll(candidates.sampleEvenly(2), size, options)
      const chosen = anyOfLowest(scored, ({ contender }) => queueRank(contender), random)
      return chosen === undefined ? undefined : { chosen, scored }
    },
  }
}
