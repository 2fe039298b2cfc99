/**
 * The budget for extra attempts: what it lets through, in the long run and at once.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { Budget } from '../../src/scheduler/budget.ts'

const TENTH = { ratio: 0.1, floorPerSecond: 0, savedMax: 5, saved: 0 }

describe('a budget of a tenth', () => {
  test('lets one in ten requests be tried again', () => {
    const budget = new Budget(TENTH)
    const tries = Array.from({ length: 30 }, () => {
      budget.earn(0)
      return budget.take(0)
    })
    assert.equal(tries.filter(Boolean).length, 3)
    assert.isTrue(tries[9])
  })

  test('keeps no more than it may', () => {
    const budget = new Budget(TENTH)
    for (let left = 1_000; left > 0; left -= 1) budget.earn(0)
    const tries = Array.from({ length: 10 }, () => budget.take(0))
    assert.equal(tries.filter(Boolean).length, 5)
    assert.isTrue(budget.isSpent)
  })

  test('begins with what it is given', () => {
    const budget = new Budget({ ...TENTH, saved: 2 })
    assert.deepEqual([budget.take(0), budget.take(0), budget.take(0)], [true, true, false])
  })

  test('lets a few be tried again where there are no requests', () => {
    const budget = new Budget({ ...TENTH, floorPerSecond: 1 })
    assert.deepEqual([budget.take(0), budget.take(999), budget.take(1_000)], [false, false, true])
    assert.isFalse(budget.take(1_500))
  })

  test('may earn less for a request', () => {
    const budget = new Budget(TENTH)
    for (let left = 100; left > 0; left -= 1) budget.earn(0, 0.01)
    assert.deepEqual([budget.take(0), budget.take(0)], [true, false])
  })
})

test('never lets more through than requests, time and what it began with have earned', () => {
  const act = fc.record({ isTry: fc.boolean(), waitMs: fc.nat(500) })
  fc.assert(
    fc.property(fc.array(act, { maxLength: 300 }), acts => {
      const budget = new Budget({ ratio: 0.1, floorPerSecond: 1, savedMax: 20, saved: 3 })
      let [nowMs, requests, tries] = [0, 0, 0]
      for (const { isTry, waitMs } of acts) {
        nowMs += waitMs
        if (isTry && budget.take(nowMs)) tries += 1
        if (isTry) continue
        budget.earn(nowMs)
        requests += 1
      }
      assert.isAtMost(tries, 3 + 0.1 * requests + nowMs / 1_000 + 1e-6)
    }),
  )
})
