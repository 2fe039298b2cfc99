/**
 * Every bound of a lane, reached.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import type { LaneAnswer, LaneCall } from '../../src/protocols/lane.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import {
  answerOf,
  call,
  EMPTY,
  kinds,
  LanePeer,
  NEVER,
  pattern,
  readAnswer,
  request,
} from './lane-peer.ts'

describe('at a bound', () => {
  const refused = async (options: object, of: LaneCall) => {
    const peer = new LanePeer(options)
    return (await readAnswer(peer.lane.request(of, NEVER))).error
  }

  test('one more request of ours is refused', async () => {
    const peer = new LanePeer({ requestsMax: 1 })
    const first = readAnswer(peer.lane.request(call(), NEVER))
    const { error } = await readAnswer(peer.lane.request(call(), NEVER))
    assert.ok(hasCode(error, 'ERR_OVERLOADED'))
    assert.equal(error.message, 'expected at most 1 requests on one lane, found more')
    peer.lane.close()
    await first
  })

  test('one more request of the other side is refused, and taken later', async () => {
    const held: ((answer: LaneAnswer) => void)[] = []
    const serve = () => new Promise<LaneAnswer>(resolve => held.push(resolve))
    const peer = new LanePeer({ requestsMax: 1 }, { serve })
    peer.receive({ id: 2, request: request() }, { id: 4, request: request() })
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['4 error'])
    assert.equal(peer.sent[0]?.error?.code, 'ERR_OVERLOADED')
    assert.equal(peer.sent[0]?.error?.details, '{"retryAfterMs":1000}')

    held[0]?.(answerOf())
    await peer.turn()
    peer.receive({ id: 6, request: request() })
    await peer.turn()
    assert.equal(held.length, 2)
  })

  test('a body of ours that is too large is refused', async () => {
    const error = await refused({ bodyMaxBytes: 1024 }, call('m', pattern(1025)))
    assert.ok(hasCode(error, 'ERR_BODY_TOO_LARGE'))
    assert.equal(error.message, 'expected a body of at most 1024 bytes, found 1025')
  })

  test('a body of the other side that is too large is refused, the rest of it ignored', async () => {
    const peer = new LanePeer({ bodyMaxBytes: 1024 })
    peer.receive({ id: 2, request: { ...request(1025), body: pattern(1_000) } })
    peer.receive({ id: 2, requestChunk: pattern(25) })
    await peer.turn()
    assert.equal(peer.sent[0]?.error?.code, 'ERR_BODY_TOO_LARGE')
    assert.deepEqual(peer.closed, [])
  })

  test('bodies that are not served yet are refused, until some are', async () => {
    const options = { bodyMaxBytes: 1024, inboundBodiesMaxBytes: 1500 }
    const peer = new LanePeer(options)
    peer.receive({ id: 2, request: { ...request(1024), body: pattern(1_000) } })
    peer.receive({ id: 4, request: { ...request(600), body: pattern(600) } })
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['4 error'])
    assert.equal(peer.sent[0]?.error?.code, 'ERR_OVERLOADED')

    peer.receive({ id: 2, requestChunk: pattern(24) })
    await peer.turn()
    peer.receive({ id: 6, request: { ...request(600), body: pattern(600) } })
    await peer.turn()
    assert.deepEqual(kinds(peer.sent.slice(-3)), ['6 head', '6 chunk', '6 end'])
  })

  test('headers and methods that would not fit into a frame are refused', async () => {
    const long = { method: 'm', headers: { a: 'x'.repeat(8_000) }, body: EMPTY }
    const none = { method: 'm', headers: { a: undefined as unknown as string }, body: EMPTY }
    assert.ok(hasCode(await refused({}, long), 'ERR_INVALID_REQUEST'))
    assert.notEqual(await refused({}, none), undefined)
    assert.ok(hasCode(await refused({}, call('m'.repeat(257))), 'ERR_INVALID_REQUEST'))
  })

  test('a load report that would not fit into a frame is left out', async () => {
    const peer = new LanePeer({}, { trailer: () => pattern(33 * 1024) })
    peer.receive({ id: 2, request: request() })
    await peer.turn()
    assert.equal(peer.sent.at(-1)?.end?.trailer?.length ?? 0, 0)
  })

  test('a peer that asks on without reading loses the lane', async () => {
    const options = { requestsMax: 1, backlogMaxBytes: 64 * 1024 }
    const peer = new LanePeer(options, { serve: () => new Promise(() => {}) })
    peer.hasRoom = false
    peer.receive({ id: 2, request: request() }, { id: 4, request: request() })
    await peer.turn()
    for (let id = 6; peer.closed.length === 0 && id < 10_000; id += 2) {
      peer.receive({ id, request: request() })
    }
    assert.equal(peer.closed.length, 1)
    assert.include(peer.closed[0]?.message, 'before 65536 bytes wait for it')
    assert.equal(peer.aborted.length, 1)
  })

  test('a transport that is full gets nothing more until it has drained', async () => {
    const peer = new LanePeer()
    peer.hasRoom = false
    const asking = [1, 2, 3].map(() => readAnswer(peer.lane.request(call(), NEVER)))
    await peer.idle()
    asking.push(readAnswer(peer.lane.request(call(), NEVER)))
    await peer.idle()
    assert.equal(peer.sends.length, 1)

    peer.hasRoom = true
    peer.lane.drained()
    assert.equal(peer.sends.length, 2)
    assert.deepEqual(kinds(peer.sends[1] ?? []), ['7 request'])
    peer.lane.close()
    await Promise.all(asking)
  })

  test('a transport that fills up again gets what waits piece by piece', async () => {
    const peer = new LanePeer({ requestsMax: 1 }, { serve: () => new Promise(() => {}) })
    peer.hasRoom = false
    peer.receive({ id: 2, request: request() }, { id: 4, request: request() })
    await peer.idle()
    for (let id = 6; peer.lane.bufferedBytes < 200_000; id += 2) {
      peer.receive({ id, request: request() })
    }
    await peer.idle()
    assert.equal(peer.sends.length, 1)

    for (const sendsCount of [2, 3, 4]) {
      peer.lane.drained()
      await peer.idle()
      assert.equal(peer.sends.length, sendsCount)
    }
  })

  test('what goes to the transport at once is about 64 KiB', async () => {
    const peer = new LanePeer()
    const reading = readAnswer(peer.lane.request(call('m', pattern(1_000_000)), NEVER))
    await peer.idle()
    const sizes = peer.sends.map(frames =>
      frames.reduce((sum, it) => sum + (it.request?.body ?? it.requestChunk ?? EMPTY).length, 0),
    )
    assert.equal(Math.max(...sizes), 64 * 1024)
    assert.equal(sizes.length, Math.ceil(1_000_000 / (64 * 1024)))
    peer.lane.close()
    await reading
  })

  test('options contradict each other if one body may be larger than all', () => {
    const parsed = laneOptions.safeParse({ bodyMaxBytes: 2048, inboundBodiesMaxBytes: 1024 })
    assert.isFalse(parsed.success)
  })
})
