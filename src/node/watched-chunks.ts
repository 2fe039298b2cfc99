/**
 * The chunks of an answer, watched: whoever passes them on learns how the answer ended, without
 * a generator between engine and client.
 *
 * An answer ends when its chunks do, when its reader returns early, or when the signal fires:
 * then the runtime or the lane, which listen to the same signal, stop by themselves.
 */
export type AnswerEnd = 'answered' | 'failed' | 'cancelled'

export interface AnswerSize {
  readonly chunkCount: number
  readonly byteCount: number
}

export interface ChunksObserver {
  /** The first chunk is here. */
  readonly onFirst?: () => void
  /** Called once. @param last The last chunks, in order: no more than two. */
  readonly onEnd: (end: AnswerEnd, size: AnswerSize, last: readonly Uint8Array[]) => void
}

export class WatchedChunks implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #inner: AsyncIterator<Uint8Array, undefined>
  readonly #observer: ChunksObserver
  readonly #signal: AbortSignal
  #chunkCount = 0
  #byteCount = 0
  #last: readonly Uint8Array[] = []
  #hasEnded = false

  constructor(
    chunks: AsyncIterable<Uint8Array, undefined>,
    signal: AbortSignal,
    observer: ChunksObserver,
  ) {
    this.#inner = chunks[Symbol.asyncIterator]()
    this.#signal = signal
    this.#observer = observer
    signal.addEventListener('abort', this)
    if (signal.aborted) this.handleEvent()
  }

  /** Whoever asked went away, perhaps without having asked for a single chunk. */
  handleEvent(): void {
    this.#end('cancelled')
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#inner.next().then(
      result => {
        if (result.done === true) this.#end('answered')
        else this.#count(result.value)
        return result
      },
      (error: unknown) => {
        this.#end(this.#signal.aborted ? 'cancelled' : 'failed')
        throw error
      },
    )
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#end('cancelled')
    await this.#inner.return?.()
    return { done: true, value: undefined }
  }

  #count(chunk: Uint8Array): void {
    if (this.#chunkCount === 0) this.#observer.onFirst?.()
    this.#chunkCount += 1
    this.#byteCount += chunk.length
    const before = this.#last.at(-1)
    this.#last = before === undefined ? [chunk] : [before, chunk]
  }

  #end(end: AnswerEnd): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#signal.removeEventListener('abort', this)
    const size = { chunkCount: this.#chunkCount, byteCount: this.#byteCount }
    this.#observer.onEnd(end, size, this.#last)
  }
}
