/**
 * What a few runs say of the mean over all runs there could be: intervals and tests of Student (1908).
 *
 * Runs of one seed see the same requests, so two contestants are compared by the difference of each pair
 * of runs: what the seed does to both cancels out (common random numbers; Law, "Simulation Modeling and
 * Analysis", 5th edition, section 11.2).
 *
 * Source of the distribution: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and
 * 26.7.4. Those sums are exact for every whole number of degrees of freedom; there are no others here.
 */
import { assert } from '../../src/core/assert.ts'
import type { Estimate } from './comparison.ts'

/** How often chance alone may be taken for a difference, and an interval miss the mean. */
const ERROR_MAX_RATIO = 0.05

/** Halvings of a bracket until two neighbouring numbers are left. */
const HALVINGS = 64

/** Differences smaller than this, by what they are differences of, are errors of rounding. */
const ROUNDING_RATIO = 1e-12

/** Share of Student's distribution between −t and t. */
export function studentCoverage(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(t / Math.sqrt(degreesOfFreedom))
  const cosine = Math.cos(angle)
  const isOdd = degreesOfFreedom % 2 === 1
  // Terms grow from the one before: cos θ · 2/3 cos² θ · 4/5 cos² θ …, or 1 · 1/2 cos² θ · 3/4 cos² θ …
  let term = isOdd ? cosine : 1
  let sum = degreesOfFreedom === 1 ? 0 : term
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine * cosine
    sum += term
  }
  const weighed = Math.sin(angle) * sum
  return isOdd ? (2 / Math.PI) * (angle + weighed) : weighed
}

/** The t that has `coverage` of Student's distribution between −t and t. */
export function studentQuantile(coverage: number, degreesOfFreedom: number): number {
  assert(
    Number.isInteger(degreesOfFreedom) && degreesOfFreedom > 0,
    'at least two values are known',
  )
  let high = 1
  while (studentCoverage(high, degreesOfFreedom) < coverage) high *= 2
  let low = 0
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2
    if (studentCoverage(middle, degreesOfFreedom) < coverage) low = middle
    else high = middle
  }
  return high
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Standard error of the mean. Of two values at least. */
function standardError(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}

/** Mean over runs with its 95 % confidence interval. Of one run there is no interval. */
export function estimateOf(values: readonly number[]): Estimate {
  assert(values.length > 0, 'there is a run')
  const mean = meanOf(values)
  const runCount = values.length
  if (runCount === 1) return { mean, halfWidth: 0, runCount }
  const halfWidth = studentQuantile(1 - ERROR_MAX_RATIO, runCount - 1) * standardError(values, mean)
  return { mean, halfWidth, runCount }
}

export interface PairedTest {
  readonly difference: Estimate
  /** By chance alone the mean would be this far from 0, or farther, so often. One run: 1. */
  readonly probability: number
}

/** Of `values` less `against`, pair by pair: is the mean of the differences 0? */
export function pairedTest(values: readonly number[], against: readonly number[]): PairedTest {
  assert(values.length === against.length, 'each run has its pair')
  const differences = values.map((value, index) => {
    const other = against[index] ?? 0
    const roundingMax = ROUNDING_RATIO * Math.max(Math.abs(value), Math.abs(other))
    return Math.abs(value - other) <= roundingMax ? 0 : value - other
  })
  const difference = estimateOf(differences)
  const { mean, runCount } = difference
  if (runCount === 1 || mean === 0) return { difference, probability: 1 }
  const error = standardError(differences, mean)
  // Each pair differs by the same: chance has no part in it.
  if (error === 0) return { difference, probability: 0 }
  return { difference, probability: 1 - studentCoverage(Math.abs(mean) / error, runCount - 1) }
}

/**
 * Which of several tests are significant, if the chance that any one of them errs is to be no more than
 * 5 %: the smallest probability is multiplied by their number, the next by one less, until one is not
 * below it. Source: Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979.
 */
export function significantOf(probabilities: readonly number[]): readonly boolean[] {
  const order = probabilities
    .map((probability, index) => ({ probability, index }))
    .toSorted((a, b) => a.probability - b.probability)
  const firstNot = order.findIndex(
    ({ probability }, rank) => probability * (order.length - rank) >= ERROR_MAX_RATIO,
  )
  const significant = new Set(
    order.slice(0, firstNot < 0 ? order.length : firstNot).map(({ index }) => index),
  )
  return probabilities.map((_, index) => significant.has(index))
}
