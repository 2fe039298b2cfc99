/**
 * Sticky until saturated: the home of the prompt's beginning as long as not too many prompt tokens
 * wait there, else its second home, else the lowest score among a few.
 */
import { prefillTokensLeft } from '../score.ts'
import { onlyOne, type Strategy, type StrategyDeps } from '../strategy.ts'
import { homesOf } from './homes.ts'
import { createMesh } from './mesh.ts'

export function createSticky(deps: StrategyDeps): Strategy {
  const { options } = deps
  const spill = createMesh(deps)
  return {
    name: 'sticky',
    choose(candidates, size) {
      const home = homesOf(candidates, size.prefix).find(
        each => prefillTokensLeft(each) <= options.stickyPrefillTokensMax,
      )
      return onlyOne(home, size, options) ?? spill.choose(candidates, size)
    },
  }
}
