/**
 * Which mesh a peer belongs to when it starts, also if the start before it came to nothing.
 */
import { assert, describe, test } from 'vitest'
import { enterMesh } from '../../src/node/enter-mesh.ts'
import { systemEntropy } from '../../src/node/entropy.ts'
import type { Disk } from '../../src/node/storage/disk.ts'
import { loadIdentity } from '../../src/node/storage/identity.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'

function memoryDisk(): Disk {
  const files = new Map<string, Uint8Array>()
  return {
    read: async name => files.get(name),
    write: async (name, bytes) => {
      files.set(name, bytes)
    },
  }
}

async function up(disk: Disk) {
  return await enterMesh(
    { type: 'up' },
    {
      ...{ disk, identity: await loadIdentity(disk), clock: new ManualClock() },
      ...{ entropy: systemEntropy, onProgress: () => {} },
      hasLog: async () => false,
      putLogAside: async () => {},
    },
  )
}

describe('a peer that begins a mesh', () => {
  test('goes on with it if its first start fails after this', async () => {
    const disk = memoryDisk()
    const begun = await up(disk)
    assert.deepEqual(await up(disk), begun)
    assert.deepEqual([begun.rosterIndex, begun.peers], [0, []])
  })

  test('begins another than others do', async () => {
    const { meshId } = await up(memoryDisk())
    assert.notEqual((await up(memoryDisk())).meshId, meshId)
  })
})
