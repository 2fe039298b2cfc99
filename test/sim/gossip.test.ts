/**
 * The simulated gossip topic.
 */
import { assert, describe, test } from 'vitest'
import type { GossipQuality } from '../../sim/network/gossip.ts'
import { type BareHost, BareHosts } from './bare-hosts.ts'

const PEER_COUNT = 20

/** Peers that are all connected with one another. */
async function fullMesh(gossip?: GossipQuality, count = PEER_COUNT) {
  const hosts = new BareHosts(gossip)
  const peers = Array.from({ length: count }, () => hosts.add())
  for (const [index, peer] of peers.entries()) {
    for (const other of peers.slice(0, index)) void peer.network.dial(other.peer, [other.address])
    await hosts.pass(50)
  }
  return { hosts, peers }
}

/** Peers of which each knows only the next. */
async function chain(count: number) {
  const hosts = new BareHosts()
  const peers = Array.from({ length: count }, () => hosts.add())
  for (const [index, peer] of peers.entries()) {
    const next = peers[index + 1]
    if (next !== undefined) void peer.network.dial(next.peer, [next.address])
  }
  await hosts.pass(100)
  return { hosts, peers }
}

const publish = (peer: BareHost | undefined, content: string) =>
  peer?.network.publish(Buffer.from(content))

describe('gossip', () => {
  test('reaches everyone else once', async () => {
    const { hosts, peers } = await fullMesh()

    await publish(peers[0], 'news')
    await hosts.pass(100)

    assert.deepEqual(
      peers.map(({ claims }) => claims.join()),
      ['', ...Array.from({ length: PEER_COUNT - 1 }, () => 'news')],
    )
  })

  test('goes from neighbour to neighbour where not everyone is connected', async () => {
    const { hosts, peers } = await chain(6)

    await publish(peers[0], 'news')
    await hosts.pass(100)

    assert.deepEqual(peers.at(-1)?.claims, ['news'])
  })

  test('hands on the very bytes, so that a signature is checked once', async () => {
    const { hosts, peers } = await chain(3)
    const heard: Uint8Array[] = []
    peers[2]?.network.events.claimHeard(new Uint8Array())
    const claim = Buffer.from('news')
    const events = peers[2]?.network.events
    assert.isDefined(events)
    Object.assign(events, { claimHeard: (bytes: Uint8Array) => heard.push(bytes) })

    await peers[0]?.network.publish(claim)
    await hosts.pass(100)

    assert.equal(heard[0], claim)
  })

  test('overtakes: messages may come in another order than they were sent', async () => {
    const { hosts, peers } = await fullMesh()
    for (let number = 0; number < 200; number += 1) await publish(peers[number % 3], `${number}`)
    await hosts.pass(1_000)

    const orders = new Set(peers.slice(3).map(({ claims }) => claims.join()))
    assert.isAbove(orders.size, 1)
  })

  test('loses and repeats as often as it is told to', async () => {
    const quality = { lossRatio: 0.5, duplicateRatio: 0.5 }
    const { hosts, peers } = await fullMesh(quality, 3)
    for (let number = 0; number < 200; number += 1) await publish(peers[0], `${number}`)
    await hosts.pass(1_000)

    const { claims = [] } = peers[1] ?? {}
    const different = new Set(claims)
    // Half come directly, a quarter of the rest over the third.
    assert.isAbove(different.size, 80)
    assert.isBelow(different.size, 160)
    assert.isAbove(claims.length, 1.3 * different.size)
    assert.isBelow(claims.length, 1.7 * different.size)
  })

  test('does not pass a cut, and comes late when it is mended', async () => {
    const { hosts, peers } = await chain(2)
    const [a, b] = peers
    assert.isDefined(a)
    assert.isDefined(b)
    const mend = hosts.internet.cut(a.index, b.index)
    await publish(a, 'held')
    await hosts.pass(10_000)
    assert.deepEqual(b.claims, [])

    mend()
    await hosts.pass(20_000)

    assert.deepEqual(b.claims, ['held'])
  })

  test('keeps few neighbours, whatever the number of connections', async () => {
    const { hosts, peers } = await fullMesh()
    for (let number = 0; number < 20; number += 1) {
      await publish(peers[number], `${number}`)
      await hosts.pass(1_000)
    }

    for (const { network } of peers) {
      assert.isAtLeast(network.gossip().neighbourCount, 4)
      assert.isAtMost(network.gossip().neighbourCount, 12)
    }
  })

  test('counts copies that were not needed, too', async () => {
    const { hosts, peers } = await fullMesh()
    const before = peers.map(({ network }) => network.gossip().messagesReceived)
    await publish(peers[0], 'news')
    await hosts.pass(100)

    const copies = peers.map(
      ({ network }, index) => network.gossip().messagesReceived - (before[index] ?? 0),
    )
    const total = copies.reduce((sum, count) => sum + count, 0)
    assert.isAbove(total, 2 * PEER_COUNT)
    assert.isBelow(total, 12 * PEER_COUNT)
  })
})
