/**
 * Demand and verdicts by the table of seed-systems §4(d), and what is said of them over time.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { NEVER } from '../../src/core/machine.ts'
import { Scaling } from '../../src/scheduler/scaling.ts'
import {
  demandRatio,
  type ScalingObservation,
  type ScalingRule,
  scalingVerdict,
} from '../../src/scheduler/scaling-demand.ts'

/** The numbers of the system that the vectors are from. */
const rule: ScalingRule = {
  queueWeight: 0.6,
  latencyWeight: 0.4,
  queueReference: 50,
  slaMs: 5_000,
  scaleUpRatio: 1,
  scaleDownRatio: 0.2,
  holdMs: 60_000,
  cooldownMs: 300_000,
  replicasMin: 1,
}

const observed = (change: Partial<ScalingObservation> = {}): ScalingObservation => ({
  queuedCount: 10,
  latencyMs: 1_000,
  replicaCount: 2,
  healthyRatio: 1,
  replicasMin: 0,
  replicasMax: null,
  ...change,
})

describe('the demand', () => {
  const table = [
    [0, 0, 0, 'down'],
    [10, 1_000, 0.2, 'hold'],
    [50, 5_000, 1, 'hold'],
    [51, 5_000, 1.012, 'up'],
    [84, 0, 1.008, 'up'],
    [83, 0, 0.996, 'hold'],
    [55, 200, 0.676, 'hold'],
  ] as const
  for (const [queuedCount, latencyMs, demand, verdict] of table) {
    test(`of ${queuedCount} that wait and ${latencyMs} ms is ${demand}: ${verdict}`, () => {
      const observation = observed({ queuedCount, latencyMs })
      assert.equal(demandRatio(observation, rule), demand)
      assert.equal(scalingVerdict(observation, rule), verdict)
    })
  }
})

describe('the verdict', () => {
  const idle = { queuedCount: 0, latencyMs: 0 }
  const flooded = { queuedCount: 200 }
  const cases = [
    {
      rule: 'is up if few replicas are well',
      change: { ...idle, healthyRatio: 0.39 },
      verdict: 'up',
    },
    {
      rule: 'is not down if not enough are',
      change: { ...idle, healthyRatio: 0.79 },
      verdict: 'hold',
    },
    {
      rule: 'is not down to less than the minimum',
      change: { ...idle, replicaCount: 1 },
      verdict: 'hold',
    },
    {
      rule: 'is not down to less than the placement wants',
      change: { ...idle, replicaCount: 3, replicasMin: 3 },
      verdict: 'hold',
    },
    {
      rule: 'is up to the minimum, whatever the demand',
      change: { ...idle, replicaCount: 0 },
      verdict: 'up',
    },
    {
      rule: 'is not up to more than there may be',
      change: { ...flooded, replicasMax: 2 },
      verdict: 'hold',
    },
    {
      rule: 'is up to as many as there may be',
      change: { ...flooded, replicasMax: 3 },
      verdict: 'up',
    },
  ] as const
  for (const { rule: name, change, verdict } of cases) {
    test(name, () => assert.equal(scalingVerdict(observed(change), rule), verdict))
  }
})

const FLOODED = observed({ queuedCount: 200 })
const IDLE = observed({ queuedCount: 0, latencyMs: 0 })

/** What is said when, of observations at these seconds. */
function said(seen: readonly (readonly [number, ScalingObservation])[], model = 'm') {
  const scaling = new Scaling(rule, 10)
  return seen.flatMap(([atSeconds, observation]) => {
    const event = { type: 'model-observed', model, observation } as const
    return scaling
      .step(event, atSeconds * 1_000)
      .map(({ advice }) => [atSeconds, advice.direction, advice.replicasWanted])
  })
}

describe('advice', () => {
  test('is given once the verdict has held for holdMs, and names how many are wanted', () => {
    assert.deepEqual(
      said([
        [0, FLOODED],
        [59, FLOODED],
        [60, FLOODED],
      ]),
      [[60, 'up', 3]],
    )
    assert.deepEqual(
      said([
        [0, IDLE],
        [61, IDLE],
      ]),
      [[61, 'down', 1]],
    )
  })

  test('is not given of what comes and goes', () => {
    const flapping = Array.from(
      { length: 30 },
      (_, index) => [index * 30, index % 2 === 0 ? FLOODED : observed()] as const,
    )
    assert.deepEqual(said(flapping), [])
  })

  test('is not repeated for cooldownMs, also not the other way round', () => {
    const seen = [0, 60, 120, 359].map(at => [at, FLOODED] as const)
    assert.deepEqual(said([...seen, [360, FLOODED]]), [
      [60, 'up', 3],
      [360, 'up', 3],
    ])
    const turned = [...seen.slice(0, 2), [90, IDLE], [200, IDLE], [361, IDLE]] as const
    assert.deepEqual(said(turned as Parameters<typeof said>[0]), [
      [60, 'up', 3],
      [361, 'down', 1],
    ])
  })

  test('of any history keeps the minimum, the maximum and the silence', () => {
    const observation = fc.record({
      queuedCount: fc.nat(300),
      latencyMs: fc.nat(20_000),
      replicaCount: fc.nat(5),
      healthyRatio: fc.double({ min: 0, max: 1, noNaN: true }),
      replicasMin: fc.nat(2),
      replicasMax: fc.option(fc.integer({ min: 2, max: 5 })),
    })
    const history = fc.array(fc.tuple(fc.nat(90), observation), { maxLength: 60 })
    fc.assert(
      fc.property(history, steps => {
        const scaling = new Scaling(rule, 10)
        let nowMs = 0
        let lastMs = Number.NEGATIVE_INFINITY
        for (const [seconds, seen] of steps) {
          nowMs += seconds * 1_000
          const event = { type: 'model-observed', model: 'm', observation: seen } as const
          for (const { advice } of scaling.step(event, nowMs)) {
            assert.isAtLeast(nowMs - lastMs, rule.cooldownMs)
            lastMs = nowMs
            if (advice.direction === 'down') {
              assert.isAtLeast(advice.replicasWanted, Math.max(1, seen.replicasMin))
            } else assert.isAtMost(advice.replicasWanted, seen.replicasMax ?? 6)
          }
        }
      }),
    )
  })
})

describe('the machine', () => {
  const observe = (scaling: Scaling, model: string) =>
    scaling.step({ type: 'model-observed', model, observation: FLOODED }, 0)

  test('follows a bounded number of models, and others once one is gone', () => {
    const scaling = new Scaling(rule, 1)
    observe(scaling, 'a')
    observe(scaling, 'b')
    assert.deepEqual([...scaling.demands()], [['a', 2.48]])
    scaling.step({ type: 'model-gone', model: 'a' }, 0)
    observe(scaling, 'b')
    assert.deepEqual([...scaling.demands().keys()], ['b'])
  })

  test('obeys a new rule at the next observation, and waits for no time', () => {
    const scaling = new Scaling(rule, 10)
    scaling.step({ type: 'rule-changed', rule: { ...rule, holdMs: 0 } }, 0)
    assert.equal(observe(scaling, 'm').length, 1)
    assert.equal(scaling.wakeAtMs, NEVER)
    assert.deepEqual(scaling.step({ type: 'tick' }, 1e9), [])
  })
})
