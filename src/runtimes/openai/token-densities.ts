/**
 * Has the models of an engine counted by its tokenizer, where it offers one: a sample of ours, once
 * for each model and digest.
 *
 *     a look at the models --> due? --> one model after the other --> told with the model's facts
 *                               ^                 |
 *                               '--- back-off ----'  no tokenizer, no sense, no answer in time
 *
 * Nobody waits for it: a model serves before it is counted, and whether or not it can be. What is not
 * ready is not asked about, since a question might load or wake it.
 */
import type { ModelFacts } from '../../core/peer-state.ts'
import type { TokenDensity } from '../../core/token-density.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type { CountedText } from '../engines/engine-profile.ts'
import { measuredDensity } from '../token-sample.ts'

/** An engine that could not count may have been about to start, or busy. */
const RETRY_MIN_MS = 60_000

/** One that offers no tokenizer will hardly have one before it is replaced. */
const RETRY_MAX_MS = 3_600_000

export interface TokenDensitiesDeps {
  readonly clock: Clock
  readonly log: Pick<Logger, 'debug'>
  /** Asks the engine, within a deadline. */
  readonly count: (counted: CountedText, signal: AbortSignal) => Promise<number>
  readonly isReady: (model: string) => boolean
  /** A density has become known. */
  readonly onMeasured: () => void
}

interface Measurement {
  readonly digest: string | undefined
  density: TokenDensity | undefined
  failureCount: number
  dueMs: number
}

export class TokenDensities {
  readonly #deps: TokenDensitiesDeps
  readonly #closing = new AbortController()
  /** By model id; of the models last seen only. */
  readonly #measurements = new Map<string, Measurement>()
  #isMeasuring = false

  constructor(deps: TokenDensitiesDeps) {
    this.#deps = deps
  }

  /** The facts, with what is known by now. */
  added(models: readonly ModelFacts[]): readonly ModelFacts[] {
    return models.map(model => {
      const known = this.#measurements.get(model.id)
      if (known?.density === undefined || known.digest !== model.digest) return model
      return { ...model, tokenDensity: known.density }
    })
  }

  /** These are the models now: has those measured that it is time for. */
  see(models: readonly ModelFacts[]): void {
    if (this.#closing.signal.aborted) return
    const digests = new Map(models.map(({ id, digest }) => [id, digest]))
    for (const [id, { digest }] of this.#measurements) {
      if (!digests.has(id) || digests.get(id) !== digest) this.#measurements.delete(id)
    }
    for (const [id, digest] of digests) {
      if (this.#measurements.has(id)) continue
      this.#measurements.set(id, { digest, density: undefined, failureCount: 0, dueMs: 0 })
    }
    if (!this.#isMeasuring) void this.#measureAll()
  }

  /** Whatever comes back under the same names may count otherwise. */
  forget(): void {
    this.#measurements.clear()
  }

  close(reason: Error): void {
    this.#closing.abort(reason)
    this.forget()
  }

  async #measureAll(): Promise<void> {
    this.#isMeasuring = true
    while (!this.#closing.signal.aborted) {
      const due = this.#nextDue()
      if (due === undefined) break
      await this.#measure(...due)
    }
    this.#isMeasuring = false
  }

  #nextDue(): readonly [model: string, Measurement] | undefined {
    const nowMs = this.#deps.clock.nowMs()
    for (const [model, measurement] of this.#measurements) {
      const isDue = measurement.density === undefined && measurement.dueMs <= nowMs
      if (isDue && this.#deps.isReady(model)) return [model, measurement]
    }
    return undefined
  }

  async #measure(model: string, measurement: Measurement): Promise<void> {
    const { clock, count, log, onMeasured } = this.#deps
    const { signal } = this.#closing
    let failure: unknown
    try {
      measurement.density = await measuredDensity(text => count({ model, text }, signal))
    } catch (error) {
      failure = error
    }
    if (signal.aborted) return
    if (measurement.density === undefined) {
      const backOffMs = RETRY_MIN_MS * 2 ** measurement.failureCount
      measurement.failureCount += 1
      measurement.dueMs = clock.nowMs() + Math.min(RETRY_MAX_MS, backOffMs)
      log.debug('tokens of a model are estimated without its tokenizer', { model, error: failure })
      return
    }
    // It may have gone, or become another, meanwhile.
    if (this.#measurements.get(model) === measurement) onMeasured()
  }
}
