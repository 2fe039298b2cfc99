/**
 * What is counted within a time is never less than what was.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { SlidingCount } from '../../../src/node/policy/sliding-count.ts'

const WINDOW_MS = 1_600

describe('a sliding count', () => {
  test('has at least all of the window, and at most a sixteenth more than it', () => {
    const steps = fc.array(fc.record({ afterMs: fc.nat(700), amount: fc.nat(9) }), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 1e12 }), (events, startMs) => {
        const count = new SlidingCount(WINDOW_MS)
        const past: { atMs: number; amount: number }[] = []
        let nowMs = startMs
        for (const { afterMs, amount } of events) {
          nowMs += afterMs
          count.add(amount, nowMs)
          past.push({ atMs: nowMs, amount })
          const within = (ms: number) =>
            past.filter(({ atMs }) => nowMs - atMs < ms).reduce((sum, each) => sum + each.amount, 0)
          assert.isAtLeast(count.total(nowMs), within(WINDOW_MS))
          assert.isAtMost(count.total(nowMs), within(WINDOW_MS + WINDOW_MS / 16))
        }
      }),
    )
  })

  test('says exactly when it will have come down', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_500), { minLength: 1, maxLength: 20 }),
        fc.nat(5),
        (at, max) => {
          const count = new SlidingCount(WINDOW_MS)
          const times = at.toSorted((a, b) => a - b)
          for (const atMs of times) count.add(1, atMs)
          const nowMs = times.at(-1) ?? 0
          const waitMs = count.waitMs(max, nowMs)
          if (waitMs > 0) assert.isAbove(count.total(nowMs + waitMs - 1), max)
          assert.isAtMost(count.total(nowMs + waitMs), max)
        },
      ),
    )
  })

  test('takes back no more than there is', () => {
    const count = new SlidingCount(WINDOW_MS)
    count.add(3, 0)
    count.add(-5, 10)
    assert.equal(count.total(10), 0)
  })
})
