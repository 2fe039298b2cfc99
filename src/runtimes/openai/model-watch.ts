/**
 * Looks at an engine's list of models every now and then, and so knows whether it is there.
 *
 *     found --failure × failuresMax--> lost --success--> found
 *
 * One look at a time. A connection that fails elsewhere may ask for an early look, so that an
 * engine that died is noticed before the next round.
 */
import type { MeshError } from '../../core/errors.ts'
import type { ModelFacts } from '../../core/peer-state.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'

/**
 * Until it is found for the first time, an engine is probably loading, and later a model may be;
 * looks are cheap.
 */
const QUICK_INTERVAL_MS = 1_000

/** Least time between the end of one look and the start of the next. */
const GAP_MIN_MS = 500

export interface ModelWatchOptions {
  readonly refreshIntervalMs: number
  readonly failuresMax: number
}

export interface ModelWatchDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Asks the engine. Its own deadline is shorter than any wait here. */
  readonly fetchModels: (signal: AbortSignal) => Promise<readonly ModelFacts[]>
  readonly onChanged: () => void
  /** Something is on its way that the next look may find. */
  readonly isRestless: () => boolean
  /** It counts as gone. */
  readonly onLost: () => void
}

export class ModelWatch {
  readonly #options: ModelWatchOptions
  readonly #deps: ModelWatchDeps
  readonly #closing = new AbortController()
  #models: readonly ModelFacts[] = []
  #lastError: unknown
  #failureCount = 0
  #isLooking = false
  #nextLookMs = 0
  #lookEndedMs = Number.NEGATIVE_INFINITY
  #cancelWake = () => {}
  #wasFound = false

  constructor(options: ModelWatchOptions, deps: ModelWatchDeps) {
    this.#options = options
    this.#deps = deps
  }

  get models(): readonly ModelFacts[] {
    return this.#models
  }

  /** Of the last look. `undefined`: it succeeded, or there was none. */
  get lastError(): unknown {
    return this.#lastError
  }

  /**
   * One look now, then one after each interval. Resolves when it is over; what went wrong is in
   * `lastError`.
   */
  async look(): Promise<void> {
    if (this.#isLooking || this.#closing.signal.aborted) return
    this.#isLooking = true
    this.#cancelWake()
    const report = await this.#deps.fetchModels(this.#closing.signal).then(
      models => () => this.#found(models),
      (error: unknown) => () => this.#missed(error),
    )
    this.#isLooking = false
    if (this.#closing.signal.aborted) return
    report()
    this.#lookEndedMs = this.#deps.clock.nowMs()
    const { refreshIntervalMs } = this.#options
    const isQuick = !this.#wasFound || this.#deps.isRestless()
    const intervalMs = isQuick ? Math.min(refreshIntervalMs, QUICK_INTERVAL_MS) : refreshIntervalMs
    this.#arm(this.#lookEndedMs + intervalMs)
  }

  /** Something speaks against the engine: looks as soon as the last look is not too fresh. */
  lookSoon(): void {
    if (this.#isLooking) return
    const soonMs = Math.max(this.#deps.clock.nowMs(), this.#lookEndedMs + GAP_MIN_MS)
    if (soonMs < this.#nextLookMs) this.#arm(soonMs)
  }

  close(reason: MeshError): void {
    this.#closing.abort(reason)
    this.#cancelWake()
    this.#replace([])
  }

  #arm(atMs: number): void {
    this.#cancelWake()
    if (this.#closing.signal.aborted) return
    this.#nextLookMs = atMs
    // It rejects only if a listener throws, which is a bug for the process to stop at.
    this.#cancelWake = this.#deps.clock.wakeAt(atMs, () => void this.look())
  }

  #found(models: readonly ModelFacts[]): void {
    if (this.#lastError !== undefined) {
      this.#deps.log.info('engine found', { models: models.length })
    }
    this.#failureCount = 0
    this.#lastError = undefined
    this.#wasFound = true
    this.#replace(models)
  }

  #missed(error: unknown): void {
    this.#lastError = error
    this.#failureCount += 1
    if (this.#failureCount === 1) this.#deps.log.warn('engine does not answer', { error })
    if (this.#failureCount < this.#options.failuresMax || this.#models.length === 0) return
    this.#deps.log.warn('engine lost', { failures: this.#failureCount, error })
    this.#deps.onLost()
    this.#replace([])
  }

  #replace(models: readonly ModelFacts[]): void {
    const hasChanged = JSON.stringify(models) !== JSON.stringify(this.#models)
    this.#models = models
    if (hasChanged) this.#deps.onChanged()
  }
}
