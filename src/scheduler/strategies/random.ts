/**
 * Any eligible peer, all equally likely.
 */
import { onlyOne, type Strategy, type StrategyDeps } from '../strategy.ts'

export function createRandom({ options }: StrategyDeps): Strategy {
  return {
    name: 'random',
    choose: (candidates, size) => onlyOne(candidates.sampleEvenly(1)[0], size, options),
  }
}
