/**
 * One request after another: choosing, failing over, refusing, recording.
 */
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../src/core/assert.ts'
import { NEVER } from '../../src/core/machine.ts'
import { STRATEGIES } from '../../src/scheduler/options.ts'
import type { SchedulerEvent } from '../../src/scheduler/scheduler.ts'
import {
  arrived,
  dispatched,
  failed,
  MODEL,
  modelFacts,
  peerChanged,
  peerFacts,
  peerLoad,
  refused,
  schedulerOf,
} from './scene.ts'

const busy = (decodeTokensLeft: number) => ({ load: peerLoad({ decodeTokensLeft }) })
const loadReported = (peer: string, decodeTokensLeft = 0): SchedulerEvent => ({
  type: 'load-reported',
  peer,
  load: peerLoad({ decodeTokensLeft }),
})
const ended = (id: string, outputTokens?: number): SchedulerEvent => ({
  type: 'request-ended',
  id,
  outcome: 'answered',
  outputTokens,
})

describe('a request', () => {
  test('goes to the peer that will be done soonest', () => {
    const events = [
      peerChanged('a', busy(500)),
      peerChanged('b', busy(100)),
      peerChanged('c', busy(900)),
    ]
    assert.equal(dispatched(schedulerOf({ events }).step(arrived('r'), 0)), 'b')
  })

  test('goes to a peer nearer by, if all else is equal', () => {
    const events = [peerChanged('far', { rttMs: 80 }), peerChanged('near', { rttMs: 5 })]
    assert.equal(dispatched(schedulerOf({ events }).step(arrived('r'), 0)), 'near')
  })

  test('goes to this node before an equal one, since it is no round trip away', () => {
    const events = [peerChanged('b', { rttMs: 1 }), peerChanged('self', { rttMs: 99 })]
    assert.equal(dispatched(schedulerOf({ events }).step(arrived('r'), 0)), 'self')
  })

  test('goes to any of equal peers, whichever was heard of first', () => {
    const events = ['a', 'b', 'c'].map(peer => peerChanged(peer))
    const chosen = Array.from({ length: 40 }, (_, seed) =>
      dispatched(schedulerOf({ events, seed }).step(arrived('r'), 0)),
    )
    assert.deepEqual([...new Set(chosen)].toSorted(), ['a', 'b', 'c'])
  })

  test('uses an id once', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a'), arrived('r')] })
    assert.throws(() => scheduler.step(arrived('r'), 0), InvariantError)
  })

  test('is refused at requestsMax, and taken again when one has ended', () => {
    const events = [peerChanged('a'), arrived('r1'), arrived('r2')]
    const scheduler = schedulerOf({ events, options: { requestsMax: 2 } })

    const refusal = refused(scheduler.step(arrived('r3'), 0))
    assert.equal(refusal.code, 'ERR_OVERLOADED')
    // Two answers of 50 tokens and two prompts of 100 are left.
    assert.equal(refusal.retryAfterMs, 1_200)
    assert.equal(scheduler.openCount, 2)

    scheduler.step(ended('r1'), 1)
    assert.equal(dispatched(scheduler.step(arrived('r4'), 1)), 'a')
  })

  test('is expected to be answered at the length that the model’s answers have', () => {
    const options = { outputSmoothingRatio: 1 }
    const scheduler = schedulerOf({ events: [peerChanged('a'), arrived('r1')], options })
    scheduler.step(ended('r1', 40), 1)

    scheduler.step(arrived('r2', { outputTokensMax: undefined }), 1)
    scheduler.step(arrived('r3', { outputTokensMax: 8 }), 1)
    assert.equal(scheduler.decision('r2')?.outputTokensExpected, 40)
    assert.equal(scheduler.decision('r3')?.outputTokensExpected, 8)
  })
})

describe('a pick', () => {
  const twoPeers = [peerChanged('a', { rttMs: 10 }), peerChanged('b', { rttMs: 10, ...busy(30) })]

  test('counts at once as work at its peer', () => {
    const scheduler = schedulerOf({ events: twoPeers })
    assert.equal(dispatched(scheduler.step(arrived('r1'), 0)), 'a')
    assert.equal(dispatched(scheduler.step(arrived('r2'), 0)), 'b')
    assert.equal(scheduler.decision('r2')?.candidates[1]?.reservedCount, 1)
  })

  test('counts until a report that was made after it arrived', () => {
    const scheduler = schedulerOf({ events: [...twoPeers, arrived('r1')] })
    scheduler.step(loadReported('a'), 9)
    assert.equal(scheduler.reservedCount, 1)
    scheduler.step(loadReported('a'), 10)
    assert.equal(scheduler.reservedCount, 0)
    assert.equal(dispatched(scheduler.step(arrived('r2'), 10)), 'a')
  })

  test('counts on when an older load arrives', () => {
    const scheduler = schedulerOf({ events: [...twoPeers, arrived('r1')] })
    scheduler.step(peerChanged('a', { load: peerLoad(), loadAtMs: -5 }), 50)
    assert.equal(scheduler.reservedCount, 1)
  })

  test('no longer counts when its attempt fails or its request ends', () => {
    const scheduler = schedulerOf({ events: [...twoPeers, arrived('r1'), arrived('r2')] })
    scheduler.step(ended('r1'), 1)
    assert.equal(scheduler.reservedCount, 1)
    scheduler.step(failed('r2', 'b', { isRetryable: false }), 1)
    assert.equal(scheduler.reservedCount, 0)
  })
})

describe('a failed attempt', () => {
  const three = [peerChanged('a'), peerChanged('b', busy(100)), peerChanged('c', busy(200))]

  test('leads to the next best peer, and to no peer twice', () => {
    const scheduler = schedulerOf({ events: three })
    assert.equal(dispatched(scheduler.step(arrived('r'), 0)), 'a')
    assert.equal(dispatched(scheduler.step(failed('r', 'a'), 5)), 'b')
    assert.equal(dispatched(scheduler.step(failed('r', 'b'), 9)), 'c')

    const record = scheduler.decision('r')
    assert.equal(record?.chosen, 'c')
    assert.deepEqual(
      record?.attempts.map(({ peer, errorCode, durationMs }) => ({ peer, errorCode, durationMs })),
      [
        { peer: 'a', errorCode: 'ERR_PEER_LOST', durationMs: 5 },
        { peer: 'b', errorCode: 'ERR_PEER_LOST', durationMs: 4 },
        { peer: 'c', errorCode: undefined, durationMs: undefined },
      ],
    )
    assert.deepEqual(
      record?.candidates.map(({ peer, exclusion }) => ({ peer, exclusion })),
      [
        { peer: 'c', exclusion: undefined },
        { peer: 'a', exclusion: 'already-tried' },
        { peer: 'b', exclusion: 'already-tried' },
      ],
    )
  })

  test('is the last at attemptsMax, and its error is passed on', () => {
    const scheduler = schedulerOf({ events: three, options: { attemptsMax: 2 } })
    scheduler.step(arrived('r'), 0)
    scheduler.step(failed('r', 'a'), 0)
    const refusal = refused(scheduler.step(failed('r', 'b', { errorCode: 'ERR_ENGINE' }), 0))

    assert.equal(refusal.code, 'ERR_ENGINE')
    assert.match(refusal.message, /within 2 attempt\(s\), the last failed with ERR_ENGINE/)
    assert.equal(scheduler.decision('r')?.outcome, 'failed')
    assert.equal(scheduler.openCount, 0)
  })

  test('is the last if nobody else is eligible', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a'), arrived('r')] })
    assert.equal(refused(scheduler.step(failed('r', 'a'), 0)).code, 'ERR_PEER_LOST')
    assert.equal(scheduler.decision('r')?.chosen, undefined)
  })

  test('is the last if another peer could do no better, and says it in its own words', () => {
    const scheduler = schedulerOf({ events: [...three, arrived('r')] })
    const change = { errorCode: 'ERR_INVALID_REQUEST', isRetryable: false, message: 'no' } as const
    assert.deepEqual(scheduler.step(failed('r', 'a', change), 0), [
      { type: 'refuse', id: 'r', code: 'ERR_INVALID_REQUEST', message: 'no' },
    ])
    assert.equal(scheduler.decision('r')?.chosen, 'a')
  })

  test('is the last once an answer has begun', () => {
    const scheduler = schedulerOf({ events: [...three, arrived('r')] })
    scheduler.step({ type: 'attempt-answered', id: 'r', peer: 'a' }, 7)
    assert.equal(refused(scheduler.step(failed('r', 'a'), 9)).code, 'ERR_PEER_LOST')
    assert.equal(scheduler.decision('r')?.attempts[0]?.durationMs, 7)
  })

  test('of overload passes on when to come back, within bounds, or works it out', () => {
    const overloaded = (retryAfterMs?: number) => {
      const scheduler = schedulerOf({ events: [peerChanged('a', busy(700)), arrived('r')] })
      const change = { errorCode: 'ERR_OVERLOADED', retryAfterMs } as const
      return refused(scheduler.step(failed('r', 'a', change), 0)).retryAfterMs
    }
    assert.equal(overloaded(2_500), 2_500)
    assert.equal(overloaded(1e12), 60_000)
    assert.equal(overloaded(Number.NaN), 60_000)
    assert.equal(overloaded(), 7_000)
  })

  test('changes nothing if it is not the attempt that runs, or the request has ended', () => {
    const scheduler = schedulerOf({ events: [...three, arrived('r')] })
    assert.deepEqual(scheduler.step(failed('r', 'b'), 0), [])
    assert.deepEqual(scheduler.step(failed('unknown', 'a'), 0), [])
    scheduler.step(ended('r'), 0)
    assert.deepEqual(scheduler.step(failed('r', 'a'), 0), [])
    assert.equal(scheduler.decision('r')?.outcome, 'answered')
  })
})

describe('news of a peer', () => {
  test('that is suspect, dead, gone or forgotten takes it out at once', () => {
    for (const status of ['suspect', 'dead', 'left'] as const) {
      const scheduler = schedulerOf({ events: [peerChanged('a'), peerChanged('b', busy(900))] })
      scheduler.step({ type: 'peer-changed', peer: 'a', status }, 1)
      assert.equal(dispatched(scheduler.step(arrived('r'), 1)), 'b', status)
    }
    const scheduler = schedulerOf({ events: [peerChanged('a'), peerChanged('b', busy(900))] })
    scheduler.step({ type: 'peer-forgotten', peer: 'a' }, 1)
    assert.equal(dispatched(scheduler.step(arrived('r'), 1)), 'b')
    assert.equal(scheduler.decision('r')?.candidates.length, 1)
  })

  test('from itself beats gossip received before', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a'), peerChanged('b', busy(50))] })
    scheduler.step(loadReported('a', 700), 20)
    scheduler.step(peerChanged('a', { loadAtMs: 19 }), 21)
    assert.equal(dispatched(scheduler.step(arrived('r'), 21)), 'b')
  })

  test('whom membership never named is ignored', () => {
    const scheduler = schedulerOf({ events: [loadReported('stranger')] })
    scheduler.step(arrived('r'), 0)
    assert.deepEqual(scheduler.decision('r')?.candidates, [])
  })

  test('beyond peersMax is ignored and counted', () => {
    const scheduler = schedulerOf({
      events: [peerChanged('a'), peerChanged('b')],
      options: { peersMax: 1 },
    })
    assert.equal(scheduler.ignoredPeersCount, 1)
  })
})

describe('a record', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => peerChanged(`p${index}`, busy(index)))

  test('lists the scored by score, then the others, then the excluded', () => {
    const gone = peerChanged('gone', { status: 'dead' })
    const scheduler = schedulerOf({ events: [gone, ...many(7)] })
    const chosen = dispatched(scheduler.step(arrived('r'), 0))

    const candidates = scheduler.decision('r')?.candidates ?? []
    const scores = candidates.slice(0, 4).map(({ terms }) => terms?.score as number)
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => a - b),
    )
    assert.equal(candidates[0]?.peer, chosen)
    assert.ok(candidates.slice(4, 7).every(({ terms, exclusion }) => !terms && !exclusion))
    assert.equal(candidates[7]?.exclusion, 'not-alive')
    assert.equal(scheduler.decision('r')?.candidatesOmittedCount, 0)
  })

  test('lists candidatesKept of them and says how many more there were', () => {
    const events = [peerChanged('gone', { status: 'dead' }), ...many(9)]
    for (const candidatesKept of [1, 2, 6]) {
      const scheduler = schedulerOf({ events, options: { candidatesKept } })
      scheduler.step(arrived('r'), 0)
      const record = scheduler.decision('r')
      assert.equal(record?.candidates.length, candidatesKept)
      assert.equal(record?.candidatesOmittedCount, 10 - candidatesKept)
    }
  })

  test('gives way to newer ones, newest first', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a')], options: { decisionsKept: 2 } })
    for (const id of ['r1', 'r2', 'r3']) scheduler.step(arrived(id), 0)
    assert.deepEqual(
      scheduler.recent(10).map(({ id }) => id),
      ['r3', 'r2'],
    )
    // Its end is no longer of interest to the record, and harms nothing.
    scheduler.step(ended('r1'), 1)
    assert.equal(scheduler.decision('r1'), undefined)
  })
})

describe('each strategy', () => {
  const three = [peerChanged('a'), peerChanged('b'), peerChanged('c')]

  for (const strategy of STRATEGIES) {
    test(`${strategy} serves, records its name and the terms of the chosen`, () => {
      const scheduler = schedulerOf({ events: three, options: { strategy } })
      const chosen = dispatched(scheduler.step(arrived('r'), 0))
      const record = scheduler.decision('r')
      assert.equal(record?.strategy, strategy)
      assert.ok(record?.candidates.find(({ peer }) => peer === chosen)?.terms)
    })
  }

  const picks = (strategy: (typeof STRATEGIES)[number], count: number) => {
    const scheduler = schedulerOf({ events: three, options: { strategy } })
    return Array.from({ length: count }, (_, index) =>
      dispatched(scheduler.step(arrived(`r${index}`), 0)),
    )
  }

  test('round-robin takes turns', () => {
    assert.deepEqual(picks('round-robin', 4), ['a', 'b', 'c', 'a'])
  })

  test('random takes each about as often', () => {
    const taken = picks('random', 300)
    for (const peer of ['a', 'b', 'c']) {
      // Expected 100, standard deviation about 8.
      assert.closeTo(taken.filter(one => one === peer).length, 100, 40)
    }
  })

  test('least-queue takes the fewest requests, its own picks included', () => {
    const taken = picks('least-queue', 3)
    assert.deepEqual(taken.toSorted(), ['a', 'b', 'c'])
  })
})

test('what was sent for one model does not count for another', () => {
  const facts = peerFacts(modelFacts(), modelFacts({ id: 'other' }))
  const scheduler = schedulerOf({ events: [peerChanged('a', { facts })] })
  scheduler.step(arrived('r1'), 0)
  scheduler.step(arrived('r2', { model: 'other' }), 0)
  assert.equal(scheduler.decision('r2')?.candidates[0]?.reservedCount, 0)
  assert.equal(scheduler.decision('r1')?.model, MODEL)
})

test('nothing waits for time', () => {
  const scheduler = schedulerOf({ events: [peerChanged('a'), arrived('r')] })
  assert.equal(scheduler.wakeAtMs, NEVER)
  assert.deepEqual(scheduler.step({ type: 'tick' }, 1e9), [])
})
