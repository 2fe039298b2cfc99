/**
 * One request to the engine and its answer, as the chunks that arrive.
 *
 *     open -> head -> chunk* -> end            fail(reason) from anywhere
 *
 * It takes undici's callbacks directly: no stream object stands between socket and reader, and a
 * chunk costs one promise. Chunks nobody has read yet are held up to `bufferMaxBytes`; then the
 * socket is paused, and the engine feels it by TCP. One wake watches over the silence of the
 * engine; it looks at the time of the last byte when it is due, so that a chunk arms nothing.
 */
import type { Dispatcher } from 'undici'
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { Clock } from '../../node/clock.ts'
import { engineFailure } from './engine-failure.ts'

export interface ExchangeLimits {
  readonly bufferMaxBytes: number
  /** From the start to the first byte of the body. */
  readonly firstByteTimeoutMs: number
  readonly chunkTimeoutMs: number
}

/** What happens to an exchange, told as it happens. */
export interface ExchangeObserver {
  onHead(status: number): void
  onChunk(chunk: Uint8Array): void
  /** The reader is slow: what follows says nothing about the engine's speed. */
  onPause(): void
  /** The engine is done with it, or rid of it. Once, always. */
  onRelease(isWhole: boolean): void
}

export interface ExchangeDeps extends ExchangeObserver {
  readonly clock: Clock
  /** Sends the request again if the error says that the engine cannot have read it. */
  readonly resend: (error: Error) => boolean
}

export interface ExchangeHead {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void
  readonly reject: (reason: unknown) => void
}

/** Added to the length of each held chunk, so that a flood of tiny ones is bounded as well. */
const CHUNK_OVERHEAD_BYTES = 64

const END: IteratorReturnResult<undefined> = { done: true, value: undefined }

export class Exchange implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  /** Rejects if the exchange fails before the head. */
  readonly head: Promise<ExchangeHead>
  readonly #deps: ExchangeDeps
  readonly #limits: ExchangeLimits
  readonly #signal: AbortSignal
  readonly #onAbort = () => this.fail(this.#signal.reason)
  readonly #chunks: Uint8Array[] = []
  #heldBytes = 0
  #receivedBytes = 0
  #headWaiter: Waiter<ExchangeHead> | undefined
  #reader: Waiter<IteratorResult<Uint8Array>> | undefined
  #controller: Dispatcher.DispatchController | undefined
  /** `cut`: the engine failed, and what came before is still to be read. */
  #state: 'open' | 'ended' | 'cut' | 'failed' = 'open'
  #failure: unknown
  #isReleased = false
  #isResent = false
  #lastActivityMs: number
  #cancelWake = () => {}

  constructor(deps: ExchangeDeps, limits: ExchangeLimits, signal: AbortSignal) {
    this.#deps = deps
    this.#limits = limits
    this.#signal = signal
    this.head = new Promise((resolve, reject) => {
      this.#headWaiter = { resolve, reject }
    })
    this.#lastActivityMs = this.#deps.clock.nowMs()
    this.#watch()
    signal.addEventListener('abort', this.#onAbort)
    if (signal.aborted) this.#onAbort()
  }

  /** Ends it for the reader with `reason`, and for the engine at once. */
  fail(reason: unknown): void {
    if (this.#state === 'failed') return
    this.#state = 'failed'
    this.#failure = reason
    this.#chunks.length = 0
    this.#heldBytes = 0
    this.#settle()
    this.#headWaiter?.reject(reason)
    this.#headWaiter = undefined
    this.#reader?.reject(reason)
    this.#reader = undefined
    this.#abortUpstream()
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    assert(this.#reader === undefined, 'one reader, which waits for each chunk')
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#heldBytes -= chunk.length + CHUNK_OVERHEAD_BYTES
      this.#resumeUpstream()
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#state === 'cut') this.fail(this.#failure)
    if (this.#state === 'failed') return Promise.reject(this.#failure)
    if (this.#state === 'ended') {
      this.#settle()
      return Promise.resolve(END)
    }
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject }
    })
  }

  /** The reader wants no more. */
  return(): Promise<IteratorReturnResult<undefined>> {
    if (this.#state !== 'failed') {
      this.#state = 'ended'
      this.#chunks.length = 0
      this.#settle()
      this.#abortUpstream()
    }
    return Promise.resolve(END)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    // Cancelled while the connection was being made.
    if (this.#state !== 'open') this.#abortUpstream()
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ExchangeHead['headers'],
  ): void {
    // 1xx: the real head is still to come.
    if (status < 200) return
    this.#deps.onHead(status)
    this.#headWaiter?.resolve({ status, headers })
    this.#headWaiter = undefined
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#state !== 'open') return
    const isFirst = this.#receivedBytes === 0
    this.#receivedBytes += chunk.length
    this.#lastActivityMs = this.#deps.clock.nowMs()
    if (isFirst) this.#watch()
    this.#deps.onChunk(chunk)

    const reader = this.#reader
    if (reader !== undefined) {
      this.#reader = undefined
      reader.resolve({ done: false, value: chunk })
      return
    }
    this.#chunks.push(chunk)
    this.#heldBytes += chunk.length + CHUNK_OVERHEAD_BYTES
    if (this.#heldBytes < this.#limits.bufferMaxBytes || controller.paused) return
    controller.pause()
    this.#deps.onPause()
  }

  onResponseEnd(): void {
    this.#release(true)
    if (this.#state !== 'open') return
    this.#state = 'ended'
    this.#cancelWake()
    if (this.#reader === undefined) return
    this.#settle()
    this.#reader.resolve(END)
    this.#reader = undefined
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#mayResend && this.#deps.resend(error)) {
      this.#isResent = true
      this.#controller = undefined
      return
    }
    this.#release(false)
    if (this.#state !== 'open') return
    const failure = engineFailure(error, this.#headWaiter ? undefined : this.#receivedBytes)
    if (this.#chunks.length === 0) {
      this.fail(failure)
      return
    }
    this.#state = 'cut'
    this.#failure = failure
    this.#cancelWake()
  }

  /** Once: whatever befalls the request twice is not by chance. */
  get #mayResend(): boolean {
    return this.#state === 'open' && this.#headWaiter !== undefined && !this.#isResent
  }

  #resumeUpstream(): void {
    if (this.#controller?.paused !== true) return
    if (this.#heldBytes > this.#limits.bufferMaxBytes / 2) return
    this.#lastActivityMs = this.#deps.clock.nowMs()
    this.#controller.resume()
  }

  #abortUpstream(): void {
    if (this.#isReleased) return
    this.#controller?.abort(new Error('the request is no longer wanted'))
  }

  #release(isWhole: boolean): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#deps.onRelease(isWhole)
  }

  /** Nothing can change any more: lets go of clock and signal. */
  #settle(): void {
    this.#cancelWake()
    this.#signal.removeEventListener('abort', this.#onAbort)
  }

  get #timeoutMs(): number {
    const { firstByteTimeoutMs, chunkTimeoutMs } = this.#limits
    return this.#receivedBytes === 0 ? firstByteTimeoutMs : chunkTimeoutMs
  }

  /** Fails the exchange once the engine has been silent for too long; a slow reader may be. */
  #watch(): void {
    this.#cancelWake()
    if (this.#controller?.paused === true) this.#lastActivityMs = this.#deps.clock.nowMs()
    const dueMs = this.#lastActivityMs + this.#timeoutMs
    if (dueMs > this.#deps.clock.nowMs()) {
      this.#cancelWake = this.#deps.clock.wakeAt(dueMs, () => this.#watch())
      return
    }
    const place = this.#receivedBytes === 0 ? 'its first byte' : 'its next bytes'
    this.fail(
      new MeshError(`expected ${place} from the engine within ${this.#timeoutMs} ms, found none`, {
        code: 'ERR_DEADLINE_EXCEEDED',
        details: { timeoutMs: this.#timeoutMs, receivedBytes: this.#receivedBytes },
      }),
    )
  }
}
