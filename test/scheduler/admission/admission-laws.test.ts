/**
 * What holds for the queue in front of an engine, whatever is asked of it.
 *
 * Goal: nothing is lost or done twice, the engine never has more than it takes, everybody is served
 * in the end, and nobody's share depends on how much others ask. Method: random histories, and an
 * engine of fixed speed on virtual time.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  AdmissionQueue,
  type AdmissionRequest,
  type EngineState,
} from '../../../src/scheduler/admission/admission-queue.ts'
import { cacheVerdict } from '../../../src/scheduler/admission/memory.ts'
import { PRIORITIES, rankOf } from '../../../src/scheduler/admission/priority.ts'
import { simulate, type Tenant } from './fixed-engine.ts'
import { engineOf, OPTIONS, requestOf } from './scene.ts'

const PARALLEL = 3

const step = fc.record({
  act: fc.constantFrom('arrive', 'arrive', 'arrive', 'end', 'cancel', 'tick' as const),
  tenant: fc.constantFrom('a', 'b', 'c'),
  priority: fc.constantFrom(...PRIORITIES),
  tokens: fc.integer({ min: 1, max: 2_000 }),
  waitMs: fc.constantFrom(0, 0, 10, 1_000, 20_000),
  beginInMs: fc.constantFrom(500, 60_000, Number.POSITIVE_INFINITY),
  kvUsedRatio: fc.constantFrom(undefined, 0.2, 0.85, 0.95),
  pick: fc.nat(20),
})

interface Account {
  readonly waiting: Set<string>
  readonly running: Set<string>
  arrivedCount: number
  releasedCount: number
  refusedCount: number
  cancelledCount: number
}

test('admitted = released + refused + cancelled, each once; nothing is lost on cancel', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150 }), steps => {
      const queue = new AdmissionQueue(OPTIONS)
      const account: Account = {
        ...{ waiting: new Set(), running: new Set() },
        ...{ arrivedCount: 0, releasedCount: 0, refusedCount: 0, cancelledCount: 0 },
      }
      let nowMs = 0
      for (const each of steps) {
        nowMs += each.waitMs
        play(queue, account, { ...each, nowMs })
        check(queue, account)
      }
    }),
  )
})

type Act = Omit<typeof step extends fc.Arbitrary<infer S> ? S : never, 'waitMs'> & { nowMs: number }

function play(queue: AdmissionQueue, account: Account, act: Act): void {
  const { nowMs, tenant, priority, tokens } = act
  const engine = engineOf({ parallelMax: PARALLEL, kvUsedRatio: act.kvUsedRatio })
  const picked = (from: Set<string>) => [...from][act.pick % Math.max(1, from.size)] ?? 'nobody'
  const event = () => {
    if (act.act === 'tick') return { type: 'tick' as const }
    if (act.act === 'end') {
      const id = picked(account.running)
      account.running.delete(id)
      return { type: 'request-ended' as const, id }
    }
    if (act.act === 'cancel') {
      const id = picked(account.waiting)
      if (account.waiting.delete(id)) account.cancelledCount += 1
      return { type: 'request-cancelled' as const, id }
    }
    const id = `r${account.arrivedCount}`
    account.arrivedCount += 1
    account.waiting.add(id)
    const size = { inputTokens: tokens, outputTokens: tokens }
    const request = requestOf(id, { tenant, priority, ...size, beginByMs: nowMs + act.beginInMs })
    return { type: 'request-arrived' as const, request }
  }
  for (const effect of queue.step({ ...event(), engine }, nowMs)) {
    assert.isTrue(account.waiting.delete(effect.id), `${effect.id} waited`)
    if (effect.type === 'release') account.running.add(effect.id)
    if (effect.type === 'release') account.releasedCount += 1
    else account.refusedCount += 1
  }
}

function check(queue: AdmissionQueue, account: Account): void {
  const { arrivedCount, releasedCount, refusedCount, cancelledCount, waiting, running } = account
  assert.equal(arrivedCount, releasedCount + refusedCount + cancelledCount + waiting.size)
  assert.deepEqual([queue.waitingCount, queue.runningCount], [waiting.size, running.size])
  assert.isAtMost(queue.waitingCount, OPTIONS.queueLengthMax)
  assert.isAtMost(queue.runningCount, PARALLEL)
  const { inputTokens, outputTokens } = queue.waitingTokens
  if (waiting.size === 0) assert.deepEqual([inputTokens, outputTokens], [0, 0])
}

describe('memory', () => {
  const sizes = { parallelMax: 8, contextTokens: 1_000 }
  const { memoryAcceptRatio: acceptRatio, memoryRejectRatio: rejectRatio } = OPTIONS
  const act = fc.record({
    isArrival: fc.boolean(),
    what: fc.record({
      tenant: fc.constantFrom('a', 'b'),
      priority: fc.constantFrom(...PRIORITIES),
      outputTokens: fc.constantFrom(100, 900),
    }),
    waitMs: fc.constantFrom(0, 1_000, 20_000),
    kvUsedRatio: fc.double({ min: 0.7, max: 0.92, noNaN: true }),
  })

  test('leaves no place free beside what is highest, if that fits', () => {
    fc.assert(fc.property(fc.array(act, { maxLength: 60 }), playAll), { numRuns: 300 })
  })

  function playAll(acts: readonly (typeof act extends fc.Arbitrary<infer A> ? A : never)[]): void {
    const queue = new AdmissionQueue(OPTIONS)
    const waiting = new Map<string, AdmissionRequest>()
    const running: string[] = []
    let releasedCount = 0
    let nowMs = 0
    for (const [index, { isArrival, what, waitMs, kvUsedRatio }] of acts.entries()) {
      nowMs += waitMs
      // Whatever started is in what was measured.
      const engine = engineOf({ ...sizes, kvUsedRatio, metricsAgeMs: -1 })
      const request = requestOf(`r${index}`, { ...what, inputTokens: 100 })
      const event = isArrival
        ? ({ type: 'request-arrived', request } as const)
        : ({ type: 'request-ended', id: running.shift() ?? 'nobody' } as const)
      if (isArrival) waiting.set(request.id, request)
      const effects = [event, { type: 'tick' } as const].flatMap(each =>
        queue.step({ ...each, engine }, nowMs),
      )
      for (const { id } of effects) waiting.delete(id)
      const released = effects.filter(({ type }) => type === 'release')
      running.push(...released.map(({ id }) => id))
      releasedCount += released.length
      // After more, what is next may have been passed over often enough.
      if (releasedCount <= 16) checkHighest([...waiting.values()], engine, running.length)
    }
  }

  function checkHighest(
    waiting: readonly AdmissionRequest[],
    engine: EngineState,
    runningCount: number,
  ): void {
    if (waiting.length === 0 || runningCount === engine.parallelMax) return
    const rankMax = Math.max(...waiting.map(({ priority }) => rankOf(priority)))
    const use = { ...engine, runningCount, unseenTokens: 0 }
    const verdicts = waiting
      .filter(({ priority }) => rankOf(priority) === rankMax)
      .map(({ inputTokens, outputTokens, priority }) =>
        cacheVerdict(inputTokens + outputTokens, priority, use, { acceptRatio, rejectRatio }),
      )
    assert.isTrue(verdicts.some(verdict => verdict !== 'accept'))
  }
})

describe('an engine that gets more than it can do', () => {
  /** 4 requests a second at this size: 4 places, a second each. */
  const size = { inputTokens: 100, outputTokens: 90 }
  const shares: { name: string; b: Tenant; a: Tenant; fairPerSecond: number }[] = [
    {
      name: 'as much as its share',
      b: { ...size, perSecond: 2 },
      a: { ...size, perSecond: 20 },
      fairPerSecond: 2,
    },
    {
      name: 'less than its share',
      b: { ...size, perSecond: 1 },
      a: { ...size, perSecond: 10 },
      fairPerSecond: 1,
    },
    {
      name: 'twice its share',
      b: { ...size, perSecond: 4 },
      a: { ...size, perSecond: 40 },
      fairPerSecond: 2,
    },
    {
      name: 'its share while the other’s requests are five times as long',
      b: { ...size, perSecond: 2 },
      a: { inputTokens: 500, outputTokens: 450, perSecond: 20 },
      fairPerSecond: 2,
    },
  ]
  for (const { name, a, b, fairPerSecond } of shares) {
    for (const seed of [1, 2, 3]) {
      test(`serves a tenant that asks ${name} at least 90 % of it, beside ten times the load (seed ${seed})`, () => {
        const seconds = 200
        const { servedCount, sentCount } = simulate({
          tenants: { a, b },
          parallel: 4,
          seconds,
          seed,
        })
        const fairCount = Math.min(fairPerSecond * seconds, sentCount('b'))
        assert.isAtLeast(servedCount('b'), 0.9 * fairCount)
        assert.isAtMost(servedCount('b'), 1.1 * fairPerSecond * seconds)
      })
    }
  }

  test('serves a tenant of weight 3 three times as much as one of weight 1', () => {
    const tenants = { a: { ...size, perSecond: 20 }, b: { ...size, perSecond: 20, weight: 3 } }
    const { servedCount } = simulate({ tenants, parallel: 4, seconds: 200, seed: 1 })
    assert.closeTo(servedCount('b') / servedCount('a'), 3, 0.15)
  })

  test('does as much with two tenants as with one', () => {
    const both = { a: { ...size, perSecond: 20 }, b: { ...size, perSecond: 2 } }
    const { servedCount } = simulate({ tenants: both, parallel: 4, seconds: 200, seed: 1 })
    assert.isAtLeast(servedCount('a') + servedCount('b'), 0.98 * 4 * 200)
  })

  test('starts a CRITICAL request as soon as any place is free', () => {
    const urgent: Tenant = { ...size, perSecond: 0.2, priority: 'critical' }
    const tenants = { a: { ...size, perSecond: 40 }, urgent }
    const { waitedMsMax, servedCount } = simulate({ tenants, parallel: 4, seconds: 200, seed: 1 })
    assert.isAbove(servedCount('urgent'), 20)
    assert.isAtMost(waitedMsMax('urgent'), 2_000)
  })

  test('serves LOW in the end, though HIGH alone would be too much', () => {
    const low: Tenant = { ...size, perSecond: 0.05, priority: 'low' }
    const tenants = { a: { ...size, perSecond: 8, priority: 'high' as const }, low }
    const { servedCount, waitedMsMax } = simulate({ tenants, parallel: 4, seconds: 400, seed: 1 })
    assert.isAbove(servedCount('low'), 5)
    assert.isAtMost(waitedMsMax('low'), 60_000)
  })
})
