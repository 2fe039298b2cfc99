/**
 * The engines and the dispatcher beside the theory of queues.
 */
import { assert, describe, test } from 'vitest'
import {
  responseOfSharingMs,
  waitingShare,
  waitOfManyServersMs,
  waitOfOneServerMs,
} from '../../../sim/validation/queueing-theory.ts'
import { responseOfShortestQueueMs } from '../../../sim/validation/shortest-queue-theory.ts'
import { queueCases, validate } from '../../../sim/validation/validation.ts'

/** Of the requests of each case: its interval is then about five times as wide. */
const SHARE = 0.01

describe('theory of queues', () => {
  test('agrees with what is printed in books', () => {
    const ofOne = { meanMs: 1, squareMs2: 2 }
    for (const [what, found, expected] of [
      ['one server: the load is the share that waits', waitingShare(1, 0.7), 0.7],
      ['two servers: 2ρ² / (1 + ρ)', waitingShare(2, 0.5), 1 / 3],
      ['Erlang C of 10 servers and 8 erlangs', waitingShare(10, 0.8), 0.409_2],
      ['M/M/1: ρ / (1 − ρ)', waitOfManyServersMs(1, 0.8, 1), 4],
      ['M/M/1 by Pollaczek and Khinchine', waitOfOneServerMs(0.8, ofOne), 4],
      ['M/D/1: half of it', waitOfOneServerMs(0.8, { ...ofOne, squareMs2: 1 }), 2],
      ['sharing: 1 / (1 − ρ)', responseOfSharingMs(0.8, 1), 5],
      ['one queue is the shortest', responseOfShortestQueueMs(1, 0.5, 1), 2],
    ] as const) {
      assert.closeTo(found, expected, 1e-4, what)
    }
  })

  test('puts the shortest queue between one queue for all and queues by chance', () => {
    for (const servers of [2, 3]) {
      for (const load of [0.5, 0.8]) {
        const found = responseOfShortestQueueMs(servers, load, 1)
        assert.isAbove(found, 1 + waitOfManyServersMs(servers, load, 1))
        assert.isBelow(found, responseOfSharingMs(load, 1))
      }
    }
  })
})

describe('the simulator beside theory', () => {
  const cases = queueCases()
  const rows = cases.map(each => ({ ...each, validation: validate(each, 2, SHARE) }))

  for (const { name, load, validation } of rows) {
    test(`gives the mean of ${name}, at load ${load}, within what chance allows`, () => {
      const { foundMs, expectedMs } = validation
      const { mean, halfWidth } = foundMs
      assert.isBelow(Math.abs(mean - expectedMs), 1.5 * halfWidth)
      assert.isBelow(halfWidth / expectedMs, 0.2)
    })
  }

  test('holds where it is long enough, and not beside a theory that is a little off', () => {
    const shared = cases.find(({ name }) => name.startsWith('M/G/1-PS, constant'))
    assert.exists(shared)
    // Little chance is left at a load like this.
    const calm = { ...shared, load: 0.3, expectedMs: responseOfSharingMs(0.3, 1_000) }
    assert.isTrue(validate(calm, 1, 0.05).holds)
    assert.isFalse(validate({ ...calm, expectedMs: 1.03 * calm.expectedMs }, 1, 0.05).holds)
    assert.isFalse(validate(shared, 1, SHARE).holds)
  })
})
