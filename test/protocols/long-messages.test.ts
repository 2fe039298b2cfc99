/**
 * Messages longer than a frame: whole, in order, and never in the way of a probe.
 */
import { assert, describe, test } from 'vitest'
import { InvariantError } from '../../src/core/assert.ts'
import { LONG_MESSAGE_MAX_BYTES } from '../../src/protocols/lane.ts'
import { bytesOf, kinds, LanePeer, pattern } from './lane-peer.ts'

const MEGABYTE = 1024 * 1024

/** A lane whose transport takes nothing more until it is drained. */
async function blocked(): Promise<LanePeer> {
  const peer = new LanePeer()
  peer.hasRoom = false
  peer.lane.post(bytesOf('the last that is taken'))
  await peer.turn()
  return peer
}

describe('a long message', () => {
  test('arrives as it was posted, of any length, in order', async () => {
    const [dialer, listener] = [new LanePeer(), new LanePeer({}, { isDialer: false })]
    const lengths = [LONG_MESSAGE_MAX_BYTES, 0, 1, 32 * 1024, 32 * 1024 + 1]
    for (const length of lengths) assert.isTrue(dialer.lane.postLong(pattern(length)))
    await dialer.turn()
    listener.receive(...dialer.sent)
    assert.deepEqual(
      listener.longMessages.map(message => Buffer.compare(message, pattern(message.length))),
      lengths.map(() => 0),
    )
    assert.deepEqual(
      listener.longMessages.map(({ length }) => length),
      lengths,
    )
    assert.equal(dialer.lane.bufferedBytes + listener.lane.bufferedBytes, 0)
  })

  test('fits, part by part, into the smallest frame a peer may take', async () => {
    const sender = new LanePeer()
    const receiver = new LanePeer({ frameMaxBytes: 64 * 1024 }, { isDialer: false })
    sender.lane.postLong(pattern(MEGABYTE))
    await sender.turn()
    receiver.receive(...sender.sent)
    assert.equal(receiver.longMessages[0]?.length, MEGABYTE)
    assert.deepEqual(receiver.closed, [])
  })

  test('lets a short one pass between its parts', async () => {
    const peer = await blocked()
    peer.lane.postLong(pattern(40_000))
    peer.lane.post(bytesOf('probe'))
    peer.lane.drained()
    peer.lane.drained()
    peer.lane.post(bytesOf('another'))
    peer.hasRoom = true
    peer.lane.drained()
    await peer.turn()
    assert.deepEqual(kinds(peer.sends.slice(1).flat()), [
      ...['0 message', '0 longMessage'],
      ...['0 message', '0 longMessage'],
    ])
  })

  test('is dropped when 8 MiB or 4,096 of them wait, and counted', async () => {
    const heavy = await blocked()
    const taken = [1, 2, 3, 4, 5].map(() => heavy.lane.postLong(new Uint8Array(2 * MEGABYTE)))
    assert.deepEqual(taken, [true, true, true, true, false])
    assert.equal(heavy.lane.messagesDroppedCount, 1)

    const many = await blocked()
    for (let count = 0; count < 4_096; count++) assert.isTrue(many.lane.postLong(bytesOf('x')))
    assert.isFalse(many.lane.postLong(bytesOf('x')))
    assert.equal(many.lane.messagesDroppedCount, 1)
  })

  test('longer than any may be is a bug of the sender', () => {
    const { lane } = new LanePeer()
    assert.throws(() => lane.postLong(new Uint8Array(LONG_MESSAGE_MAX_BYTES + 1)), InvariantError)
  })

  test('that never ends, or has parts with nothing in them, closes the lane', () => {
    const endless = new LanePeer()
    const part = pattern(60_000)
    for (let bytes = 0; bytes <= LONG_MESSAGE_MAX_BYTES; bytes += part.length) {
      assert.deepEqual(endless.closed, [])
      endless.receive({ id: 0, longMessage: { part, isLast: false } })
    }
    assert.match(endless.closed[0]?.message ?? '', /a long message of at most 2097152 bytes/)

    const empty = new LanePeer()
    empty.receive({ id: 0, longMessage: { isLast: false } })
    assert.match(empty.closed[0]?.message ?? '', /a part with something in it/)
  })
})
