/**
 * Measured values of one kind, and what is said of them. Kept all, as numbers: a percentile is then
 * that of the values and not of an approximation.
 */
import type { Curve, Summary } from '../experiment/run-result.ts'
import { plotted } from './plotted.ts'

const FIRST_CAPACITY = 1_024

/** Points of a curve: enough for a plot as wide as a page. */
const CURVE_POINTS = 160

const NOTHING: Summary = {
  ...{ count: 0, mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0 },
}

export class Samples {
  #values: Float64Array
  #count = 0
  #isSorted = true

  constructor(firstCapacity = FIRST_CAPACITY) {
    this.#values = new Float64Array(firstCapacity)
  }

  get count(): number {
    return this.#count
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const values = new Float64Array(2 * this.#count)
      values.set(this.#values)
      this.#values = values
    }
    this.#values[this.#count] = value
    this.#count += 1
    this.#isSorted = false
  }

  clear(): void {
    this.#count = 0
  }

  summary(): Summary {
    if (this.#count === 0) return NOTHING
    const sorted = this.#sort()
    const at = (ratio: number) => nearestRank(sorted, ratio)
    return {
      count: this.#count,
      mean: sorted.reduce((sum, value) => sum + value, 0) / this.#count,
      ...{ p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999) },
      max: at(1),
    }
  }

  /** @param ratio 0 to 1. 0 if there are none. */
  quantile(ratio: number): number {
    return this.#count === 0 ? 0 : nearestRank(this.#sort(), ratio)
  }

  /** As often a point for the slowest hundredth as for the rest: that is where rules differ. */
  curve(): Curve {
    if (this.#count === 0) return { values: [], ratios: [] }
    const sorted = this.#sort()
    const half = CURVE_POINTS / 2
    const ratios = [
      ...Array.from({ length: half }, (_, index) => (0.99 * index) / half),
      ...Array.from({ length: half + 1 }, (_, index) => 0.99 + (0.01 * index) / half),
    ]
    return { values: ratios.map(ratio => plotted(nearestRank(sorted, ratio))), ratios }
  }

  #sort(): Float64Array {
    const values = this.#values.subarray(0, this.#count)
    if (!this.#isSorted) values.sort()
    this.#isSorted = true
    return values
  }
}

function nearestRank(sorted: Float64Array, ratio: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(ratio * sorted.length)))
  return sorted[rank - 1] as number
}
