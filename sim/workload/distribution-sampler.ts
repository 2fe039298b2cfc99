/**
 * Draws from the distributions that a scenario names, and their means.
 *
 * Source: Box and Muller, "A note on the generation of random normal deviates", 1958, for the
 * lognormal; Hörmann, "The transformed rejection method for generating Poisson random variables",
 * 1993, algorithm PTRS, for large Poisson means, and products of uniform numbers (Knuth, TAOCP 2,
 * 3.4.1) for small ones.
 */
import type { Random } from '../../src/core/random.ts'
import { between, exponential } from '../chance.ts'
import type { Distribution } from '../scenario/distribution.ts'
import { createWeightedChoice } from './weighted-choice.ts'

export type Sampler = (random: Random) => number

/** From here on the rejection method is quicker than multiplying; it is proved from 10 on. */
const POISSON_LARGE_MEAN = 30

export function createSampler(distribution: Distribution): Sampler {
  switch (distribution.type) {
    case 'constant':
      return () => distribution.value
    case 'uniform':
      return random => between(random, distribution.min, distribution.max)
    case 'exponential':
      return random => exponential(random, distribution.mean)
    case 'lognormal':
      return random => Math.exp(distribution.mu + distribution.sigma * normal(random))
    case 'poisson':
      return createPoisson(distribution.mean)
    case 'discrete': {
      const values = distribution.values.map(({ value }) => value)
      const choose = createWeightedChoice(distribution.values.map(({ weight }) => weight))
      return random => values[choose(random)] as number
    }
  }
}

export function meanOf(distribution: Distribution): number {
  switch (distribution.type) {
    case 'constant':
      return distribution.value
    case 'uniform':
      return (distribution.min + distribution.max) / 2
    case 'exponential':
    case 'poisson':
      return distribution.mean
    case 'lognormal':
      return Math.exp(distribution.mu + distribution.sigma ** 2 / 2)
    case 'discrete': {
      const { values } = distribution
      const total = values.reduce((sum, { weight }) => sum + weight, 0)
      return values.reduce((sum, { value, weight }) => sum + value * weight, 0) / total
    }
  }
}

/** Mean of the squares. */
export function secondMomentOf(distribution: Distribution): number {
  switch (distribution.type) {
    case 'constant':
      return distribution.value ** 2
    case 'uniform': {
      const { min, max } = distribution
      return (min ** 2 + min * max + max ** 2) / 3
    }
    case 'exponential':
      return 2 * distribution.mean ** 2
    case 'poisson':
      return distribution.mean ** 2 + distribution.mean
    case 'lognormal':
      return Math.exp(2 * distribution.mu + 2 * distribution.sigma ** 2)
    case 'discrete': {
      const squares = distribution.values.map(each => ({ ...each, value: each.value ** 2 }))
      return meanOf({ ...distribution, values: squares })
    }
  }
}

/** Of mean 0 and deviation 1. The second of the pair is let go, so that nothing is remembered. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}

function createPoisson(mean: number): Sampler {
  if (mean >= POISSON_LARGE_MEAN) return createLargePoisson(mean)
  const limit = Math.exp(-mean)
  return random => {
    let count = 0
    for (let product = random.next(); product > limit; product *= random.next()) count += 1
    return count
  }
}

/** The names are those of the paper. */
function createLargePoisson(mean: number): Sampler {
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const quickAccept = 0.9277 - 3.6224 / (b - 2)
  const logMean = Math.log(mean)
  return random => {
    for (;;) {
      const u = random.next() - 0.5
      const v = random.next()
      const us = 0.5 - Math.abs(u)
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
      if (us >= 0.07 && v <= quickAccept) return k
      if (k < 0 || (us < 0.013 && v > us)) continue
      const left = Math.log((v * inverseAlpha) / (a / (us * us) + b))
      if (left <= k * logMean - mean - logFactorial(k)) return k
    }
  }
}

/** By the series of Stirling; for small numbers by multiplying, where the series is poor. */
function logFactorial(k: number): number {
  if (k < 10) {
    let product = 1
    for (let factor = 2; factor <= k; factor += 1) product *= factor
    return Math.log(product)
  }
  const inverse = 1 / k
  const series = (inverse / 12) * (1 - (inverse * inverse) / 30)
  return k * Math.log(k) - k + 0.5 * Math.log(2 * Math.PI * k) + series
}
