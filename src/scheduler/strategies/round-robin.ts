/**
 * Each peer that serves the model in turn, whoever is not eligible passed over. One turn for each
 * model.
 */
import { onlyOne, type Strategy, type StrategyDeps } from '../strategy.ts'
import { PerModel } from './per-model.ts'

export function createRoundRobin({ options }: StrategyDeps): Strategy {
  const turns = new PerModel(() => ({ place: -1 }), options.modelsMax)
  return {
    name: 'round-robin',
    choose(candidates, size) {
      const turn = turns.of(candidates.scope)
      const found = candidates.firstFrom(turn.place + 1)
      turn.place = found?.place ?? turn.place
      return onlyOne(found?.contender, size, options)
    },
  }
}
