/**
 * How fast a peer is taken to be at a model until it has measured itself: as fast as those that
 * have, on average, and the defaults of the options while nobody has.
 *
 * A fixed guess would decide by itself who works. One far below what the others measured leaves a
 * newcomer without requests, so that it never measures anything; one far above buries it.
 */
import type { SchedulerOptions } from './options.ts'
import type { ServedModel } from './view.ts'

export interface AssumedSpeed {
  /** Tokens a second. */
  readonly prefillTokensPerSecond: number
  /** Tokens a second of one answer. */
  readonly decodeTokensPerSecond: number
}

/** @param served The model at every peer that serves it. */
export function assumedSpeed(
  served: Iterable<ServedModel>,
  options: SchedulerOptions,
): AssumedSpeed {
  const prefill = new Mean()
  const decode = new Mean()
  for (const { load } of served) {
    prefill.add(load.prefillTokensPerSecond)
    decode.add(load.decodeTokensPerSecond)
  }
  return {
    prefillTokensPerSecond: prefill.or(options.prefillDefaultTokensPerSecond),
    decodeTokensPerSecond: decode.or(options.decodeDefaultTokensPerSecond),
  }
}

/** Of the rates that were measured: 0 is none. */
class Mean {
  #sum = 0
  #count = 0

  add(rate: number): void {
    if (rate === 0) return
    this.#sum += rate
    this.#count += 1
  }

  or(fallback: number): number {
    return this.#count === 0 ? fallback : this.#sum / this.#count
  }
}
