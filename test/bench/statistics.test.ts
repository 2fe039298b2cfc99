/**
 * The arithmetic of the benchmarks.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { median, percentiles, ratio } from '../../bench/statistics.ts'

describe('percentiles', () => {
  test('they are nearest-rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index)

    assert.deepEqual(percentiles(hundred), { p50: 50, p99: 99 })
    assert.deepEqual(percentiles([3, 1, 2]), { p50: 2, p99: 3 })
    assert.deepEqual(percentiles([7]), { p50: 7, p99: 7 })
  })

  test('no sample has none', () => {
    assert.deepEqual(percentiles([]), { p50: undefined, p99: undefined })
  })

  test('at least that share of the samples is no greater, and fewer would not be enough', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), samples => {
        const { p99 } = percentiles(samples)
        assert.include(samples, p99)
        const share = (isCounted: (sample: number) => boolean) =>
          samples.filter(isCounted).length / samples.length
        assert.isAtLeast(
          share(sample => sample <= (p99 ?? Number.NaN)),
          0.99,
        )
        assert.isBelow(
          share(sample => sample < (p99 ?? Number.NaN)),
          0.99,
        )
      }),
    )
  })
})

describe('median', () => {
  test('it is the middle of what was measured', () => {
    assert.equal(median([5, 1, 3]), 3)
    assert.equal(median([4, 1]), 2.5)
    assert.equal(median([undefined, 2]), 2)
    assert.isUndefined(median([undefined]))
    assert.isUndefined(median([]))
  })
})

describe('ratio', () => {
  test('it says nothing about what is missing or not positive', () => {
    assert.equal(ratio(3, 2), 1.5)
    assert.isUndefined(ratio(undefined, 2))
    assert.isUndefined(ratio(3, undefined))
    assert.isUndefined(ratio(3, 0))
    assert.isUndefined(ratio(3, -1))
  })
})
