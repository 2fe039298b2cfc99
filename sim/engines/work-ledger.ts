/**
 * Who the time of a language engine was spent on.
 *
 * Of each step, every sequence in it bears what it costs: its context, its own tokens that are read,
 * and an equal part of the rest. Sequences that make tokens all do so in every step, so the ledger
 * keeps sums over steps, from which the part of each is found when it leaves:
 *
 *     Σ share of the rest  +  offset × Σ cost per context token  +  Σ cost per context token × step
 *
 * since the context of each is its own offset plus the number of the step. The busy time is summed up
 * apart from it, so that the two can be compared.
 */
import type { EngineTotals } from './engine.ts'
import type { Sequence } from './sequence.ts'

/** Steps that were worked, the first and last perhaps in part. */
export interface WorkedSteps {
  /** Sum of the parts. */
  readonly weight: number
  /** The same, each part times its place after the first step, from 0. */
  readonly placeWeight: number
  /** Number of the first. */
  readonly firstStep: number
  /** What each bears of what is nobody's, per step. */
  readonly sharedMs: number
  readonly contextTokenMs: number
}

export class WorkLedger {
  busyMs = 0
  serviceMs = 0
  wastedMs = 0
  prefillTokens = 0
  decodeTokens = 0
  cachedTokens = 0
  #sharedMs = 0
  #contextMs = 0
  #contextStepMs = 0

  /** For all that take part. */
  addSteps({ weight, placeWeight, firstStep, sharedMs, contextTokenMs }: WorkedSteps): void {
    this.#sharedMs += weight * sharedMs
    this.#contextMs += weight * contextTokenMs
    this.#contextStepMs += (weight * firstStep + placeWeight) * contextTokenMs
  }

  /** For one that reads. */
  addReading(sequence: Sequence, steps: WorkedSteps, prefillTokenMs: number): void {
    const { weight, placeWeight, contextTokenMs } = steps
    const { readTokens, chunkTokens } = sequence
    const workMs =
      contextTokenMs * (weight * readTokens + placeWeight * chunkTokens) +
      prefillTokenMs * weight * chunkTokens
    sequence.serviceMs += workMs
    this.serviceMs += workMs
  }

  /** From here on it takes part. */
  open(sequence: Sequence): void {
    sequence.settledSharedMs = this.#sharedMs
    sequence.settledContextMs = this.#contextMs
    sequence.settledContextStepMs = this.#contextStepMs
  }

  /** Brings what it bears up to date. */
  settle(sequence: Sequence): void {
    let workMs = this.#sharedMs - sequence.settledSharedMs
    if (sequence.state === 'decoding') {
      workMs += sequence.contextOffset * (this.#contextMs - sequence.settledContextMs)
      workMs += this.#contextStepMs - sequence.settledContextStepMs
    }
    sequence.serviceMs += workMs
    this.serviceMs += workMs
    this.open(sequence)
  }

  /** All that was done for it is lost. */
  waste(sequence: Sequence): void {
    this.wastedMs += sequence.serviceMs - sequence.wastedMs
    sequence.wastedMs = sequence.serviceMs
  }

  /** What was done for it since it was admitted is lost. */
  wasteReading(sequence: Sequence): void {
    const workMs = sequence.serviceMs - sequence.admittedServiceMs
    this.wastedMs += workMs
    sequence.wastedMs += workMs
  }

  /** Nothing takes part, and steps are counted from 0 again: small sums are exact sums. */
  restart(): void {
    this.#sharedMs = 0
    this.#contextMs = 0
    this.#contextStepMs = 0
  }

  get totals(): EngineTotals {
    const { busyMs, serviceMs, prefillTokens, decodeTokens, cachedTokens, wastedMs } = this
    return { busyMs, serviceMs, prefillTokens, decodeTokens, cachedTokens, wastedMs }
  }
}
