/**
 * How fast a language engine is, as one sees who measures its answers from outside: moving averages,
 * that begin with what its nature promises.
 */
import type { LanguageSpeed } from '../scenario/hardware.ts'

/** Weight of one more prompt. */
const PREFILL_WEIGHT = 0.2

/** Weight of one more step: about the last 50 count, which is a second or two. */
const STEP_WEIGHT = 0.02

const STEP_KEPT = Math.log1p(-STEP_WEIGHT)

export class SpeedMeter {
  #prefillTokenMs: number
  #stepMs: number

  constructor({
    stepBaseMs,
    stepPerSequenceMs,
    prefillTokenMs,
    prefillChunkTokens,
  }: LanguageSpeed) {
    this.#prefillTokenMs = prefillTokenMs + (stepBaseMs + stepPerSequenceMs) / prefillChunkTokens
    this.#stepMs = stepBaseMs + stepPerSequenceMs
  }

  get prefillTokensPerSecond(): number {
    return 1_000 / this.#prefillTokenMs
  }

  /** Of one answer. */
  get decodeTokensPerSecond(): number {
    return 1_000 / this.#stepMs
  }

  get prefillTokenMs(): number {
    return this.#prefillTokenMs
  }

  addPrompt(tokens: number, durationMs: number): void {
    this.#prefillTokenMs += PREFILL_WEIGHT * (durationMs / tokens - this.#prefillTokenMs)
  }

  /** @param stepMs Mean of so many steps, in which tokens were made. */
  addSteps(steps: number, stepMs: number): void {
    const weight = steps === 1 ? STEP_WEIGHT : -Math.expm1(steps * STEP_KEPT)
    this.#stepMs += weight * (stepMs - this.#stepMs)
  }
}
