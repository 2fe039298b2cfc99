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
