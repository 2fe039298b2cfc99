/**
 * Every way a request can end without an answer being read: none leaves anything open behind, at
 * whatever moment its client goes away.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { endlessAnswer, never } from './fake-runtime.ts'
import { request, scene } from './router-scene.ts'
import { rejection, turn } from './until.ts'

const places = [
  { where: 'at our own engine', init: { hasEngine: true } },
  { where: 'at another peer', init: { others: ['far', 'further'] } },
]

for (const { where, init } of places) {
  describe(`a request ${where}`, () => {
    function opened() {
      const { router, runtime, remote, scheduler, calls, record, loadChanges } = scene(init)
      const serve = async (_: unknown, engineSignal: AbortSignal) => endlessAnswer(engineSignal)
      runtime.answer = serve
      remote.serve = serve
      const client = new AbortController()
      const { signal } = client
      // As the ingress says it: an error that would else be tried elsewhere.
      const gone = new MeshError('the client went away', { code: 'ERR_PEER_LOST' })
      const leave = () => client.abort(gone)
      const assertCancelled = () => {
        assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
        assert.equal(record()?.outcome, 'cancelled')
        assert.isAtMost(calls.length, 1)
      }
      const world = { router, runtime, remote, scheduler, loadChanges }
      return { ...world, signal, leave, gone, assertCancelled }
    }

    test('of a client that is gone already ends as cancelled', async () => {
      const { router, runtime, remote, signal, leave, gone, assertCancelled } = opened()
      runtime.answer = (_, engineSignal) => never(engineSignal)
      remote.serve = (_, engineSignal) => never(engineSignal)
      leave()
      assert.equal(await rejection(router.dispatch(request, signal)), gone)
      assertCancelled()
    })

    test('of a client that is gone already ends even if it is answered', async () => {
      const { router, signal, leave, assertCancelled } = opened()
      leave()
      await router.dispatch(request, signal)
      assertCancelled()
    })

    test('whose client leaves while it waits for the head ends as cancelled', async () => {
      const { router, runtime, remote, signal, leave, gone, assertCancelled } = opened()
      runtime.answer = (_, engineSignal) => never(engineSignal)
      remote.serve = (_, engineSignal) => never(engineSignal)
      const dispatching = rejection(router.dispatch(request, signal))
      await turn()
      leave()
      assert.equal(await dispatching, gone)
      assertCancelled()
    })

    test('whose client leaves in the middle of the answer ends as cancelled', async () => {
      const { router, signal, leave, gone, assertCancelled } = opened()
      const { chunks } = await router.dispatch(request, signal)
      const iterator = chunks[Symbol.asyncIterator]()
      await iterator.next()
      const next = rejection(iterator.next())
      await turn()
      leave()
      assert.equal(await next, gone)
      assertCancelled()
    })

    test('whose reader returns early ends as cancelled', async () => {
      const { router, signal, assertCancelled } = opened()
      const { chunks } = await router.dispatch(request, signal)
      for await (const _ of chunks) break
      assertCancelled()
    })

    test('whose reader returns before the first chunk ends as cancelled', async () => {
      const { router, signal, assertCancelled } = opened()
      const { chunks } = await router.dispatch(request, signal)
      await chunks[Symbol.asyncIterator]().return?.()
      assertCancelled()
    })

    test('whose answer nobody reads ends with its client', async () => {
      const { router, scheduler, signal, leave, assertCancelled } = opened()
      await router.dispatch(request, signal)
      assert.equal(scheduler.openCount, 1)
      leave()
      assertCancelled()
    })

    test('ends once, however often it is ended', async () => {
      const { router, signal, leave, loadChanges, assertCancelled } = opened()
      const { chunks } = await router.dispatch(request, signal)
      for await (const _ of chunks) break
      const changes = loadChanges()
      leave()
      await chunks[Symbol.asyncIterator]().return?.()
      assert.equal(loadChanges(), changes)
      assertCancelled()
    })
  })
}

describe('a request whose time runs out', () => {
  const late = new MeshError('no answer began in time', { code: 'ERR_DEADLINE_EXCEEDED' })
  // 10 tokens to read and 256 to make, at what is assumed of a peer that has measured nothing.
  const patienceMs = 30_000

  for (const { where, init } of places) {
    /** @returns how it ended. */
    const wait = async (world: ReturnType<typeof scene>, reason: unknown, afterMs: number) => {
      const canceller = new AbortController()
      const dispatching = rejection(world.router.dispatch(request, canceller.signal))
      await turn()
      world.clock.advance(afterMs)
      canceller.abort(reason)
      return await dispatching
    }
    const hung = () => {
      const world = scene({ ...init, options: { stateMaxAgeMs: 600_000 } })
      world.runtime.answer = (_, signal) => never(signal)
      world.remote.serve = (_, signal) => never(signal)
      return world
    }

    test(`${where} fails there, is told as it is and tried nowhere else`, async () => {
      const world = hung()
      assert.equal(await wait(world, late, patienceMs), late)
      assert.deepEqual([world.scheduler.openCount, world.scheduler.reservedCount], [0, 0])
      const record = world.record()
      assert.equal(record?.outcome, 'failed')
      assert.deepEqual(
        record?.attempts.map(each => each.errorCode),
        ['ERR_DEADLINE_EXCEEDED'],
      )
    })

    test(`${where} rests the peer once it has happened often`, async () => {
      const world = hung()
      for (let left = 10; left > 0; left -= 1) await wait(world, late, patienceMs)
      assert.include(world.events[0], { event: 'breaker-opened' })
    })

    test(`${where} rests nobody if no peer could have answered so soon`, async () => {
      const world = hung()
      for (let left = 10; left > 0; left -= 1) await wait(world, late, 1)
      assert.deepEqual(world.events, [])
    })

    test(`${where} rests nobody if the client left by itself, however late`, async () => {
      const world = hung()
      const gone = new DOMException('gone', 'AbortError')
      for (let left = 10; left > 0; left -= 1) await wait(world, gone, patienceMs)
      assert.deepEqual([world.events, world.record()?.outcome], [[], 'cancelled'])
    })
  }

  test('while two peers are asked leaves neither of them open', async () => {
    const options = { isHedging: true, hedgeDelayMinMs: 50, hedgeSavedMax: 1 }
    const world = scene({ others: ['a', 'b'], options })
    for (let left = 100; left > 0; left -= 1) {
      const { chunks } = await world.router.dispatch(request, new AbortController().signal)
      for await (const _ of chunks);
    }
    world.remote.serve = (_, signal) => never(signal)
    const canceller = new AbortController()
    const dispatching = rejection(world.router.dispatch(request, canceller.signal))
    await turn()
    world.clock.advance(50)
    await turn()
    assert.equal(world.scheduler.reservedCount, 2)
    canceller.abort(late)
    assert.equal(await dispatching, late)
    assert.deepEqual([world.scheduler.openCount, world.scheduler.reservedCount], [0, 0])
    assert.equal(world.clock.wakeCount, 0)
  })
})
