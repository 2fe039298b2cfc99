/**
 * Places that are kept for those who send requests themselves: until the outcome, or until nobody
 * waits for it any more.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import { SchedulingDesk } from '../../src/node/scheduling-desk.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { MODEL, peerChanged } from '../scheduler/scene.ts'

const QUERY = { model: MODEL, inputTokens: 100 }

function sceneOf(options: object = {}) {
  const clock = new ManualClock()
  const parsed = schedulerOptions.parse(options)
  const scheduler = new Scheduler('self', parsed, new Random(1))
  for (const peer of ['near', 'far']) {
    scheduler.step(peerChanged(peer, { rttMs: peer === 'near' ? 1 : 50 }), 0)
  }
  let count = 0
  const newId = () => {
    count += 1
    return `t${count}`
  }
  const events: object[] = []
  const desk = new SchedulingDesk({
    ...{ clock, scheduler, newId, requestsMax: parsed.requestsMax },
    onEvent: (event, facts) => events.push({ event, ...facts }),
  })
  return { clock, scheduler, desk, events }
}

describe('targets', () => {
  test('are told the best first, and nothing comes of it', () => {
    const { desk, scheduler } = sceneOf()
    const targets = desk.scoreTargets(QUERY)
    assert.deepEqual(
      targets.map(({ peer }) => peer),
      ['near', 'far'],
    )
    assert.isBelow(targets[0]?.terms?.score ?? 0, targets[1]?.terms?.score ?? 0)
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
    assert.deepEqual(scheduler.recent(1), [])
  })

  test('that may not serve are told with the reason', () => {
    const { desk, scheduler } = sceneOf()
    scheduler.step({ type: 'peer-changed', peer: 'far', status: 'dead' }, 0)
    const far = desk.scoreTargets(QUERY).find(({ peer }) => peer === 'far')
    assert.equal(far?.exclusion, 'not-alive')
  })
})

describe('a place', () => {
  test('counts as work there until the outcome is told', () => {
    const { desk, scheduler } = sceneOf()
    const { token, peer, etaMs } = desk.admit(QUERY)
    assert.equal(peer, 'near')
    assert.isAbove(etaMs, 0)
    assert.equal(scheduler.reservedCount, 1)
    // Nobody knows whether it has been sent by then.
    scheduler.step({ type: 'load-reported', peer, load: NO_LOAD }, 60_000)
    assert.equal(scheduler.reservedCount, 1)
    desk.report({ token, outcome: 'success', outputTokens: 10 })
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
    assert.equal(scheduler.decision(token)?.outcome, 'answered')
  })

  test('is at the peer that was asked for, or nowhere', () => {
    const { desk } = sceneOf()
    assert.equal(desk.admit({ ...QUERY, target: 'far' }).peer, 'far')
    try {
      desk.admit({ ...QUERY, target: 'unknown' })
      assert.fail('it was admitted')
    } catch (error) {
      assert.ok(hasCode(error, 'ERR_NO_CAPACITY'), String(error))
      assert.isString(error.details['decisionId'])
    }
  })

  test('is free again when nobody has told for ten minutes', () => {
    const { desk, scheduler, clock } = sceneOf()
    const { token, validForMs } = desk.admit(QUERY)
    clock.advance(validForMs - 1)
    assert.equal(scheduler.openCount, 1)
    scheduler.step({ type: 'peers-confirmed' }, clock.nowMs())
    const later = desk.admit(QUERY)
    clock.advance(1)
    assert.equal(scheduler.decision(token)?.outcome, 'cancelled')
    assert.equal(scheduler.openCount, 1)
    clock.advance(validForMs)
    assert.equal(scheduler.decision(later.token)?.outcome, 'cancelled')
    assert.equal(clock.wakeCount, 0)
  })

  test('is refused when as many are kept as may be, while requests are not', () => {
    const { desk, scheduler } = sceneOf({ requestsMax: 8 })
    const { token } = desk.admit(QUERY)
    desk.admit(QUERY)
    const request = { id: 'r1', atWallMs: 0, ...QUERY }
    const [effect] = scheduler.step({ type: 'request-arrived', request }, 0)
    assert.equal(effect?.type, 'dispatch')
    assert.throws(() => desk.admit(QUERY), /fewer than 2 places/)
    desk.report({ token, outcome: 'cancelled' })
    desk.admit(QUERY)
  })

  test('is refused when as many requests are open as may be', () => {
    const { desk, scheduler } = sceneOf({ requestsMax: 1 })
    const request = { id: 'r1', atWallMs: 0, ...QUERY }
    scheduler.step({ type: 'request-arrived', request }, 0)
    try {
      desk.admit(QUERY)
      assert.fail('it was admitted')
    } catch (error) {
      assert.ok(hasCode(error, 'ERR_OVERLOADED'), String(error))
      assert.isNumber(error.details['retryAfterMs'])
    }
  })

  test('is free again when the peer stops', () => {
    const { desk, scheduler, clock } = sceneOf()
    desk.admit(QUERY)
    desk.close()
    assert.equal(scheduler.openCount, 0)
    assert.equal(clock.wakeCount, 0)
  })
})

describe('an outcome', () => {
  test('of five errors opens the breaker, of five cancellations or refusals none', () => {
    for (const [outcome, state] of [
      ['error', 'open'],
      ['cancelled', undefined],
      ['rejected', undefined],
    ] as const) {
      const { desk, events } = sceneOf()
      for (let left = 5; left > 0; left -= 1) {
        const { token } = desk.admit({ ...QUERY, target: 'far' })
        desk.report({ token, outcome })
      }
      assert.equal(desk.circuits()[0]?.state, state, outcome)
      const opened = { event: 'breaker-opened', peer: 'far', model: MODEL, openForMs: 60_000 }
      assert.deepEqual(events, state === 'open' ? [opened] : [])
    }
  })

  test('teaches hedging nothing: it is told when the answer has ended', () => {
    const { desk, scheduler } = sceneOf({ isHedging: true, hedgeSavedMax: 1 })
    for (let left = 100; left > 0; left -= 1) {
      desk.report({ token: desk.admit(QUERY).token, outcome: 'success' })
    }
    const request = { id: 'r1', atWallMs: 0, ...QUERY }
    const [effect] = scheduler.step({ type: 'request-arrived', request }, 0)
    assert.propertyVal(effect, 'peer', 'near')
    assert.notProperty(effect, 'hedgeAfterMs')
  })

  test('is taken once', () => {
    const { desk } = sceneOf()
    const { token } = desk.admit(QUERY)
    desk.report({ token, outcome: 'success' })
    assert.throws(() => desk.report({ token, outcome: 'success' }), /found none that is open/)
  })
})
