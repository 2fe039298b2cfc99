/**
 * How long the last requests took, for the time that 95 of 100 stay within.
 *
 * The times are kept in the order in which they came, to know which is the oldest, and sorted: one
 * comes and one goes with each request, and the load is read several times for each.
 */

/** Enough for a 95th percentile that is not just the longest. */
const KEPT_MAX = 128

export class RecentTimes {
  readonly #timesMs: number[] = []
  readonly #sortedMs: number[] = []
  #next = 0

  add(timeMs: number): void {
    const oldest = this.#timesMs[this.#next]
    if (oldest !== undefined) this.#sortedMs.splice(this.#placeOf(oldest), 1)
    this.#sortedMs.splice(this.#placeOf(timeMs), 0, timeMs)
    this.#timesMs[this.#next] = timeMs
    this.#next = (this.#next + 1) % KEPT_MAX
  }

  /** By nearest rank. `undefined` until the first. */
  get p95Ms(): number | undefined {
    return this.#sortedMs[Math.ceil(0.95 * this.#sortedMs.length) - 1]
  }

  /** Of the first that is not smaller. */
  #placeOf(timeMs: number): number {
    let low = 0
    let high = this.#sortedMs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#sortedMs[middle] ?? 0) < timeMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
