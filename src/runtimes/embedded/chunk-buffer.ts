/**
 * A bounded queue between the engine, which makes chunks, and the client, which takes them.
 *
 * The engine may be a little ahead, so that a client's round trip does not hold up the batch; at
 * the bound it pauses, so that a client that stopped reading costs a fixed amount of memory.
 */
import { assert } from '../../core/assert.ts'

export class ChunkBuffer<Chunk> implements AsyncIterable<Chunk> {
  readonly #limit: number
  readonly #onAbandoned: () => void
  readonly #chunks: Chunk[] = []
  #ending: { readonly error?: unknown } | undefined
  /** Whoever waits for the other side. */
  #wakeups: (() => void)[] = []

  /** @param onAbandoned Called once if the reader leaves before the end. */
  constructor(limit: number, onAbandoned: () => void) {
    this.#limit = limit
    this.#onAbandoned = onAbandoned
  }

  get length(): number {
    return this.#chunks.length
  }

  /** Adds a chunk; resolves when there is room for the next. What comes after the end is lost. */
  async push(chunk: Chunk): Promise<void> {
    if (this.#ending !== undefined) return
    assert(this.#chunks.length < this.#limit, 'the writer waits for room')
    this.#chunks.push(chunk)
    this.#notify()
    while (this.#chunks.length >= this.#limit) await this.#change()
  }

  /** The reader gets what is buffered, then the end. */
  end(): void {
    this.#ending ??= {}
    this.#notify()
  }

  /** The reader gets the error next; what is buffered is dropped. */
  fail(error: unknown): void {
    if (this.#ending !== undefined) return
    this.#ending = { error }
    this.#chunks.length = 0
    this.#notify()
  }

  [Symbol.asyncIterator](): AsyncIterator<Chunk, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#abandon()
        return { done: true, value: undefined }
      },
    }
  }

  async #next(): Promise<IteratorResult<Chunk, undefined>> {
    for (;;) {
      const chunk = this.#chunks.shift()
      if (chunk !== undefined) {
        this.#notify()
        return { done: false, value: chunk }
      }
      if (this.#ending !== undefined) {
        if ('error' in this.#ending) throw this.#ending.error
        return { done: true, value: undefined }
      }
      await this.#change()
    }
  }

  #abandon(): void {
    this.#chunks.length = 0
    const wasOpen = this.#ending === undefined
    this.end()
    if (wasOpen) this.#onAbandoned()
  }

  #change(): Promise<void> {
    return new Promise(resolve => this.#wakeups.push(resolve))
  }

  #notify(): void {
    const wakeups = this.#wakeups
    this.#wakeups = []
    for (const wake of wakeups) wake()
  }
}
