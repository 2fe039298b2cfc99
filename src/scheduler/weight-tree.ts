/**
 * Whole weights at positions 0, 1, 2, …, one of which can be drawn in proportion without looking at
 * the others: changing a weight and finding a position both take steps by the logarithm of their
 * number. Weights are whole so that their sums stay exact however often they change.
 *
 *     position   0  1  2  3  4  5  6  7
 *     node       1  2  3  4  5  6  7  8      node n holds the sum of the (n & -n) positions up to it
 *
 * Source: Fenwick, "A new data structure for cumulative frequency tables", Software: Practice and
 * Experience, 1994.
 */
import { assert } from '../core/assert.ts'

const FIRST_CAPACITY = 16

export class WeightTree {
  /** Node n at index n; 0 is not used. Its length is a power of two and one. */
  #nodes = new Float64Array(FIRST_CAPACITY + 1)
  #weights = new Float64Array(FIRST_CAPACITY)
  #total = 0

  get total(): number {
    return this.#total
  }

  at(position: number): number {
    return this.#weights[position] ?? 0
  }

  /** @param weight A whole number of at least 0. */
  set(position: number, weight: number): void {
    while (position >= this.#weights.length) this.#grow()
    const change = weight - this.at(position)
    if (change === 0) return
    this.#weights[position] = weight
    this.#total += change
    for (let node = position + 1; node < this.#nodes.length; node += node & -node) {
      this.#nodes[node] = (this.#nodes[node] as number) + change
    }
  }

  /**
   * The first position at which the sum of the weights passes `target`.
   *
   * @param target From 0, below `total`.
   */
  find(target: number): number {
    assert(target >= 0 && target < this.#total, 'the target lies within the weights')
    let left = target
    let before = 0
    for (let width = this.#weights.length; width > 0; width = Math.floor(width / 2)) {
      const sum = this.#nodes[before + width]
      if (sum === undefined || sum > left) continue
      left -= sum
      before += width
    }
    return before
  }

  #grow(): void {
    const weights = this.#weights
    this.#weights = new Float64Array(2 * weights.length)
    this.#nodes = new Float64Array(2 * weights.length + 1)
    this.#total = 0
    for (const [position, weight] of weights.entries()) this.set(position, weight)
  }
}
