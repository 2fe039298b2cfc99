/**
 * The request path inside a peer: who serves, who is tried next, and what the caller is told.
 */
import { assert, describe, test } from 'vitest'
import type { ErrorCode, MeshError } from '../../src/core/errors.ts'
import { answerOf, textOf } from './fake-runtime.ts'
import { failure, request, SELF, STAY, scene } from './router-scene.ts'
import { rejection } from './until.ts'

describe('a request', () => {
  test('is served by our own engine without a lane', async () => {
    const { router, calls, runtime } = scene({ hasEngine: true })
    const answer = await router.dispatch(request, STAY)
    assert.deepEqual([answer.peer, await textOf(answer)], [SELF, 'hello'])
    assert.deepEqual([calls.length, runtime.requests.length], [0, 1])
  })

  test('for a model that we lack is served over the lane to a peer that has it', async () => {
    const { router, calls } = scene({ others: ['far'] })
    const answer = await router.dispatch({ ...request, isStream: true }, STAY)
    assert.deepEqual([answer.peer, await textOf(answer)], ['far', 'from afar'])
    assert.deepEqual(calls[0]?.call, {
      method: 'chat/completions',
      headers: {
        'x-request-id': 'r1',
        'skein-model': 'llama',
        'skein-stream': '1',
        'skein-standing': 'normal 10 256 - 1 ',
      },
      body: request.body,
    })
  })

  test('tells its decision, then each peer that is tried', async () => {
    const { router, remote } = scene({ others: ['far'] })
    const told: unknown[] = []
    const onDecided = (...facts: readonly unknown[]) => told.push(facts)
    remote.serve = () => Promise.reject(failure('ERR_PEER_LOST'))
    await rejection(router.dispatch({ ...request, onDecided }, STAY))
    assert.deepEqual(told, [
      ['decision-1', undefined],
      ['decision-1', 'far'],
    ])
  })

  test('that was answered is remembered with who answered it, and is open no more', async () => {
    const { router, scheduler, record } = scene({ others: ['far'] })
    const answer = await router.dispatch(request, STAY)
    assert.equal(answer.decisionId, 'decision-1')
    assert.equal(scheduler.openCount, 1)
    await textOf(answer)
    assert.equal(scheduler.openCount, 0)
    assert.equal(record()?.outcome, 'answered')
    assert.deepEqual(
      record()?.attempts.map(({ peer }) => peer),
      ['far'],
    )
  })

  test('for a model that nobody has is refused, with the decision that says why', async () => {
    const { router, scheduler } = scene({ others: ['far'] })
    const error = await rejection(router.dispatch({ ...request, model: 'other' }, STAY))
    assert.propertyVal(error, 'code', 'ERR_MODEL_NOT_FOUND')
    assert.deepEqual((error as MeshError).details, { decisionId: 'decision-1' })
    assert.equal(scheduler.openCount, 0)
  })

  test('beyond what may be open is refused with when to come back', async () => {
    const { router } = scene({ others: ['far'], options: { requestsMax: 1 } })
    await router.dispatch(request, STAY)
    const error = (await rejection(router.dispatch(request, STAY))) as MeshError
    assert.equal(error.code, 'ERR_OVERLOADED')
    assert.isNumber(error.details['retryAfterMs'])
  })

  test('for embeddings is expected to decode nothing, and teaches nothing about answers', async () => {
    const { router, scheduler, record } = scene({ others: ['far'] })
    await textOf(await router.dispatch({ ...request, endpoint: 'embeddings' }, STAY))
    assert.equal(record()?.outputTokensExpected, 0)
    await textOf(await router.dispatch(request, STAY))
    assert.equal(scheduler.decision('decision-2')?.outputTokensExpected, 256)
  })

  test('tells our own engine’s load before and after it', async () => {
    const { router, loadChanges } = scene({ hasEngine: true })
    const answer = await router.dispatch(request, STAY)
    assert.equal(loadChanges(), 1)
    await textOf(answer)
    assert.equal(loadChanges(), 2)
  })
})

describe('a failure before the head', () => {
  const elsewhere: ErrorCode[] = [
    'ERR_PEER_LOST',
    'ERR_OVERLOADED',
    'ERR_ENGINE',
    'ERR_BAD_FRAME',
    'ERR_NO_CAPACITY',
    'ERR_STOPPING',
    'ERR_MODEL_NOT_FOUND',
  ]
  for (const code of elsewhere) {
    test(`of ${code} is repaired by another peer`, async () => {
      const { router, remote, calls, scheduler, record } = scene({ others: ['a', 'b'] })
      remote.serve = async () => {
        if (calls.length === 1) throw failure(code)
        return answerOf('from the second')
      }
      const answer = await router.dispatch(request, STAY)
      assert.equal(await textOf(answer), 'from the second')
      assert.deepEqual(calls.map(({ peer }) => peer).toSorted(), ['a', 'b'])
      assert.equal(answer.peer, calls[1]?.peer)
      assert.equal(record()?.attempts[0]?.errorCode, code)
      assert.equal(scheduler.openCount, 0)
    })
  }

  const final: ErrorCode[] = [
    'ERR_INVALID_REQUEST',
    'ERR_BODY_TOO_LARGE',
    'ERR_NOT_FOUND',
    'ERR_FORBIDDEN',
    'ERR_DEADLINE_EXCEEDED',
  ]
  for (const code of final) {
    test(`of ${code} is told at once: no other peer can do better`, async () => {
      const { router, remote, calls, scheduler } = scene({ others: ['a', 'b'] })
      remote.serve = async () => {
        throw failure(code, { field: 'x' })
      }
      const error = (await rejection(router.dispatch(request, STAY))) as MeshError
      assert.equal(error.code, code)
      assert.deepEqual(error.details, { field: 'x', decisionId: 'decision-1' })
      assert.equal(error.hint, 'do that')
      assert.equal(calls.length, 1)
      assert.equal(scheduler.openCount, 0)
    })
  }

  test('of our own engine is told, and so is its load', async () => {
    const { router, runtime, loadChanges } = scene({ hasEngine: true })
    runtime.answer = async () => {
      throw failure('ERR_ENGINE')
    }
    assert.propertyVal(await rejection(router.dispatch(request, STAY)), 'code', 'ERR_ENGINE')
    assert.equal(loadChanges(), 2)
  })

  test('is tried no more often than allowed, and the last error is told', async () => {
    const others = ['a', 'b', 'c', 'd', 'e']
    const { router, remote, calls, scheduler, record } = scene({ others })
    remote.serve = async () => {
      throw failure('ERR_PEER_LOST', { call: calls.length })
    }
    const error = (await rejection(router.dispatch(request, STAY))) as MeshError
    assert.equal(error.code, 'ERR_PEER_LOST')
    assert.equal(error.details['call'], 3)
    assert.equal(new Set(calls.map(({ peer }) => peer)).size, 3)
    assert.equal(record()?.outcome, 'failed')
    assert.deepEqual([scheduler.openCount, scheduler.reservedCount], [0, 0])
  })

  test('of overload tells when to come back, kept within bounds', async () => {
    const { router, remote } = scene({ others: ['a'], options: { retryAfterMaxMs: 5_000 } })
    remote.serve = async () => {
      throw failure('ERR_OVERLOADED', { retryAfterMs: 1e9 })
    }
    const error = (await rejection(router.dispatch(request, STAY))) as MeshError
    assert.equal(error.code, 'ERR_OVERLOADED')
    assert.equal(error.details['retryAfterMs'], 5_000)
  })

  test('that is a bug of ours reaches the caller as it is, without another attempt', async () => {
    const { router, remote, calls, scheduler, record } = scene({ others: ['a', 'b'] })
    const bug = new TypeError('undefined is not a function')
    remote.serve = async () => {
      throw bug
    }
    assert.equal(await rejection(router.dispatch(request, STAY)), bug)
    assert.equal(calls.length, 1)
    assert.equal(record()?.outcome, 'failed')
    assert.equal(scheduler.openCount, 0)
  })
})

describe('a failure after the head', () => {
  test('reaches the reader after what came before it, and is not tried elsewhere', async () => {
    const { router, remote, calls, scheduler, record } = scene({ others: ['a', 'b'] })
    remote.serve = async () => answerOf('half an ', failure('ERR_PEER_LOST'))
    const answer = await router.dispatch(request, STAY)
    const iterator = answer.chunks[Symbol.asyncIterator]()
    assert.equal(Buffer.from((await iterator.next()).value).toString(), 'half an ')
    assert.propertyVal(await rejection(iterator.next()), 'code', 'ERR_PEER_LOST')
    assert.equal(calls.length, 1)
    assert.equal(record()?.outcome, 'failed')
    assert.equal(scheduler.openCount, 0)
  })
})
