/**
 * The breakers of all peers: who has one, for how long, and what happens when there are too many.
 */
import { assert, describe, test } from 'vitest'
import type { Verdict } from '../../src/scheduler/breaker.ts'
import { Breakers } from '../../src/scheduler/breaker-table.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'

const HOUR_MS = 3_600_000

const breakersOf = (change: object = {}) => new Breakers(schedulerOptions.parse(change))

function use(breakers: Breakers, peer: string, verdict: Verdict, atMs = 0) {
  return breakers.settle(breakers.enter({ peer, model: 'llama' }), verdict, atMs)
}

function fail(breakers: Breakers, peer: string, count: number, atMs = 0) {
  let change: ReturnType<typeof use>
  for (let left = count; left > 0; left -= 1) change = use(breakers, peer, 'failure', atMs)
  return change
}

describe('the table of breakers', () => {
  test('is empty while nothing fails', () => {
    const breakers = breakersOf()
    use(breakers, 'a', 'success')
    use(breakers, 'a', 'none')
    assert.deepEqual([breakers.count, breakers.openCount], [0, 0])
    assert.isTrue(breakers.mayPass({ peer: 'a', model: 'llama' }, 0))
  })

  test('is empty again once what failed has succeeded', () => {
    const breakers = breakersOf()
    fail(breakers, 'a', 4)
    assert.equal(breakers.count, 1)
    use(breakers, 'a', 'success')
    assert.equal(breakers.count, 0)
  })

  test('is empty again an hour after all have recovered', () => {
    const breakers = breakersOf()
    fail(breakers, 'a', 5)
    for (const atMs of [60_000, 60_000, 60_000, HOUR_MS]) use(breakers, 'a', 'success', atMs)
    assert.equal(breakers.count, 0)
  })

  test('one dead backend delaying others: other models and peers pass while one is open', () => {
    const breakers = breakersOf()
    assert.deepEqual(fail(breakers, 'a', 5), {
      ...{ peer: 'a', model: 'llama', state: 'open', openForMs: 60_000 },
    })
    assert.isFalse(breakers.mayPass({ peer: 'a', model: 'llama' }, 0))
    assert.isTrue(breakers.mayPass({ peer: 'a', model: 'other' }, 0))
    assert.isTrue(breakers.mayPass({ peer: 'b', model: 'llama' }, 0))
  })

  test('tells how long one is open in whole milliseconds, whatever the clock says', () => {
    for (const atMs of [0.1, 1_234.567_8, 98_765.432_1]) {
      assert.equal(fail(breakersOf(), 'a', 5, atMs)?.openForMs, 60_000)
    }
  })

  test('counts those that are sent at the same time', () => {
    const breakers = breakersOf()
    const passes = Array.from({ length: 6 }, () => breakers.enter({ peer: 'a', model: 'llama' }))
    const changes = passes.map(pass => breakers.settle(pass, 'failure', 0)?.state)
    assert.deepEqual(changes, [...Array(4).fill(undefined), 'open', undefined])
  })

  test('tells when it closes, and what it knows', () => {
    const breakers = breakersOf()
    fail(breakers, 'a', 5)
    fail(breakers, 'b', 2)
    const about = { model: 'llama' }
    assert.deepEqual(breakers.views(10_000), [
      ...[
        { ...about, peer: 'a', state: 'open', failureCount: 0, openForMs: 50_000, openingCount: 1 },
      ],
      ...[{ ...about, peer: 'b', state: 'closed', failureCount: 2, openForMs: 0, openingCount: 0 }],
    ] as const)
    assert.equal(breakers.openForMs(['a', 'b', 'c'], 'llama', 10_000), 50_000)
    assert.isUndefined(breakers.openForMs(['b', 'c'], 'llama', 10_000))
    use(breakers, 'a', 'success', 60_000)
    use(breakers, 'a', 'success', 60_000)
    const closed = { ...about, peer: 'a', state: 'closed', openForMs: 0 } as const
    assert.deepEqual(use(breakers, 'a', 'success', 60_000), closed)
    assert.equal(breakers.openCount, 0)
  })

  test('obeys what the mesh has agreed on, and its own options again when that is gone', () => {
    const breakers = breakersOf()
    breakers.setRule({ failuresMax: 2, openMs: 1_000, probesMax: 1 })
    assert.equal(fail(breakers, 'a', 2)?.openForMs, 1_000)
    assert.equal(use(breakers, 'a', 'success', 1_000)?.state, 'closed')
    breakers.setRule(undefined)
    assert.isUndefined(fail(breakers, 'b', 4))
  })

  test('forgets one that is not open for one that fails, at its bound', () => {
    const breakers = breakersOf({ breakersMax: 2, breakerFailuresMax: 2 })
    fail(breakers, 'open', 2)
    fail(breakers, 'shaky', 1)
    fail(breakers, 'new', 1)
    assert.deepEqual(
      breakers.views(0).map(({ peer }) => peer),
      ['open', 'new'],
    )
  })

  test('counts no failure when all that are kept are open, and says how often', () => {
    const breakers = breakersOf({ breakersMax: 1, breakerFailuresMax: 1 })
    fail(breakers, 'open', 1)
    assert.isUndefined(fail(breakers, 'other', 1))
    assert.deepEqual([breakers.count, breakers.untrackedCount], [1, 1])
  })

  test('forgets a peer that is gone for good', () => {
    const breakers = breakersOf()
    fail(breakers, 'a', 5)
    fail(breakers, 'b', 1)
    breakers.forget('a')
    breakers.forget('stranger')
    assert.deepEqual([breakers.count, breakers.openCount], [1, 0])
  })
})
