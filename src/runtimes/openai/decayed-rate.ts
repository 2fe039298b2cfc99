/**
 * A rate of something per second over the recent past: sums of amount and time that fade, so a
 * long measurement counts for more than a short one.
 */

/** Share of the past that a new measurement leaves. About the last ten measurements count. */
const KEEP_RATIO = 0.9

export class DecayedRate {
  #amount = 0
  #durationMs = 0

  add(amount: number, durationMs: number): void {
    if (amount <= 0 || durationMs <= 0) return
    this.#amount = this.#amount * KEEP_RATIO + amount
    this.#durationMs = this.#durationMs * KEEP_RATIO + durationMs
  }

  /** 0 until the first measurement. */
  get perSecond(): number {
    return this.#durationMs === 0 ? 0 : (1_000 * this.#amount) / this.#durationMs
  }
}

/** The mean of the recent past, by the same fading. */
export class DecayedMean {
  #sum = 0
  #weight = 0

  add(value: number): void {
    this.#sum = this.#sum * KEEP_RATIO + value
    this.#weight = this.#weight * KEEP_RATIO + 1
  }

  /** `undefined` until the first value. */
  get value(): number | undefined {
    return this.#weight === 0 ? undefined : this.#sum / this.#weight
  }
}
