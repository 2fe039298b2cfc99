/**
 * How long the last requests took, for the time that 95 of 100 stay within.
 */

/** Enough for a 95th percentile that is not just the longest. */
const KEPT_MAX = 128

export class RecentTimes {
  readonly #timesMs: number[] = []
  #next = 0
  /** Read more often than changed. */
  #p95Ms: number | undefined
  #isChanged = false

  add(timeMs: number): void {
    this.#timesMs[this.#next] = timeMs
    this.#next = (this.#next + 1) % KEPT_MAX
    this.#isChanged = true
  }

  /** By nearest rank. `undefined` until the first. */
  get p95Ms(): number | undefined {
    if (this.#isChanged) {
      const sorted = this.#timesMs.toSorted((a, b) => a - b)
      this.#p95Ms = sorted[Math.ceil(0.95 * sorted.length) - 1]
      this.#isChanged = false
    }
    return this.#p95Ms
  }
}
