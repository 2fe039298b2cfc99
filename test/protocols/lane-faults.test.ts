/**
 * What only a peer at fault can send: the lane closes, and both sides learn why.
 */
import { assert, describe, test } from 'vitest'
import { hasCode, MeshError } from '../../src/core/errors.ts'
import { MESSAGE_MAX_BYTES } from '../../src/protocols/lane.ts'
import type { LaneFrame } from '../../src/protocols/send-queue.ts'
import {
  call,
  EMPTY,
  type Frame,
  LanePeer,
  NEVER,
  pattern,
  readAnswer,
  request,
} from './lane-peer.ts'

describe('the lane is closed by', () => {
  const head = { id: 1, head: { status: 200 } }
  const cases: readonly [string, readonly LaneFrame[], string][] = [
    ['a frame without a body', [{ id: 1 }], 'found nothing known'],
    ['a frame without anything in it', [{ id: 0 }], 'found one without anything in it'],
    [
      'a frame of no request that is about one',
      [{ id: 0, cancel: true }],
      'with id 0, found cancel',
    ],
    ['a message within a request', [{ id: 1, message: pattern(1) }], 'with id 1, found message'],
    [
      'a message that is too long',
      [{ message: pattern(MESSAGE_MAX_BYTES + 1) }],
      'a message of at most 65520 bytes, found one of 65521',
    ],
    ['a question with our id', [{ id: 1, request: request() }], 'found request'],
    ['an answer with their id', [{ id: 2, head: { status: 200 } }], 'found head'],
    ['an answer to what was never asked', [{ id: 3, head: {} }], 'found one to 3'],
    ['a chunk before the head', [{ id: 1, chunk: pattern(1) }], 'a chunk before it (request 1)'],
    ['an end before the head', [{ id: 1, end: {} }], 'found an end before it'],
    ['a second head', [head, head], 'found a second head'],
    ['an empty chunk', [head, { id: 1, chunk: EMPTY }], 'found an empty one'],
    [
      'a chunk beyond the credit',
      [head, { id: 1, chunk: pattern(900) }, { id: 1, chunk: pattern(1) }],
      'at most 60 bytes of credit to be used, found a chunk that costs 65',
    ],
    ['a body without a request', [{ id: 2, requestChunk: pattern(1) }], 'request 2 first'],
    ['credit without a request', [{ id: 2, credit: 1 }], 'request 2 first'],
    ['a cancel without a request', [{ id: 2, cancel: true }], 'request 2 first'],
    [
      'the same id twice',
      [
        { id: 2, request: request() },
        { id: 2, request: request() },
      ],
      'found 2 again',
    ],
    [
      'an id from before',
      [
        { id: 4, request: request() },
        { id: 2, request: request() },
      ],
      'found 2 again',
    ],
    [
      'more body than was said',
      [
        { id: 2, request: { ...request(3), body: pattern(2) } },
        { id: 2, requestChunk: pattern(2) },
      ],
      'a body of 3 bytes, found 4',
    ],
    [
      'credit that overflows',
      [
        { id: 2, request: request(1, 2 ** 31) },
        { id: 2, credit: 1 },
      ],
      'credit up to 2147483648 bytes',
    ],
  ]
  for (const [what, frames, named] of cases) {
    test(`${what}, and both sides learn why`, async () => {
      const peer = new LanePeer({ creditBytes: 1024 })
      const other = new LanePeer({}, { isDialer: false })
      const reading = readAnswer(peer.lane.request(call(), NEVER))
      await peer.turn()
      peer.receive(...frames)

      const [reason] = peer.closed
      assert.ok(hasCode(reason, 'ERR_BAD_FRAME'), `${reason}`)
      assert.include(reason.message, named)
      assert.deepEqual(peer.aborted, [reason])
      const { error } = await reading
      assert.ok(hasCode(error, 'ERR_BAD_FRAME'))
      assert.include(error.message, named)
      assert.equal(peer.lane.openCount, 0)

      const last = peer.sent.at(-1) as Frame
      assert.equal(last.id, 0)
      other.receive(last)
      assert.ok(hasCode(other.closed[0], 'ERR_BAD_FRAME'))
      assert.include(other.closed[0].message, named)
    })
  }

  test('a frame that is too long', () => {
    const peer = new LanePeer()
    peer.lane.receive(Uint8Array.of(0xff, 0xff, 0xff, 0x7f))
    assert.include(peer.closed[0]?.message, 'a frame of at most 262144 bytes')
  })

  test('bytes that are no frame', () => {
    const peer = new LanePeer()
    peer.lane.receive(Uint8Array.of(2, 0x0a, 0xff))
    assert.include(peer.closed[0]?.message, 'expected a lane frame, found 2 bytes that are none')
  })

  test('a load report that makes no sense', async () => {
    const onTrailer = () => {
      throw new MeshError('expected a load', { code: 'ERR_BAD_FRAME' })
    }
    const peer = new LanePeer({}, { onTrailer })
    const reading = readAnswer(peer.lane.request(call(), NEVER))
    await peer.turn()
    peer.receive(head, { id: 1, end: { trailer: pattern(1) } })
    assert.equal(peer.closed[0]?.message, 'expected a load')
    await reading
  })

  test('a message that makes no sense', () => {
    const onMessage = () => {
      throw new MeshError('expected a probe', { code: 'ERR_BAD_FRAME' })
    }
    const peer = new LanePeer({}, { onMessage })
    peer.receive({ message: pattern(1) }, { message: pattern(1) })
    assert.equal(peer.closed.length, 1)
    assert.equal(peer.closed[0]?.message, 'expected a probe')
  })

  test('a transport that throws', async () => {
    const broken = new Error('the stream is closed')
    const transport = {
      send: () => {
        throw broken
      },
      abort: () => {},
    }
    const peer = new LanePeer({}, { transport })
    const reading = readAnswer(peer.lane.request(call(), NEVER))
    await peer.turn()
    assert.deepEqual(peer.closed, [broken])
    const { error } = await reading
    assert.ok(hasCode(error, 'ERR_PEER_LOST'))
    assert.equal(error.cause, broken)
  })
})
