/**
 * What the load generator notes down: samples while its window is open, errors always.
 */
import { type Percentiles, percentiles } from './statistics.ts'

/** Samples of one kind at most; what comes later is counted and not timed. */
const SAMPLES_MAX = 1_000_000

/** Different texts of errors at most; the rest is counted as `other`. */
const ERROR_TEXTS_MAX = 16

export interface LoadResult {
  /** Length of the window, as it really was. */
  readonly windowMs: number
  /** Requests answered in full inside the window. */
  readonly answeredCount: number
  readonly tokenCount: number
  /** From sending a request to the end of its answer, in ms. */
  readonly responseMs: Percentiles
  /** From sending a request to its first token, in ms. Streams only, as all below. */
  readonly ttftMs: Percentiles
  /** Between two tokens of one stream, in ms. */
  readonly tokenGapMs: Percentiles
  /** From the engine's stamp on a token to its arrival, in ms. */
  readonly tokenTransitMs: Percentiles
  /** Streams past their first token and not at their end, at most at once. */
  readonly openStreamsMax: number
  /** What went wrong → how often, from the first connection to the last. */
  readonly errors: Readonly<Record<string, number>>
}

export class LoadRecorder {
  readonly #responseMs: number[] = []
  readonly #ttftMs: number[] = []
  readonly #tokenGapMs: number[] = []
  readonly #tokenTransitMs: number[] = []
  readonly #errors = new Map<string, number>()
  #answeredCount = 0
  #tokenCount = 0
  #openStreams = 0
  #openStreamsMax = 0
  #isOpen = false

  /** @param isOpen Whether what happens from now on is measured. */
  setOpen(isOpen: boolean): void {
    this.#isOpen = isOpen
  }

  answered(responseMs: number): void {
    if (!this.#isOpen) return
    this.#answeredCount += 1
    note(this.#responseMs, responseMs)
  }

  streamOpened(ttftMs: number): void {
    this.#openStreams += 1
    this.#openStreamsMax = Math.max(this.#openStreamsMax, this.#openStreams)
    if (this.#isOpen) note(this.#ttftMs, ttftMs)
  }

  streamClosed(): void {
    this.#openStreams -= 1
  }

  /** @param gapMs `undefined` for the first token of a stream. */
  token(gapMs: number | undefined, transitMs: number | undefined): void {
    if (!this.#isOpen) return
    this.#tokenCount += 1
    if (gapMs !== undefined) note(this.#tokenGapMs, gapMs)
    if (transitMs !== undefined) note(this.#tokenTransitMs, transitMs)
  }

  failed(what: string): void {
    const isKnown = this.#errors.has(what) || this.#errors.size < ERROR_TEXTS_MAX
    const text = isKnown ? what : 'other'
    this.#errors.set(text, (this.#errors.get(text) ?? 0) + 1)
  }

  result(windowMs: number): LoadResult {
    return {
      windowMs,
      answeredCount: this.#answeredCount,
      tokenCount: this.#tokenCount,
      responseMs: percentiles(this.#responseMs),
      ttftMs: percentiles(this.#ttftMs),
      tokenGapMs: percentiles(this.#tokenGapMs),
      tokenTransitMs: percentiles(this.#tokenTransitMs),
      openStreamsMax: this.#openStreamsMax,
      errors: Object.fromEntries(this.#errors),
    }
  }
}

function note(samples: number[], sample: number): void {
  if (samples.length < SAMPLES_MAX) samples.push(sample)
}
