/**
 * The eligible peer with the fewest requests, among all of them: join-shortest-queue. It takes no
 * account of how long requests are, and herds when what is known of the queues is old.
 */
import { queueRank } from '../score.ts'
import { anyOfLowest, onlyOne, type Strategy, type StrategyDeps } from '../strategy.ts'

export function createLeastQueue({ options, random }: StrategyDeps): Strategy {
  return {
    name: 'least-queue',
    choose: (candidates, size) =>
      onlyOne(anyOfLowest(candidates.all(), queueRank, random), size, options),
  }
}
