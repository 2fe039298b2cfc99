/**
 * How many tokens a prompt has: what the ingress estimates from its bytes, corrected by what the
 * model's own tokenizer makes of a byte and what its engines counted in earlier prompts.
 *
 *     factor = what was learned + share of the start that is left · start
 *
 * There is a factor for ASCII and one for other scripts. It starts as the tokenizer has it, or at 1
 * where no engine tells, and is an exponential moving average of counted over estimated, in which
 * long prompts count by their share of tokens up to a limit, since a short prompt is mostly the words
 * around it that the chat template adds. A prompt in both scripts teaches each factor by its part. The
 * start may become known, or another, at any time: what was learned since stays. All of it is within
 * bounds, whatever an engine claims.
 */
import { BYTES_PER_TOKEN, type TokenDensity } from '../core/token-density.ts'
import type { SchedulerOptions } from './options.ts'

const FACTOR_MIN = 0.2
const FACTOR_MAX = 5

/** From this many tokens on a prompt counts in full. */
const FULL_WEIGHT_TOKENS = 256

/** A prompt by its bytes. */
export interface EstimatedTokens {
  readonly inputTokens: number
  /** Of those, the ones of text in other scripts than ASCII. */
  readonly wideTokens?: number | undefined
}

interface Factors {
  readonly ascii: Learned
  readonly wide: Learned
}

export class TokenEstimate {
  readonly #options: SchedulerOptions
  readonly #densityOf: (model: string) => TokenDensity | undefined
  /** By model id. At most `modelsMax`, oldest first. */
  readonly #factors = new Map<string, Factors>()

  /** @param densityOf What the model's tokenizer makes of a byte, as far as it is known by now. */
  constructor(
    options: SchedulerOptions,
    densityOf: (model: string) => TokenDensity | undefined = () => undefined,
  ) {
    this.#options = options
    this.#densityOf = densityOf
  }

  get modelCount(): number {
    return this.#factors.size
  }

  /** Tokens to expect of a prompt that was estimated by its bytes. */
  expect(model: string, estimated: EstimatedTokens): number {
    const { ascii, wide } = this.#parts(model, estimated)
    return ascii + wide
  }

  /** @param tokens Both of the same prompt. */
  observe(
    model: string,
    { estimated, counted }: { readonly estimated: EstimatedTokens; readonly counted: number },
  ): void {
    const { modelsMax, inputSmoothingRatio } = this.#options
    const parts = this.#parts(model, estimated)
    const expected = parts.ascii + parts.wide
    if (!(expected > 0 && counted > 0 && Number.isFinite(expected))) return
    let factors = this.#factors.get(model)
    if (factors === undefined) {
      if (this.#factors.size >= modelsMax) this.#dropOldest()
      factors = { ascii: new Learned(), wide: new Learned() }
      this.#factors.set(model, factors)
    }
    const start = startOf(this.#densityOf(model))
    const weight = inputSmoothingRatio * Math.min(1, estimated.inputTokens / FULL_WEIGHT_TOKENS)
    for (const script of ['ascii', 'wide'] as const) {
      const factor = factors[script].factor(start[script])
      const seen = bounded((factor * counted) / expected)
      factors[script].add(seen, (weight * parts[script]) / expected)
    }
  }

  /** What is expected of each script's part. */
  #parts(model: string, { inputTokens, wideTokens = 0 }: EstimatedTokens) {
    const start = startOf(this.#densityOf(model))
    const factors = this.#factors.get(model)
    const wide = Math.min(Math.max(0, wideTokens), inputTokens)
    return {
      ascii: (inputTokens - wide) * (factors?.ascii.factor(start.ascii) ?? start.ascii),
      wide: wide * (factors?.wide.factor(start.wide) ?? start.wide),
    }
  }

  #dropOldest(): void {
    for (const model of this.#factors.keys()) {
      this.#factors.delete(model)
      return
    }
  }
}

/** A moving average that knows how much of it is still its start, so that the start may change. */
class Learned {
  #value = 0
  #startShare = 1

  factor(start: number): number {
    return this.#value + this.#startShare * start
  }

  /** @param weight 0 to 1. */
  add(seen: number, weight: number): void {
    this.#value += weight * (seen - this.#value)
    this.#startShare *= 1 - weight
  }
}

function startOf(density: TokenDensity | undefined) {
  if (density === undefined) return { ascii: 1, wide: 1 }
  return {
    ascii: bounded(density.asciiTokensPerByte * BYTES_PER_TOKEN),
    wide: bounded(density.wideTokensPerByte * BYTES_PER_TOKEN),
  }
}

function bounded(factor: number): number {
  return Math.min(FACTOR_MAX, Math.max(FACTOR_MIN, factor))
}
