/**
 * How a request on a lane ends other than well: an error, a cancel, the loss of the stream.
 */
import { assert, describe, test } from 'vitest'
import { hasCode, MeshError } from '../../src/core/errors.ts'
import type { LaneAnswer, LaneCall } from '../../src/protocols/lane.ts'
import {
  answerOf,
  bytesOf,
  call,
  type Frame,
  kinds,
  LanePeer,
  NEVER,
  pattern,
  readAnswer,
  request,
} from './lane-peer.ts'

describe('an error', () => {
  const failing = (error: unknown) => async () => {
    throw error
  }

  test('of ours crosses the lane as it is', async () => {
    const error = new MeshError('expected x, found y', {
      code: 'ERR_OVERLOADED',
      details: { retryAfterMs: 5 },
      hint: 'Wait.',
    })
    const serving = new LanePeer({}, { serve: failing(error), isDialer: false })
    serving.receive({ id: 1, request: request() })
    await serving.turn()
    assert.deepEqual(kinds(serving.sent), ['1 error'])

    const asking = new LanePeer()
    const reading = readAnswer(asking.lane.request(call(), NEVER))
    asking.receive(serving.sent[0] as Frame)
    const rebuilt = (await reading).error
    assert.instanceOf(rebuilt, MeshError)
    const { code, message, details, hint } = rebuilt as MeshError
    assert.deepEqual(
      { code, message, details, hint },
      {
        code: 'ERR_OVERLOADED',
        message: 'expected x, found y',
        details: { retryAfterMs: 5 },
        hint: 'Wait.',
      },
    )
    assert.deepEqual(asking.trailers, ['load'])
  })

  test('that is none of ours says nothing about the peer', async () => {
    const serve = failing(new Error('/home/secret: no such file'))
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request() })
    await peer.turn()
    assert.equal(peer.sent[0]?.error?.code, 'ERR_ENGINE')
    assert.notInclude(JSON.stringify(peer.sent[0]), 'secret')
  })

  test('with a code of a later version becomes ERR_ENGINE and keeps the code', async () => {
    const peer = new LanePeer()
    const reading = readAnswer(peer.lane.request(call(), NEVER))
    peer.receive({ id: 1, error: { code: 'ERR_OF_2030', message: 'm', details: '[1]' } })
    const { error } = await reading
    assert.ok(hasCode(error, 'ERR_ENGINE'))
    assert.deepEqual(error.details, { peerCode: 'ERR_OF_2030' })
  })

  test('after the head is thrown by the answer, behind its chunks', async () => {
    const serve = async () =>
      answerOf(bytesOf('part'), new MeshError('it broke', { code: 'ERR_ENGINE' }))
    const serving = new LanePeer({}, { serve, isDialer: false })
    serving.receive({ id: 1, request: request() })
    await serving.turn()
    assert.deepEqual(kinds(serving.sent), ['1 head', '1 chunk', '1 error'])

    const asking = new LanePeer()
    const reading = readAnswer(asking.lane.request(call(), NEVER))
    asking.receive(...serving.sent)
    const { text, error } = await reading
    assert.equal(text, 'part')
    assert.ok(hasCode(error, 'ERR_ENGINE'))
  })

  test('with details that cannot travel arrives without them', async () => {
    const details = { big: 'x'.repeat(100_000) }
    const error = new MeshError('m'.repeat(100_000), { code: 'ERR_ENGINE', details })
    const peer = new LanePeer({}, { serve: failing(error) })
    peer.receive({ id: 2, request: request() })
    await peer.turn()
    assert.equal(peer.sent[0]?.error?.details, '{}')
    assert.equal(peer.sent[0]?.error?.message?.length, 1_500)
  })

  test('is what an answer with a header that is no text becomes, and the lane goes on', async () => {
    let headers: Record<string, string> = { a: 5 as unknown as string }
    const serve = async () => ({ ...answerOf(), headers })
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request() })
    await peer.turn()
    headers = {}
    peer.receive({ id: 4, request: request() })
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['2 error', '4 head', '4 end'])
  })
})

describe('a request is cancelled', () => {
  test('by its signal before the head', async () => {
    const peer = new LanePeer()
    const controller = new AbortController()
    const reading = readAnswer(peer.lane.request(call(), controller.signal))
    await peer.turn()
    const reason = new Error('the client went away')
    controller.abort(reason)
    await peer.turn()

    assert.equal((await reading).error, reason)
    assert.deepEqual(kinds(peer.sent), ['1 request', '1 cancel'])
    assert.equal(peer.lane.openCount, 0)
  })

  test('by its signal after the head, and its reader gets the reason at once', async () => {
    const peer = new LanePeer()
    const controller = new AbortController()
    const asking = peer.lane.request(call(), controller.signal)
    peer.receive({ id: 1, head: { status: 200 } }, { id: 1, chunk: bytesOf('unread') })
    const answer = await asking
    const reason = new Error('enough')
    controller.abort(reason)
    const { text, error } = await readAnswer(Promise.resolve(answer))
    assert.equal(text, '')
    assert.equal(error, reason)
  })

  test('by a reader that breaks off', async () => {
    const peer = new LanePeer()
    const asking = peer.lane.request(call(), NEVER)
    await peer.turn()
    peer.receive({ id: 1, head: { status: 200 } }, { id: 1, chunk: bytesOf('a') })
    for await (const chunk of (await asking).chunks) {
      assert.equal(chunk.length, 1)
      break
    }
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['1 request', '1 cancel'])
    assert.equal(peer.lane.openCount, 0)
  })

  test('without a frame if none of it was sent, and its id is not used', async () => {
    const peer = new LanePeer()
    peer.hasRoom = false
    const first = readAnswer(peer.lane.request(call(), NEVER))
    await peer.turn()
    const controller = new AbortController()
    const second = readAnswer(peer.lane.request(call(), controller.signal))
    controller.abort()
    peer.lane.drained()
    await peer.idle()
    await second
    assert.deepEqual(kinds(peer.sent), ['1 request'])
    peer.lane.close()
    await first
  })

  test('before it began if the signal is aborted already', async () => {
    const peer = new LanePeer()
    const reason = new Error('too late')
    const { error } = await readAnswer(peer.lane.request(call(), AbortSignal.abort(reason)))
    assert.equal(error, reason)
    await peer.turn()
    assert.deepEqual(peer.sent, [])
  })

  test('and its late frames are ignored', async () => {
    const peer = new LanePeer()
    const controller = new AbortController()
    const reading = readAnswer(peer.lane.request(call(), controller.signal))
    await peer.turn()
    controller.abort()
    peer.receive(
      { id: 1, head: { status: 200 } },
      { id: 1, chunk: pattern(10) },
      { id: 1, end: { trailer: bytesOf('still useful') } },
    )
    await reading
    assert.deepEqual(peer.closed, [])
    assert.deepEqual(peer.trailers, ['still useful'])
  })

  test('while it is served: the signal fires, nothing more is sent, the answer is released', async () => {
    let isReleased = false
    const signals: AbortSignal[] = []
    const chunks = (async function* () {
      try {
        for (;;) yield pattern(1_000)
      } finally {
        isReleased = true
      }
    })()
    const serve = async (_: LaneCall, signal: AbortSignal) => {
      signals.push(signal)
      return { status: 200, headers: {}, chunks }
    }
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request(0, 5_000) })
    await peer.idle()
    const before = peer.sent.length
    peer.receive({ id: 2, cancel: true }, { id: 2, credit: 1_000 }, { id: 2, cancel: true })
    await peer.idle()

    assert.isTrue(signals[0]?.aborted)
    assert.isTrue(isReleased)
    assert.equal(peer.sent.length, before)
    assert.equal(peer.lane.openCount, 0)
    assert.deepEqual(peer.closed, [])
  })

  test('before it was served: an answer that comes nevertheless is released', async () => {
    let release = (_: LaneAnswer) => {}
    let isReturned = false
    const serve = () =>
      new Promise<LaneAnswer>(resolve => {
        release = resolve
      })
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request() })
    peer.receive({ id: 2, cancel: true })
    const chunks = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error('it was pulled')),
        return: async () => {
          isReturned = true
          return { done: true, value: undefined } as const
        },
      }),
    }
    release({ status: 200, headers: {}, chunks })
    await peer.idle()
    assert.isTrue(isReturned)
    assert.deepEqual(peer.sent, [])
  })
})

describe('when the stream is lost', () => {
  test('a request fails and says how much of its answer has come', async () => {
    const peer = new LanePeer()
    const reading = [1, 2].map(() => readAnswer(peer.lane.request(call(), NEVER)))
    await peer.turn()
    peer.receive({ id: 3, head: { status: 200 } }, { id: 3, chunk: bytesOf('part') })
    peer.lane.close(new Error('connection reset'))

    const [first, second] = await Promise.all(reading)
    assert.ok(hasCode(first?.error, 'ERR_PEER_LOST'))
    assert.deepEqual(first.error.details, { bytesReceived: 0 })
    assert.equal(second?.text, 'part')
    assert.ok(hasCode(second?.error, 'ERR_PEER_LOST'))
    assert.deepEqual(second.error.details, { bytesReceived: 4 })
  })

  test('requests that are served are aborted', async () => {
    const signals: AbortSignal[] = []
    const serve = (_: LaneCall, signal: AbortSignal) => {
      signals.push(signal)
      return new Promise<LaneAnswer>(() => {})
    }
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request() })
    peer.lane.close()
    assert.isTrue(signals[0]?.aborted)
    assert.ok(hasCode(signals[0]?.reason, 'ERR_PEER_LOST'))
    assert.equal(peer.lane.openCount, 0)
  })

  test('it is said once, and the lane takes and sends nothing more', async () => {
    const peer = new LanePeer()
    peer.lane.close()
    peer.lane.close(new Error('again'))
    peer.receive({ id: 2, request: request() })
    peer.lane.drained()
    const { error } = await readAnswer(peer.lane.request(call(), NEVER))
    await peer.idle()

    assert.deepEqual(peer.closed, [undefined])
    assert.deepEqual(peer.sent, [])
    assert.equal(peer.lane.bufferedBytes, 0)
    assert.ok(hasCode(error, 'ERR_PEER_LOST'))
    assert.deepEqual(error.details, { bytesReceived: 0 })
  })
})
