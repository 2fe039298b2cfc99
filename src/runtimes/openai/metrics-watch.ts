/**
 * Asks an engine for its metrics at a steady pace, one scrape at a time, never because of a request.
 *
 * An engine that has none to tell is asked seldom: it may be configured otherwise tomorrow.
 */
import type { MeshError } from '../../core/errors.ts'
import type { Clock } from '../../node/clock.ts'
import type { Logger } from '../../node/log.ts'
import type { EngineReadings } from '../engines/engine-profile.ts'

/** Failures in a row after which it is asked at the slow pace. */
const PATIENCE_COUNT = 30
const SLOW_INTERVAL_MS = 30_000

export interface MetricsWatchDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Its own deadline is short. */
  readonly read: (signal: AbortSignal) => Promise<EngineReadings>
  /** Before a scrape. */
  readonly onAsk: () => void
  readonly onRead: (readings: EngineReadings) => void
}

export class MetricsWatch {
  readonly #intervalMs: number
  readonly #deps: MetricsWatchDeps
  readonly #closing = new AbortController()
  #isReading = false
  #isPaused = true
  #inARowCount = 0
  #failureCount = 0
  /** When it last told any; until it has, when it was first to be asked. */
  #toldAtMs: number | undefined
  #cancelWake = () => {}

  constructor(intervalMs: number, deps: MetricsWatchDeps) {
    this.#intervalMs = intervalMs
    this.#deps = deps
  }

  /** Since the start. */
  get failureCount(): number {
    return this.#failureCount
  }

  /** How old the last are, though they may count no more. `undefined`: nobody has asked. */
  get ageMs(): number | undefined {
    return this.#toldAtMs === undefined ? undefined : this.#deps.clock.nowMs() - this.#toldAtMs
  }

  /** Begins, or begins anew with an engine that has come back. */
  start(): void {
    if (this.#closing.signal.aborted) return
    this.#inARowCount = 0
    this.#isPaused = false
    this.#toldAtMs ??= this.#deps.clock.nowMs()
    // It rejects only if a listener throws, which is a bug for the process to stop at.
    void this.#read()
  }

  /** The engine is gone. */
  pause(): void {
    this.#isPaused = true
    this.#cancelWake()
  }

  close(reason: MeshError): void {
    this.#closing.abort(reason)
    this.#cancelWake()
  }

  async #read(): Promise<void> {
    if (this.#isReading) return
    this.#cancelWake()
    this.#isReading = true
    const startMs = this.#deps.clock.nowMs()
    this.#deps.onAsk()
    const report = await this.#deps.read(this.#closing.signal).then(
      readings => () => this.#done(readings),
      (error: unknown) => () => this.#failed(error),
    )
    this.#isReading = false
    if (this.#closing.signal.aborted) return
    report()
    if (this.#isPaused) return
    const isSlow = this.#inARowCount >= PATIENCE_COUNT
    const { clock } = this.#deps
    const dueMs =
      startMs + (isSlow ? Math.max(SLOW_INTERVAL_MS, this.#intervalMs) : this.#intervalMs)
    this.#cancelWake = clock.wakeAt(Math.max(dueMs, clock.nowMs()), () => void this.#read())
  }

  #done(readings: EngineReadings): void {
    this.#inARowCount = 0
    this.#toldAtMs = this.#deps.clock.nowMs()
    this.#deps.onRead(readings)
  }

  #failed(error: unknown): void {
    this.#failureCount += 1
    this.#inARowCount += 1
    if (this.#inARowCount === 1) this.#deps.log.info('engine tells no metrics', { error })
  }
}
