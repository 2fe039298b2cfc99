/**
 * What the aggregate level draws for the way of a report, beside what the full level was measured to take.
 */
import { assert, describe, test } from 'vitest'
import { drawnHops } from '../../../sim/fleet/aggregate-gossip.ts'
import { measureDelivery } from '../../../sim/fleet/full/delivery.ts'
import { Random } from '../../../src/core/random.ts'

/** Every hop takes as long, so that times are hops. */
const HOP_MS = 1

function drawn(memberCount: number): number {
  const random = new Random(3)
  const count = 20_000
  let sum = 0
  for (let left = count; left > 0; left -= 1) sum += drawnHops(random, memberCount)
  return sum / count
}

describe('the way of a report', () => {
  test('is one hop where everyone is connected to everyone', () => {
    assert.equal(drawn(64), 1)
  })

  test.each([128, 256])('takes as many hops among %i as the full level takes', memberCount => {
    const { travelMs } = measureDelivery({
      ...{ memberCount, seed: 2, durationMs: 3_000, changesPerSecond: 1 },
      delayMs: () => HOP_MS,
    })
    assert.approximately(drawn(memberCount) / (travelMs.mean / HOP_MS), 1, 0.15)
  })

  test('grows with the logarithm of their number', () => {
    const hops = [256, 4_096, 65_536].map(drawn)
    assert.isAbove(hops[1] ?? 0, (hops[0] ?? 0) + 0.5)
    assert.isBelow(hops[2] ?? 0, 6)
  })
})
