/**
 * An answer that is translated as it streams: what one chunk of the engine gives becomes one chunk
 * for the reader, so nothing waits here and a request that ends, ends at once.
 */
import { MeshError } from '../../core/errors.ts'
import type { RuntimeAnswer } from '../../node/runtime.ts'
import { readBody } from '../openai/engine-client.ts'
import type { Exchange } from '../openai/exchange.ts'

/** Of an answer in one piece, with more text than any context holds. */
const WHOLE_MAX_BYTES = 33_554_432

export interface ChunkTranslation {
  /** What to pass on, if anything. @throws MeshError if it tells of a failure. */
  readonly chunk: (chunk: Uint8Array) => readonly Uint8Array[]
  /** What follows the last. */
  readonly end: () => readonly Uint8Array[]
}

class TranslatedStream implements AsyncIterableIterator<Uint8Array> {
  readonly #exchange: Exchange
  readonly #translation: ChunkTranslation
  /** The first chunk, read before the head of the answer was given. */
  #first: IteratorResult<Uint8Array> | undefined
  #isOver = false

  constructor(exchange: Exchange, translation: ChunkTranslation) {
    this.#exchange = exchange
    this.#translation = translation
  }

  /** An engine that fails at once does so before the answer has a head. */
  async begin(): Promise<this> {
    this.#first = await this.next()
    return this
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) return first
    while (!this.#isOver) {
      const { done, value } = await this.#exchange.next()
      this.#isOver = done === true
      const parts = done === true ? this.#translation.end() : await this.#translated(value)
      if (parts.length > 0) return { done: false, value: Buffer.concat(parts) }
    }
    return { done: true, value: undefined }
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#isOver = true
    this.#first = undefined
    return await this.#exchange.return()
  }

  async #translated(chunk: Uint8Array): Promise<readonly Uint8Array[]> {
    try {
      return this.#translation.chunk(chunk)
    } catch (error) {
      await this.return()
      throw error
    }
  }
}

export async function streamedAnswer(
  exchange: Exchange,
  translation: ChunkTranslation,
): Promise<RuntimeAnswer> {
  return {
    status: 200,
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    chunks: await new TranslatedStream(exchange, translation).begin(),
  }
}

/** @throws MeshError ERR_ENGINE if it is too long, and what `translate` throws. */
export async function wholeAnswer(
  exchange: Exchange,
  translate: (text: string) => Uint8Array,
): Promise<RuntimeAnswer> {
  const body = await readBody(exchange, WHOLE_MAX_BYTES)
  if (body === undefined) {
    throw new MeshError(`expected an answer of at most ${WHOLE_MAX_BYTES} bytes, found more`, {
      code: 'ERR_ENGINE',
    })
  }
  const translated = translate(new TextDecoder().decode(body))
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    chunks: once(translated),
  }
}

async function* once(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body
}
