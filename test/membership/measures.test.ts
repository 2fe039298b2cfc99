/**
 * Small measures: the round trip, our own health, and whether a load has changed.
 *
 * Source: Jacobson, SIGCOMM 1988, appendix A, as in RFC 6298; Lifeguard, 2017, section IV.A.
 */
import { assert, describe, test } from 'vitest'
import { type GpuLoad, NO_LOAD, type PeerLoad } from '../../src/core/peer-state.ts'
import { isSameLoad } from '../../src/membership/load-change.ts'
import { LocalHealth } from '../../src/membership/local-health.ts'
import { measured, patienceMs } from '../../src/membership/round-trip.ts'
import { loadOf } from './scene.ts'

describe('the round trip', () => {
  test('is the first sample, half of it uncertain', () => {
    assert.deepEqual(measured(undefined, 40), { meanMs: 40, deviationMs: 20 })
  })

  test('follows by an eighth, its deviation by a quarter', () => {
    const after = measured({ meanMs: 40, deviationMs: 20 }, 80)
    assert.deepEqual(after, { meanMs: 45, deviationMs: 25 })
  })

  test('of equal samples becomes certain', () => {
    let trip = measured(undefined, 40)
    for (let left = 60; left > 0; left -= 1) trip = measured(trip, 40)
    assert.equal(trip.meanMs, 40)
    assert.isBelow(trip.deviationMs, 0.001)
    assert.closeTo(patienceMs(trip, { minMs: 1, maxMs: 100 }), 40, 0.01)
  })
})

describe('our health', () => {
  test('has as many signs of trouble as were seen, up to the most; each success halves them', () => {
    const health = new LocalHealth(7)
    health.recover()
    assert.deepEqual([health.score, health.factor], [0, 1])
    health.apply(3)
    assert.deepEqual([health.score, health.factor], [3, 4])
    health.apply(90)
    assert.deepEqual([health.score, health.factor], [7, 8])
    const scores = Array.from({ length: 4 }, () => {
      health.recover()
      return health.score
    })
    assert.deepEqual(scores, [3, 1, 0, 0])
  })

  test('is always well if that is turned off', () => {
    const health = new LocalHealth(0)
    health.apply(5)
    assert.equal(health.factor, 1)
  })
})

const gpu: GpuLoad = {
  name: 'gpu',
  vramTotalBytes: 1_000,
  vramUsedBytes: 500,
  utilizationRatio: 0.5,
  isThrottled: false,
  isFaulty: false,
}

const busy = (change: Partial<GpuLoad> = {}, models = loadOf(1).models): PeerLoad => ({
  models,
  gpus: [{ ...gpu, ...change }],
  isDraining: false,
})

const modelOf = (change: Partial<PeerLoad['models'][number]>) =>
  busy({}, [{ ...(loadOf(1).models[0] as PeerLoad['models'][number]), ...change }])

const rates = { prefillTokensPerSecond: 1_000, decodeTokensPerSecond: 100 }

describe('a load is the same', () => {
  const loading = { state: 'loading', progressRatio: 0.5 } as const
  const cases: readonly (readonly [string, PeerLoad, PeerLoad, boolean])[] = [
    ['as itself', busy(), busy(), true],
    ['with 4 % more utilization', busy(), busy({ utilizationRatio: 0.54 }), true],
    ['not with 6 %', busy(), busy({ utilizationRatio: 0.56 }), false],
    ['with 1 % more memory', busy(), busy({ vramUsedBytes: 510 }), true],
    ['not with 2 %', busy(), busy({ vramUsedBytes: 520 }), false],
    ['not once throttled', busy(), busy({ isThrottled: true }), false],
    ['not once faulty', busy(), busy({ isFaulty: true }), false],
    ['not of another fault', busy({ faults: ['lost'] }), busy({ faults: ['hot'] }), false],
    ['not with a uuid', busy(), busy({ uuid: 'GPU-1' }), false],
    ['with 5 °C more', busy({ temperatureCelsius: 60 }), busy({ temperatureCelsius: 65 }), true],
    ['not with 6', busy({ temperatureCelsius: 60 }), busy({ temperatureCelsius: 66 }), false],
    ['not once its heat is known', busy(), busy({ temperatureCelsius: 0 }), false],
    ['with 25 W less', busy({ powerWatts: 100 }), busy({ powerWatts: 75 }), true],
    ['not with 26', busy({ powerWatts: 100 }), busy({ powerWatts: 74 }), false],
    [
      'with memory that is a little busier',
      busy({ memoryUtilizationRatio: 0.25 }),
      busy({ memoryUtilizationRatio: 0.34 }),
      true,
    ],
    [
      'not with much busier memory',
      busy({ memoryUtilizationRatio: 0.25 }),
      busy({ memoryUtilizationRatio: 0.36 }),
      false,
    ],
    ['not of another GPU', busy(), busy({ name: 'other' }), false],
    ['not with more memory', busy(), busy({ vramTotalBytes: 1_001 }), false],
    ['not with a GPU less', busy(), { ...busy(), gpus: [] }, false],
    ['not when it drains', busy(), { ...busy(), isDraining: true }, false],
    ['not with another model', busy(), modelOf({ model: 'other' }), false],
    ['not with one more queued', busy(), modelOf({ queuedCount: 2 }), false],
    ['not with one more running', busy(), modelOf({ runningCount: 1 }), false],
    ['not with a token more to read', busy(), modelOf({ prefillTokensLeft: 1 }), false],
    ['not with a token more to make', busy(), modelOf({ decodeTokensLeft: 1 }), false],
    ['with rates 5 % off', modelOf(rates), modelOf({ ...rates, decodeTokensPerSecond: 95 }), true],
    ['not 6 %', modelOf(rates), modelOf({ ...rates, decodeTokensPerSecond: 94 }), false],
    [
      'not with another rate of reading',
      modelOf(rates),
      modelOf({ ...rates, prefillTokensPerSecond: 900 }),
      false,
    ],
    ['not once the cache is known', busy(), modelOf({ kvUsedRatio: 0 }), false],
    [
      'with half a percent of cache',
      modelOf({ kvUsedRatio: 0.5 }),
      modelOf({ kvUsedRatio: 0.505 }),
      true,
    ],
    ['not with two', modelOf({ kvUsedRatio: 0.5 }), modelOf({ kvUsedRatio: 0.52 }), false],
    ['not when it is loaded', modelOf({ unready: loading }), busy(), false],
    [
      'with a twentieth more of it loaded',
      modelOf({ unready: loading }),
      modelOf({ unready: { ...loading, progressRatio: 0.54, readyInMs: 900 } }),
      true,
    ],
    [
      'not with a tenth',
      modelOf({ unready: loading }),
      modelOf({ unready: { ...loading, progressRatio: 0.6 } }),
      false,
    ],
    ['not with a prefix more', busy(), modelOf({ hotPrefixes: [7] }), false],
    ['not with another', modelOf({ hotPrefixes: [7] }), modelOf({ hotPrefixes: [8] }), false],
    ['with a scrape that is older', busy(), modelOf({ metricsAgeMs: 5_000 }), true],
    [
      'not with a batch twice as full',
      modelOf({ batchFillRatio: 0.25 }),
      modelOf({ batchFillRatio: 0.5 }),
      false,
    ],
    [
      'not with fewer prefixes found',
      modelOf({ prefixHitRatio: 0.9 }),
      modelOf({ prefixHitRatio: 0.5 }),
      false,
    ],
    [
      'not with answers twice as long',
      modelOf({ latencyP95Ms: 500 }),
      modelOf({ latencyP95Ms: 1_000 }),
      false,
    ],
    ['not with a model more', NO_LOAD, loadOf(0), false],
  ]
  for (const [rule, a, b, is] of cases) {
    test(rule, () => {
      assert.equal(isSameLoad(a, b), is)
      assert.equal(isSameLoad(b, a), is)
    })
  }
})
