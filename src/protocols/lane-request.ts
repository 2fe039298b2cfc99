/**
 * The asking side of one request on a lane: sends its body, keeps what has arrived of the answer
 * until the reader takes it, and grants the other side more as the reader goes on.
 *
 * It is the answer's iterator itself, without an async generator between frame and reader: a
 * chunk that a reader waits for costs one promise.
 */
import { assert } from '../core/assert.ts'
import type { MeshError } from '../core/errors.ts'
import type { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'
import type { LaneOptions } from './options.ts'
import type { FrameSource, SendQueue } from './send-queue.ts'

/** What a chunk costs of the credit beside its bytes, so that tiny chunks are bounded too. */
export const CHUNK_COST_BYTES = 64

export interface LaneCall {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** Not copied before it is sent: leave it as it is. */
  readonly body: Uint8Array
}

export interface LaneAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** To be read once, by one reader, one chunk after the other. */
  readonly chunks: AsyncIterable<Uint8Array>
}

export interface LaneRequestDeps {
  readonly queue: SendQueue
  readonly options: LaneOptions
  /** The request has ended, however; frames that still come for it are late. */
  readonly onOver: (id: number) => void
}

export interface LaneRequestInit {
  readonly id: number
  readonly call: LaneCall
  readonly signal: AbortSignal
  readonly onHead: (answer: LaneAnswer) => void
  /** Called instead of `onHead`. */
  readonly onFailed: (error: unknown) => void
}

interface Reader {
  readonly resolve: (result: IteratorResult<Uint8Array, undefined>) => void
  readonly reject: (error: unknown) => void
}

const DONE = { done: true, value: undefined } as const

export class LaneRequest implements FrameSource, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #deps: LaneRequestDeps
  readonly #init: LaneRequestInit
  #bodyBytesSent = 0
  #isOpened = false
  #hasHead = false
  /** Nothing more comes from the other side. */
  #isOver = false
  /** Thrown to the reader after the chunks; `undefined`: the answer is or will be complete. */
  #failure: { readonly error: unknown } | undefined
  readonly #chunks: Uint8Array[] = []
  #unreadBytes = 0
  #bytesReceived = 0
  /** What the other side may still send. */
  #grantedBytes: number
  /** Read since the last grant. */
  #consumedBytes = 0
  #reader: Reader | undefined

  constructor(init: LaneRequestInit, deps: LaneRequestDeps) {
    this.#init = init
    this.#deps = deps
    this.#grantedBytes = deps.options.creditBytes
    init.signal.addEventListener('abort', this)
    deps.queue.enter(this)
  }

  /** Arrived and not yet taken by the reader. */
  get unreadBytes(): number {
    return this.#unreadBytes
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const value = this.#chunks.shift()
    if (value !== undefined) {
      this.#unreadBytes -= value.length
      this.#consume(value.length)
      return Promise.resolve({ done: false, value })
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure
      this.#failure = undefined
      return Promise.reject(error)
    }
    if (this.#isOver) return Promise.resolve(DONE)
    assert(this.#reader === undefined, 'an answer is read one chunk after the other')
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#cancel(undefined)
    return Promise.resolve(DONE)
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#cancel({ error: this.#init.signal.reason })
  }

  /** The request first, then what does not fit into its frame. */
  writeNext(): boolean {
    const { id, call } = this.#init
    const { chunkMaxBytes, creditBytes } = this.#deps.options
    const { method, headers, body } = call
    const piece = body.subarray(this.#bodyBytesSent, this.#bodyBytesSent + chunkMaxBytes)
    this.#bodyBytesSent += piece.length
    if (this.#isOpened) {
      this.#deps.queue.write({ id, requestChunk: piece })
    } else {
      this.#isOpened = true
      const bodyBytes = body.length
      const request = { method, headers, bodyBytes, body: piece, credit: creditBytes }
      this.#deps.queue.write({ id, request })
    }
    return this.#bodyBytesSent < body.length
  }

  /** @throws MeshError ERR_BAD_FRAME if it is the second one. */
  takeHead(head: skein.LaneHead.$Properties): void {
    if (this.#hasHead) throw this.#fault('one head', 'a second head')
    this.#hasHead = true
    this.#init.onHead({ status: head.status ?? 0, headers: head.headers ?? {}, chunks: this })
  }

  /** @throws MeshError ERR_BAD_FRAME if it comes before the head or beyond the credit. */
  takeChunk(chunk: Uint8Array): void {
    if (!this.#hasHead) throw this.#fault('a head', 'a chunk before it')
    if (chunk.length === 0) throw this.#fault('a chunk with bytes in it', 'an empty one')
    if (chunk.length + CHUNK_COST_BYTES > this.#grantedBytes) {
      throw this.#fault(
        `at most ${this.#grantedBytes} bytes of credit to be used`,
        `a chunk that costs ${chunk.length + CHUNK_COST_BYTES}`,
      )
    }
    this.#grantedBytes -= chunk.length + CHUNK_COST_BYTES
    this.#bytesReceived += chunk.length
    const reader = this.#reader
    if (reader === undefined) {
      this.#chunks.push(unpinned(chunk))
      this.#unreadBytes += chunk.length
      return
    }
    this.#reader = undefined
    this.#consume(chunk.length)
    reader.resolve({ done: false, value: chunk })
  }

  /** @throws MeshError ERR_BAD_FRAME if there was no head. */
  takeEnd(): void {
    if (!this.#hasHead) throw this.#fault('a head', 'an end before it')
    this.#finish(undefined)
  }

  /** The other side could not (go on to) answer. */
  takeError(error: MeshError): void {
    this.#finish({ error })
  }

  /** The lane is gone. @param toError Makes the error from the bytes that have arrived. */
  lose(toError: (bytesReceived: number) => MeshError): void {
    this.#finish({ error: toError(this.#bytesReceived) })
  }

  #cancel(failure: { readonly error: unknown } | undefined): void {
    // Whoever breaks off wants no more, not even what is here.
    this.#chunks.length = 0
    this.#unreadBytes = 0
    if (this.#isOver) {
      this.#failure = undefined
      return
    }
    this.#finish(failure)
    if (this.#isOpened) this.#deps.queue.write({ id: this.#init.id, cancel: true })
  }

  #finish(failure: { readonly error: unknown } | undefined): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#failure = failure
    this.#init.signal.removeEventListener('abort', this)
    this.#deps.queue.leave(this)
    this.#deps.onOver(this.#init.id)

    if (!this.#hasHead) {
      this.#init.onFailed(failure?.error)
    } else if (this.#reader !== undefined) {
      this.#failure = undefined
      if (failure === undefined) this.#reader.resolve(DONE)
      else this.#reader.reject(failure.error)
      this.#reader = undefined
    }
  }

  /** Grants again what was read, half of the credit at a time. */
  #consume(bytes: number): void {
    this.#consumedBytes += bytes + CHUNK_COST_BYTES
    if (this.#isOver || this.#consumedBytes * 2 < this.#deps.options.creditBytes) return
    this.#deps.queue.write({ id: this.#init.id, credit: this.#consumedBytes })
    this.#grantedBytes += this.#consumedBytes
    this.#consumedBytes = 0
  }

  #fault(expected: string, found: string): MeshError {
    const { id } = this.#init
    return badFrame(`expected ${expected}, found ${found} (request ${id})`, { requestId: id })
  }
}

/** A short view would keep a whole slice of the stream in memory for as long as it is kept. */
export function unpinned(view: Uint8Array): Uint8Array {
  return view.length * 4 < view.buffer.byteLength ? new Uint8Array(view) : view
}
