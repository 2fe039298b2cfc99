/**
 * What the scheduler does about failures: who rests, what is tried again, and what is hedged.
 */
import { assert, describe, test } from 'vitest'
import type { ErrorCode } from '../../src/core/errors.ts'
import { NO_POLICY } from '../../src/scheduler/policy.ts'
import type { Scheduler, SchedulerEffect } from '../../src/scheduler/scheduler.ts'
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

const MINUTE_MS = 60_000

let count = 0

/** Sends one request and tells how it ended. @returns who took it. */
function use(scheduler: Scheduler, outcome: 'answered' | 'failed' | 'cancelled', atMs = 0): string {
  count += 1
  const id = `use-${count}`
  const peer = dispatched(scheduler.step(arrived(id), atMs))
  if (outcome === 'failed') {
    scheduler.step(failed(id, peer, { errorCode: 'ERR_ENGINE', isRetryable: false }), atMs)
    return peer
  }
  if (outcome === 'answered') scheduler.step({ type: 'attempt-answered', id, peer }, atMs)
  scheduler.step({ type: 'request-ended', id, outcome }, atMs)
  return peer
}

const exclusions = (scheduler: Scheduler, id: string) =>
  scheduler
    .decision(id)
    ?.candidates.flatMap(({ peer, exclusion }) => (exclusion ? [`${peer} ${exclusion}`] : []))

/** With one peer whose breaker has opened at 0 ms. */
function broken(options: object = {}) {
  const scheduler = schedulerOf({ events: [peerChanged('a')], options })
  for (let left = 5; left > 0; left -= 1) use(scheduler, 'failed')
  return scheduler
}

describe('a peer whose breaker is open', () => {
  test('is not chosen, the record says why, and the refusal says for how long', () => {
    const scheduler = broken()
    const refusal = refused(scheduler.step(arrived('r'), 1_000))
    assert.equal(refusal.code, 'ERR_NO_CAPACITY')
    assert.include(refusal.message, '1 resting after failures')
    assert.equal(refusal.retryAfterMs, 59_000)
    assert.deepEqual(exclusions(scheduler, 'r'), ['a breaker-open'])
    assert.equal(scheduler.openBreakerCount, 1)
    assert.deepEqual(
      scheduler.circuits(1_000).map(({ peer, state }) => [peer, state]),
      [['a', 'open']],
    )
  })

  test('leaves the requests to the others', () => {
    const scheduler = broken()
    scheduler.step(peerChanged('b'), 0)
    assert.equal(use(scheduler, 'answered', 1_000), 'b')
  })

  test('is tried after its time, and closes when all of that succeeds', () => {
    const scheduler = broken({ stateMaxAgeMs: 600_000 })
    assert.equal(use(scheduler, 'answered', MINUTE_MS), 'a')
    assert.equal(use(scheduler, 'answered', MINUTE_MS), 'a')
    const peer = dispatched(scheduler.step(arrived('last'), MINUTE_MS))
    scheduler.step({ type: 'attempt-answered', id: 'last', peer }, MINUTE_MS)
    const end = { type: 'request-ended', id: 'last', outcome: 'answered' } as const
    assert.deepEqual(scheduler.step(end, MINUTE_MS), [
      { type: 'circuit-changed', peer: 'a', model: MODEL, state: 'closed', openForMs: 0 },
    ])
    assert.equal(scheduler.openBreakerCount, 0)
  })

  test('is tried with no more than its probes at once', () => {
    const scheduler = broken({ stateMaxAgeMs: 600_000 })
    for (const id of ['p1', 'p2', 'p3']) dispatched(scheduler.step(arrived(id), MINUTE_MS))
    assert.equal(refused(scheduler.step(arrived('p4'), MINUTE_MS)).code, 'ERR_NO_CAPACITY')
    scheduler.step({ type: 'request-ended', id: 'p1', outcome: 'cancelled' }, MINUTE_MS)
    assert.equal(dispatched(scheduler.step(arrived('p5'), MINUTE_MS)), 'a')
  })

  test('is tried at once if it has the model again, or comes back', () => {
    const without = { facts: peerFacts(modelFacts({ id: 'other' })) }
    const scheduler = broken()
    scheduler.step(peerChanged('a', without), 1_000)
    scheduler.step(peerChanged('a'), 1_000)
    assert.equal(use(scheduler, 'failed', 1_000), 'a')

    scheduler.step(peerChanged('a', { status: 'dead' }), 2_000)
    scheduler.step(peerChanged('a'), 2_000)
    assert.equal(use(scheduler, 'cancelled', 2_000), 'a')
  })

  test('obeys what the mesh has agreed on', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a')] })
    const breaker = { failuresMax: 1, openMs: 5_000, probesMax: 1 }
    scheduler.step({ type: 'policy-changed', policy: { ...NO_POLICY, breaker } }, 0)
    use(scheduler, 'failed')
    assert.equal(refused(scheduler.step(arrived('r'), 0)).retryAfterMs, 5_000)
    assert.equal(use(scheduler, 'answered', 5_000), 'a')
    assert.equal(scheduler.openBreakerCount, 0)
  })

  test('gets few requests at first once it is well again', () => {
    const scheduler = broken({ stateMaxAgeMs: 600_000 })
    for (let left = 3; left > 0; left -= 1) use(scheduler, 'answered', MINUTE_MS)
    scheduler.step(peerChanged('b', { load: peerLoad({ decodeTokensLeft: 100 }) }), MINUTE_MS)
    // `b` is a second behind, and still the better choice for now.
    assert.equal(use(scheduler, 'answered', MINUTE_MS), 'b')
    assert.equal(use(scheduler, 'answered', MINUTE_MS + 30_000), 'a')
  })
})

describe('a breaker', () => {
  const harmless: ErrorCode[] = ['ERR_INVALID_REQUEST', 'ERR_OVERLOADED', 'ERR_STOPPING']
  for (const errorCode of harmless) {
    test(`4xx opening a breaker: a thousand times ${errorCode} open none`, () => {
      const scheduler = schedulerOf({ events: [peerChanged('a')] })
      for (let index = 0; index < 1_000; index += 1) {
        scheduler.step(arrived(`r${index}`), 0)
        scheduler.step(failed(`r${index}`, 'a', { errorCode }), 0)
      }
      assert.deepEqual(scheduler.circuits(0), [])
    })
  }

  test('learns nothing from an answer that says that the request is at fault', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a')] })
    for (let left = 4; left > 0; left -= 1) use(scheduler, 'failed')
    scheduler.step(arrived('r'), 0)
    scheduler.step({ type: 'attempt-answered', id: 'r', peer: 'a', isRefusal: true }, 0)
    scheduler.step({ type: 'request-ended', id: 'r', outcome: 'answered' }, 0)
    use(scheduler, 'failed')
    assert.equal(scheduler.openBreakerCount, 1)
  })

  test('counts an answer that breaks off, not one whose client leaves', () => {
    const scheduler = schedulerOf({ events: [peerChanged('a')] })
    for (const outcome of ['cancelled', 'failed'] as const) {
      for (let index = 0; index < 5; index += 1) {
        const id = `${outcome}${index}`
        scheduler.step(arrived(id), 0)
        scheduler.step({ type: 'attempt-answered', id, peer: 'a' }, 0)
        scheduler.step({ type: 'request-ended', id, outcome }, 0)
      }
      assert.equal(scheduler.openBreakerCount, outcome === 'failed' ? 1 : 0)
    }
  })
})

describe('a request that failed', () => {
  const peers = ['a', 'b', 'c', 'd', 'e', 'f'].map(peer => peerChanged(peer))

  /** Fails at whoever has it, until it is refused. */
  function failThrough(scheduler: Scheduler, id: string, errorCode: ErrorCode) {
    let effects: readonly SchedulerEffect[] = scheduler.step(arrived(id), 0)
    for (;;) {
      const [effect] = effects
      if (effect?.type !== 'dispatch') return effect
      effects = scheduler.step(failed(id, effect.peer, { errorCode, message: 'it broke' }), 0)
    }
  }

  test('is not tried elsewhere when the budget is spent, and the caller is told so', () => {
    const budget = { retrySavedMax: 1, retryFloorPerSecond: 0, retryBudgetRatio: 0 }
    const scheduler = schedulerOf({ events: peers, options: budget })
    failThrough(scheduler, 'r1', 'ERR_PEER_LOST')
    const refusal = failThrough(scheduler, 'r2', 'ERR_PEER_LOST')
    assert.equal(refusal?.type === 'refuse' && refusal.code, 'ERR_PEER_LOST')
    const message = 'it broke (not tried elsewhere: too many requests have failed of late)'
    assert.propertyVal(refusal, 'message', message)
    const record = scheduler.decision('r2')
    assert.deepEqual([record?.attempts.length, record?.retryDenial], [1, 'budget-spent'])
  })

  test('at most at a tenth of all goes to another peer, in the long run', () => {
    const options = { retrySavedMax: 1, retryFloorPerSecond: 0, breakerFailuresMax: 1_000 }
    const scheduler = schedulerOf({ events: peers, options })
    let attempts = 0
    for (let index = 0; index < 500; index += 1) {
      failThrough(scheduler, `r${index}`, 'ERR_PEER_LOST')
      attempts += scheduler.decision(`r${index}`)?.attempts.length ?? 0
    }
    assert.closeTo(attempts, 550, 2)
  })

  test('bounces off two peers and no third, and spends no budget on it', () => {
    const options = { retrySavedMax: 1, retryFloorPerSecond: 0, attemptsMax: 6 }
    const scheduler = schedulerOf({ events: peers, options })
    for (const id of ['r1', 'r2', 'r3']) {
      const refusal = failThrough(scheduler, id, 'ERR_OVERLOADED')
      assert.propertyVal(refusal, 'code', 'ERR_OVERLOADED')
      assert.isAtLeast(refusal?.type === 'refuse' ? (refusal.retryAfterMs ?? 0) : 0, 1_000)
      const record = scheduler.decision(id)
      assert.deepEqual([record?.attempts.length, record?.retryDenial], [3, 'bounces-used'])
    }
  })

  test('says why its last attempt was the last', () => {
    const denialOf = (events: typeof peers, errorCode: ErrorCode) => {
      const scheduler = schedulerOf({ events })
      failThrough(scheduler, 'r', errorCode)
      return scheduler.decision('r')?.retryDenial
    }
    assert.equal(denialOf(peers, 'ERR_ENGINE'), 'attempts-used')
    assert.equal(denialOf(peers.slice(0, 1), 'ERR_ENGINE'), 'nobody-left')
  })
})

describe('hedging', () => {
  const price = { inputPerMillion: 1, outputPerMillion: 1 }
  const providerFacts = peerFacts(modelFacts({ price, parallelMax: 100 }))
  const peers = ['a', 'b', 'c'].map(peer => peerChanged(peer))

  /** Enough answers were seen, the slowest in twenty after 100 ms, and one hedge is earned. */
  function seen(options: object = {}, events = peers) {
    const scheduler = schedulerOf({ events, options: { isHedging: true, ...options } })
    for (let index = 0; index < 100; index += 1) {
      const id = `seen-${index}`
      const peer = dispatched(scheduler.step(arrived(id), 0))
      scheduler.step({ type: 'attempt-answered', id, peer }, index + 6)
      scheduler.step({ type: 'request-ended', id, outcome: 'answered' }, index + 6)
    }
    return scheduler
  }

  const due = (id: string) => ({ type: 'hedge-due', id }) as const

  const dispatchOf = (scheduler: Scheduler, id: string, atMs = 1_000) => {
    const [effect] = scheduler.step(arrived(id), atMs)
    assert.equal(effect?.type, 'dispatch')
    return effect?.type === 'dispatch' ? effect : undefined
  }

  test('is off unless it is turned on', () => {
    assert.isUndefined(dispatchOf(seen({ isHedging: false }), 'r')?.hedgeAfterMs)
    const scheduler = seen()
    const hedging = { isEnabled: false, delayQuantile: 0.9, budgetRatio: 1 }
    scheduler.step({ type: 'policy-changed', policy: { ...NO_POLICY, hedging } }, 200)
    assert.isUndefined(dispatchOf(scheduler, 'r')?.hedgeAfterMs)
  })

  test('waits as long as nearly all answers took to begin', () => {
    assert.equal(dispatchOf(seen(), 'r')?.hedgeAfterMs, 100)
    assert.equal(dispatchOf(seen({ hedgeDelayMinMs: 5_000 }), 'r')?.hedgeAfterMs, 5_000)
    assert.equal(dispatchOf(seen({ hedgeQuantileRatio: 0.5 }), 'r')?.hedgeAfterMs, 55)
  })

  test('learns nothing of how fast a request is refused', () => {
    const scheduler = seen()
    for (let index = 0; index < 200; index += 1) {
      const id = `refused-${index}`
      const peer = dispatched(scheduler.step(arrived(id), 0))
      scheduler.step({ type: 'attempt-answered', id, peer, isRefusal: true }, 1)
      scheduler.step({ type: 'request-ended', id, outcome: 'answered' }, 1)
    }
    assert.equal(dispatchOf(scheduler, 'r')?.hedgeAfterMs, 100)
  })

  test('goes to another peer, once, and the record names both', () => {
    const scheduler = seen()
    const first = dispatchOf(scheduler, 'r')?.peer ?? ''
    const second = dispatched(scheduler.step(due('r'), 1_100))
    assert.notEqual(second, first)
    assert.deepEqual(scheduler.step(due('r'), 1_200), [])
    assert.equal(scheduler.reservedCount, 2)

    const answered = { type: 'attempt-answered', id: 'r', peer: second } as const
    assert.deepEqual(scheduler.step(answered, 1_150), [{ type: 'cancel', id: 'r', peer: first }])
    assert.equal(scheduler.reservedCount, 1)
    scheduler.step({ type: 'request-ended', id: 'r', outcome: 'answered' }, 1_200)
    assert.deepEqual([scheduler.reservedCount, scheduler.openCount], [0, 0])
    const attempts = scheduler.decision('r')?.attempts.map(({ terms: _, ...attempt }) => attempt)
    assert.deepEqual(attempts, [
      { peer: first, durationMs: 150, isCancelled: true },
      { peer: second, durationMs: 50, isHedge: true },
    ])
  })

  test('takes no more than one request in a hundred', () => {
    const scheduler = seen()
    let hedgeCount = 0
    for (let index = 0; index < 1_000; index += 1) {
      const dispatch = dispatchOf(scheduler, `r${index}`)
      if (dispatch?.hedgeAfterMs !== undefined) {
        hedgeCount += scheduler.step(due(`r${index}`), 1_100).length
      }
      scheduler.step({ type: 'request-ended', id: `r${index}`, outcome: 'cancelled' }, 1_100)
    }
    assert.closeTo(hedgeCount, 11, 1)
  })

  test('lets one attempt fail while the other runs, and tries again when both have', () => {
    const scheduler = seen()
    const first = dispatchOf(scheduler, 'r')?.peer ?? ''
    const second = dispatched(scheduler.step(due('r'), 1_100))
    assert.deepEqual(scheduler.step(failed('r', first), 1_100), [])
    const third = dispatched(scheduler.step(failed('r', second), 1_100))
    assert.notInclude([first, second], third)
  })

  test('ends both when one says that the request is at fault', () => {
    const scheduler = seen()
    const first = dispatchOf(scheduler, 'r')?.peer ?? ''
    const second = dispatched(scheduler.step(due('r'), 1_100))
    const fault = { errorCode: 'ERR_INVALID_REQUEST', isRetryable: false } as const
    const effects = scheduler.step(failed('r', first, fault), 1_100)
    assert.deepEqual(
      effects.map(({ type }) => type),
      ['refuse', 'cancel'],
    )
    assert.propertyVal(effects[1], 'peer', second)
    assert.deepEqual([scheduler.reservedCount, scheduler.openCount], [0, 0])
  })

  test('never leaves the same peer twice, or nobody to ask', () => {
    const scheduler = schedulerOf({
      ...{ events: [peerChanged('a')], options: { isHedging: true } },
    })
    scheduler.step(arrived('r'), 0)
    assert.deepEqual(scheduler.step(due('r'), 0), [])
    assert.deepEqual(scheduler.step(due('stranger'), 0), [])
  })

  describe('asks nobody', () => {
    const cold = { unready: { state: 'cold' } } as const
    const busy = { runningCount: 1, decodeTokensLeft: 50 }
    const others: Readonly<Record<string, Parameters<typeof peerChanged>[1]>> = {
      'whose model is not in memory': { load: peerLoad(cold) },
      'whose places are taken': { load: peerLoad(busy) },
      'whose queue is full': { load: peerLoad({ ...busy, queuedCount: 500 }) },
      'who asks a price': { facts: providerFacts, load: peerLoad() },
    }
    for (const [name, other] of Object.entries(others)) {
      test(name, () => {
        const scheduler = seen({}, [peerChanged('a')])
        const standing = { tenant: 'acme', priority: 'critical' } as const
        assert.equal(dispatched(scheduler.step(arrived('r', standing), 1_000)), 'a')
        scheduler.step(peerChanged('b', { ...other, loadAtMs: 1_000 }), 1_000)
        assert.deepEqual(scheduler.step(due('r'), 1_100), [])
        // It cost nothing: whoever is free is asked.
        scheduler.step(peerChanged('c', { loadAtMs: 1_100 }), 1_100)
        assert.equal(dispatched(scheduler.step(due('r'), 1_200)), 'c')
        const candidates = scheduler.decision('r')?.candidates ?? []
        assert.isUndefined(candidates.find(({ peer }) => peer === 'b')?.terms)
      })
    }

    test('of the mesh, while a provider works on it', () => {
      const scheduler = seen({}, [peerChanged('a', { facts: providerFacts })])
      assert.equal(dispatched(scheduler.step(arrived('r'), 1_000)), 'a')
      scheduler.step(peerChanged('b', { loadAtMs: 1_000 }), 1_000)
      assert.deepEqual(scheduler.step(due('r'), 1_100), [])
      scheduler.step(peerChanged('c', { facts: providerFacts, loadAtMs: 1_100 }), 1_100)
      assert.equal(dispatched(scheduler.step(due('r'), 1_200)), 'c')
    })
  })

  test('counts nothing against a peer that was cancelled', () => {
    const scheduler = seen({ breakerFailuresMax: 1 })
    dispatchOf(scheduler, 'r')
    const peer = dispatched(scheduler.step(due('r'), 1_100))
    scheduler.step({ type: 'attempt-answered', id: 'r', peer }, 1_100)
    assert.deepEqual(scheduler.circuits(1_100), [])
  })
})
