/**
 * The chunks of an answer, watched: whoever passes them on learns how the answer ended, without
 * a generator between engine and client.
 *
 * An answer ends when its chunks do, when its reader returns early, or when the signal fires:
 * then the runtime or the lane, which listen to the same signal, stop by themselves.
 *
 * An answer is watched by the engine's queue, by the router and by its trace, one around the other.
 * They share one iterator and one listener of the signal, and are told in the order in which they came.
 */
import { type AnswerUsage, readUsage } from './answer-usage.ts'

export type AnswerEnd = 'answered' | 'failed' | 'cancelled'

export interface AnswerSize {
  readonly chunkCount: number
  readonly byteCount: number
}

export interface ChunksObserver {
  /** The first chunk is here. */
  readonly onFirst?: () => void
  /** Called once. @param usageOf What the engine says that the answer cost; read when first asked. */
  readonly onEnd: (end: AnswerEnd, size: AnswerSize, usageOf: () => AnswerUsage) => void
}

type Result = IteratorResult<Uint8Array, undefined>

export class WatchedChunks implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #inner: AsyncIterator<Uint8Array, undefined>
  readonly #observers: ChunksObserver[] = []
  readonly #signal: AbortSignal
  #chunkCount = 0
  #byteCount = 0
  /** In order, no more than two. */
  #last: readonly Uint8Array[] = []
  #usage: AnswerUsage | undefined
  #end: AnswerEnd | undefined

  private constructor(chunks: AsyncIterable<Uint8Array, undefined>, signal: AbortSignal) {
    this.#inner = chunks[Symbol.asyncIterator]()
    this.#signal = signal
    signal.addEventListener('abort', this)
    if (signal.aborted) this.handleEvent()
  }

  /** To be read in the place of `chunks`, of which nothing was read yet. */
  static of(
    chunks: AsyncIterable<Uint8Array, undefined>,
    signal: AbortSignal,
    observer: ChunksObserver,
  ): WatchedChunks {
    const isWatched = chunks instanceof WatchedChunks && chunks.#signal === signal
    const watched = isWatched ? chunks : new WatchedChunks(chunks, signal)
    watched.#observers.push(observer)
    if (watched.#end !== undefined) watched.#tellEnd(observer, watched.#end)
    return watched
  }

  /** Whoever asked went away, perhaps without having asked for a single chunk. */
  handleEvent(): void {
    this.#endAs('cancelled')
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Result> {
    return this.#inner.next().then(this.#onResult, this.#onError)
  }

  async return(): Promise<Result> {
    this.#endAs('cancelled')
    await this.#inner.return?.()
    return { done: true, value: undefined }
  }

  readonly #onResult = (result: Result): Result => {
    if (result.done === true) this.#endAs('answered')
    else this.#count(result.value)
    return result
  }

  readonly #onError = (error: unknown): never => {
    this.#endAs(this.#signal.aborted ? 'cancelled' : 'failed')
    throw error
  }

  #count(chunk: Uint8Array): void {
    if (this.#chunkCount === 0) for (const { onFirst } of this.#observers) onFirst?.()
    this.#chunkCount += 1
    this.#byteCount += chunk.length
    const before = this.#last.at(-1)
    this.#last = before === undefined ? [chunk] : [before, chunk]
  }

  #endAs(end: AnswerEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#signal.removeEventListener('abort', this)
    for (const observer of this.#observers) this.#tellEnd(observer, end)
  }

  #tellEnd({ onEnd }: ChunksObserver, end: AnswerEnd): void {
    onEnd(end, { chunkCount: this.#chunkCount, byteCount: this.#byteCount }, this.#usageOf)
  }

  readonly #usageOf = (): AnswerUsage => {
    this.#usage ??= readUsage(this.#last)
    return this.#usage
  }
}
