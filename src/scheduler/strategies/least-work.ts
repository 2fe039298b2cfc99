/**
 * The eligible peer with the lowest score, among all of them. The best choice while what is known
 * is true of this moment; with loads that are a second old all ingresses choose the same peer until
 * it reports back, which is what `mesh` samples for.
 */
import { anyOfLowest, type Strategy, type StrategyDeps, scoreAll } from '../strategy.ts'

export function createLeastWork({ options, random }: StrategyDeps): Strategy {
  return {
    name: 'least-work',
    choose(candidates, size) {
      const scored = scoreAll(candidates.all(), size, options)
      const chosen = anyOfLowest(scored, ({ terms }) => terms.score, random)
      return chosen === undefined ? undefined : { chosen, scored }
    },
  }
}
