/**
 * How many tokens a prompt has: what the ingress estimates from its bytes, corrected by what the
 * engines of the model counted in earlier prompts.
 *
 * The correction is an exponential moving average of counted over estimated, long prompts counting
 * by their share of tokens up to a limit, since a short prompt is mostly the words around it that
 * the chat template adds. It stays within bounds, whatever an engine claims.
 */
import type { SchedulerOptions } from './options.ts'

const FACTOR_MIN = 0.2
const FACTOR_MAX = 5

/** From this many tokens on a prompt counts in full. */
const FULL_WEIGHT_TOKENS = 256

export class TokenEstimate {
  readonly #options: SchedulerOptions
  /** Model id → counted over estimated. At most `modelsMax`, oldest first. */
  readonly #factors = new Map<string, number>()

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  get modelCount(): number {
    return this.#factors.size
  }

  /** Tokens to expect of a prompt that was estimated by its bytes. */
  expect(model: string, estimatedTokens: number): number {
    return estimatedTokens * (this.#factors.get(model) ?? 1)
  }

  /** @param tokens Both of the same prompt. */
  observe(model: string, tokens: { readonly estimated: number; readonly counted: number }): void {
    const { modelsMax, inputSmoothingRatio } = this.#options
    const { estimated, counted } = tokens
    if (!(estimated > 0 && counted > 0 && Number.isFinite(estimated))) return
    const known = this.#factors.get(model)
    if (known === undefined && this.#factors.size >= modelsMax) this.#dropOldest()
    const weight = inputSmoothingRatio * Math.min(1, estimated / FULL_WEIGHT_TOKENS)
    const before = known ?? 1
    const seen = Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, counted / estimated))
    this.#factors.set(model, before + weight * (seen - before))
  }

  #dropOldest(): void {
    for (const model of this.#factors.keys()) {
      this.#factors.delete(model)
      return
    }
  }
}
