/**
 * Who acts, and what becomes of it: events, metrics, deadlines.
 */
import { assert, describe, test } from 'vitest'
import { settingDefaults } from '../../../src/consensus/policy/kinds/settings.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import type { ModelActionRequest } from '../../../src/node/model-control.ts'
import { ReplicaKeeper } from '../../../src/node/scaling/replica-keeper.ts'
import type { PlacedModel } from '../../../src/scheduler/replica-planner.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'
import { MODEL, never } from '../fake-runtime.ts'
import { silent } from '../recorded-network.ts'
import { turns } from '../until.ts'

const TIMEOUT_MS = 30_000

const COOLDOWN_MS = settingDefaults.scaling.cooldownMs

/** It is cold at one peer, and wanted. */
const WANTED: PlacedModel = {
  ...{
    model: MODEL,
    limits: { replicasMin: 1, replicasMax: 1 },
    priority: 1,
    direction: undefined,
  },
  replicas: [{ peer: 'p', state: 'cold', liveCount: 0, hotPrefixCount: 0, headroomRatio: 1 }],
}

type Role = 'leader' | 'follower'

function scene() {
  const clock = new ManualClock()
  const metrics = createMetrics()
  const asked: ModelActionRequest[] = []
  const events: unknown[] = []
  const raft: { role: Role; term: number; catchUp: () => Promise<void> } = {
    ...{ role: 'leader', term: 1, catchUp: async () => {} },
  }
  const engine = { act: async (_: AbortSignal, _action: ModelActionRequest['action']) => {} }
  const keeper = new ReplicaKeeper(
    {
      ...{ clock, metrics, logger: silent },
      agreement: {
        status: () => raft as never,
        catchUp: () => raft.catchUp(),
        views: { setting: name => settingDefaults[name] },
      },
      control: {
        act: async (request, signal) => {
          asked.push(request)
          await engine.act(signal, request.action)
          return { peer: 'p', unready: undefined }
        },
      },
      onEvent: (event, facts) => events.push({ event, ...facts }),
    },
    TIMEOUT_MS,
  )
  const look = async (seen = WANTED) => {
    keeper.look(() => [seen])
    await turns(4)
  }
  const counted = async () => {
    const { values } = await metrics.scaling.actions.get()
    // What has not happened yet is told as 0.
    const counts = values.filter(({ value }) => value > 0)
    return counts.map(({ labels, value }) => `${labels.action} ${labels.outcome} ${value}`)
  }
  return { clock, asked, events, raft, engine, keeper, look, counted }
}

/** One that leads, and has looked once. */
async function led() {
  const made = scene()
  await made.look()
  return made
}

const action = { model: MODEL, action: 'load', peer: 'p' } as const

describe('the keeper', () => {
  test('acts if it leads, from its second look on, and tells of it', async () => {
    const { asked, events, look, counted } = scene()
    await look()
    assert.deepEqual(asked, [])
    await look()
    assert.deepEqual(asked, [action])
    assert.deepEqual(events, [{ event: 'model-scaled', ...action }])
    assert.deepEqual(await counted(), ['load done 1'])
  })

  test('does not even look if it does not lead', async () => {
    const { raft, keeper } = await led()
    raft.role = 'follower'
    keeper.look(() => assert.fail('expected nobody to ask'))
    keeper.look(() => assert.fail('expected nobody to ask'))
  })

  test('begins anew if it leads again, or in another term', async () => {
    const { asked, raft, look } = await led()
    raft.role = 'follower'
    await look()
    raft.role = 'leader'
    await look()
    raft.term = 2
    await look()
    assert.deepEqual(asked, [])
    await look()
    assert.lengthOf(asked, 1)
  })

  test('does nothing if no majority confirms that it leads', async () => {
    const { asked, raft, look, counted } = await led()
    raft.catchUp = () => Promise.reject(new MeshError('none', { code: 'ERR_NO_QUORUM' }))
    await look()
    assert.deepEqual(asked, [])
    assert.deepEqual(await counted(), ['load dropped 1'])
  })

  for (const [name, change] of [
    ['leads no more', { role: 'follower' }],
    ['leads in another term', { term: 2 }],
  ] as const) {
    test(`does nothing if it ${name} by the time a majority has answered`, async () => {
      const { asked, raft, look, counted } = await led()
      raft.catchUp = async () => {
        Object.assign(raft, change)
      }
      await look()
      assert.deepEqual(asked, [])
      assert.deepEqual(await counted(), ['load dropped 1'])
    })
  }

  test('tells what failed, and tries again no sooner than the cooldown', async () => {
    const { clock, asked, events, engine, look, counted } = await led()
    engine.act = () => Promise.reject(new MeshError('broken', { code: 'ERR_ENGINE' }))
    await look()
    assert.deepEqual(events, [{ event: 'model-not-scaled', ...action, code: 'ERR_ENGINE' }])
    clock.advance(COOLDOWN_MS - 1)
    await look()
    assert.lengthOf(asked, 1)
    clock.advance(1)
    await look()
    assert.lengthOf(asked, 2)
    assert.deepEqual(await counted(), ['load failed 2'])
  })

  test('has a model warmed that its engine cannot load on request, but unloads none otherwise', async () => {
    const { clock, asked, engine, look, counted } = await led()
    engine.act = async (_, wanted) => {
      if (wanted !== 'warm') throw new MeshError('cannot', { code: 'ERR_NOT_SUPPORTED' })
    }
    await look()
    clock.advance(COOLDOWN_MS)
    const replicas = WANTED.replicas.map(each => ({ ...each, state: 'ready' }) as const)
    await look({ ...WANTED, limits: { replicasMin: 0, replicasMax: 0 }, replicas })
    assert.deepEqual(
      asked.map(request => request.action),
      ['load', 'warm', 'unload'],
    )
    assert.deepEqual(await counted(), ['load done 1', 'unload failed 1'])
  })

  test('waits for an engine until the deadline, and begins nothing else meanwhile', async () => {
    const { clock, asked, events, engine, look } = await led()
    engine.act = never
    await look()
    clock.advance(TIMEOUT_MS - 1)
    await look()
    assert.deepEqual(events, [])
    clock.advance(1)
    await turns(4)
    const code = 'ERR_DEADLINE_EXCEEDED'
    assert.deepEqual(events, [{ event: 'model-not-scaled', ...action, code }])
    assert.lengthOf(asked, 1)
  })

  test('leaves no deadline behind', async () => {
    const { clock, look } = await led()
    await look()
    assert.equal(clock.wakeCount, 0)
  })

  test('ends with the peer, also while an engine is busy, and begins nothing after', async () => {
    const { clock, asked, events, engine, keeper, look, counted } = await led()
    engine.act = never
    await look()
    await keeper.close()
    assert.deepEqual(events, [])
    assert.deepEqual(await counted(), ['load dropped 1'])
    clock.advance(COOLDOWN_MS)
    await look()
    await look()
    assert.lengthOf(asked, 1)
  })
})
