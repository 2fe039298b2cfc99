/**
 * The serving side of one request on a lane: puts its body together, has it served, and sends
 * the answer as far as the asking side has granted.
 *
 * One async function pulls the answer chunk by chunk. It pulls the next one only when the last
 * is on its way, so no more than one chunk waits here, and waits only if that one found no
 * credit or no room. An answer that is there at once goes out in one piece: head, chunks and end.
 */
import type { MeshError } from '../core/errors.ts'
import type { skein } from './gen/messages.js'
import { badFrame, checkHeaders, toErrorBody } from './lane-errors.ts'
import { CHUNK_COST_BYTES, type LaneAnswer, type LaneCall, unpinned } from './lane-request.ts'
import type { LaneOptions } from './options.ts'
import type { FrameSource, SendQueue } from './send-queue.ts'

/** No honest reader is ahead by more; also keeps sums of 32-bit grants exact. */
const CREDIT_MAX_BYTES = 2 ** 31

export interface LaneServingDeps {
  readonly queue: SendQueue
  readonly options: LaneOptions
  readonly serve: (call: LaneCall, signal: AbortSignal) => Promise<LaneAnswer>
  /** The load report for the last frame. */
  readonly trailer: () => Uint8Array
  /** The body is no longer counted: it was answered, or the request has ended. */
  readonly onBodyReleased: (bytes: number) => void
  readonly onOver: (id: number) => void
}

export class LaneServing implements FrameSource {
  readonly #id: number
  readonly #deps: LaneServingDeps
  readonly #abort = new AbortController()
  #method = ''
  #headers: Readonly<Record<string, string>> = {}
  #body: Uint8Array = new Uint8Array(0)
  #bodyBytesReceived = 0
  #isBodyReleased = false
  /** What the asking side still takes. */
  #creditBytes = 0
  /** The rest of the chunk that was pulled last. */
  #pending: Uint8Array | undefined
  #onPendingSent: (() => void) | undefined
  #isOver = false

  constructor(id: number, deps: LaneServingDeps) {
    this.#id = id
    this.#deps = deps
  }

  /** @throws MeshError ERR_BAD_FRAME if it brings more of the body than it says. */
  open(request: skein.LaneRequest.$Properties): void {
    this.#method = request.method ?? ''
    this.#headers = request.headers ?? {}
    this.takeCredit(request.credit ?? 0)
    const first = request.body ?? new Uint8Array(0)
    const bodyBytes = request.bodyBytes ?? 0
    if (first.length === bodyBytes) {
      this.#body = unpinned(first)
      this.#bodyBytesReceived = bodyBytes
      this.#run()
      return
    }
    // Pages of it that are never filled cost nothing.
    this.#body = new Uint8Array(bodyBytes)
    this.takeBody(first)
  }

  /** @throws MeshError ERR_BAD_FRAME if it is more than was said. */
  takeBody(piece: Uint8Array): void {
    const receivedBytes = this.#bodyBytesReceived + piece.length
    if (receivedBytes > this.#body.length) {
      throw this.#fault(`a body of ${this.#body.length} bytes`, `${receivedBytes}`)
    }
    this.#body.set(piece, this.#bodyBytesReceived)
    this.#bodyBytesReceived = receivedBytes
    if (receivedBytes === this.#body.length && piece.length > 0) this.#run()
  }

  /** @throws MeshError ERR_BAD_FRAME if it cannot be meant. */
  takeCredit(bytes: number): void {
    this.#creditBytes += bytes
    if (this.#creditBytes > CREDIT_MAX_BYTES) {
      throw this.#fault(`credit up to ${CREDIT_MAX_BYTES} bytes`, `${this.#creditBytes}`)
    }
    if (this.#pending !== undefined) this.#deps.queue.enter(this)
  }

  /** The asking side wants no more, or the lane is gone. @param reason For the signal. */
  cancel(reason: Error | undefined): void {
    this.#finish()
    this.#abort.abort(reason)
  }

  /** One frame of the pending chunk, as far as credit goes. */
  writeNext(): boolean {
    const pending = this.#pending
    if (pending === undefined) return false
    const roomBytes = this.#creditBytes - CHUNK_COST_BYTES
    const bytes = Math.min(pending.length, this.#deps.options.chunkMaxBytes, roomBytes)
    if (bytes <= 0) return false
    this.#creditBytes -= bytes + CHUNK_COST_BYTES

    if (bytes < pending.length) {
      this.#deps.queue.write({ id: this.#id, chunk: pending.subarray(0, bytes) })
      this.#pending = pending.subarray(bytes)
      return this.#creditBytes > CHUNK_COST_BYTES
    }
    this.#deps.queue.write({ id: this.#id, chunk: pending })
    this.#release()
    return false
  }

  #run(): void {
    this.#answer().catch((error: unknown) => this.#fail(error))
  }

  async #answer(): Promise<void> {
    const { serve, queue, trailer } = this.#deps
    const call = { method: this.#method, headers: this.#headers, body: this.#body }
    const answer = await serve(call, this.#abort.signal)
    this.#releaseBody()
    if (this.#isOver) {
      await answer.chunks[Symbol.asyncIterator]().return?.()
      return
    }
    checkHeaders(answer.headers, 'ERR_ENGINE')
    queue.write({ id: this.#id, head: { status: answer.status, headers: answer.headers } })

    for await (const chunk of answer.chunks) {
      if (this.#isOver) return
      if (chunk.length === 0) continue
      this.#pending = chunk
      queue.enter(this)
      if (this.#pending !== undefined) await this.#pendingSent()
      if (this.#isOver) return
    }
    if (this.#isOver) return
    queue.write({ id: this.#id, end: { trailer: trailer() } })
    this.#finish()
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#deps.queue.write({
      id: this.#id,
      error: { ...toErrorBody(error), trailer: this.#deps.trailer() },
    })
    this.#finish()
  }

  #pendingSent(): Promise<void> {
    return new Promise(resolve => {
      this.#onPendingSent = resolve
    })
  }

  /** Lets the pull go on. */
  #release(): void {
    this.#pending = undefined
    this.#onPendingSent?.()
    this.#onPendingSent = undefined
  }

  #releaseBody(): void {
    if (this.#isBodyReleased) return
    this.#isBodyReleased = true
    this.#deps.onBodyReleased(this.#body.length)
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#deps.queue.leave(this)
    this.#deps.onOver(this.#id)
    this.#releaseBody()
    this.#release()
  }

  #fault(expected: string, found: string): MeshError {
    return badFrame(`expected ${expected}, found ${found} (request ${this.#id})`, {
      requestId: this.#id,
    })
  }
}
