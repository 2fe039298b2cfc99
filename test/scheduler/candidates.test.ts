/**
 * How far a decision looks: at everybody while they are few, else at those it draws; and that the
 * record says so.
 */
import { assert, describe, test } from 'vitest'
import { STRATEGIES } from '../../src/scheduler/options.ts'
import {
  arrived,
  dispatched,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  refused,
  schedulerOf,
} from './scene.ts'

const many = (count: number, change: Parameters<typeof peerChanged>[1] = {}, name = 'p') =>
  Array.from({ length: count }, (_, index) => peerChanged(`${name}${index}`, change))

const FULL = { load: peerLoad({ queuedCount: 128, decodeTokensLeft: 500 }) }

describe('a decision among many', () => {
  for (const strategy of STRATEGIES) {
    const isArgMin = strategy === 'least-queue' || strategy === 'least-work'

    test(`${strategy} ${isArgMin ? 'looks at all' : 'looks at a few'}, and the record says how many it did not`, () => {
      const scheduler = schedulerOf({ events: many(1_000), options: { strategy } })
      const chosen = dispatched(scheduler.step(arrived('r'), 0))
      const record = scheduler.decision('r')
      const { candidates = [], candidatesOmittedCount = 0, notLookedAtCount = 0 } = record ?? {}
      assert.equal(candidates.length + candidatesOmittedCount + notLookedAtCount, 1_000)
      assert.isTrue(candidates.some(({ peer, terms }) => peer === chosen && terms !== undefined))
      if (isArgMin) assert.equal(notLookedAtCount, 0)
      else assert.isAtLeast(notLookedAtCount, 980)
    })
  }

  test('does not touch those that do not serve the model, and says how many they are', () => {
    const facts = peerFacts(modelFacts({ id: 'other' }))
    const scheduler = schedulerOf({ events: [...many(5), ...many(700, { facts }, 'q')] })
    dispatched(scheduler.step(arrived('r'), 0))
    const record = scheduler.decision('r')
    assert.equal(record?.candidates.length, 5)
    assert.equal(record?.withoutModelCount, 700)
  })

  test('never draws who is dead or draining, however many they are', () => {
    const events = [...many(900, { status: 'dead' }), ...many(1, {}, 'alive')]
    const scheduler = schedulerOf({ events })
    assert.equal(dispatched(scheduler.step(arrived('r'), 0)), 'alive0')
    assert.equal(scheduler.decision('r')?.notLookedAtCount, 900)
  })

  test('looks at all if everybody it drew is excluded', () => {
    for (const strategy of STRATEGIES) {
      const events = [...many(900, FULL), ...many(1, {}, 'free')]
      const scheduler = schedulerOf({ events, options: { strategy, surveyedMax: 0 }, seed: 3 })
      for (let index = 0; index < 5; index++) {
        assert.equal(dispatched(scheduler.step(arrived(`r${index}`), 0)), 'free0', strategy)
      }
    }
  })

  test('is refused only after a look at all', () => {
    const scheduler = schedulerOf({ events: many(900, FULL) })
    const refusal = refused(scheduler.step(arrived('r'), 0))
    assert.equal(refusal.code, 'ERR_OVERLOADED')
    assert.match(refusal.message, /900 with a full queue/)
    assert.equal(scheduler.decision('r')?.notLookedAtCount, 0)
  })

  test('spreads over all, as far as their capacity goes', () => {
    const wide = { facts: peerFacts(modelFacts({ parallelMax: 3 })) }
    const scheduler = schedulerOf({ events: [...many(200), ...many(200, wide, 'wide')] })
    const counts = new Map<string, number>()
    for (let index = 0; index < 1_600; index++) {
      const peer = dispatched(scheduler.step(arrived(`r${index}`), 0))
      counts.set(peer, (counts.get(peer) ?? 0) + 1)
    }
    const taken = (name: string) =>
      [...counts]
        .filter(([peer]) => peer.startsWith(name))
        .reduce((sum, [, count]) => sum + count, 0)
    // A quarter of the capacity is with the narrow ones.
    assert.closeTo(taken('p'), 400, 80)
    assert.isAtMost(Math.max(...counts.values()), 12)
  })
})
