/**
 * Draws have the means and second moments that the formulas say, with a fixed seed.
 */
import { assert, describe, test } from 'vitest'
import type { Distribution } from '../../../sim/scenario/distribution.ts'
import {
  createSampler,
  meanOf,
  secondMomentOf,
} from '../../../sim/workload/distribution-sampler.ts'
import {
  createWeightedChoice,
  createZipfChoice,
  type WeightedChoice,
} from '../../../sim/workload/weighted-choice.ts'
import { Random } from '../../../src/core/random.ts'

const DRAWS = 200_000

const distributions: readonly Distribution[] = [
  { type: 'constant', value: 7 },
  { type: 'uniform', min: 3, max: 12 },
  { type: 'exponential', mean: 40 },
  { type: 'lognormal', mu: 3.8, sigma: 0.6 },
  { type: 'poisson', mean: 0.4 },
  { type: 'poisson', mean: 12 },
  { type: 'poisson', mean: 31 },
  { type: 'poisson', mean: 900 },
  {
    type: 'discrete',
    values: [
      { value: 2, weight: 3 },
      { value: 100, weight: 1 },
    ],
  },
]

describe('a sampler', () => {
  test.each(distributions)('has the mean and second moment of %o', distribution => {
    const random = new Random(5)
    const draw = createSampler(distribution)
    let sum = 0
    let squares = 0
    for (let index = 0; index < DRAWS; index += 1) {
      const drawn = draw(random)
      sum += drawn
      squares += drawn * drawn
    }
    assert.closeTo(sum / DRAWS / meanOf(distribution), 1, 0.01)
    assert.closeTo(squares / DRAWS / secondMomentOf(distribution), 1, 0.02)
  })

  test('has the variance of a Poisson distribution, small or large', () => {
    for (const mean of [5, 29, 30, 400]) {
      const random = new Random(9)
      const draw = createSampler({ type: 'poisson', mean })
      const drawn = Array.from({ length: DRAWS }, () => draw(random))
      const variance = drawn.reduce((sum, each) => sum + (each - mean) ** 2, 0) / DRAWS
      assert.closeTo(variance / mean, 1, 0.02)
    }
  })

  test('has the probabilities of a large Poisson distribution, one by one', () => {
    const mean = 36
    const random = new Random(3)
    const draw = createSampler({ type: 'poisson', mean })
    const counts = new Map<number, number>()
    for (let index = 0; index < DRAWS; index += 1) {
      const drawn = draw(random)
      counts.set(drawn, (counts.get(drawn) ?? 0) + 1)
    }
    let probability = Math.exp(-mean)
    for (let value = 1; value <= 60; value += 1) {
      probability *= mean / value
      if (probability < 0.002) continue
      assert.closeTo(
        (counts.get(value) ?? 0) / DRAWS,
        probability,
        6 * Math.sqrt(probability / DRAWS),
      )
    }
  })
})

describe('a choice by weight', () => {
  test('takes each as often as its weight says, and never what has none', () => {
    const weights = [3, 0, 1, 6]
    const choose = createWeightedChoice(weights)
    const counts = countsOf(choose)
    for (const [index, weight] of weights.entries()) {
      assert.closeTo((counts.get(index) ?? 0) / DRAWS, weight / 10, 0.005)
    }
  })

  test('by the law of Zipf takes the first twice as often as the second at exponent 1', () => {
    const counts = countsOf(createZipfChoice(1_000, 1))
    assert.closeTo((counts.get(0) ?? 0) / (counts.get(1) ?? 1), 2, 0.05)
  })
})

function countsOf(choose: WeightedChoice): ReadonlyMap<number, number> {
  const random = new Random(1)
  const counts = new Map<number, number>()
  for (let index = 0; index < DRAWS; index += 1) {
    const chosen = choose(random)
    counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
  }
  return counts
}
