/**
 * The way back to the mesh: whom a peer dials after a start, and what it writes down for the next.
 */
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import { KnownPeers } from '../../src/node/known-peers.ts'
import type { Disk } from '../../src/node/storage/disk.ts'
import type { KnownPeer, MeshMemory } from '../../src/node/storage/mesh-file.ts'
import { loadMesh } from '../../src/node/storage/mesh-file.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { silent } from './recorded-network.ts'
import { turns } from './until.ts'

const known = (peer: string): KnownPeer => ({
  peer,
  addresses: [`/ip4/10.0.0.1/tcp/1/p2p/${peer}`],
})

class Scene {
  readonly clock = new ManualClock()
  readonly files = new Map<string, Uint8Array>()
  writeCount = 0
  isDiskFull = false
  members: KnownPeer[] = []
  readonly dialed: string[] = []
  /** Who answers. */
  readonly reachable = new Set<string>()
  /** Who says that our identity is in use. */
  twinSeenBy: string | undefined
  aloneCount = 0
  readonly peers: KnownPeers

  readonly disk: Disk = {
    read: async name => this.files.get(name),
    write: async (name, bytes) => {
      if (this.isDiskFull) throw new Error('no space')
      this.writeCount += 1
      this.files.set(name, bytes)
    },
  }

  constructor(...remembered: readonly string[]) {
    const memory: MeshMemory = {
      meshId: '00'.repeat(16),
      rosterIndex: 0,
      incarnation: 1,
      peers: remembered.map(known),
    }
    this.peers = new KnownPeers({
      memory,
      disk: this.disk,
      clock: this.clock,
      logger: silent,
      network: {
        dial: async peer => {
          this.dialed.push(peer)
          if (peer === this.twinSeenBy) {
            throw new MeshError('expected one, found two', { code: 'ERR_IDENTITY_IN_USE' })
          }
          if (!this.reachable.has(peer)) throw new Error('unreachable')
          this.members.push(known(peer))
        },
      },
      incarnation: () => 2,
      members: () => this.members,
      onAlone: () => {
        this.aloneCount += 1
      },
    })
  }

  async pass(durationMs: number): Promise<void> {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= 500) {
      this.clock.advance(500)
      await turns(6)
    }
  }

  async written(): Promise<readonly string[]> {
    const memory = await loadMesh(this.disk)
    assert.equal(memory?.incarnation, 2)
    return (memory?.peers ?? []).map(({ peer }) => peer)
  }
}

describe('dialling', () => {
  test('begins at once and goes on, ever more rarely, until a peer is met', async () => {
    const scene = new Scene('a', 'b')
    scene.reachable.add('a')
    void scene.peers.start()
    await turns(6)
    assert.deepEqual(scene.dialed, ['a', 'b'])

    await scene.pass(60_000)
    const again = scene.dialed.slice(2)
    assert.deepEqual(new Set(again), new Set(['b']))
    assert.equal(again.length, 3, 'after 5, 10 and 20 s')

    scene.reachable.add('b')
    await scene.pass(60_000)
    const dialCount = scene.dialed.length
    await scene.pass(300_000)
    assert.equal(scene.dialed.length, dialCount)
    assert.equal(scene.aloneCount, 0)
  })

  test('that nobody answers is told, once', async () => {
    const scene = new Scene('a', 'b')
    void scene.peers.start()
    await scene.pass(120_000)
    assert.equal(scene.aloneCount, 1)
  })

  test('finds out that another process has our identity', async () => {
    const scene = new Scene('a', 'b')
    scene.twinSeenBy = 'b'
    const started = scene.peers.start().catch((error: unknown) => error)
    assert.propertyVal(await started, 'code', 'ERR_IDENTITY_IN_USE')
    await scene.peers.close()
  })

  test('of nobody is not told: a mesh of one is not alone', async () => {
    const scene = new Scene()
    void scene.peers.start()
    await scene.pass(120_000)
    assert.equal(scene.aloneCount, 0)
    assert.isEmpty(scene.dialed)
  })

  test('ends with the peer', async () => {
    const scene = new Scene('a')
    void scene.peers.start()
    await scene.pass(1_000)
    await scene.peers.close()
    await scene.pass(120_000)
    assert.equal(scene.dialed.length, 1)
    assert.equal(scene.clock.wakeCount, 0)
  })
})

describe('what is written down', () => {
  test('follows the members while the peer runs, and keeps those not met yet', async () => {
    const scene = new Scene('old')
    void scene.peers.start()
    await scene.pass(2_000)
    scene.members.push(known('new'))
    await scene.pass(2_500)
    assert.deepEqual(await scene.written(), ['new', 'old'])
  })

  test('forgets a peer that was met and is no member any more', async () => {
    const scene = new Scene('gone')
    scene.reachable.add('gone')
    void scene.peers.start()
    await scene.pass(3_000)
    scene.members = [known('other')]
    await scene.pass(3_000)
    assert.deepEqual(await scene.written(), ['other'])
  })

  test('is written only when it has changed', async () => {
    const scene = new Scene('a')
    await scene.peers.save()
    void scene.peers.start()
    await scene.pass(60_000)
    assert.equal(scene.writeCount, 1)
  })

  test('is tried again after a failure', async () => {
    const scene = new Scene()
    void scene.peers.start()
    scene.members.push(known('a'))
    scene.isDiskFull = true
    await scene.pass(10_000)
    scene.isDiskFull = false
    await scene.pass(3_000)
    assert.deepEqual(await scene.written(), ['a'])
  })
})
