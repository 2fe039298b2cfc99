/**
 * The rules of both sides of a lane, one by one, with the other side played by hand. What they add
 * up to is in lane.property.test.ts.
 */
import { assert, describe, test } from 'vitest'
import type { LaneCall } from '../../src/protocols/lane.ts'
import {
  answerOf,
  bytesOf,
  call,
  EMPTY,
  kinds,
  LanePeer,
  NEVER,
  pattern,
  readAnswer,
  request,
} from './lane-peer.ts'

describe('the asking side', () => {
  test('sends a small request as one frame', async () => {
    const peer = new LanePeer()
    const asking = peer.lane.request(call('echo', bytesOf('body')), NEVER)
    await peer.turn()

    assert.deepEqual(kinds(peer.sent), ['1 request'])
    const [frame] = peer.sent
    assert.equal(frame?.request?.method, 'echo')
    assert.deepEqual(frame?.request?.headers, { a: 'b' })
    assert.equal(frame?.request?.bodyBytes, 4)
    assert.equal(frame?.request?.credit, 256 * 1024)

    peer.lane.close()
    await asking.catch(() => {})
  })

  test('reads head, chunks and end, and passes the trailer on', async () => {
    const peer = new LanePeer()
    const reading = readAnswer(peer.lane.request(call(), NEVER))
    await peer.turn()
    peer.receive(
      { id: 1, head: { status: 201, headers: { x: 'y' } } },
      { id: 1, chunk: bytesOf('he') },
      { id: 1, chunk: bytesOf('llo') },
      { id: 1, end: { trailer: bytesOf('their load') } },
    )
    assert.deepEqual(await reading, { text: 'hello', status: 201, bytes: 5, error: undefined })
    assert.deepEqual(peer.trailers, ['their load'])
    assert.equal(peer.lane.openCount, 0)
  })

  test('uses odd ids as the dialer and even ones as the listener', async () => {
    for (const [isDialer, expected] of [
      [true, ['1 request', '3 request']],
      [false, ['2 request', '4 request']],
    ] as const) {
      const peer = new LanePeer({}, { isDialer })
      const asking = [peer.lane.request(call(), NEVER), peer.lane.request(call(), NEVER)]
      await peer.turn()
      assert.deepEqual(kinds(peer.sent), [...expected])
      peer.lane.close()
      await Promise.allSettled(asking)
    }
  })

  test('splits a large body', async () => {
    const peer = new LanePeer({ chunkMaxBytes: 100 })
    const body = pattern(250)
    const reading = readAnswer(peer.lane.request(call('m', body), NEVER))
    await peer.turn()

    assert.deepEqual(kinds(peer.sent), ['1 request', '1 requestChunk', '1 requestChunk'])
    const pieces = peer.sent.map(frame => frame.request?.body ?? frame.requestChunk ?? EMPTY)
    assert.deepEqual(Buffer.concat(pieces), Buffer.from(body))
    peer.lane.close()
    await reading
  })

  test('grants again half of the credit at a time, as the reader goes on', async () => {
    const peer = new LanePeer({ creditBytes: 1024 })
    const asking = peer.lane.request(call(), NEVER)
    await peer.turn()
    peer.receive({ id: 1, head: { status: 200 } })
    const chunks = (await asking).chunks[Symbol.asyncIterator]()

    // Each costs 192 + 64 bytes: four use up all of the credit.
    for (let index = 0; index < 4; index++) peer.receive({ id: 1, chunk: pattern(192) })
    assert.equal(peer.lane.bufferedBytes, 4 * 192)
    await chunks.next()
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['1 request'])

    await chunks.next()
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['1 request', '1 credit'])
    assert.equal(peer.sent.at(-1)?.credit, 512)
    await chunks.return?.()
  })

  test('keeps a chunk apart from the large slice it came in', async () => {
    const peer = new LanePeer()
    const asking = peer.lane.request(call(), NEVER)
    await peer.turn()
    peer.receive({ id: 1, head: { status: 200 } }, { id: 1, chunk: bytesOf('x'.repeat(50)) })
    const chunks = (await asking).chunks[Symbol.asyncIterator]()
    const { value } = await chunks.next()
    assert.equal(value?.length, 50)
    assert.isAtMost(value?.buffer.byteLength, 4 * 50)
    await chunks.return?.()
  })
})

describe('the serving side', () => {
  test('sends an answer that is there at once in one piece, with its load', async () => {
    const peer = new LanePeer()
    peer.receive({ id: 2, request: request() })
    await peer.turn()

    assert.equal(peer.sends.length, 1)
    assert.deepEqual(kinds(peer.sent), ['2 head', '2 chunk', '2 end'])
    assert.equal(Buffer.from(peer.sent[2]?.end?.trailer ?? []).toString(), 'load')
    assert.equal(peer.lane.openCount, 0)
  })

  test('serves once the whole body is there', async () => {
    const bodies: string[] = []
    const serve = async ({ body }: LaneCall) => {
      bodies.push(Buffer.from(body).toString())
      return answerOf()
    }
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: { ...request(6), body: bytesOf('ab') } })
    peer.receive({ id: 2, requestChunk: bytesOf('cd') })
    await peer.turn()
    assert.deepEqual(bodies, [])
    assert.equal(peer.lane.bufferedBytes, 6)

    peer.receive({ id: 2, requestChunk: bytesOf('ef') })
    await peer.turn()
    assert.deepEqual(bodies, ['abcdef'])
    assert.equal(peer.lane.bufferedBytes, 0)
  })

  test('sends no more than was granted, and goes on when more is', async () => {
    const peer = new LanePeer({}, { serve: async () => answerOf(pattern(1_000)) })
    peer.receive({ id: 2, request: request(0, 164) })
    await peer.idle()
    assert.equal(peer.sent.at(-1)?.chunk?.length, 100)
    assert.deepEqual(kinds(peer.sent), ['2 head', '2 chunk'])

    peer.receive({ id: 2, credit: 64 })
    await peer.idle()
    assert.equal(peer.sent.length, 2)

    peer.receive({ id: 2, credit: 900 })
    await peer.idle()
    assert.deepEqual(kinds(peer.sent), ['2 head', '2 chunk', '2 chunk', '2 end'])
  })

  test('pulls a chunk only when the one before it is on its way', async () => {
    let pulled = 0
    const chunks = (async function* () {
      for (; ; pulled++) yield pattern(100)
    })()
    const peer = new LanePeer({}, { serve: async () => ({ status: 200, headers: {}, chunks }) })
    peer.receive({ id: 2, request: request(0, 3 * 164) })
    await peer.idle()
    assert.equal(pulled, 3)
  })

  test('lets large answers take turns, frame by frame', async () => {
    const serve = async () => answerOf(pattern(10_000))
    const peer = new LanePeer({ chunkMaxBytes: 1_000 }, { serve })
    peer.hasRoom = false
    peer.receive({ id: 2, request: request() })
    await peer.idle()
    peer.receive({ id: 4, request: request() }, { id: 6, request: request() })
    await peer.idle()
    peer.hasRoom = true
    const before = peer.sent.length
    peer.lane.drained()
    await peer.idle()

    const ids = peer.sent.slice(before).flatMap(({ id, chunk }) => (chunk ? [id] : []))
    assert.deepEqual(ids.slice(0, 6), [4, 6, 4, 6, 4, 6])
  })

  test('puts answer chunks together that are small, and none that are empty', async () => {
    const serve = async () => answerOf(EMPTY, bytesOf('a'), EMPTY, bytesOf('b'))
    const peer = new LanePeer({}, { serve })
    peer.receive({ id: 2, request: request() })
    await peer.turn()
    assert.equal(peer.sends.length, 1)
    assert.deepEqual(kinds(peer.sent), ['2 head', '2 chunk', '2 chunk', '2 end'])
  })
})
