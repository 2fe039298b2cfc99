/**
 * Intervals and tests over runs. The quantiles are those of Abramowitz and Stegun, table 26.10.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  estimateOf,
  pairedTest,
  significantOf,
  studentCoverage,
  studentQuantile,
} from '../../../sim/experiment/statistics.ts'
import { Random } from '../../../src/core/random.ts'

describe('a quantile of Student’s distribution', () => {
  const rows = [
    { degreesOfFreedom: 1, at95: 12.706, at99: 63.657 },
    { degreesOfFreedom: 2, at95: 4.303, at99: 9.925 },
    { degreesOfFreedom: 3, at95: 3.182, at99: 5.841 },
    { degreesOfFreedom: 4, at95: 2.776, at99: 4.604 },
    { degreesOfFreedom: 5, at95: 2.571, at99: 4.032 },
    { degreesOfFreedom: 9, at95: 2.262, at99: 3.25 },
    { degreesOfFreedom: 10, at95: 2.228, at99: 3.169 },
    { degreesOfFreedom: 29, at95: 2.045, at99: 2.756 },
    { degreesOfFreedom: 30, at95: 2.042, at99: 2.75 },
    { degreesOfFreedom: 60, at95: 2.0, at99: 2.66 },
    { degreesOfFreedom: 120, at95: 1.98, at99: 2.617 },
    // All but normal.
    { degreesOfFreedom: 99_999, at95: 1.96, at99: 2.576 },
  ]
  for (const { degreesOfFreedom, at95, at99 } of rows) {
    test(`with ${degreesOfFreedom} degrees of freedom is that of the table`, () => {
      assert.closeTo(studentQuantile(0.95, degreesOfFreedom), at95, 0.000_51)
      assert.closeTo(studentQuantile(0.99, degreesOfFreedom), at99, 0.000_51)
    })
  }

  test('is where the distribution has that share, whatever the two are', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 1_000 }),
        (coverage, degreesOfFreedom) => {
          const found = studentCoverage(
            studentQuantile(coverage, degreesOfFreedom),
            degreesOfFreedom,
          )
          assert.closeTo(found, coverage, 1e-9)
        },
      ),
    )
  })
})

describe('an estimate', () => {
  test('is the mean, with half of the interval of a textbook', () => {
    // Mean 5, variance 2.5; 2.776 × √(2.5 / 5).
    const { mean, halfWidth, runCount } = estimateOf([3, 4, 5, 6, 7])
    assert.equal(mean, 5)
    assert.closeTo(halfWidth, 1.963, 0.001)
    assert.equal(runCount, 5)
  })

  test('of one run has no interval', () => {
    assert.deepEqual(estimateOf([7]), { mean: 7, halfWidth: 0, runCount: 1 })
  })

  test('holds the true mean 95 times of a hundred', () => {
    const random = new Random(7)
    // Sums of twelve uniform numbers less 6 are normal enough, with mean 0.
    const normal = () => Array.from({ length: 12 }).reduce<number>(sum => sum + random.next(), -6)
    const samples = Array.from({ length: 4_000 }, () => Array.from({ length: 4 }, normal))
    const hits = samples.filter(values => {
      const { mean, halfWidth } = estimateOf(values)
      return Math.abs(mean) <= halfWidth
    })
    assert.closeTo(hits.length / samples.length, 0.95, 0.012)
  })
})

describe('a paired test', () => {
  test('finds a small difference that is the same under every seed', () => {
    const against = [100, 900, 300, 2_000]
    const { difference, probability } = pairedTest([101, 901.1, 300.9, 2_001], against)
    assert.closeTo(difference.mean, 1, 1e-9)
    assert.isBelow(probability, 0.001)
  })

  test('finds none where seeds differ more than contestants', () => {
    assert.isAbove(pairedTest([1, 5, 2], [4, 1, 3]).probability, 0.3)
  })

  test('of one pair finds nothing, however large the difference', () => {
    assert.equal(pairedTest([1], [1_000]).probability, 1)
  })

  test('takes an error of rounding for no difference', () => {
    const rounded = [0.1 + 0.2, 0.1 + 0.2, 0.1 + 0.2]
    assert.equal(pairedTest(rounded, [0.3, 0.3, 0.3]).probability, 1)
  })

  test('of differences without any spread leaves nothing to chance', () => {
    assert.equal(pairedTest([2, 3], [1, 2]).probability, 0)
    assert.equal(pairedTest([0, 0], [0, 0]).probability, 1)
  })

  test('finds as much the other way round', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 })), {
          minLength: 2,
          maxLength: 9,
        }),
        pairs => {
          const [first, second] = [pairs.map(([a]) => a), pairs.map(([, b]) => b)]
          const [there, back] = [pairedTest(first, second), pairedTest(second, first)]
          assert.closeTo(there.difference.mean, -back.difference.mean, 1e-9)
          assert.closeTo(there.probability, back.probability, 1e-9)
        },
      ),
    )
  })
})

describe('of several tests at once', () => {
  // Holm: 0.05 by 4, 3, 2, 1.
  const rows = [
    { probabilities: [], significant: [] },
    { probabilities: [0.049], significant: [true] },
    { probabilities: [0.05], significant: [false] },
    { probabilities: [0.03, 0.03], significant: [false, false] },
    { probabilities: [0.01, 0.04], significant: [true, true] },
    { probabilities: [0.02, 0.01, 0.04], significant: [true, true, true] },
    { probabilities: [0.03, 0.01, 0.04], significant: [false, true, false] },
    { probabilities: [0.2, 0.001, 0.017, 0.016], significant: [false, true, true, true] },
  ]
  for (const { probabilities, significant } of rows) {
    test(`with ${probabilities.join(', ') || 'none'} those are significant that Holm’s rule leaves`, () => {
      assert.deepEqual(significantOf(probabilities), significant)
    })
  }
})
