/**
 * What the planner is told: only models whose placement names replicas, and each peer as it is.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import type { GpuLoad } from '../../../src/core/peer-state.ts'
import type { NodeView } from '../../../src/node/gateway.ts'
import { placedModels } from '../../../src/node/scaling/placed-models.ts'
import { ReplicaPlanner } from '../../../src/scheduler/replica-planner.ts'
import { put, Scribe } from '../../consensus/policy/scribe.ts'
import { MODEL } from '../fake-runtime.ts'
import { type NodeChange, node } from './node-views.ts'

/** @param spec Of the placement of the model. `null`: it has none. */
function placed(nodes: readonly NodeView[], spec: object | null = { minReplicas: 1 }) {
  const scribe = Scribe.founded()
  if (spec !== null) scribe.applied(put('placements', MODEL, spec as never))
  const mayServe = ({ peer }: { readonly peer: string }) => peer !== 'elsewhere'
  const advice = { direction: 'up', demandRatio: 2, replicaCount: 1, replicasWanted: 2 } as const
  return placedModels({
    ...{ nodes, views: scribe.views, mayServe },
    advice: [{ model: MODEL, ...advice }],
  })
}

const replicaOf = (change: NodeChange) => placed([node(change)])[0]?.replicas[0]

describe('a model', () => {
  test('is told of with its limits, its priority and the advice', () => {
    const spec = { minReplicas: 1, maxReplicas: 3, priority: 7 }
    const limits = { replicasMin: 1, replicasMax: 3 }
    const model = { model: MODEL, limits, priority: 7, direction: 'up', replicas: [] } as const
    assert.deepEqual<unknown>(placed([], spec), [model])
  })

  for (const [name, spec, isPlaced] of [
    ['with no placement', null, false],
    ['whose placement names peers only', { labels: { site: 'a' } }, false],
    ['whose placement names a minimum', { minReplicas: 1 }, true],
    ['whose placement names a maximum', { maxReplicas: 0 }, true],
  ] as const) {
    test(`${name} ${isPlaced ? 'may' : 'may never'} be touched`, () => {
      assert.lengthOf(placed([node()], spec), isPlaced ? 1 : 0)
    })
  }

  test('is not told of if only another model has a placement', () => {
    const [model] = placed([node({ facts: { id: 'other' } })])
    assert.deepEqual(model?.replicas, [])
  })
})

test('of any models and placements, nothing is planned where no placement names replicas', () => {
  const names = ['a', 'b', 'c', 'd']
  const spec = fc.record(
    { minReplicas: fc.constantFrom(0, 1), maxReplicas: fc.constantFrom(null, 1, 2) },
    { requiredKeys: [] },
  )
  const anyMesh = fc.record({
    placements: fc.dictionary(fc.constantFrom(...names), spec),
    states: fc.array(fc.constantFrom('cold' as const, undefined), { minLength: 1, maxLength: 4 }),
    direction: fc.constantFrom('up' as const, 'down' as const),
  })
  fc.assert(
    fc.property(anyMesh, ({ placements, states, direction }) => {
      const scribe = Scribe.founded()
      for (const [name, each] of Object.entries(placements)) {
        scribe.applied(put('placements', name, each))
      }
      const nodes = states.flatMap((state, index) =>
        names.map(id => {
          const load = state === undefined ? {} : { unready: { state } }
          return node({ peer: `${id}${index}`, facts: { id }, load })
        }),
      )
      const amounts = { demandRatio: 0, replicaCount: 1, replicasWanted: 1 }
      const advice = names.map(model => ({ model, direction, ...amounts }))
      const models = placedModels({ nodes, advice, views: scribe.views, mayServe: () => true })
      const planned = new ReplicaPlanner().step({ type: 'looked', models, cooldownMs: 0 }, 0)
      for (const { model } of planned) {
        const { minReplicas = 0, maxReplicas = null } = placements[model] ?? {}
        assert.isTrue(minReplicas > 0 || maxReplicas !== null)
      }
    }),
  )
})

const gpu: GpuLoad = {
  ...{ name: 'GPU', uuid: 'GPU-1', vramTotalBytes: 100, vramUsedBytes: 25 },
  ...{ utilizationRatio: 0, isThrottled: false, isFaulty: false },
}

const unready = (state: 'cold' | 'loading' | 'sleeping' | 'failed') => ({
  load: { unready: { state } },
})

describe('a peer', () => {
  const states: readonly (readonly [string, NodeChange, string | undefined])[] = [
    ['that answers', {}, 'ready'],
    ['where it is cold', unready('cold'), 'cold'],
    ['where it sleeps', unready('sleeping'), 'sleeping'],
    ['where it is loading', unready('loading'), 'loading'],
    ['where loading failed', unready('failed'), 'faulty'],
    ['with a faulty GPU', { gpus: [{ ...gpu, isFaulty: true }] }, 'faulty'],
    ['that drains', { isDraining: true }, 'draining'],
    ['that is suspect', { status: 'suspect' }, 'unsure'],
    ['that is suspect, and was loading it', { status: 'suspect', ...unready('loading') }, 'unsure'],
    ['that is suspect, where it is cold', { status: 'suspect', ...unready('cold') }, undefined],
    ['that is dead', { status: 'dead' }, undefined],
    ['that has left', { status: 'left' }, undefined],
    ['that may not serve it', { peer: 'elsewhere' }, undefined],
    [
      'that passes it on to a provider',
      { facts: { price: { inputPerMillion: 1, outputPerMillion: 1 } } },
      undefined,
    ],
  ]
  for (const [name, change, state] of states) {
    test(`${name} ${state === undefined ? 'is not told of' : `is ${state}`}`, () => {
      assert.equal(replicaOf(change)?.state, state)
    })
  }

  test('is told of with its requests, its warm prompts and its free memory', () => {
    const load = { queuedCount: 2, runningCount: 3, hotPrefixes: [1, 2] }
    assert.deepEqual(replicaOf({ load, gpus: [gpu] }), {
      ...{ peer: 'p', state: 'ready', liveCount: 5, hotPrefixCount: 2, headroomRatio: 0.75 },
    })
  })

  test('that tells of no GPU has the least memory free', () => {
    assert.equal(replicaOf({})?.headroomRatio, 0)
  })
})
