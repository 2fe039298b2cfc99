/**
 * Whatever a peer does with its log, and whenever it crashes: all that was acknowledged is there
 * when it starts again, in order, and nothing that was not appended.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { rejection } from '../../until.ts'
import { type Deed, LogHistory } from './log-history.ts'

const RUN_COUNT = 150

/** Small, several sectors, more than a segment. */
const size = fc.oneof(fc.nat(100), fc.nat(2_000), fc.constant(5_000))

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      sizes: fc.array(size, { minLength: 1, maxLength: 4 }),
      back: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(5) }),
      mustSync: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('vote' as const), mustSync: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('snapshot' as const),
      place: fc.nat(20),
      isBeyond: fc.boolean(),
      kept: fc.nat(10),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      durationMs: fc.double({ min: 0, max: 3, noNaN: true }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('crash' as const), isPowerLost: fc.boolean() }),
  },
)

const deeds = fc.array(deed, { maxLength: 40 })

describe('a log', () => {
  test('has all that was acknowledged and nothing else, after any history of crashes', async () => {
    let [losses, repairs] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.nat(), deeds, async (seed, history) => {
        const peer = new LogHistory(seed)
        await peer.run(history)
        losses += peer.lossCount
        repairs += peer.repairCount
      }),
      { numRuns: RUN_COUNT },
    )
    // Crashes hit what was not yet acknowledged, and writes in the middle: else this shows nothing.
    assert.isAbove(losses, 0)
    assert.isAbove(repairs, 0)
  })

  test('does not, on a disk that lies about its syncs, which this test would see', async () => {
    const history: Deed[] = [
      { type: 'append', sizes: [300, 300], back: 0, mustSync: true },
      { type: 'wait', durationMs: 200 },
      { type: 'append', sizes: [700], back: 0, mustSync: true },
      { type: 'wait', durationMs: 200 },
    ]
    const errors: unknown[] = []
    for (let seed = 1; seed <= 10; seed += 1) {
      const peer = new LogHistory(seed)
      peer.disk.isLying = true
      errors.push(await rejection(peer.run(history)))
    }
    assert.isAbove(errors.filter(error => error !== undefined).length, 5)
  })
})
