/**
 * When a second peer is asked for an answer that does not begin, and whether it may be.
 *
 * A hedge helps if one peer hangs while others are well; if all are busy it makes them busier. So it
 * comes late (after all but a few answers of the model have begun), is rare (a budget that only
 * requests earn), and ends the slower attempt at once.
 *
 * How long answers take to begin is learned per model from the last ones seen here. What is not
 * known is not guessed: without enough of them there is no hedge.
 *
 * Source: Dean, Barroso, "The tail at scale", CACM 56(2), 2013: hedged requests.
 */
import { Budget } from './budget.ts'
import type { SchedulerOptions } from './options.ts'

/** What the mesh may agree on. */
export interface HedgeRule {
  readonly isEnabled: boolean
  /** Share of answers that have begun by then. */
  readonly delayQuantile: number
  readonly budgetRatio: number
}

/** Last answers of a model that are remembered: enough to tell 95 of 100 from 99 of 100. */
const SAMPLES_MAX = 200

/** Fewer say nothing about the slowest of twenty. */
const SAMPLES_MIN = 40

type HedgeOptions = Pick<
  SchedulerOptions,
  | 'isHedging'
  | 'hedgeBudgetRatio'
  | 'hedgeSavedMax'
  | 'hedgeQuantileRatio'
  | 'hedgeDelayMinMs'
  | 'modelsMax'
>

interface FirstBytes {
  /** A ring of the last times to the head of an answer. */
  readonly timesMs: number[]
  next: number
}

export class Hedging {
  readonly #options: HedgeOptions
  readonly #budget: Budget
  /** Model id → its last times. At most `modelsMax`, oldest first. */
  readonly #firstBytes = new Map<string, FirstBytes>()
  #rule: HedgeRule | undefined

  constructor(options: HedgeOptions) {
    this.#options = options
    this.#budget = new Budget({
      ratio: options.hedgeBudgetRatio,
      floorPerSecond: 0,
      savedMax: options.hedgeSavedMax,
      saved: 0,
    })
  }

  get isEnabled(): boolean {
    return this.#rule?.isEnabled ?? this.#options.isHedging
  }

  get modelCount(): number {
    return this.#firstBytes.size
  }

  setRule(rule: HedgeRule | undefined): void {
    this.#rule = rule
  }

  /** A request has come. */
  earn(nowMs: number): void {
    if (!this.isEnabled) return
    const ratio = Math.min(this.#options.hedgeBudgetRatio, this.#rule?.budgetRatio ?? 1)
    this.#budget.earn(nowMs, ratio)
  }

  /** Whether a second peer may be asked now. Then it is paid for. */
  take(nowMs: number): boolean {
    return this.isEnabled && this.#budget.take(nowMs)
  }

  /** An answer has begun, as long after it was asked for. */
  observe(model: string, timeMs: number): void {
    if (!this.isEnabled) return
    const known = this.#firstBytes.get(model)
    if (known === undefined && this.#firstBytes.size >= this.#options.modelsMax) this.#dropOldest()
    const kept = known ?? { timesMs: [], next: 0 }
    if (known === undefined) this.#firstBytes.set(model, kept)
    kept.timesMs[kept.next] = timeMs
    kept.next = (kept.next + 1) % SAMPLES_MAX
  }

  /** How long to wait for an answer of the model to begin. `undefined`: for good. */
  delayMs(model: string): number | undefined {
    if (!this.isEnabled || this.#budget.isSpent) return undefined
    const timesMs = this.#firstBytes.get(model)?.timesMs ?? []
    if (timesMs.length < SAMPLES_MIN) return undefined
    const { hedgeQuantileRatio, hedgeDelayMinMs } = this.#options
    const quantile = this.#rule?.delayQuantile ?? hedgeQuantileRatio
    const sorted = Float64Array.from(timesMs).sort()
    const index = Math.min(sorted.length - 1, Math.ceil(quantile * sorted.length) - 1)
    return Math.max(hedgeDelayMinMs, sorted[index] as number)
  }

  #dropOldest(): void {
    for (const model of this.#firstBytes.keys()) {
      this.#firstBytes.delete(model)
      return
    }
  }
}
