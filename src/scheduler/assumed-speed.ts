/**
 * How fast a peer is taken to be at a model until it has measured itself: as fast as those that
 * have, on average, and the defaults of the options while nobody has.
 *
 * A fixed guess would decide by itself who works. One far below what the others measured leaves a
 * newcomer without requests, so that it never measures anything; one far above buries it.
 */
import type { ModelLoad } from '../core/peer-state.ts'
import type { SchedulerOptions } from './options.ts'

export interface AssumedSpeed {
  /** Tokens a second. */
  readonly prefillTokensPerSecond: number
  /** Tokens a second of one answer. */
  readonly decodeTokensPerSecond: number
}

/** Sums over those that serve one model, kept up to date as each of them changes. */
export class SpeedSums {
  readonly #prefill = new Mean()
  readonly #decode = new Mean()

  /** @param before What the peer said last. `undefined`: nothing. @param now The same of now. */
  change(before: ModelLoad | undefined, now: ModelLoad | undefined): void {
    this.#prefill.change(before?.prefillTokensPerSecond, now?.prefillTokensPerSecond)
    this.#decode.change(before?.decodeTokensPerSecond, now?.decodeTokensPerSecond)
  }

  assumed(options: SchedulerOptions): AssumedSpeed {
    return {
      prefillTokensPerSecond: this.#prefill.or(options.prefillDefaultTokensPerSecond),
      decodeTokensPerSecond: this.#decode.or(options.decodeDefaultTokensPerSecond),
    }
  }
}

/** Of the rates that were measured: 0 is none. */
class Mean {
  #sum = 0
  #count = 0

  change(before = 0, now = 0): void {
    this.#count += Number(now > 0) - Number(before > 0)
    // What rounding has left behind goes when nobody is left.
    this.#sum = this.#count === 0 ? 0 : this.#sum + now - before
  }

  or(fallback: number): number {
    return this.#count === 0 ? fallback : this.#sum / this.#count
  }
}
