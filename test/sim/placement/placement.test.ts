/**
 * Requests land where they end soonest: two engines of different speed behind four peers, at 0.7 of
 * what both can do, and every peer takes requests.
 */
import { assert, describe, test } from 'vitest'
import { runPlacement } from '../../../sim/placement/scenario.ts'

const FAST = { slotCount: 1, prefillTokensPerSecond: 8_000, decodeTokensPerSecond: 400 }
const BROAD = { slotCount: 4, prefillTokensPerSecond: 4_000, decodeTokensPerSecond: 100 }

const SEEDS = [1, 2, 3]

describe('at 0.7 load, nine of ten requests land within a fifth of the best possible end', () => {
  for (const seed of SEEDS) {
    test(`seed ${seed}`, async () => {
      const landed = await runPlacement({
        ...{ seed, engines: [FAST, BROAD], peerCount: 4, loadRatio: 0.7, requestCount: 500 },
      })
      assert.lengthOf(landed, 500)
      const well = landed.filter(({ slowdown }) => slowdown <= 1.2).length
      assert.isAtLeast(well / landed.length, 0.9)
    })
  }
})
