/**
 * Local health: how far we trust our own doubts.
 *
 * A process that is slow itself sees others late and would accuse them. So every sign that the
 * fault may be ours (helpers that stay silent, somebody doubting us, a stalled event loop) makes us
 * probe more slowly and wait longer, and every probe that succeeds takes one sign back.
 *
 * Source: Dadgar, Phillips, Currey, "Lifeguard", 2017, section IV.A.
 */
export class LocalHealth {
  readonly #scoreMax: number
  #score = 0

  /** @param scoreMax 0 turns it off. */
  constructor(scoreMax: number) {
    this.#scoreMax = scoreMax
  }

  /** 0 is well. */
  get score(): number {
    return this.#score
  }

  /** @param delta Above 0: signs that the fault is ours; below: that it is not. */
  apply(delta: number): void {
    this.#score = Math.min(this.#scoreMax, Math.max(0, this.#score + delta))
  }

  /** Intervals and timeouts grow by it. */
  get factor(): number {
    return this.#score + 1
  }
}
