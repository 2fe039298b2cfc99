/**
 * Whole peers joined in memory: what they learn of each other, how they serve each other, and
 * what happens when links are cut or peers go.
 */
import { assert, describe, test } from 'vitest'
import { decodeTicket } from '../../src/node/ticket.ts'
import { endlessAnswer, MODEL, never, textOf } from './fake-runtime.ts'
import { MemoryPeers, seen, type TestPeer } from './memory-peers.ts'
import { failure, request, STAY } from './router-scene.ts'
import { rejection, turns, until } from './until.ts'

const serving = { models: [MODEL] }

/** Who serves this many requests, one after the other, asked of one peer. */
async function servers(at: TestPeer, count: number): Promise<Set<string>> {
  const peers = new Set<string>()
  for (let left = count; left > 0; left -= 1) {
    const answer = await at.peer.dispatch(request, STAY)
    await textOf(answer)
    peers.add(answer.peer)
  }
  return peers
}

async function outcomeOf({ peer }: TestPeer): Promise<string | undefined> {
  return peer.decisions(1)[0]?.outcome
}

describe('peers that meet', () => {
  test('know each other’s models and addresses', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    assert.deepEqual(
      seen(a, b)?.facts?.models.map(({ id }) => id),
      [MODEL],
    )
    assert.deepEqual(seen(b, a)?.facts?.addresses, a.network.addresses())
    assert.deepEqual(
      a.peer.models().map(({ id, peers }) => [id, peers]),
      [[MODEL, [b.id]]],
    )
  })

  test('learn of those they have not met from those they have, and dial them', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({}, {}, {})) as [TestPeer, TestPeer, TestPeer]
    assert.isTrue(seen(b, c)?.isConnected)
    assert.isTrue(seen(c, b)?.isConnected)
    assert.isTrue(seen(a, c)?.isConnected)
  })

  test('hear when models change', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    b.runtime.serve('new')
    await mesh.until(() => a.peer.models().some(({ id }) => id === 'new'))
  })

  test('hear how busy the other is while it works, and that it is idle after', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    b.runtime.answer = async (_, signal) => endlessAnswer(signal)
    const running = () => seen(a, b)?.load.models[0]?.runningCount
    const client = new AbortController()
    await a.peer.dispatch(request, client.signal)
    await mesh.until(() => running() === 1)
    await mesh.pass(1_000)
    // Nobody asks for anything more: the load is told because the request was given up.
    client.abort()
    await mesh.pass(300)
    assert.equal(running(), 0)
  })

  test('hear what nobody asked for, such as the memory of a GPU', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    await mesh.pass(5_000)
    const change = { vramTotalBytes: 100, utilizationRatio: 1, isThrottled: false, isFaulty: true }
    b.gpus.push({ name: 'H200', vramUsedBytes: 90, ...change })
    await mesh.pass(2_100)
    assert.equal(seen(a, b)?.load.gpus[0]?.vramUsedBytes, 90)
  })
})

describe('a request', () => {
  test('through one peer is served by another', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    const answer = await a.peer.dispatch(request, STAY)
    assert.deepEqual([answer.peer, answer.status, await textOf(answer)], [b.id, 200, 'hello'])
    assert.deepInclude(b.runtime.requests[0], {
      endpoint: 'chat/completions',
      model: MODEL,
      headers: { 'x-request-id': 'r1' },
    })
    assert.equal(a.peer.decision(answer.decisionId)?.outcome, 'answered')
  })

  test('fails on one peer and is served by the next', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({}, serving, serving)) as [TestPeer, TestPeer, TestPeer]
    b.runtime.answer = () => Promise.reject(failure('ERR_OVERLOADED', { retryAfterMs: 2_000 }))
    assert.deepEqual([...(await servers(a, 8))], [c.id])
  })

  test('of a client that leaves frees the engine of the other peer', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    b.runtime.answer = (_, signal) => never(signal)
    const client = new AbortController()
    const asking = rejection(a.peer.dispatch(request, client.signal))
    await until(() => b.runtime.runningCount === 1)
    client.abort()
    await until(() => b.runtime.runningCount === 0)
    await asking
    assert.equal(await outcomeOf(a), 'cancelled')
  })
})

describe('a link that is cut', () => {
  test('sends the next requests elsewhere, and they return when it is healed', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({}, serving, serving)) as [TestPeer, TestPeer, TestPeer]
    assert.deepEqual([...(await servers(a, 40))].toSorted(), [b.id, c.id].toSorted())

    mesh.world.cut(a.id, b.id)
    await turns(2)
    assert.deepEqual([...(await servers(a, 40))], [c.id])
    assert.equal(seen(a, b)?.isConnected, false)

    mesh.world.heal(a.id, b.id)
    await mesh.until(() => seen(a, b)?.isConnected === true && seen(a, b)?.status === 'alive')
    mesh.world.cut(a.id, c.id)
    await turns(2)
    assert.deepEqual([...(await servers(a, 40))], [b.id])
  })

  test('before the head of an answer costs nothing: another peer serves', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({}, serving, serving)) as [TestPeer, TestPeer, TestPeer]
    const stuck: TestPeer[] = []
    for (const each of [b, c]) {
      each.runtime.answer = (_, signal) => {
        stuck.push(each)
        return never(signal)
      }
    }
    const asking = a.peer.dispatch(request, STAY)
    await until(() => stuck.length === 1)
    const other = stuck[0] === b ? c : b
    other.runtime.answer = async (_, signal) => endlessAnswer(signal)
    mesh.world.cut(a.id, stuck[0]?.id ?? '')
    assert.equal((await asking).peer, other.id)
    await until(() => stuck[0]?.runtime.runningCount === 0)
  })

  test('in the middle of an answer ends it for the reader, with what came counted', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    b.runtime.answer = async (_, signal) => endlessAnswer(signal)
    const { chunks } = await a.peer.dispatch(request, STAY)
    const iterator = chunks[Symbol.asyncIterator]()
    await iterator.next()
    mesh.world.cut(a.id, b.id)
    const error = await rejection(iterator.next())
    assert.propertyVal(error, 'code', 'ERR_PEER_LOST')
    assert.deepInclude(error, { details: { bytesReceived: 5 } })
    assert.equal(await outcomeOf(a), 'failed')
  })

  test('leaves a peer suspect and then dead, and nothing serves the model', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    mesh.world.cut(a.id, b.id)
    await mesh.until(() => seen(a, b)?.status === 'dead')
    assert.deepEqual(a.events, [`peer-alive ${b.id}`, `peer-suspect ${b.id}`, `peer-dead ${b.id}`])
    assert.deepEqual(a.peer.models(), [])
    const error = await rejection(a.peer.dispatch(request, STAY))
    assert.propertyVal(error, 'code', 'ERR_NO_CAPACITY')
  })
})

describe('a peer that goes', () => {
  test('has left at once for all others, and holds nothing any more', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    await b.peer.close()
    await until(() => seen(a, b)?.status === 'left')
    assert.deepEqual(a.events, [`peer-alive ${b.id}`, `peer-left ${b.id}`])
    assert.isTrue(b.runtime.isClosed)
    await a.peer.close()
    assert.equal(mesh.clock.wakeCount, 0)
  })

  test('waits a moment for the goodbye to be heard, no longer', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    // Connected, with a lane, and says nothing.
    const mute = mesh.world.start({
      peer: 'zzz',
      claims: () => [],
      events: {
        connected: () => {},
        disconnected: () => {},
        laneOpened: () => {},
        claimHeard: () => {},
        expelled: () => {},
      },
    })
    await mute.dial(b.id)
    await until(() => b.network.opens.includes('zzz'))
    await turns(4)
    let isClosed = false
    const closing = b.peer.close().then(() => {
      isClosed = true
    })
    await turns(10)
    assert.isFalse(isClosed)
    assert.equal(seen(a, b)?.status, 'left')
    mesh.clock.advance(1_500)
    await closing
    assert.deepEqual(mesh.fatal, [])
  })

  test('lets go of its engines even if the network does not close', async () => {
    const mesh = new MemoryPeers()
    const a = await mesh.start(serving)
    a.network.close = () => Promise.reject(new Error('a socket is stuck'))
    assert.propertyVal(await rejection(a.peer.close()), 'message', 'a socket is stuck')
    assert.isTrue(a.runtime.isClosed)
  })

  test('first drains: it takes nothing new, and ends what it has', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    b.runtime.answer = async (_, signal) => endlessAnswer(signal)
    const client = new AbortController()
    await a.peer.dispatch(request, client.signal)
    await until(() => b.runtime.runningCount === 1)
    let isDrained = false
    const draining = b.peer.drain(60_000).then(() => {
      isDrained = true
    })
    assert.deepEqual(b.peer.readiness(), { isReady: false, problems: ['The peer is stopping.'] })
    await mesh.pass(1_000)
    assert.equal(seen(a, b)?.load.isDraining, true)
    const error = await rejection(a.peer.dispatch(request, STAY))
    assert.propertyVal(error, 'code', 'ERR_NO_CAPACITY')
    assert.isFalse(isDrained)

    client.abort()
    await mesh.until(() => isDrained)
    await draining
  })

  test('drains no longer than it may', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, serving)) as [TestPeer, TestPeer]
    b.runtime.answer = async (_, signal) => endlessAnswer(signal)
    await a.peer.dispatch(request, STAY)
    await until(() => b.runtime.runningCount === 1)
    const startMs = mesh.clock.nowMs()
    let isDrained = false
    b.peer.drain(1_000).then(() => {
      isDrained = true
    }, assert.fail)
    await mesh.until(() => isDrained)
    assert.isAtLeast(mesh.clock.nowMs() - startMs, 1_000)
    assert.isAtMost(mesh.clock.nowMs() - startMs, 1_100)
  })
})

describe('a peer', () => {
  test('is ready when its engines are, or when another offers a model', async () => {
    const mesh = new MemoryPeers()
    const slow = await mesh.start({ starting: signal => never(signal) })
    assert.isFalse(slow.peer.readiness().isReady)
    const b = await mesh.start(serving)
    assert.deepEqual(b.peer.readiness(), { isReady: true, problems: [] })
    await b.network.dial(slow.id)
    await mesh.until(() => slow.peer.models().length === 1)
    assert.isTrue(slow.peer.readiness().isReady)
  })

  test('is not ready while no peer offers a model', async () => {
    const mesh = new MemoryPeers()
    const a = await mesh.start()
    assert.deepEqual(a.peer.readiness().problems, ['No peer that is alive offers a model.'])
    const b = await mesh.start(serving)
    await a.network.dial(b.id)
    await mesh.until(() => a.peer.readiness().isReady)
  })

  test('tells no more addresses than others take', async () => {
    const mesh = new MemoryPeers()
    const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
    const many = Array.from({ length: 40 }, (_, index) => `/ip4/10.0.0.${index}/tcp/1`)
    b.network.addresses = () => many
    b.runtime.serve('new')
    await mesh.until(() => a.peer.models().length === 1)
    assert.deepEqual(seen(a, b)?.facts?.addresses, many.slice(0, 16))
  })

  test('makes tickets that lead to it, if it has an address', async () => {
    const mesh = new MemoryPeers()
    const a = await mesh.start({ isFounder: true })
    a.network.addresses = () => ['/ip4/10.0.0.5/tcp/7734']
    const ticket = decodeTicket(await a.peer.invite({ validForMs: 1_000 }))
    assert.deepInclude(ticket, { peer: a.id, meshId: a.peer.meshId })
    assert.equal(ticket.expiresAtWallMs, mesh.clock.wallMs() + 1_000)
    a.network.addresses = () => []
    assert.propertyVal(await rejection(a.peer.invite({})), 'code', 'ERR_UNREACHABLE')
  })

  test('remembers where the others are, those alive first', async () => {
    const mesh = new MemoryPeers()
    const [a, b, c] = (await mesh.startMesh({}, {}, {})) as [TestPeer, TestPeer, TestPeer]
    await b.peer.close()
    await until(() => seen(a, b)?.status === 'left')
    assert.deepEqual(a.peer.addressBook(), [
      { peer: c.id, addresses: c.network.addresses() },
      { peer: b.id, addresses: b.network.addresses() },
    ])
  })
})
