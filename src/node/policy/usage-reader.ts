/**
 * Reads off an answer that passes how many tokens it cost, where the engine says so: `usage` of the
 * OpenAI API, in the answer itself or in the last event of a stream.
 */

const FIELD = Buffer.from('"total_tokens"')

/** Where the number stands after the name, at most. */
const NUMBER = /^"total_tokens"\s*:\s*(\d{1,12})/

const NUMBER_LENGTH_MAX = 64

export class UsageReader {
  /** `undefined`: nothing was said. */
  totalTokens: number | undefined

  /** The chunks as they are. A number cut by the end of a chunk is not read. */
  read(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array, undefined> {
    const inner = chunks[Symbol.asyncIterator]()
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const result = await inner.next()
          if (result.done === true) return { done: true, value: undefined }
          this.#look(result.value)
          return result
        },
        return: async () => {
          await inner.return?.()
          return { done: true, value: undefined }
        },
      }),
    }
  }

  #look(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    const at = bytes.lastIndexOf(FIELD)
    if (at < 0) return
    const text = bytes.toString('latin1', at, at + NUMBER_LENGTH_MAX)
    const [, digits] = NUMBER.exec(text) ?? []
    if (digits !== undefined) this.totalTokens = Number(digits)
  }
}
