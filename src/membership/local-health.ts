/**
 * Local health: how far we trust our own doubts.
 *
 * A process that is slow itself sees others late and would accuse them. So every sign that the
 * fault may be ours (helpers that stay silent, somebody doubting us, a stalled event loop) makes us
 * probe more slowly and wait longer, and every probe that succeeds halves them: with one sign back
 * at a time, and a period that has grown, it took half a minute to notice the next failure as fast.
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

  /** So many more signs that the fault is ours. */
  apply(signCount: number): void {
    this.#score = Math.min(this.#scoreMax, this.#score + signCount)
  }

  /** A probe succeeded. */
  recover(): void {
    this.#score = Math.floor(this.#score / 2)
  }

  /** Intervals and timeouts grow by it. */
  get factor(): number {
    return this.#score + 1
  }
}
