/**
 * Messages on a lane: outside any request, ahead of all that waits, dropped at a bound.
 */
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../src/core/assert.ts'
import { MESSAGE_MAX_BYTES } from '../../src/protocols/lane.ts'
import {
  bytesOf,
  call,
  kinds,
  LanePeer,
  NEVER,
  pattern,
  readAnswer,
  request,
  settled,
} from './lane-peer.ts'

/** A lane whose transport takes nothing more until it is drained. */
async function blocked(): Promise<LanePeer> {
  const peer = new LanePeer()
  peer.hasRoom = false
  peer.lane.post(bytesOf('the last that is taken'))
  await peer.turn()
  assert.equal(peer.sends.length, 1)
  return peer
}

/** What is sent once there is room again. */
async function sentAfterDrain(peer: LanePeer) {
  peer.hasRoom = true
  peer.lane.drained()
  await peer.idle()
  return peer.sends.slice(1).flat()
}

describe('a message', () => {
  test('arrives as it was posted, the longest and the empty one too', async () => {
    const [dialer, listener] = [new LanePeer(), new LanePeer({}, { isDialer: false })]
    const posted = [pattern(MESSAGE_MAX_BYTES), new Uint8Array(0), bytesOf('probe')]
    for (const message of posted) assert.isTrue(dialer.lane.post(message))
    await dialer.turn()
    listener.receive(...dialer.sent)
    assert.deepEqual(listener.messages.map(Buffer.from), posted.map(Buffer.from))
    assert.deepEqual([dialer.lane.bufferedBytes, dialer.lane.openCount], [0, 0])
  })

  test('of the greatest length fits into the smallest frame a peer may take', async () => {
    const sender = new LanePeer()
    const receiver = new LanePeer({ frameMaxBytes: 64 * 1024 }, { isDialer: false })
    sender.lane.post(pattern(MESSAGE_MAX_BYTES))
    await sender.turn()
    receiver.receive(...sender.sent)
    assert.equal(receiver.messages[0]?.length, MESSAGE_MAX_BYTES)
    assert.deepEqual(receiver.closed, [])
  })

  test('leaves before what was ready to be sent, and after earlier messages', async () => {
    const peer = new LanePeer()
    const reading = readAnswer(peer.lane.request(call(), NEVER))
    peer.receive({ id: 2, request: request() })
    await settled()
    for (const text of ['first', 'second']) peer.lane.post(bytesOf(text))
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), [
      ...['0 message', '0 message'],
      ...['1 request', '2 head', '2 chunk', '2 end'],
    ])
    assert.deepEqual(
      peer.sent.slice(0, 2).map(({ message }) => Buffer.from(message ?? []).toString()),
      ['first', 'second'],
    )
    peer.lane.close()
    await reading
  })

  test('overtakes a body that waits for room', async () => {
    const peer = new LanePeer()
    peer.hasRoom = false
    const reading = readAnswer(peer.lane.request(call('m', pattern(500_000)), NEVER))
    await peer.turn()
    peer.lane.post(bytesOf('probe'))
    const sent = kinds(await sentAfterDrain(peer))
    assert.deepEqual(sent.slice(0, 2), ['0 message', '1 requestChunk'])
    peer.lane.close()
    await reading
  })

  test('is kept by whoever gets it without the slice of the stream it came in', () => {
    const peer = new LanePeer()
    peer.receive({ message: bytesOf('probe') }, { message: pattern(10_000) })
    assert.equal(peer.messages[0]?.buffer.byteLength, 5)
  })

  test('may be answered while it is being dealt with', async () => {
    const peer: LanePeer = new LanePeer({}, { onMessage: it => peer.lane.post(it) })
    peer.receive({ message: bytesOf('ping') })
    await peer.turn()
    assert.deepEqual(kinds(peer.sent), ['0 message'])
  })
})

describe('messages that wait', () => {
  test('go on when there is room, in pieces of 64 KiB', async () => {
    const peer = await blocked()
    for (let index = 0; index < 20; index += 1) peer.lane.post(pattern(10_000, index))
    await sentAfterDrain(peer)
    assert.deepEqual(
      peer.sends.slice(1).map(frames => frames.length),
      [6, 6, 6, 2],
    )
  })

  test('are at most 256: more are dropped and counted, until some have left', async () => {
    const peer = await blocked()
    const results = Array.from({ length: 258 }, () => peer.lane.post(bytesOf('probe')))
    assert.deepEqual(results.slice(254), [true, true, false, false])
    assert.equal(peer.lane.messagesDroppedCount, 2)

    assert.equal((await sentAfterDrain(peer)).length, 256)
    assert.isTrue(peer.lane.post(bytesOf('probe')))
  })

  test('have at most 256 KiB with their lengths: more are dropped, shorter ones still fit', async () => {
    const peer = await blocked()
    const results = Array.from({ length: 5 }, () => peer.lane.post(pattern(MESSAGE_MAX_BYTES)))
    assert.deepEqual(results, [true, true, true, true, false])
    assert.isTrue(peer.lane.post(bytesOf('probe')))
    assert.equal(peer.lane.messagesDroppedCount, 1)
    assert.isAtMost(peer.lane.bufferedBytes, 256 * 1024)

    assert.equal((await sentAfterDrain(peer)).length, 5)
    assert.equal(peer.lane.bufferedBytes, 0)
  })

  test('are lost with the lane, which takes no more', async () => {
    const peer = await blocked()
    peer.lane.post(bytesOf('probe'))
    peer.lane.close()
    assert.isFalse(peer.lane.post(bytesOf('probe')))
    assert.deepEqual([peer.lane.bufferedBytes, peer.lane.messagesDroppedCount], [0, 0])
    assert.deepEqual(await sentAfterDrain(peer), [])
  })
})

test('to post more than a message may have is our own mistake', () => {
  const peer = new LanePeer()
  assert.throws(() => peer.lane.post(pattern(MESSAGE_MAX_BYTES + 1)), InvariantError, 'found 65521')
})

test('a frame of a later version that concerns no request is ignored', () => {
  const peer = new LanePeer()
  // Field 15, two bytes long.
  peer.lane.receive(Uint8Array.of(4, 0x7a, 2, 1, 2))
  peer.receive({ message: bytesOf('probe') })
  assert.deepEqual(peer.closed, [])
  assert.equal(peer.messages.length, 1)
})
