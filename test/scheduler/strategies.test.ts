/**
 * What each strategy chooses, by small tables of peers; their laws are in `scheduler-laws.test.ts`.
 */
import { assert, describe, test } from 'vitest'
import type { StrategyName } from '../../src/scheduler/options.ts'
import { PerModel } from '../../src/scheduler/strategies/per-model.ts'
import { arrived, dispatched, peerChanged, peerLoad, schedulerOf } from './scene.ts'

interface PeerLine {
  readonly queued?: number
  readonly decodeTokensLeft?: number
  readonly rttMs?: number
}

const eventsOf = (peers: Readonly<Record<string, PeerLine>>) =>
  Object.entries(peers).map(([peer, { queued = 0, decodeTokensLeft = 0, rttMs = 0 }]) =>
    peerChanged(peer, { rttMs, load: peerLoad({ queuedCount: queued, decodeTokensLeft }) }),
  )

/** Who is chosen of many seeds, each for the first request. */
function chosenBy(strategy: StrategyName, peers: Readonly<Record<string, PeerLine>>) {
  const chosen = Array.from({ length: 40 }, (_, seed) => {
    const scheduler = schedulerOf({ events: eventsOf(peers), options: { strategy }, seed })
    return dispatched(scheduler.step(arrived('r'), 0))
  })
  return [...new Set(chosen)].toSorted()
}

const shortQueueLongWork = {
  few: { queued: 1, decodeTokensLeft: 5_000 },
  little: { queued: 6, decodeTokensLeft: 60 },
}

describe('the strategy', () => {
  test('least-queue counts requests, not how long they are', () => {
    assert.deepEqual(chosenBy('least-queue', shortQueueLongWork), ['few'])
  })

  test('least-work counts how long they are', () => {
    assert.deepEqual(chosenBy('least-work', shortQueueLongWork), ['little'])
  })

  test('power-of-two takes the shorter queue of two, and never the longest of three', () => {
    const chosen = chosenBy('power-of-two', {
      a: { queued: 1 },
      b: { queued: 2 },
      c: { queued: 3 },
    })
    assert.deepEqual(chosen, ['a', 'b'])
  })

  for (const strategy of [
    'mesh',
    'least-work',
    'least-queue',
    'power-of-two',
    'prequal',
  ] as const) {
    test(`${strategy} does not take residency for readiness: a model that must be loaded comes last`, () => {
      const cold = peerChanged('cold', { load: peerLoad({ unready: { state: 'cold' } }) })
      const events = [...eventsOf({ busy: { queued: 6, decodeTokensLeft: 900 } }), cold]
      for (let seed = 0; seed < 10; seed++) {
        const scheduler = schedulerOf({ events, options: { strategy }, seed })
        assert.equal(dispatched(scheduler.step(arrived('r'), 0)), 'busy')
      }
    })
  }

  test('round-robin takes turns for each model by itself', () => {
    const scheduler = schedulerOf({
      events: eventsOf({ a: {}, b: {} }),
      options: { strategy: 'round-robin' },
    })
    const taken = ['r1', 'r2', 'r3'].map(id => dispatched(scheduler.step(arrived(id), 0)))
    assert.deepEqual(taken, ['a', 'b', 'a'])
  })

  test('round-robin passes over who is not eligible', () => {
    const events = [...eventsOf({ a: {}, b: {}, c: {} }), peerChanged('b', { status: 'dead' })]
    const scheduler = schedulerOf({ events, options: { strategy: 'round-robin' } })
    const taken = ['r1', 'r2', 'r3'].map(id => dispatched(scheduler.step(arrived(id), 0)))
    assert.deepEqual(taken, ['a', 'c', 'a'])
  })

  test('sticky without a prompt that a cache could know does as mesh does', () => {
    assert.deepEqual(chosenBy('sticky', shortQueueLongWork), ['little'])
  })
})

describe('prequal', () => {
  test('takes the fastest of those that are not hot', () => {
    const peers = {
      fast: { queued: 2, decodeTokensLeft: 20 },
      slow: { queued: 1, decodeTokensLeft: 900 },
      hot: { queued: 20, decodeTokensLeft: 0 },
    }
    assert.deepEqual(chosenBy('prequal', peers), ['fast'])
  })

  test('takes the fewest requests in flight if all are alike hot', () => {
    // Two are in the pool: the threshold is the count of the one with fewer.
    const peers = { many: { queued: 9 }, fewer: { queued: 4, decodeTokensLeft: 9_000 } }
    assert.deepEqual(chosenBy('prequal', peers), ['fewer'])
  })

  test('remembers those it drew before, as long as they are heard of', () => {
    const names = Array.from({ length: 12 }, (_, index) => `busy${index}`)
    const busy = Object.fromEntries(names.map(name => [name, { queued: 8, decodeTokensLeft: 800 }]))
    const options = { strategy: 'prequal', surveyedMax: 0 } as const
    const scheduler = schedulerOf({ events: eventsOf({ ...busy, idle: {} }), options })
    let drawnBeforeIdle = 0
    for (let index = 0; index < 30; index++) {
      dispatched(scheduler.step(arrived(`r${index}`), 0))
      const looked = scheduler.decision(`r${index}`)?.candidates ?? []
      // Three are drawn; what else was scored was in the pool.
      if (looked.length > 3) drawnBeforeIdle += 1
      assert.isAtMost(looked.length, 16 + 3)
    }
    assert.isAbove(drawnBeforeIdle, 20)
  })

  test('lets go of those not heard of for a second, unless it has just drawn them', () => {
    const options = { strategy: 'prequal', surveyedMax: 0 } as const
    const names = Array.from({ length: 40 }, (_, index) => `p${index}`)
    const events = names.map(name => peerChanged(name))
    const scheduler = schedulerOf({ events, options })
    for (let index = 0; index < 8; index++) scheduler.step(arrived(`r${index}`), 500)
    assert.isAbove(scheduler.decision('r7')?.candidates.length ?? 0, 3)
    scheduler.step(arrived('late'), 1_501)
    assert.equal(scheduler.decision('late')?.candidates.filter(({ terms }) => terms).length, 3)
  })
})

test('what is remembered of models is bounded: the first comes to be forgotten first', () => {
  const turns = new PerModel(() => ({ place: 0 }), 2)
  turns.of('a').place = 1
  turns.of('b').place = 2
  assert.equal(turns.of('a').place, 1)
  turns.of('c').place = 3
  assert.equal(turns.modelCount, 2)
  assert.equal(turns.of('b').place, 2)
  assert.equal(turns.of('a').place, 0)
})
