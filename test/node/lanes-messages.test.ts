/**
 * What lanes tell a failure detector: messages, which peers were heard, who can be written to.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { FakeChannel, lanesOf, pair } from './lanes-scene.ts'
import { turns, until } from './until.ts'

const probe = Buffer.from('probe')

/** The frame of a message, as it comes from the stream. */
function framed(message: Uint8Array): Uint8Array {
  const frame = skein.LaneFrame.encode({ message }).finish()
  return Uint8Array.of(frame.length, ...frame)
}

/** Lanes that note what they tell. */
function noting() {
  const told: string[] = []
  const { lanes, clock } = lanesOf({
    onMessage: (peer, bytes) => told.push(`message of ${peer}: ${Buffer.from(bytes)}`),
    onHeard: peer => told.push(`heard ${peer}`),
    onLane: (peer, isOpen) => told.push(`${peer} ${isOpen ? 'open' : 'gone'}`),
  })
  return { lanes, clock, told }
}

describe('a message', () => {
  test('goes both ways between peers with a lane', async () => {
    const { a, b, messages } = await pair()
    assert.isTrue(a.lanes.post('b', probe))
    assert.isTrue(b.lanes.post('a', probe))
    await until(() => messages.length === 2)
    assert.sameMembers(messages, ['a to b: probe', 'b to a: probe'])
  })

  test('is dropped without a lane, and does not wait for one', async () => {
    const { lanes } = lanesOf()
    assert.isFalse(lanes.post('a', probe))
    lanes.connected('a')
    assert.isFalse(lanes.post('a', probe))
    const channel = new FakeChannel(false)
    lanes.accept('a', channel)
    await turns(2)
    assert.deepEqual(channel.sent, [])
    assert.isTrue(lanes.post('a', probe))
    await turns(2)
    assert.deepEqual(channel.sent.map(Buffer.from), [Buffer.from(framed(probe))])
  })

  test('that finds too many waiting is dropped and stays counted', () => {
    const { lanes } = lanesOf()
    lanes.connected('a')
    lanes.accept('a', new FakeChannel(false))
    const results = Array.from({ length: 300 }, () => lanes.post('a', probe))
    assert.equal(results.filter(isTaken => isTaken).length, 256)
    assert.equal(lanes.status().messagesDroppedCount, 44)
    lanes.disconnected('a')
    assert.equal(lanes.status().messagesDroppedCount, 44)
  })

  test('that makes no sense closes the lane', () => {
    const onMessage = () => {
      throw new MeshError('expected a probe', { code: 'ERR_BAD_FRAME' })
    }
    const { lanes } = lanesOf({ onMessage })
    const channel = new FakeChannel(false)
    lanes.connected('a')
    lanes.accept('a', channel)
    channel.listener?.onBytes(framed(probe))
    assert.deepEqual(lanes.peers(), [])
    assert.propertyVal(channel.aborted[0], 'message', 'expected a probe')
  })
})

describe('a peer is heard', () => {
  test('with any bytes, before what they say', () => {
    const { lanes, told } = noting()
    const channel = new FakeChannel(false)
    lanes.connected('a')
    lanes.accept('a', channel)
    channel.listener?.onBytes(framed(probe))
    assert.deepEqual(told, ['a open', 'heard a', 'message of a: probe'])
  })

  test('once in 100 ms at most, each peer for itself', () => {
    const { lanes, clock, told } = noting()
    const channels = { a: new FakeChannel(false), aa: new FakeChannel(false) }
    for (const [peer, channel] of Object.entries(channels)) {
      lanes.connected(peer)
      lanes.accept(peer, channel)
    }
    const part = framed(probe).subarray(0, 1)
    told.length = 0
    channels.a.listener?.onBytes(part)
    clock.advance(60)
    channels.a.listener?.onBytes(new Uint8Array(0))
    channels.aa.listener?.onBytes(part)
    clock.advance(39)
    channels.a.listener?.onBytes(new Uint8Array(0))
    assert.deepEqual(told, ['heard a', 'heard aa'])
    clock.advance(1)
    channels.a.listener?.onBytes(new Uint8Array(0))
    assert.deepEqual(told, ['heard a', 'heard aa', 'heard a'])
  })

  test('no more once its connection is gone', () => {
    const { lanes, told } = noting()
    const channel = new FakeChannel(false)
    lanes.connected('a')
    lanes.accept('a', channel)
    lanes.disconnected('a')
    channel.listener?.onBytes(framed(probe))
    assert.deepEqual(told, ['a open', 'a gone'])
  })
})

describe('that a lane is open or gone', () => {
  test('is told on both sides, when it breaks, opens again and the connection is lost', async () => {
    const { world, clock, b, lanesSeen } = await pair()
    const news = () => lanesSeen.splice(0).toSorted()
    assert.deepEqual(news(), ['a to b: open', 'b to a: open'])
    b.lanes.accept('a', new FakeChannel(false))
    await until(() => lanesSeen.length === 1)
    assert.deepEqual(news(), ['a to b: gone'])
    clock.advance(50)
    await until(() => lanesSeen.length === 1)
    assert.deepEqual(news(), ['a to b: open'])
    world.cut('a', 'b')
    await until(() => lanesSeen.length === 2)
    assert.deepEqual(news(), ['a to b: gone', 'b to a: gone'])
  })

  test('is not told when a newer one takes its place', () => {
    const { lanes, told } = noting()
    lanes.connected('a')
    for (const channel of [new FakeChannel(false), new FakeChannel(false)]) {
      lanes.accept('a', channel)
    }
    lanes.close()
    assert.deepEqual(told, ['a open', 'a gone'])
  })

  test('is told twice of one that was closed before it was attached', () => {
    const { lanes, told } = noting()
    lanes.connected('a')
    lanes.accept('a', new FakeChannel(false, true))
    assert.deepEqual(told, ['a open', 'a gone'])
  })

  test('is not told of a peer whose lane never opened', () => {
    const { lanes, told } = noting()
    lanes.connected('a')
    lanes.disconnected('a')
    assert.deepEqual(told, [])
  })
})
