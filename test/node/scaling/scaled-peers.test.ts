/**
 * Whole peers in memory, each with scaling: a cold model is loaded and unloaded as demand has it, by
 * one of them.
 */
import { assert, describe, test } from 'vitest'
import { createMetrics } from '../../../src/node/metrics.ts'
import { scalingOptions } from '../../../src/node/scaling/options.ts'
import { startScaling } from '../../../src/node/scaling/start-scaling.ts'
import { agreedPeers, change, everyone, put } from '../agreed-peers.ts'
import { MODEL } from '../fake-runtime.ts'
import { MemoryPeers, type TestPeer } from '../memory-peers.ts'
import { silent } from '../recorded-network.ts'

const COOLDOWN_MS = 30_000

const LOOK_MS = 1_000

/** Enough for whatever is due: the cooldown, and what comes before. */
const LONG_MS = COOLDOWN_MS + 15_000

/** An engine that has its model in memory or not, and is asked for it as a test says. */
interface Engine {
  isLoaded: boolean
  queuedCount: number
}

interface Scene {
  readonly mesh: MemoryPeers
  readonly peers: readonly [TestPeer, TestPeer, TestPeer]
  readonly engines: readonly [Engine, Engine, Engine]
  /** `<action> <place of the peer>` in the order in which engines were told. */
  readonly acted: string[]
  /** Who has the model in memory. */
  readonly loaded: () => readonly number[]
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** @param placement Of the model. The first peer has it in memory. */
async function scene(placement: object | undefined): Promise<Scene> {
  const mesh = new MemoryPeers()
  const serving = { models: [MODEL] }
  const peers = await agreedPeers(mesh, [serving, serving, serving])
  const acted: string[] = []
  const engines = peers.map((peer, place) => {
    const engine: Engine = { isLoaded: place === 0, queuedCount: 0 }
    equip(peer, engine, action => acted.push(`${action} ${place}`))
    return engine
  }) as unknown as Scene['engines']
  const rule = { holdMs: 2_000, cooldownMs: COOLDOWN_MS }
  await change(mesh, peers[0], put('settings', 'scaling', rule))
  if (placement !== undefined) await change(mesh, peers[0], put('placements', MODEL, placement))
  await everyone(mesh, peers, ({ peer }) => peer.policy.raft().voters.length === 3)
  const stops = peers.map(({ peer }) =>
    startScaling(scalingOptions.parse({ intervalMs: LOOK_MS }), {
      ...{ peer, clock: mesh.clock, logger: silent, metrics: createMetrics(), newId: () => 'id' },
    }),
  )
  return {
    ...{ mesh, peers, engines, acted },
    loaded: () => engines.flatMap(({ isLoaded }, place) => (isLoaded ? [place] : [])),
    [Symbol.asyncDispose]: async () => {
      for (const stop of stops) await stop()
    },
  }
}

function equip({ runtime }: TestPeer, engine: Engine, onAct: (action: string) => void): void {
  const load = runtime.load.bind(runtime)
  const control = {
    actions: () => ['load', 'unload'],
    act: async (_: string, action: string) => {
      onAct(action)
      engine.isLoaded = action === 'load'
    },
    loras: async () => [],
  }
  const state = () => ({
    queuedCount: engine.queuedCount,
    unready: engine.isLoaded ? undefined : { state: 'cold' },
  })
  Object.assign(runtime, {
    control,
    load: () => ({ ...load(), models: load().models.map(model => ({ ...model, ...state() })) }),
  })
}

const scaled = ({ peer }: TestPeer) =>
  peer.events.since().flatMap(({ event, facts }) => (event === 'model-scaled' ? [facts] : []))

describe('a model with a placement', () => {
  test('is loaded as demand rises and unloaded as it falls, one at a time, by the leader', async () => {
    await using world = await scene({ minReplicas: 1, maxReplicas: 3 })
    const { mesh, peers, engines, acted, loaded } = world
    const [leader, ...others] = peers
    const upTo = async (count: number) => {
      await mesh.until(() => loaded().length === count)
      const actedCount = acted.length
      // All see the same, and each would do the same about it.
      await mesh.pass(COOLDOWN_MS / 2)
      assert.lengthOf(acted, actedCount)
    }
    engines[0].queuedCount = 100
    for (const count of [2, 3]) await upTo(count)
    engines[0].queuedCount = 0
    for (const count of [2, 1]) await upTo(count)
    await mesh.pass(LONG_MS)
    assert.lengthOf(loaded(), 1)
    const actions = ['load', 'load', 'unload', 'unload']
    assert.deepEqual(
      scaled(leader).map(({ action }) => action),
      actions,
    )
    assert.deepEqual(others.flatMap(scaled), [])
    assert.lengthOf(acted, actions.length)
  })

  test('is loaded no more often than its placement lets it', async () => {
    await using world = await scene({ maxReplicas: 2 })
    const { mesh, engines, acted, loaded } = world
    engines[0].queuedCount = 100
    await mesh.until(() => loaded().length === 2)
    await mesh.pass(LONG_MS)
    await mesh.pass(LONG_MS)
    assert.deepEqual(acted, [`load ${loaded()[1]}`])
  })

  test('is loaded at a peer that its placement names, once it does', async () => {
    await using world = await scene(undefined)
    const { mesh, peers, acted } = world
    await mesh.pass(LONG_MS)
    assert.deepEqual(acted, [])
    const pinned = { peers: [peers[2].id], minReplicas: 1 }
    await change(mesh, peers[0], put('placements', MODEL, pinned))
    await mesh.pass(LONG_MS)
    assert.deepEqual(acted, ['load 2'])
  })

  test('is not unloaded where requests run', async () => {
    await using world = await scene({ maxReplicas: 3 })
    const { mesh, peers, engines, acted, loaded } = world
    for (const engine of engines) engine.isLoaded = true
    const [first, second, third] = peers
    for (const { runtime } of [first, third]) runtime.runningCount = 1
    await mesh.until(() => loaded().length === 2)
    await mesh.pass(LONG_MS)
    assert.deepEqual(acted, ['unload 1'])
    assert.equal(second.runtime.runningCount, 0)
  })

  test('is loaded by who leads next, if the leader and its replica are lost', async () => {
    await using world = await scene({ minReplicas: 1 })
    const { mesh, peers, acted, loaded } = world
    await mesh.pass(LONG_MS)
    assert.deepEqual(acted, [])
    let isClosed = false
    const closing = peers[0].peer.close().finally(() => {
      isClosed = true
    })
    await mesh.until(() => isClosed)
    await closing
    await mesh.until(() => loaded().length === 2)
    await mesh.pass(LONG_MS)
    assert.lengthOf(acted, 1)
    assert.deepEqual(
      peers
        .slice(1)
        .flatMap(scaled)
        .map(({ action }) => action),
      ['load'],
    )
  })
})

describe('a model without a placement that names replicas', () => {
  for (const placement of [undefined, { labels: {} }]) {
    test(`is left alone if ${placement === undefined ? 'it has none' : 'it names none'}`, async () => {
      await using world = await scene(placement)
      const { mesh, engines, acted } = world
      engines[0].queuedCount = 100
      await mesh.pass(LONG_MS)
      engines[0].queuedCount = 0
      engines[1].isLoaded = true
      await mesh.pass(LONG_MS)
      assert.deepEqual(acted, [])
    })
  }
})
