/**
 * Cumulative histograms, as Prometheus reads them.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { bucketsBetween, quantileMs } from '../../../src/runtimes/engines/histogram.ts'

const INFINITE = Number.POSITIVE_INFINITY

const of = (...counts: number[]) =>
  [100, 200, 400, INFINITE].map((untilMs, index) => ({ untilMs, count: counts[index] ?? 0 }))

describe('a quantile', () => {
  const cases: readonly (readonly [string, number[], number, number | undefined])[] = [
    ['of nothing is not known', [0, 0, 0, 0], 0.95, undefined],
    ['lies within its bucket, as far as its rank', [0, 10, 10, 10], 0.95, 195],
    ['of one bucket begins at 0', [10, 10, 10, 10], 0.5, 50],
    ['that falls on a bound is that bound', [5, 10, 10, 10], 0.5, 100],
    ['beyond the last bound is that bound', [0, 0, 0, 10], 0.95, 400],
    ['skips buckets without anything', [0, 0, 10, 10], 0.5, 300],
  ]
  for (const [what, counts, ratio, expected] of cases) {
    test(what, () => assert.equal(quantileMs(of(...counts), ratio), expected))
  }

  test('of a larger share is never smaller', () => {
    const counts = fc.array(fc.nat(100), { minLength: 4, maxLength: 4 })
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(counts, share, share, (grown, a, b) => {
        let total = 0
        const buckets = of(...grown.map(count => (total += count)))
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        const atLess = quantileMs(buckets, less) ?? 0
        assert.isAtLeast(quantileMs(buckets, more) ?? 0, atLess)
        assert.isAtMost(atLess, 400)
      }),
    )
  })
})

describe('what lies between two histograms', () => {
  test('is what was counted since', () => {
    assert.deepEqual(bucketsBetween(of(1, 2, 3, 4), of(1, 4, 5, 8)), of(0, 2, 2, 4))
  })

  test('is nothing if the later one is not a continuation', () => {
    assert.isUndefined(bucketsBetween(of(1, 2, 3, 4), of(0, 2, 3, 4)))
    assert.isUndefined(bucketsBetween(of(1, 2, 3, 4), of(1, 2, 3, 4).slice(1)))
    const others = of(1, 2, 3, 4).map(bucket => ({ ...bucket, untilMs: bucket.untilMs + 1 }))
    assert.isUndefined(bucketsBetween(of(1, 2, 3, 4).slice(0, 3), others.slice(0, 3)))
  })
})
