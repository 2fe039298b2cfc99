/**
 * Whole peers joined in memory: one has another act on its models.
 */
import { assert, describe, test } from 'vitest'
import { hasCode, MeshError } from '../../src/core/errors.ts'
import type { RuntimeControl } from '../../src/node/runtime.ts'
import { MODEL } from './fake-runtime.ts'
import { MemoryPeers, type TestPeer } from './memory-peers.ts'
import { STAY } from './router-scene.ts'
import { rejection } from './until.ts'

async function twoPeers(act: RuntimeControl['act']): Promise<[TestPeer, TestPeer]> {
  const mesh = new MemoryPeers()
  const [a, b] = (await mesh.startMesh({}, { models: [MODEL] })) as [TestPeer, TestPeer]
  const control: RuntimeControl = { actions: () => ['unload'], act, loras: async () => [] }
  Object.assign(b.runtime, { control })
  return [a, b]
}

describe('a peer', () => {
  test('has the peer that serves a model act on it', async () => {
    const acted: string[] = []
    const [a, b] = await twoPeers(async (model, action) => {
      acted.push(`${action} ${model}`)
    })
    const done = await a.peer.control.act({ model: MODEL, action: 'unload' }, STAY)
    assert.deepEqual(done, { peer: b.id, unready: undefined })
    assert.deepEqual(acted, [`unload ${MODEL}`])
  })

  test('is told why the other will not', async () => {
    const [a, b] = await twoPeers(() => {
      const details = { requests: 3 }
      throw new MeshError('expected no request', { code: 'ERR_MODEL_IN_USE', details })
    })
    const asked = { model: MODEL, action: 'unload', peer: b.id } as const
    const error = await rejection(a.peer.control.act(asked, STAY))
    assert.isTrue(hasCode(error, 'ERR_MODEL_IN_USE'))
    assert.deepInclude((error as MeshError).details, { requests: 3 })
    const other = await rejection(a.peer.control.act({ ...asked, action: 'sleep' }, STAY))
    assert.isTrue(hasCode(other, 'ERR_NOT_SUPPORTED'))
  })
})
