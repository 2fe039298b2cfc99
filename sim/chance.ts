/**
 * Draws from the distributions the world needs, all from one seeded generator each.
 */
import { Random } from '../src/core/random.ts'

/** An independent generator for one purpose, so that one more draw here changes nothing there. */
export function forkRandom(seed: number, purpose: number): Random {
  return new Random(Math.imul(seed + 0x9e37, 0x85ebca6b) ^ Math.imul(purpose + 1, 0xc2b2ae35))
}

export function between(random: Random, min: number, max: number): number {
  return min + (max - min) * random.next()
}

/** Of mean `mean`: the time between events that know nothing of each other. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next())
}

export function isHit(random: Random, ratio: number): boolean {
  return ratio > 0 && random.next() < ratio
}

/** @throws InvariantError if there is nothing to pick from. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random.nextIndex(items.length)] as Item
}

/** In an order of chance. */
export function shuffled<Item>(random: Random, items: readonly Item[]): Item[] {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = random.nextIndex(index + 1)
    const kept = order[index] as Item
    order[index] = order[other] as Item
    order[other] = kept
  }
  return order
}

/** Of mean 0 and deviation 1. Source: Box, Muller, "A note on the generation of random normal deviates", 1958. */
export function standardNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
  return radius * Math.cos(2 * Math.PI * random.next())
}
