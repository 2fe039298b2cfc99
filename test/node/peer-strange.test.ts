/**
 * A member that does not keep to the rules: whatever it sends, the others go on.
 */
import { assert, describe, test } from 'vitest'
import { NO_LOAD } from '../../src/core/peer-state.ts'
import { CLAIM_METHOD } from '../../src/node/lane-call.ts'
import { Lanes } from '../../src/node/lanes.ts'
import { signClaim } from '../../src/node/signed-claims.ts'
import { skein } from '../../src/protocols/gen/messages.js'
import { laneOptions } from '../../src/protocols/options.ts'
import { claimOf } from './claims.ts'
import { answerOf, MODEL, modelFacts, textOf } from './fake-runtime.ts'
import type { MemoryNetwork } from './memory-network.ts'
import { MemoryPeers, seen, type TestPeer } from './memory-peers.ts'
import { freshIdentity, silent } from './recorded-network.ts'
import { request, STAY } from './router-scene.ts'
import { rejection, turns, until } from './until.ts'

/** A member of the mesh that does by hand what others do by rule. */
async function strange(mesh: MemoryPeers, greeting: readonly Uint8Array[] = []) {
  const identity = await freshIdentity()
  const self = identity.peerId
  let network: MemoryNetwork | undefined
  const lanes = new Lanes(
    {
      self,
      clock: mesh.clock,
      logger: silent,
      connect: () => Promise.resolve(),
      open: peer => network?.openLane(peer) ?? Promise.reject(new Error('no network')),
      serve: async () => answerOf('served all the same'),
      trailer: () => Buffer.from('this is no load report'),
      onTrailer: () => {},
      onMessage: () => {},
      onLongMessage: () => {},
      onHeard: () => {},
      onLane: () => {},
    },
    laneOptions.parse({}),
  )
  network = mesh.world.start({
    peer: self,
    claims: () => greeting,
    events: {
      connected: peer => lanes.connected(peer),
      disconnected: peer => lanes.disconnected(peer),
      laneOpened: (peer, channel) => lanes.accept(peer, channel),
      claimHeard: () => {},
      expelled: () => {},
    },
  })
  return { identity, lanes, network }
}

/** What is no claim of its author, in every way we know. */
async function badClaims(about: TestPeer): Promise<Uint8Array[]> {
  const { privateKey } = await freshIdentity()
  const leaving = claimOf(about.id, { incarnation: 1e15, isLeaving: true })
  const forged = await signClaim(leaving, privateKey)
  const { claim } = skein.SignedClaim.decode(forged)
  const unsigned = skein.SignedClaim.encode({ claim, signature: new Uint8Array(3) }).finish()
  return [forged, unsigned, new Uint8Array(0), Buffer.from('garbage'), new Uint8Array(9_999)]
}

type Stranger = Awaited<ReturnType<typeof strange>>

const ways = {
  'a greeting': async () => {},
  gossip: async ({ network }: Stranger, bad: readonly Uint8Array[]) => {
    for (const bytes of bad) await network.publish(bytes)
  },
  'a lane': async ({ network, lanes }: Stranger, bad: readonly Uint8Array[]) => {
    const [peer = ''] = network.connected
    for (const body of bad) {
      const call = { method: CLAIM_METHOD, headers: {}, body }
      assert.equal((await lanes.request(peer, call, STAY)).status, 204)
    }
  },
}

describe('claims that are none', () => {
  for (const [way, send] of Object.entries(ways)) {
    test(`change nothing when they come by ${way}`, async () => {
      const mesh = new MemoryPeers()
      const [a, b] = (await mesh.startMesh({}, {})) as [TestPeer, TestPeer]
      const bad = await badClaims(b)
      const stranger = await strange(mesh, bad)
      await stranger.network.dial(a.id)
      await until(() => stranger.lanes.peers().length === 1)
      await send(stranger, bad)
      await turns(10)
      assert.deepEqual([a.peer.nodes().length, seen(a, b)?.status], [2, 'alive'])
      assert.deepEqual(mesh.fatal, [])
      await mesh.pass(3_000)
      assert.equal(seen(a, b)?.status, 'alive')
    })
  }
})

describe('a load report that cannot be read', () => {
  test('costs the report, not the answer it came with', async () => {
    const mesh = new MemoryPeers()
    const a = await mesh.start()
    const { identity, network } = await strange(mesh)
    await network.dial(a.id)
    const facts = { version: '1', name: 'odd', zone: '', labels: {}, addresses: [] }
    const claim = claimOf(identity.peerId, {
      facts: { ...facts, models: [modelFacts(MODEL)] },
      load: NO_LOAD,
    })
    await network.publish(await signClaim(claim, identity.privateKey))
    await until(() => a.peer.models().length === 1)
    const answer = await a.peer.dispatch(request, STAY)
    assert.equal(await textOf(answer), 'served all the same')
    assert.deepEqual(mesh.fatal, [])
  })
})

describe('a call with a method of a later version', () => {
  test('is refused, with the methods there are', async () => {
    const mesh = new MemoryPeers()
    const a = await mesh.start({ models: [MODEL] })
    const { lanes, network } = await strange(mesh)
    await network.dial(a.id)
    await until(() => lanes.peers().length === 1)
    const call = { method: 'responses', headers: {}, body: new Uint8Array(0) }
    const error = (await rejection(lanes.request(a.id, call, STAY))) as Error
    assert.propertyVal(error, 'code', 'ERR_INVALID_REQUEST')
    assert.include(error.message, 'chat/completions, completions, embeddings')
    assert.lengthOf(a.runtime.requests, 0)
  })
})
