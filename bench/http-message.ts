/**
 * An incremental reader of HTTP/1.1 messages, requests and responses alike.
 *
 * The load generator and the mock engine read raw sockets through it, because both share the
 * processor with what they measure: `node:http` costs several times as much per message as this.
 * It knows what a keep-alive connection between programs needs, bodies with `content-length` and
 * chunked ones, and refuses the rest.
 *
 * Source: RFC 9112, sections 6 and 7.
 */

/** More than any head the benchmarks see. */
const HEAD_MAX_BYTES = 65_536

const HEAD_END = '\r\n\r\n'
const LINE_END = '\r\n'

export interface HttpMessageHandlers {
  /** @param head The first line and the headers, as sent, without the empty line. */
  readonly head: (head: string) => void
  /** A piece of the body, chunk framing removed. Valid only during the call. */
  readonly body: (bytes: Buffer) => void
  readonly end: () => void
}

type State = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer'

export class HttpMessageReader {
  readonly #handlers: HttpMessageHandlers
  #state: State = 'head'
  /** Body or chunk bytes still to come. */
  #leftBytes = 0
  /** A line that has not arrived whole. */
  #rest: Buffer | undefined

  constructor(handlers: HttpMessageHandlers) {
    this.#handlers = handlers
  }

  /** Whether a message has begun and not ended. */
  get isInside(): boolean {
    return this.#state !== 'head' || this.#rest !== undefined
  }

  /** @throws Error if the bytes are no HTTP message that this reader knows. */
  push(arrived: Buffer): void {
    let bytes = this.#rest === undefined ? arrived : Buffer.concat([this.#rest, arrived])
    this.#rest = undefined
    while (bytes.length > 0) {
      const taken = this.#take(bytes)
      if (taken === 0) {
        if (bytes.length > HEAD_MAX_BYTES) throw new Error(`a line over ${HEAD_MAX_BYTES} bytes`)
        this.#rest = bytes
        return
      }
      bytes = bytes.subarray(taken)
    }
  }

  /** @returns How many bytes were understood; 0: more must arrive first. */
  #take(bytes: Buffer): number {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(bytes)
      case 'body':
        return this.#takeData(bytes, 'head')
      case 'chunk':
        return this.#takeData(bytes, 'chunk-end')
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#takeLine(bytes)
    }
  }

  #takeHead(bytes: Buffer): number {
    const endAt = bytes.indexOf(HEAD_END)
    if (endAt === -1) return 0
    const head = bytes.toString('latin1', 0, endAt)
    this.#handlers.head(head)
    this.#begin(head)
    return endAt + HEAD_END.length
  }

  #begin(head: string): void {
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
      this.#state = 'chunk-size'
      return
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length === undefined && head.startsWith('HTTP/')) {
      throw new Error('an answer without content-length or chunks')
    }
    this.#leftBytes = Number(length ?? 0)
    this.#state = 'body'
    if (this.#leftBytes === 0) this.#finish()
  }

  #takeData(bytes: Buffer, next: 'head' | 'chunk-end'): number {
    const taken = Math.min(bytes.length, this.#leftBytes)
    this.#handlers.body(taken === bytes.length ? bytes : bytes.subarray(0, taken))
    this.#leftBytes -= taken
    if (this.#leftBytes > 0) return taken
    if (next === 'head') this.#finish()
    else this.#state = next
    return taken
  }

  #takeLine(bytes: Buffer): number {
    const endAt = bytes.indexOf(LINE_END)
    if (endAt === -1) return 0
    if (this.#state === 'chunk-size') this.#beginChunk(bytes.toString('latin1', 0, endAt))
    else if (this.#state === 'chunk-end') this.#state = 'chunk-size'
    // The trailer's fields end with an empty line.
    else if (endAt === 0) this.#finish()
    return endAt + LINE_END.length
  }

  #beginChunk(line: string): void {
    this.#leftBytes = Number.parseInt(line, 16)
    if (Number.isNaN(this.#leftBytes)) throw new Error(`a chunk size, found ${line.slice(0, 40)}`)
    this.#state = this.#leftBytes === 0 ? 'trailer' : 'chunk'
  }

  #finish(): void {
    this.#state = 'head'
    this.#handlers.end()
  }
}
