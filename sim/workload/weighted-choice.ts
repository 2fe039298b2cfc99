/**
 * Chooses among many by weight: a table of sums and a search in it, one random number each time.
 *
 * An alias table would be quicker; with sums a small change of the weights changes few choices, and
 * runs that are compared stay alike.
 */
import { assert } from '../../src/core/assert.ts'
import type { Random } from '../../src/core/random.ts'

/** @returns an index of `weights`. One choice of one costs no random number. */
export type WeightedChoice = (random: Random) => number

export function createWeightedChoice(weights: readonly number[]): WeightedChoice {
  const sums = new Float64Array(weights.length)
  let total = 0
  for (const [index, weight] of weights.entries()) {
    total += weight
    sums[index] = total
  }
  assert(total > 0, 'something has a weight')
  if (weights.length === 1) return () => 0
  return random => firstAbove(sums, random.next() * total)
}

/** By the law of Zipf: the choice of rank r, from 1, has the weight r^-exponent. */
export function createZipfChoice(count: number, exponent: number): WeightedChoice {
  return createWeightedChoice(Array.from({ length: count }, (_, rank) => (rank + 1) ** -exponent))
}

/** Index of the first sum above `point`. */
function firstAbove(sums: Float64Array, point: number): number {
  let low = 0
  let high = sums.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] as number) > point) high = middle
    else low = middle + 1
  }
  return low
}
