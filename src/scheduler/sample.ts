/**
 * A weighted random sample without replacement, by drawing one after the other.
 *
 * Scoring a few peers instead of all keeps many ingresses that share the same stale view from
 * all choosing the same best one. Weights keep a large peer from being sampled as seldom as a
 * small one.
 *
 * Source: Mitzenmacher, "The power of two choices in randomized load balancing", IEEE TPDS 2001;
 * for stale views: Mitzenmacher, "How useful is old information?", IEEE TPDS 2000.
 */
import type { Random } from '../core/random.ts'

/**
 * Chooses `size` of the items, or all if there are not more. Each draw takes an item with
 * probability proportional to its weight among those left. Takes items × size steps.
 *
 * @param weightOf Finite and above 0.
 */
export function weightedSample<Item>(
  items: readonly Item[],
  size: number,
  weightOf: (item: Item) => number,
  random: Random,
): readonly Item[] {
  if (items.length <= size) return items
  const weights = items.map(weightOf)
  let weightLeft = 0
  for (const weight of weights) weightLeft += weight

  const sample: Item[] = []
  while (sample.length < size) {
    const index = draw(weights, random.next() * weightLeft)
    sample.push(items[index] as Item)
    weightLeft -= weights[index] as number
    weights[index] = 0
  }
  return sample
}

/** The first position at which the sum of the weights passes `target`. */
function draw(weights: readonly number[], target: number): number {
  let sum = 0
  let last = 0
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] as number
    if (weight === 0) continue
    sum += weight
    last = index
    if (sum > target) return index
  }
  // Rounding may leave the target at the very end of the sum.
  return last
}
