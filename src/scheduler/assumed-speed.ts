/**
 * How fast a peer is taken to be at a model until it has measured itself: as fast as those that
 * have, on average, and the defaults of the options while nobody has.
 *
 * A fixed guess would decide by itself who works. One far below what the others measured leaves a
 * newcomer without requests, so that it never measures anything; one far above buries it.
 */
import type { ModelLoad } from '../core/peer-state.ts'
import { Mean } from './mean.ts'
import type { SchedulerOptions } from './options.ts'

export interface AssumedSpeed {
  /** Tokens a second. */
  readonly prefillTokensPerSecond: number
  /** Tokens a second of one answer. */
  readonly decodeTokensPerSecond: number
}

/** Sums over those that serve one model, kept up to date as each of them changes. */
export class SpeedSums {
  /** Of the rates that were measured: 0 is none. */
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
