/**
 * Hedging in the router: a second peer is asked while the first is silent, whoever is first answers,
 * and the other is ended at once.
 */
import { assert, describe, test } from 'vitest'
import { answerOf, endlessAnswer, never, textOf } from './fake-runtime.ts'
import { failure, request, type SceneInit, STAY, scene } from './router-scene.ts'
import { rejection, turn } from './until.ts'

const HEDGED = { isHedging: true, hedgeDelayMinMs: 50, hedgeSavedMax: 1 }

/** All peers have answered at once so often that one request may be hedged, after 50 ms. */
async function earned(init: SceneInit) {
  const world = scene({ ...init, options: HEDGED })
  for (let left = 100; left > 0; left -= 1) {
    await textOf(await world.router.dispatch(request, STAY))
  }
  world.calls.length = 0
  world.runtime.requests.length = 0
  return Object.assign(world, { hedged: () => world.scheduler.decision('decision-101') })
}

describe('a request whose peer is silent', () => {
  test('is answered by a second one, once, and the first is cancelled with its slot free', async () => {
    const { router, remote, calls, clock, scheduler, hedged } = await earned({
      others: ['a', 'b'],
    })
    const signals: AbortSignal[] = []
    remote.serve = (_, signal) => {
      signals.push(signal)
      return signals.length === 1 ? never(signal) : Promise.resolve(answerOf('from the second'))
    }
    const dispatching = router.dispatch(request, STAY)
    await turn()
    clock.advance(49)
    await turn()
    assert.lengthOf(calls, 1)
    clock.advance(1)

    const answer = await dispatching
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    )
    assert.equal(answer.peer, calls[1]?.peer)
    assert.notEqual(calls[0]?.peer, calls[1]?.peer)
    assert.equal(await textOf(answer), 'from the second')
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
    assert.deepEqual(
      hedged()?.attempts.map(({ peer, isHedge, isCancelled }) => ({ peer, isHedge, isCancelled })),
      [
        { peer: calls[0]?.peer ?? '', isHedge: undefined, isCancelled: true },
        { peer: calls[1]?.peer ?? '', isHedge: true, isCancelled: undefined },
      ],
    )
    assert.equal(clock.wakeCount, 0)
  })

  test('is answered by the first after all if that is sooner, and the second is cancelled', async () => {
    const { router, remote, clock, scheduler } = await earned({ others: ['a', 'b'] })
    const signals: AbortSignal[] = []
    let answerFirst = (_: string) => {}
    remote.serve = (_, signal) => {
      signals.push(signal)
      if (signals.length > 1) return never(signal)
      return new Promise(resolve => {
        answerFirst = text => resolve(answerOf(text))
      })
    }
    const dispatching = router.dispatch(request, STAY)
    await turn()
    clock.advance(50)
    await turn()
    answerFirst('late, but first')
    assert.equal(await textOf(await dispatching), 'late, but first')
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [false, true],
    )
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
  })

  test('frees the slot of our own engine when another peer is faster', async () => {
    const world = await earned({ others: ['far'], hasEngine: true })
    const { router, remote, runtime, clock, calls } = world
    runtime.answer = (_, signal) => never(signal)
    remote.serve = async () => answerOf('from afar')
    const dispatching = router.dispatch(request, STAY)
    await turn()
    assert.deepEqual([runtime.runningCount, calls.length], [1, 0])
    clock.advance(50)
    const answer = await dispatching
    assert.equal(answer.peer, 'far')
    assert.equal(runtime.runningCount, 0)
    assert.equal(await textOf(answer), 'from afar')
  })

  test('is not hedged if it is answered in time', async () => {
    const { router, calls, clock } = await earned({ others: ['a', 'b'] })
    await textOf(await router.dispatch(request, STAY))
    clock.advance(1_000)
    await turn()
    assert.lengthOf(calls, 1)
  })

  test('waits for the second if the first fails, and fails with the second', async () => {
    const { router, remote, clock, calls, scheduler } = await earned({ others: ['a', 'b'] })
    const fails: (() => void)[] = []
    remote.serve = () =>
      new Promise((_, reject) => {
        fails.push(() => reject(failure('ERR_PEER_LOST', { call: calls.length })))
      })
    const dispatching = rejection(router.dispatch(request, STAY))
    await turn()
    clock.advance(50)
    await turn()
    fails[0]?.()
    await turn()
    assert.equal(scheduler.openCount, 1)
    fails[1]?.()
    assert.propertyVal(await dispatching, 'code', 'ERR_PEER_LOST')
    assert.lengthOf(calls, 2)
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
  })

  test('ends everywhere when its client leaves', async () => {
    const { router, remote, clock, scheduler, hedged } = await earned({ others: ['a', 'b'] })
    const signals: AbortSignal[] = []
    remote.serve = (_, signal) => {
      signals.push(signal)
      return never(signal)
    }
    const client = new AbortController()
    const dispatching = rejection(router.dispatch(request, client.signal))
    await turn()
    clock.advance(50)
    await turn()
    client.abort()
    await dispatching
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true],
    )
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
    assert.equal(hedged()?.outcome, 'cancelled')
  })

  test('is sent to no second one once its client has left', async () => {
    const { router, remote, clock, calls } = await earned({ others: ['a', 'b'] })
    let fail = () => {}
    remote.serve = () =>
      new Promise((_, reject) => {
        // It takes its time to hear of it.
        fail = () => reject(failure('ERR_PEER_LOST'))
      })
    const client = new AbortController()
    const dispatching = rejection(router.dispatch(request, client.signal))
    await turn()
    client.abort()
    clock.advance(50)
    await turn()
    assert.lengthOf(calls, 1)
    fail()
    await dispatching
  })

  test('ends the answer of the winner when its client leaves in the middle', async () => {
    const { router, remote, clock } = await earned({ others: ['a', 'b'] })
    let stream: AbortSignal | undefined
    remote.serve = async (_, signal) => {
      if (stream !== undefined) return endlessAnswer(signal)
      stream = signal
      return await never(signal)
    }
    const client = new AbortController()
    const dispatching = router.dispatch(request, client.signal)
    await turn()
    clock.advance(50)
    const iterator = (await dispatching).chunks[Symbol.asyncIterator]()
    await iterator.next()
    const next = rejection(iterator.next())
    client.abort()
    await next
  })
})

describe('a peer that keeps failing', () => {
  test('is told to people when it is left alone, and when it is well again', async () => {
    const { router, remote, events, clock } = scene({ others: ['a'] })
    remote.serve = () => Promise.reject(failure('ERR_ENGINE'))
    for (let left = 5; left > 0; left -= 1) await rejection(router.dispatch(request, STAY))
    const about = { peer: 'a', model: 'llama' }
    assert.deepEqual(events, [{ event: 'breaker-opened', ...about, openForMs: 60_000 }])

    remote.serve = async () => answerOf('well')
    clock.advance(60_000)
    for (let left = 3; left > 0; left -= 1) await textOf(await router.dispatch(request, STAY))
    assert.deepEqual(events[1], { event: 'breaker-closed', ...about, openForMs: 0 })
  })

  test('4xx opening a breaker: answers with status 400 open none', async () => {
    const { router, remote, scheduler } = scene({ others: ['a'] })
    remote.serve = async () => ({ ...answerOf('no'), status: 400 })
    for (let left = 20; left > 0; left -= 1) await textOf(await router.dispatch(request, STAY))
    assert.deepEqual(scheduler.circuits(0), [])

    // Nor do they make anybody forget a failure.
    const refusing = remote.serve
    remote.serve = () => Promise.reject(failure('ERR_ENGINE'))
    for (let left = 4; left > 0; left -= 1) await rejection(router.dispatch(request, STAY))
    remote.serve = refusing
    await textOf(await router.dispatch(request, STAY))
    assert.equal(scheduler.circuits(0)[0]?.failureCount, 4)
  })
})
