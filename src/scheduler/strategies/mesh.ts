/**
 * The default: the lowest score among a few sampled by capacity and the homes of the prompt; a home
 * that is not saturated wins already if it is not much later than the best.
 *
 * How much, is counted in times that the best would read the prompt: so much is lost if it goes there,
 * now by all that run beside it, and again with the next prompt that begins so. A tolerance in shares of
 * the score would do too little in a fleet of equals and too much where some are slow.
 *
 * Not the best of all, since every ingress sees about the same stale table. The homes of a prompt do
 * not herd: which they are depends on the prompt, not on the loads.
 */
import { type Contender, prefillTokensLeft } from '../score.ts'
import {
  anyOfLowest,
  type Scored,
  type Strategy,
  type StrategyDeps,
  scoreAll,
} from '../strategy.ts'
import { homesOf } from './homes.ts'

export function createMesh({ options, random }: StrategyDeps): Strategy {
  const isOpen = (home: Contender) => prefillTokensLeft(home) <= options.stickyPrefillTokensMax

  return {
    name: 'mesh',
    choose(candidates, size) {
      const homes = homesOf(candidates, size.prefix)
      const sample = candidates.sample(options.sampleSize)
      const contenders = homes.length === 0 ? sample : [...new Set([...homes, ...sample])]
      const scored = scoreAll(contenders, size, options)
      const best = anyOfLowest(scored, ({ terms }) => terms.score, random)
      if (best === undefined) return undefined
      const worstScore = best.terms.score + options.stickyPatience * best.terms.readMs
      const isNearBest = ({ terms }: Scored) => terms.score <= worstScore
      const open = homes.filter(isOpen)
      const home = open
        .flatMap(each => scored.filter(({ contender }) => contender === each))
        .find(isNearBest)
      const limitScore = home === undefined ? nextScore(best, scored) : worstScore
      return { chosen: home ?? best, scored, homes: open, limitScore }
    },
  }
}

/** `undefined`: there is nobody else. */
function nextScore(best: Scored, scored: readonly Scored[]): number | undefined {
  return scored.find(each => each !== best)?.terms.score
}
