/**
 * How long an answer of each model usually is: an exponential moving average of those observed.
 *
 * A length is what an engine says of its answer. What is longer than any is taken for the longest there is,
 * so that one that errs or lies does not make every later request seem endless.
 */
import type { SchedulerOptions } from './options.ts'

/** As much as `outputDefaultTokens` may be at most; hardly any answer is as long. */
export const OUTPUT_TOKENS_MAX = 1_000_000

export class OutputLength {
  readonly #options: SchedulerOptions
  /** Model id → average answer length in tokens. At most `modelsMax`, oldest first. */
  readonly #averages = new Map<string, number>()

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  get modelCount(): number {
    return this.#averages.size
  }

  /** Answer tokens to expect, never above the client's own bound. */
  expect(model: string, outputTokensMax: number | undefined): number {
    const average = this.#averages.get(model) ?? this.#options.outputDefaultTokens
    return Math.min(average, outputTokensMax ?? average)
  }

  observe(model: string, outputTokens: number): void {
    const { modelsMax, outputDefaultTokens, outputSmoothingRatio } = this.#options
    const seen = Math.min(OUTPUT_TOKENS_MAX, Math.max(0, outputTokens))
    const average = this.#averages.get(model)
    if (average === undefined && this.#averages.size >= modelsMax) this.#dropOldest()
    const before = average ?? outputDefaultTokens
    this.#averages.set(model, before + outputSmoothingRatio * (seen - before))
  }

  #dropOldest(): void {
    for (const model of this.#averages.keys()) {
      this.#averages.delete(model)
      return
    }
  }
}
