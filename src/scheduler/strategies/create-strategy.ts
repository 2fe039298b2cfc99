/**
 * Every strategy there is, by its name.
 */
import type { StrategyName } from '../options.ts'
import type { Strategy, StrategyDeps } from '../strategy.ts'
import { createLeastQueue } from './least-queue.ts'
import { createLeastWork } from './least-work.ts'
import { createMesh } from './mesh.ts'
import { createPowerOfTwo } from './power-of-two.ts'
import { createPrequal } from './prequal.ts'
import { createRandom } from './random.ts'
import { createRoundRobin } from './round-robin.ts'
import { createSticky } from './sticky.ts'

const factories = {
  mesh: createMesh,
  'round-robin': createRoundRobin,
  random: createRandom,
  'least-queue': createLeastQueue,
  'least-work': createLeastWork,
  'power-of-two': createPowerOfTwo,
  prequal: createPrequal,
  sticky: createSticky,
} as const satisfies Record<StrategyName, (deps: StrategyDeps) => Strategy>

export function createStrategy(name: StrategyName, deps: StrategyDeps): Strategy {
  return factories[name](deps)
}
