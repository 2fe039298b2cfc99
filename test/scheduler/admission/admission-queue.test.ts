/**
 * The queue in front of an engine: who starts, who waits, who is sent elsewhere.
 */
import { assert, describe, test } from 'vitest'
import { AdmissionQueue } from '../../../src/scheduler/admission/admission-queue.ts'
import { engineOf, OPTIONS, queueOf, requestOf } from './scene.ts'

describe('a request', () => {
  test('starts at once while the engine has a place, and waits when it has none', () => {
    const { queue, set, arrive, end } = queueOf()
    set({ parallelMax: 2 })
    assert.deepEqual([arrive('a'), arrive('b'), arrive('c')], [['a starts'], ['b starts'], []])
    assert.deepEqual([queue.runningCount, queue.waitingCount], [2, 1])
    assert.deepEqual(queue.waitingTokens, { inputTokens: 100, outputTokens: 100 })
    assert.deepEqual(end('b'), ['c starts'])
  })

  test('that is given up while it waits is gone, and costs nobody anything', () => {
    const { queue, arrive, cancel, end } = queueOf()
    arrive('a')
    arrive('b')
    arrive('c')
    assert.deepEqual(cancel('b'), [])
    assert.deepEqual([cancel('b'), cancel('nobody')], [[], []])
    assert.deepEqual(end('a'), ['c starts'])
    assert.equal(queue.waitingCount, 0)
  })

  test('waits in the order of its kind', () => {
    const { arrive, end } = queueOf()
    for (const id of ['a', 'b', 'c']) arrive(id)
    assert.deepEqual([end('a'), end('b'), end('c')], [['b starts'], ['c starts'], []])
  })
})

describe('a peer with more to read than the ingress thought', () => {
  test('sends the request back at once, even if a place is free', () => {
    const { arrive, set } = queueOf()
    set({ parallelMax: 4, prefillTokensLeft: 300 })
    assert.deepEqual(arrive('a', { readWaitMaxMs: 299 }), ['a: busier'])
    assert.deepEqual(arrive('b', { readWaitMaxMs: 300 }), ['b starts'])
    assert.deepEqual(arrive('c'), ['c starts'])
  })

  test('counts what waits here before it, and not what it would overtake', () => {
    const { arrive } = queueOf()
    for (const id of ['running', 'a', 'b']) arrive(id)
    assert.deepEqual(arrive('c', { readWaitMaxMs: 199 }), ['c: busier'])
    assert.deepEqual(arrive('d', { readWaitMaxMs: 0, priority: 'critical' }), [])
    assert.deepEqual(arrive('e', { readWaitMaxMs: 300 }), [])
  })

  test('takes it while its own speed is not known', () => {
    const { arrive, set } = queueOf()
    set({ prefillTokensLeft: 300, prefillTokensPerSecond: 0 })
    assert.deepEqual(arrive('a', { readWaitMaxMs: 0 }), ['a starts'])
  })
})

describe('a queue that is full', () => {
  function full() {
    const scene = queueOf()
    for (const id of ['running', 'a', 'b', 'c', 'd']) scene.arrive(id)
    return scene
  }

  test('refuses, and says how long the work before it takes', () => {
    const { queue, arrive } = full()
    assert.deepEqual(arrive('e'), ['e: queue-full'])
    const engine = engineOf({ prefillTokensLeft: 500, decodeTokensLeft: 50 })
    const request = requestOf('f')
    assert.deepEqual(queue.step({ type: 'request-arrived', request, engine }, 0), [
      // Half a second each to read and to make, and four that wait for 1.1 s each.
      { type: 'refuse', id: 'f', reason: 'queue-full', waitMs: 1_000 + 4_400 },
    ])
  })

  test('says nothing of time while the speed is not known', () => {
    const { queue, arrive } = full()
    const engine = engineOf({ decodeTokensPerSecond: 0 })
    const effects = queue.step({ type: 'request-arrived', request: requestOf('f'), engine }, 0)
    assert.deepEqual(effects, [
      { type: 'refuse', id: 'f', reason: 'queue-full', waitMs: undefined },
    ])
    assert.deepEqual(arrive('g'), ['g: queue-full'])
  })

  test('is overtaken by a CRITICAL request, for which the last of the lowest goes', () => {
    const { arrive, end } = full()
    assert.deepEqual(arrive('urgent', { priority: 'critical' }), ['d: displaced'])
    assert.deepEqual(end('running'), ['urgent starts'])
    assert.deepEqual(end('urgent'), ['a starts'])
  })

  test('makes room for a tenant that has less waiting, out of the one that has most', () => {
    const { arrive, end } = queueOf()
    for (const id of ['running', 'a1', 'a2', 'a3', 'a4']) arrive(id, { tenant: 'a' })
    assert.deepEqual(arrive('b1', { tenant: 'b' }), ['a4: displaced'])
    assert.deepEqual(arrive('b2', { tenant: 'b' }), ['a3: displaced'])
    assert.deepEqual(arrive('b3', { tenant: 'b' }), ['b3: queue-full'])
    assert.deepEqual(arrive('a5', { tenant: 'a' }), ['a5: queue-full'])
    // Both begin level; then it is the turn of who has had less.
    assert.deepEqual([end('running'), end('a1')], [['a1 starts'], ['b1 starts']])
  })

  test('is not entered by what is lower than all that wait', () => {
    const { arrive } = full()
    assert.deepEqual(arrive('later', { priority: 'low' }), ['later: queue-full'])
  })

  test('has one place for a tenant that has none, however low it is', () => {
    const { arrive } = full()
    const other = { tenant: 'other', priority: 'low' } as const
    assert.deepEqual(arrive('x', other), ['d: displaced'])
    assert.deepEqual(arrive('y', other), ['y: queue-full'])
  })

  test('keeps what is critical', () => {
    const { arrive } = queueOf()
    for (const id of ['running', 'a', 'b', 'c', 'd']) arrive(id, { priority: 'critical' })
    assert.deepEqual(arrive('x', { tenant: 'other', priority: 'high' }), ['x: queue-full'])
  })
})

describe('priority', () => {
  test('goes before order: critical, high, normal, low', () => {
    const { arrive, end } = queueOf()
    arrive('running')
    for (const priority of ['low', 'normal', 'high', 'critical'] as const) {
      arrive(priority, { priority })
    }
    const started = ['running', 'critical', 'high', 'normal'].map(id => end(id)[0])
    assert.deepEqual(started, [
      ...['critical starts', 'high starts', 'normal starts', 'low starts'],
    ])
  })

  test('grows with waiting: what is low is as critical as any after three times the ageing', () => {
    const { arrive, end } = queueOf()
    arrive('running')
    arrive('low', { priority: 'low' }, 0)
    arrive('urgent', { priority: 'critical' }, 29_999)
    assert.deepEqual(end('running', 29_999), ['urgent starts'])
    arrive('urgent 2', { priority: 'critical' }, 30_000)
    assert.deepEqual(end('urgent', 30_000), ['low starts'])
  })
})

describe('a deadline', () => {
  test('that cannot be met is told at once', () => {
    const { queue, set, arrive } = queueOf()
    set({ prefillTokensLeft: 0, decodeTokensLeft: 100 })
    arrive('running')
    // A second of what runs, and a tenth to read the prompt.
    assert.deepEqual(arrive('a', { beginByMs: 1_099 }), ['a: deadline'])
    assert.deepEqual(arrive('b', { beginByMs: 1_101 }), [])
    // What waits before it takes 1.1 s more; and if it is not streamed, it takes all of its own.
    assert.deepEqual(arrive('c', { beginByMs: 2_199 }), ['c: deadline'])
    assert.deepEqual(arrive('d', { beginByMs: 3_199, isStream: false }), ['d: deadline'])
    assert.deepEqual(arrive('e', { beginByMs: 3_201, isStream: false }), [])
    assert.equal(queue.waitingCount, 2)
  })

  test('of another priority counts only the work that comes before it', () => {
    const { set, arrive } = queueOf()
    set({ decodeTokensLeft: 100 })
    for (const id of ['running', 'a', 'b', 'c']) arrive(id)
    assert.deepEqual(arrive('urgent', { priority: 'critical', beginByMs: 1_101 }), [])
  })

  test('of a tenant that asks little does not count all that another has piled up', () => {
    const { set, arrive } = queueOf()
    set({ decodeTokensLeft: 100 })
    for (const id of ['running', 'a1', 'a2', 'a3']) arrive(id, { tenant: 'a' })
    const b = { tenant: 'b' }
    // What runs, one of the other's, its own prompt.
    assert.deepEqual(arrive('b1', { ...b, beginByMs: 2_199 }), ['b1: deadline'])
    assert.deepEqual(arrive('b2', { ...b, beginByMs: 2_201 }), [])
  })

  test('that has passed ends the waiting, and is what the queue wakes for', () => {
    const { queue, set, arrive, tick, end } = queueOf()
    set({ prefillTokensPerSecond: 0 })
    arrive('running')
    arrive('a', { beginByMs: 5_000 })
    arrive('b', { beginByMs: 9_000 })
    assert.equal(queue.wakeAtMs, 5_000)
    assert.deepEqual(tick(4_999), [])
    assert.deepEqual(tick(5_000), ['a: deadline'])
    assert.equal(queue.wakeAtMs, 9_000)
    assert.deepEqual(end('running', 6_000), ['b starts'])
    assert.equal(queue.wakeAtMs, Number.POSITIVE_INFINITY)
  })

  test('is not judged while the speed is not known', () => {
    const { set, arrive } = queueOf()
    set({ decodeTokensPerSecond: 0, decodeTokensLeft: 100_000 })
    arrive('running')
    assert.deepEqual(arrive('a', { beginByMs: 1 }), [])
  })
})

describe('memory', () => {
  /** Three in the batch of an engine whose cache is used by so much. */
  function busy(kvUsedRatio: number) {
    const scene = queueOf()
    const engine = { parallelMax: 64, contextTokens: 1_000 }
    scene.set(engine)
    for (const id of ['x', 'y', 'z']) scene.arrive(id)
    scene.set({ ...engine, kvUsedRatio, metricsAgeMs: -1 })
    return scene
  }

  test('decides whether a request starts, waits or goes elsewhere', () => {
    assert.deepEqual(busy(0.7).arrive('a'), ['a starts'])
    assert.deepEqual(busy(0.8).arrive('a'), [])
    assert.deepEqual(busy(0.95).arrive('a'), ['a: memory'])
    assert.deepEqual(busy(0.8).arrive('a', { priority: 'high' }), ['a starts'])
    assert.deepEqual(busy(0.95).arrive('a', { priority: 'critical' }), ['a: memory'])
  })

  test('that is short lets what waits start when others have given theirs back', () => {
    const { arrive, end, set } = busy(0.8)
    arrive('a')
    assert.deepEqual(end('x'), [])
    set({ parallelMax: 64, contextTokens: 1_000, kvUsedRatio: 0.5 })
    assert.deepEqual(end('y'), ['a starts'])
  })

  test('is had by what has aged as by what is as high, and holds up nothing higher', () => {
    const young = busy(0.8)
    young.arrive('low', { priority: 'low' }, 0)
    assert.deepEqual(young.arrive('high', { priority: 'high' }, 19_999), ['high starts'])
    const old = busy(0.8)
    old.arrive('low', { priority: 'low' }, 0)
    const both = ['low starts', 'high starts']
    assert.deepEqual(old.arrive('high', { priority: 'high' }, 20_000), both)
  })

  test('that what is next does not find is had by what is higher, sixteen times in a row', () => {
    const { queue, arrive, end, set } = busy(0.8)
    assert.deepEqual(arrive('large', { priority: 'low', inputTokens: 900 }, 0), [])
    // It is too large while anything runs; the others are not.
    set({ parallelMax: 64, contextTokens: 1_000, kvUsedRatio: 0.89, metricsAgeMs: -1 })
    const urgent = { priority: 'critical' } as const
    for (let index = 0; index < 16; index += 1) {
      const id = `urgent ${index}`
      assert.deepEqual(arrive(id, urgent, 40_000), [`${id} starts`])
      assert.deepEqual(end(id, 40_000), [])
    }
    assert.deepEqual(arrive('held', urgent, 40_000), [])
    assert.deepEqual([end('x', 40_000), end('y', 40_000)], [[], []])
    assert.deepEqual(end('z', 40_000), ['large starts', 'held starts'])
    assert.deepEqual([queue.runningCount, queue.waitingCount], [2, 0])
  })

  test('is never waited for when nothing runs', () => {
    const { arrive, set } = queueOf()
    set({ kvUsedRatio: 1 })
    assert.deepEqual(arrive('a'), ['a starts'])
  })

  test('counts what was started since it was read', () => {
    const { arrive, set } = queueOf()
    const engine = { parallelMax: 100, contextTokens: 1_000 }
    set(engine)
    arrive('x', {}, 0)
    // Each takes a hundredth of a hundred contexts: three fit below 0.75.
    set({ ...engine, kvUsedRatio: 0.715, metricsAgeMs: 500 })
    const tokens = { inputTokens: 900, outputTokens: 100 }
    const arrivals = ['a', 'b', 'c', 'd'].map(id => arrive(id, tokens, 1_000))
    assert.deepEqual(arrivals, [['a starts'], ['b starts'], ['c starts'], []])
  })
})

describe('an engine that does not say how many it takes', () => {
  test('gets all until it has a queue, and then as many as it had without one', () => {
    const { set, arrive, end } = queueOf()
    set({ parallelMax: 0 })
    assert.deepEqual(
      ['a', 'b', 'c'].map(id => arrive(id)[0]),
      ['a starts', 'b starts', 'c starts'],
    )
    set({ parallelMax: 0, queuedCount: 1 })
    assert.deepEqual(arrive('d'), [])
    assert.deepEqual(end('a'), ['d starts'])
    assert.deepEqual(arrive('e'), [])
  })
})

test('a queue forgets the tenant that was idle longest, at its bound', () => {
  const queue = new AdmissionQueue({ ...OPTIONS, tenantsMax: 2 })
  const engine = engineOf({ parallelMax: 10 })
  for (const tenant of ['a', 'b', 'c', 'd']) {
    queue.step({ type: 'request-arrived', request: requestOf(tenant, { tenant }), engine }, 0)
  }
  assert.equal(queue.tenantCount, 2)
})
