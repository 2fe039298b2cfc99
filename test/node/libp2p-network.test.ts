/**
 * Real libp2p on loopback: who is let in, who is not and what they are told, lanes and gossip.
 */
import { randomBytes } from 'node:crypto'
import { identify } from '@libp2p/identify'
import { multiaddr } from '@multiformats/multiaddr'
import { afterEach, assert, describe, test } from 'vitest'
import type { ErrorCode } from '../../src/core/errors.ts'
import { nodeCrypto } from '../../src/node/crypto.ts'
import { createNode } from '../../src/node/libp2p/create-node.ts'
import { claimsTopic } from '../../src/node/libp2p/gossip.ts'
import { joinMesh } from '../../src/node/libp2p/join-mesh.ts'
import { LANE_PROTOCOL } from '../../src/node/libp2p/libp2p-network.ts'
import type { Ticket } from '../../src/node/ticket.ts'
import { HELLO_PROTOCOL } from '../../src/protocols/hello.ts'
import { JOIN_PROTOCOL, ticketHash } from '../../src/protocols/join.ts'
import {
  freshIdentity,
  introduce,
  type RecordedNetwork,
  startNetwork,
  type TestMesh,
  type TestNetworkInit,
  testMesh,
} from './recorded-network.ts'

const opened: { close(): Promise<unknown> }[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map(network => network.close()))
})

async function start(init: TestNetworkInit): Promise<RecordedNetwork> {
  const network = await startNetwork(init)
  opened.push(network)
  return network
}

/** A node without any of our rules, as an attacker would bring one. */
async function stranger() {
  const identity = await freshIdentity()
  const node = await createNode({
    identity,
    listen: [],
    announce: [],
    services: { identify: identify() },
  })
  opened.push({ close: async () => node.stop() })
  return { identity, node }
}

/** @param code Why the mesh does not take it. */
function ticketFor(
  { identity, network }: RecordedNetwork,
  mesh: TestMesh,
  code?: ErrorCode,
): Ticket {
  const secret = randomBytes(16)
  mesh.tickets.set(Buffer.from(ticketHash(nodeCrypto, secret)).toString('hex'), code)
  return {
    meshId: mesh.meshId,
    ticketId: randomBytes(8),
    secret,
    expiresAtWallMs: Date.now() + 60_000,
    peer: identity.peerId,
    addresses: network.addresses(),
  }
}

/** A frame of gossipsub that publishes one message. */
function gossipOf(topic: string, data: Uint8Array): Uint8Array {
  const field = (tag: number, bytes: Uint8Array) => Buffer.from([tag, bytes.length, ...bytes])
  const message = Buffer.concat([field(0x12, data), field(0x22, Buffer.from(topic))])
  const rpc = field(0x12, message)
  return Buffer.from([rpc.length, ...rpc])
}

const dial = (from: RecordedNetwork, to: RecordedNetwork) =>
  from.network.dial(to.identity.peerId, to.network.addresses())

async function codeOf(failing: Promise<unknown>): Promise<string> {
  try {
    await failing
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
  return 'no error'
}

describe('two members', () => {
  test('greet each other and exchange their claims', async () => {
    const mesh = testMesh()
    const a = await start({ mesh, claims: [Buffer.from('claim of a')] })
    const b = await start({ mesh, claims: [Buffer.from('claim of b')] })
    await dial(a, b)
    await b.until(() => b.connected.size === 1)

    const text = (greeting: { claims: readonly Uint8Array[] } | undefined) =>
      greeting?.claims.map(claim => Buffer.from(claim).toString())
    assert.deepEqual(text(a.connected.get(b.identity.peerId)), ['claim of b'])
    assert.deepEqual(text(b.connected.get(a.identity.peerId)), ['claim of a'])
  })

  test('carry bytes both ways on one lane, and notice when the other is gone', async () => {
    const mesh = testMesh()
    const [a, b] = [await start({ mesh }), await start({ mesh })]
    await dial(a, b)
    const channel = await a.network.openLane(b.identity.peerId)
    const received: string[] = []
    let isClosed = false
    const listener = {
      onBytes: (bytes: Uint8Array) => received.push(Buffer.from(bytes).toString()),
      onDrain: () => {},
      onClose: () => {
        isClosed = true
      },
    }
    channel.attach(listener)
    channel.send(Buffer.from('ping'))
    await b.until(() => b.lanes.length === 1)
    const other = b.lanes[0]?.channel
    await new Promise<void>(resolve => {
      other?.attach({ ...listener, onBytes: () => resolve(), onClose: () => {} })
    })

    await b.close()
    await a.until(() => a.connected.size === 0)
    assert.isTrue(isClosed)
  })

  test('hear what either gossips', async () => {
    const mesh = testMesh()
    const [a, b] = [await start({ mesh }), await start({ mesh })]
    await dial(a, b)
    await a.until(() => a.connected.size === 1)
    // Gossipsub subscribes in the background; publish until it is heard.
    const deadline = AbortSignal.timeout(10_000)
    while (b.claims.length === 0 && !deadline.aborted) {
      await a.network.publish(randomBytes(40))
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.isAbove(b.claims.length, 0)
    assert.equal(b.network.gossip().rejectedCount, 0)
  })

  test('do not pass on a claim that is not genuine', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const b = await start({ mesh, isGenuine: bytes => bytes.length !== 41 })
    await dial(a, b)
    const deadline = AbortSignal.timeout(10_000)
    while (b.network.gossip().rejectedCount === 0 && !deadline.aborted) {
      await a.network.publish(randomBytes(41))
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.isAbove(b.network.gossip().rejectedCount, 0)
    assert.deepEqual(b.claims, [])
  })
})

describe('a peer that may not come in is told why', () => {
  const cases = [
    { why: 'another mesh id', code: 'ERR_WRONG_MESH', meshId: testMesh().meshId, introduction: {} },
    {
      why: 'versions that do not meet',
      code: 'ERR_VERSION',
      introduction: { versions: { min: 7, max: 9 } },
    },
    {
      why: 'a clock an hour off',
      code: 'ERR_CLOCK_SKEW',
      introduction: { wallMs: () => Date.now() + 3_600_000 },
    },
  ]
  for (const { why, code, meshId, introduction } of cases) {
    test(why, async () => {
      const ours = testMesh()
      const a = await start({ mesh: ours })
      const mesh = meshId === undefined ? ours : { ...ours, meshId }
      const b = await start({ mesh, introduction })
      assert.equal(await codeOf(dial(b, a)), code)
      assert.equal(a.connected.size, 0)
    })
  }

  test('nobody put it on the roster', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const b = await start({ mesh, isMember: false })
    assert.equal(await codeOf(dial(b, a)), 'ERR_NOT_A_MEMBER')
    assert.equal(a.connected.size, 0)
    assert.deepEqual(
      b.expulsions.map(({ code }) => code),
      ['ERR_NOT_A_MEMBER'],
    )
  })

  test('it is denied', async () => {
    const mesh = testMesh()
    const [a, b] = [await start({ mesh }), await start({ mesh })]
    mesh.denied.add(b.identity.peerId)
    assert.equal(await codeOf(dial(b, a)), 'ERR_PEER_DENIED')
    assert.equal(a.connected.size, 0)
  })

  test('it was denied in the middle of the greeting', async () => {
    const mesh = testMesh()
    const b = await start({ mesh })
    const a = await start({
      mesh,
      // Asked for when the other has been found on the roster.
      get claims() {
        mesh.denied.add(b.identity.peerId)
        return []
      },
    })
    await codeOf(dial(b, a))
    await b.until(() => b.connected.size === 0)
    assert.equal(a.connected.size, 0)
  })

  test('whom a member dials that is none, without taking its word for our own end', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const b = await start({ mesh, isMember: false })
    assert.equal(await codeOf(dial(a, b)), 'ERR_NOT_A_MEMBER')
    assert.deepEqual([a.expulsions, b.connected.size], [[], 0])
  })

  test('the identity of a live peer', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const b = await start({ mesh })
    const twin = await start({ mesh, identity: b.identity })
    await dial(b, a)
    await a.until(() => a.connected.size === 1)
    assert.equal(await codeOf(dial(twin, a)), 'ERR_IDENTITY_IN_USE')
    assert.equal(a.connected.size, 1)
  })

  test('but a peer that has restarted is let in again', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const before = await start({ mesh })
    await dial(before, a)
    await a.until(() => a.connected.size === 1)
    await before.close()
    await a.until(() => a.connected.size === 0)
    const after = await start({ mesh, identity: before.identity })
    await dial(after, a)
    await a.until(() => a.connected.size === 1)
    assert.isTrue(after.connected.has(a.identity.peerId))
  })

  test('nobody at the address, with the port to open', async () => {
    const mesh = testMesh()
    const [a, b] = [await start({ mesh }), await start({ mesh })]
    const [address = ''] = b.network.addresses()
    await b.close()
    try {
      await a.network.dial(b.identity.peerId, [address])
      assert.fail('the dial succeeded')
    } catch (error) {
      assert.propertyVal(error, 'code', 'ERR_UNREACHABLE')
      const port = multiaddr(address).getComponents()[1]?.value
      assert.include((error as { hint: string }).hint, `TCP port ${port}`)
    }
  })
})

describe('a stranger', () => {
  test('gets no protocol but join', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const { node } = await stranger()
    let identifyCount = 0
    node.addEventListener('peer:identify', () => {
      identifyCount += 1
    })
    const target = multiaddr(a.network.addresses()[0]).encapsulate(`/p2p/${a.identity.peerId}`)
    const connection = await node.dial(target)
    // Negotiation succeeds, but nothing answers, and the connection does not last.
    const lane = await connection.newStream(LANE_PROTOCOL)
    lane.send(Buffer.from('hello?'))
    const gossip = await connection.newStream('/meshsub/1.2.0')
    gossip.send(gossipOf(claimsTopic(mesh.meshId), Buffer.from('a claim')))
    const hello = await connection.newStream(HELLO_PROTOCOL)
    hello.send(Buffer.from([3, 255, 255, 255]))
    await new Promise<void>(resolve => connection.addEventListener('close', () => resolve()))
    assert.notEqual(lane.status, 'open')
    assert.notEqual(gossip.status, 'open')
    assert.deepEqual([a.lanes.length, a.connected.size], [0, 0])
    assert.deepEqual([a.claims.length, a.network.gossip().bytesReceived], [0, 0])
    assert.equal(identifyCount, 0)
  })

  test('becomes a member with a ticket', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const identity = await freshIdentity()
    const joined = await joinMesh(identity, ticketFor(a, mesh), introduce(identity, mesh))
    assert.deepEqual(joined, {
      meshId: mesh.meshId,
      rosterIndex: 5,
      peers: [{ peer: a.identity.peerId, addresses: a.network.addresses() }],
    })

    const b = await start({ mesh, identity, isMember: false })
    await dial(b, a)
    assert.equal(b.connected.size, 1)
  })

  const wrong: { why: string; code: string; change: (ticket: Ticket) => Ticket }[] = [
    {
      why: 'another secret',
      code: 'ERR_TICKET_REJECTED',
      change: ticket => ({ ...ticket, secret: randomBytes(16) }),
    },
    {
      why: 'the address of a peer that has another identity',
      code: 'ERR_UNREACHABLE',
      change: ticket => ({
        ...ticket,
        peer: '12D3KooWJ1EE2fDgLgQvRbRkCFW4nDMPyJCBbAKBEdhqCKJuvWVC',
      }),
    },
  ]
  for (const { why, code, change } of wrong) {
    test(`is refused with a ticket that has ${why}`, async () => {
      const mesh = testMesh()
      const a = await start({ mesh })
      const identity = await freshIdentity()
      const ticket = change(ticketFor(a, mesh))
      assert.equal(await codeOf(joinMesh(identity, ticket, introduce(identity, mesh))), code)
    })
  }

  for (const code of ['ERR_TICKET_EXPIRED', 'ERR_TICKET_USED_UP', 'ERR_PEER_DENIED'] as const) {
    test(`is told ${code} if the mesh says so, and gets no further`, async () => {
      const mesh = testMesh()
      const a = await start({ mesh })
      const identity = await freshIdentity()
      const joining = joinMesh(identity, ticketFor(a, mesh, code), introduce(identity, mesh))
      assert.equal(await codeOf(joining), code)
      assert.isFalse(mesh.roster.has(identity.peerId))
    })
  }

  test('is refused with a ticket of another mesh', async () => {
    const [mesh, other] = [testMesh(), testMesh()]
    const a = await start({ mesh })
    const identity = await freshIdentity()
    const joining = joinMesh(identity, ticketFor(a, other), introduce(identity, other))
    assert.equal(await codeOf(joining), 'ERR_WRONG_MESH')
  })

  test('is told when the ticket was made by its own identity', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const joining = joinMesh(a.identity, ticketFor(a, mesh), introduce(a.identity, mesh))
    assert.equal(await codeOf(joining), 'ERR_IDENTITY_IN_USE')
  })

  test('cannot keep a join stream busy with an oversized frame', async () => {
    const mesh = testMesh()
    const a = await start({ mesh })
    const { node } = await stranger()
    const target = multiaddr(a.network.addresses()[0]).encapsulate(`/p2p/${a.identity.peerId}`)
    const connection = await node.dial(target)
    const stream = await connection.newStream(JOIN_PROTOCOL)
    const ended = new Promise<void>(resolve =>
      connection.addEventListener('close', () => resolve()),
    )
    stream.send(Buffer.from([0xff, 0xff, 0xff, 0x7f]))
    await ended
    assert.equal(a.connected.size, 0)
  })
})
