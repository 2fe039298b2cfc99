/**
 * Counts what happened within a time, in constant memory: the window is cut into slots, and a slot
 * counts until all of it is past. So never more is let through within any window than allowed; up
 * to one slot's worth less may be.
 */

const SLOTS = 16

export class SlidingCount {
  readonly #slotMs: number
  /** Slot n stands at n modulo `SLOTS + 1`: the window touches that many. */
  readonly #amounts: number[] = Array.from({ length: SLOTS + 1 }, () => 0)
  #newest = 0
  #total = 0

  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS
  }

  total(nowMs: number): number {
    this.#advance(nowMs)
    return this.#total
  }

  /** @param amount May be negative: something counted before was less after all. */
  add(amount: number, nowMs: number): void {
    this.#advance(nowMs)
    const at = this.#newest % this.#amounts.length
    const before = this.#amounts[at] ?? 0
    this.#amounts[at] = Math.max(0, before + amount)
    this.#total += (this.#amounts[at] ?? 0) - before
  }

  /** How long until the count is `max` at most, if nothing is added. */
  waitMs(max: number, nowMs: number): number {
    this.#advance(nowMs)
    let left = this.#total
    for (let slot = this.#newest - SLOTS; slot <= this.#newest; slot++) {
      if (left <= max) return Math.max(0, (slot + SLOTS) * this.#slotMs - nowMs)
      left -= this.#amounts[this.#index(slot)] ?? 0
    }
    return Math.max(0, (this.#newest + SLOTS + 1) * this.#slotMs - nowMs)
  }

  #advance(nowMs: number): void {
    const newest = Math.floor(nowMs / this.#slotMs)
    const passed = Math.min(newest - this.#newest, this.#amounts.length)
    for (let step = 1; step <= passed; step++) {
      const at = this.#index(newest - passed + step)
      this.#total -= this.#amounts[at] ?? 0
      this.#amounts[at] = 0
    }
    this.#newest = Math.max(newest, this.#newest)
  }

  #index(slot: number): number {
    const { length } = this.#amounts
    return ((slot % length) + length) % length
  }
}
