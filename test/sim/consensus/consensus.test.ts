/**
 * What consensus promises, shown with whole peers and many seeds.
 *
 * Shorter than in the soak (`npm run soak -- consensus`). A failure says how to replay it;
 * `SEED=3 npm test` runs one seed here, `SEEDS=1000 npm test` searches.
 */
import { assert, describe, test } from 'vitest'
import { CONSENSUS_SCENARIOS } from '../../../sim/consensus/scenarios.ts'
import { runSeed, type SeedRun, scenarioOf } from '../../../sim/soak-run.ts'
import { seeds } from '../../seeds.ts'

const SEED_COUNT = 100

/** How long faults strike. */
const DURATION_MS = 5_000

/** Most meshes have three voters; every twentieth has five. */
function runOf(seed: number): SeedRun {
  const peerCount = seed % 20 === 0 ? 12 : 3 + (seed % 3)
  const scenario = scenarioOf('consensus', seed)
  return { subject: 'consensus', scenario, seed, peerCount, durationMs: DURATION_MS }
}

describe('consensus', () => {
  test('keeps its promises under faults, and heals within two election timeouts', {
    timeout: 300_000,
  }, async () => {
    for (const seed of seeds(SEED_COUNT)) {
      const { failure, replay } = await runSeed(runOf(seed))
      assert.isUndefined(failure, `seed ${seed}; replay: ${replay}\n`)
    }
  })

  test('goes the same way for one seed, to the last byte, and another for another', async () => {
    const run = (seed: number) =>
      CONSENSUS_SCENARIOS.storm({ seed, peerCount: 3, durationMs: DURATION_MS, keepsLog: true })
    const [first, again, other] = [await run(7), await run(7), await run(8)]

    assert.equal(first.world.log.lines.join('\n'), again.world.log.lines.join('\n'))
    assert.deepEqual(first.figures, again.figures)
    assert.notEqual(first.world.log.hash, other.world.log.hash)
  })
})
