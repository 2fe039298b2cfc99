/**
 * What the watch makes of the peers it sees: demand as a metric, and advice to whoever wants it.
 */
import { assert, describe, test } from 'vitest'
import { settingDefaults } from '../../../src/consensus/policy/kinds/settings.ts'
import type { NodeView } from '../../../src/node/gateway.ts'
import { createMetrics } from '../../../src/node/metrics.ts'
import { observe } from '../../../src/node/scaling/observe.ts'
import { ScalingWatch } from '../../../src/node/scaling/scaling-watch.ts'
import type { ScalingAdvice } from '../../../src/scheduler/scaling.ts'
import { ManualClock } from '../../runtimes/manual-clock.ts'
import { MODEL } from '../fake-runtime.ts'
import { silent } from '../recorded-network.ts'
import { node } from './node-views.ts'

describe('what is observed of a model', () => {
  const of = (...nodes: readonly NodeView[]) =>
    observe(nodes, {
      placementOf: () => ({ minReplicas: 1, maxReplicas: 4 }),
      mayServe: ({ peer }) => peer !== 'elsewhere',
    }).get(MODEL)

  test('are the requests that wait at all of its peers, and the mean latency of those that tell', () => {
    const observation = of(
      node({ load: { queuedCount: 3, latencyP95Ms: 100 } }),
      node({ load: { queuedCount: 4, latencyP95Ms: 300 } }),
      node({ load: { queuedCount: 5 } }),
    )
    assert.deepEqual(observation, {
      queuedCount: 12,
      latencyMs: 200,
      replicaCount: 3,
      healthyRatio: 1,
      replicasMin: 1,
      replicasMax: 4,
    })
  })

  test('are as replicas those that can take requests, of all that list it and have not left', () => {
    const observation = of(
      node(),
      node({ status: 'dead' }),
      node({ isDraining: true }),
      node({ load: { unready: { state: 'loading' } } }),
      node({ status: 'left' }),
    )
    assert.equal(observation?.replicaCount, 1)
    assert.equal(observation?.healthyRatio, 0.25)
  })

  test('are not those where it was put aside, though what waits there is asked for', () => {
    const asleep = { unready: { state: 'sleeping' } } as const
    const observation = of(
      node(),
      node({ load: { unready: { state: 'cold' }, queuedCount: 2 } }),
      node({ load: asleep, status: 'dead' }),
    )
    assert.deepInclude(observation, { replicaCount: 1, healthyRatio: 1, queuedCount: 2 })
    assert.deepInclude(of(node({ load: asleep })), { replicaCount: 0, healthyRatio: 1 })
  })

  test('are not those that may not serve it', () => {
    assert.equal(of(node(), node({ peer: 'elsewhere' }))?.replicaCount, 1)
  })

  test('is nothing if only a provider serves it', () => {
    assert.isUndefined(of(node({ facts: { price: { inputPerMillion: 1, outputPerMillion: 1 } } })))
  })
})

describe('the watch', () => {
  function scene() {
    const clock = new ManualClock()
    const metrics = createMetrics()
    const advice: ScalingAdvice[] = []
    const mesh: { nodes: readonly NodeView[] } = { nodes: [] }
    const watch = new ScalingWatch(
      {
        ...{ clock, metrics, logger: silent },
        nodes: () => mesh.nodes,
        views: () => ({ setting: name => settingDefaults[name], placement: () => undefined }),
        mayServe: () => true,
        onLooked: look => advice.push(...look.advice),
      },
      5_000,
    )
    const demands = async () => (await metrics.scaling.demand.get()).values
    return { clock, advice, mesh, watch, demands }
  }

  test('gives advice once demand has lasted, and shows it as a metric', async () => {
    const { clock, advice, mesh, demands } = scene()
    mesh.nodes = [node({ load: { queuedCount: 100 } })]
    clock.advance(60_000)
    assert.deepEqual(advice, [])
    clock.advance(5_000)
    const direction = { direction: 'up', replicaCount: 1, replicasWanted: 2 } as const
    assert.deepEqual(advice, [{ model: MODEL, demandRatio: 1.2, ...direction }])
    assert.deepEqual(await demands(), [{ value: 1.2, labels: { model: MODEL } }])
  })

  test('lets go of a model that nobody has any more', async () => {
    const { clock, mesh, demands } = scene()
    mesh.nodes = [node()]
    clock.advance(5_000)
    mesh.nodes = []
    clock.advance(5_000)
    assert.deepEqual(await demands(), [])
  })

  test('ends', () => {
    const { clock, watch } = scene()
    watch.close()
    assert.equal(clock.wakeCount, 0)
  })
})
