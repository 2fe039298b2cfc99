/**
 * A lane: all requests between two peers on one long-lived stream, each way, at the same time.
 *
 *     asking side                                   serving side
 *     request (method, headers, credit, body) ->
 *     request_chunk*                          ->    serve()
 *                                             <-    head (status, headers)
 *                                             <-    chunk*        as far as credit goes
 *     credit*                                 ->
 *                                             <-    end | error   with a load report
 *     cancel (at any time)                    ->
 *
 *     message (either side, at any time)      <->   outside any request
 *
 * A request ends once: by end, error, cancel or the loss of the lane. After that its frames are
 * late and ignored, since the other side may not know yet. What can only be a mistake of the other
 * side closes the lane: we say which in an error frame with id 0, and every request fails.
 *
 * Id 0 concerns no request. A frame with it whose body we do not know is one of a later version
 * and ignored; with another id it is a mistake, for the request would wait for ever.
 *
 * The lane is synchronous and knows no socket, timer or clock; a stream is attached by
 * `receive`, `drained` and `close`. A new stream per request costs twelve times as much.
 */
import { assert } from '../core/assert.ts'
import { MeshError } from '../core/errors.ts'
import { FrameReader } from './frames.ts'
import { skein } from './gen/messages.js'
import { badFrame, checkHeaders, fromErrorBody, laneLostError, toErrorBody } from './lane-errors.ts'
import { firstLaneId, isDialersId, isLaterLaneId, nextLaneId } from './lane-ids.ts'
import { MESSAGE_MAX_BYTES } from './lane-messages.ts'
import {
  type LaneAnswer,
  type LaneCall,
  LaneRequest,
  type LaneRequestDeps,
  unpinned,
} from './lane-request.ts'
import { LaneServing, type LaneServingDeps } from './lane-serving.ts'
import { LONG_MESSAGE_MAX_BYTES, LongMessageReader } from './long-messages.ts'
import type { LaneOptions } from './options.ts'
import { type LaneTransport, SendQueue } from './send-queue.ts'

export { MESSAGE_MAX_BYTES } from './lane-messages.ts'
export type { LaneAnswer, LaneCall } from './lane-request.ts'
export { LONG_MESSAGE_MAX_BYTES } from './long-messages.ts'
export type { LaneTransport } from './send-queue.ts'

/** How long a refused caller waits: about what it takes the requests before it to be served. */
const RETRY_AFTER_MS = 1_000

/** A longer load report would not fit into a frame with an error, and is left off. */
export const TRAILER_MAX_BYTES = 32 * 1024

const METHOD_MAX_CHARACTERS = 256

export interface LaneDeps {
  readonly transport: LaneTransport
  readonly isDialer: boolean
  /**
   * Serves one request of the other side. A `MeshError` it throws reaches the asking side as it
   * is, anything else as ERR_ENGINE without a reason. The signal fires when nobody waits for
   * the answer any more.
   */
  readonly serve: (call: LaneCall, signal: AbortSignal) => Promise<LaneAnswer>
  /** Calls `flush` once, later in the same turn of the event loop. */
  readonly scheduleFlush: (flush: () => void) => void
  /** Our load report, put on the last frame of every answer. */
  readonly trailer: () => Uint8Array
  /** The other side's load report. A `MeshError` it throws closes the lane. */
  readonly onTrailer: (bytes: Uint8Array) => void
  /** A message of the other side, to be kept as it is. A `MeshError` it throws closes the lane. */
  readonly onMessage: (bytes: Uint8Array) => void
  /** The same for a long message. */
  readonly onLongMessage: (bytes: Uint8Array) => void
  /** Called once. `undefined`: it was closed without anything being wrong. */
  readonly onClosed: (error: Error | undefined) => void
}

export class Lane {
  readonly #deps: LaneDeps
  readonly #options: LaneOptions
  readonly #reader: FrameReader
  readonly #longMessageReader = new LongMessageReader()
  readonly #queue: SendQueue
  readonly #requestDeps: LaneRequestDeps
  readonly #servingDeps: LaneServingDeps
  /** Id → request we asked. */
  readonly #asked = new Map<number, LaneRequest>()
  /** Id → request we serve. */
  readonly #served = new Map<number, LaneServing>()
  #nextId: number
  /** The latest id of the other side. */
  #lastServedId: number
  /** Bodies of requests that `serve` has not answered yet. */
  #inboundBodiesBytes = 0
  #bytesReceived = 0
  #isClosed = false
  readonly #onFrame = (bytes: Uint8Array) => {
    if (!this.#isClosed) this.#takeFrame(decodeFrame(bytes))
  }

  constructor(deps: LaneDeps, options: LaneOptions) {
    this.#deps = deps
    this.#options = options
    this.#reader = new FrameReader(options.frameMaxBytes)
    this.#nextId = firstLaneId(deps.isDialer)
    this.#lastServedId = firstLaneId(!deps.isDialer) - 2
    const queue = new SendQueue({
      transport: deps.transport,
      scheduleFlush: deps.scheduleFlush,
      backlogMaxBytes: options.backlogMaxBytes,
      onSendFailed: error => this.#breakOff(error),
    })
    this.#queue = queue
    this.#requestDeps = { queue, options, onOver: id => this.#asked.delete(id) }
    this.#servingDeps = {
      queue,
      options,
      serve: deps.serve,
      trailer: () => this.#trailer(),
      onBodyReleased: bytes => {
        this.#inboundBodiesBytes -= bytes
      },
      onOver: id => this.#served.delete(id),
    }
  }

  /** Requests open in either direction. */
  get openCount(): number {
    return this.#asked.size + this.#served.size
  }

  get bytesSent(): number {
    return this.#queue.bytesSent
  }

  /** Messages of ours that found too many others waiting. */
  get messagesDroppedCount(): number {
    return this.#queue.messagesDroppedCount
  }

  get bytesReceived(): number {
    return this.#bytesReceived
  }

  /** What the lane keeps: frames and messages to send, answers not read, bodies to be served. */
  get bufferedBytes(): number {
    let bytes = this.#queue.bufferedBytes + this.#inboundBodiesBytes
    bytes += this.#longMessageReader.bufferedBytes
    for (const request of this.#asked.values()) bytes += request.unreadBytes
    return bytes
  }

  /**
   * Asks the other side. Resolves with the head of its answer.
   *
   * @throws MeshError what `serve` threw there; ERR_PEER_LOST if the lane is closed, with
   * `details.bytesReceived`; ERR_BAD_FRAME if it was closed because a peer broke the protocol;
   * ERR_OVERLOADED, ERR_BODY_TOO_LARGE or ERR_INVALID_REQUEST at a bound. The answer's chunks
   * throw the same after the head.
   * @throws the signal's reason if it is aborted.
   */
  request(call: LaneCall, signal: AbortSignal): Promise<LaneAnswer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted()
      this.#checkRequest(call)
      const id = this.#newId()
      const init = { id, call, signal, onHead: resolve, onFailed: reject }
      this.#asked.set(id, new LaneRequest(init, this.#requestDeps))
    })
  }

  /**
   * Sends a message outside any request. It goes ahead of all that waits but earlier messages,
   * and is not repeated: it arrives unless the lane closes before.
   *
   * @param message At most `MESSAGE_MAX_BYTES`; copied.
   * @returns `false` if it is dropped, since 256 messages or 256 KiB of them wait or the lane
   * is closed.
   */
  post(message: Uint8Array): boolean {
    const { length } = message
    const expected = `expected a message of at most ${MESSAGE_MAX_BYTES} bytes`
    assert(length <= MESSAGE_MAX_BYTES, `${expected}, found ${length}`)
    return this.#queue.post(message)
  }

  /**
   * Sends a message that may take several frames, after the others and ahead of requests.
   *
   * @param message At most `LONG_MESSAGE_MAX_BYTES`; kept, and not to be changed.
   * @returns `false` if it is dropped, since 4,096 long messages or 8 MiB of them wait or the
   * lane is closed.
   */
  postLong(message: Uint8Array): boolean {
    const { length } = message
    const expected = `expected a long message of at most ${LONG_MESSAGE_MAX_BYTES} bytes`
    assert(length <= LONG_MESSAGE_MAX_BYTES, `${expected}, found ${length}`)
    return this.#queue.postLong(message)
  }

  /** Takes bytes from the stream. Never throws for what the other side sent. */
  receive(bytes: Uint8Array): void {
    if (this.#isClosed) return
    this.#bytesReceived += bytes.length
    try {
      this.#reader.push(bytes, this.#onFrame)
    } catch (error) {
      if (!(error instanceof MeshError)) throw error
      this.#queue.write({ id: 0, error: toErrorBody(error) })
      this.#queue.flush()
      this.#breakOff(error)
    }
  }

  /** The transport has room again. */
  drained(): void {
    this.#queue.drained()
  }

  /**
   * The stream is gone, or we give it up: every request ends now. Does not touch the transport.
   *
   * @param error Why, if something was wrong.
   */
  close(error?: Error): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#queue.close()
    for (const serving of this.#served.values()) serving.cancel(laneLostError(error, 0))
    for (const request of this.#asked.values()) {
      request.lose(bytesReceived => laneLostError(error, bytesReceived))
    }
    this.#deps.onClosed(error)
  }

  #breakOff(error: Error): void {
    if (this.#isClosed) return
    this.close(error)
    this.#deps.transport.abort(error)
  }

  #checkRequest({ method, headers, body }: LaneCall): void {
    if (this.#isClosed) throw laneLostError(undefined, 0)
    const { requestsMax, bodyMaxBytes } = this.#options
    if (this.#asked.size >= requestsMax) throw overloaded('requests', requestsMax)
    if (body.length > bodyMaxBytes) throw bodyTooLarge(body.length, bodyMaxBytes)
    checkHeaders(headers, 'ERR_INVALID_REQUEST')
    if (method.length <= METHOD_MAX_CHARACTERS) return
    throw new MeshError(
      `expected a method of at most ${METHOD_MAX_CHARACTERS} characters, found ${method.length}`,
      { code: 'ERR_INVALID_REQUEST' },
    )
  }

  #newId(): number {
    let id = this.#nextId
    // After the ids have wrapped around, a request may still be open since the last time.
    while (this.#asked.has(id)) id = nextLaneId(id)
    this.#nextId = nextLaneId(id)
    return id
  }

  #trailer(): Uint8Array {
    const trailer = this.#deps.trailer()
    return trailer.length <= TRAILER_MAX_BYTES ? trailer : new Uint8Array(0)
  }

  #takeFrame(frame: skein.LaneFrame): void {
    const { id } = frame
    if (id === 0) this.#takeLaneFrame(frame)
    else if (isDialersId(id) === this.#deps.isDialer) this.#takeAnswer(id, frame)
    else this.#takeQuestion(id, frame)
  }

  /** A message, or why the other side closes the lane because of something we sent. */
  #takeLaneFrame(frame: skein.LaneFrame): void {
    const { message, longMessage, error, body } = frame
    if (message) this.#takeMessage(message)
    else if (longMessage) this.#takeLongMessage(longMessage)
    else if (error) this.#breakOff(fromErrorBody(error))
    else if (body !== undefined) throw wrongBody(frame, 'message or error')
  }

  #takeMessage(message: Uint8Array): void {
    if (message.length > MESSAGE_MAX_BYTES) {
      const expected = `expected a message of at most ${MESSAGE_MAX_BYTES} bytes`
      throw badFrame(`${expected}, found one of ${message.length}`)
    }
    this.#deps.onMessage(unpinned(message))
  }

  #takeLongMessage(part: skein.LaneLongMessage.$Properties): void {
    const whole = this.#longMessageReader.take(part)
    if (whole !== undefined) this.#deps.onLongMessage(whole)
  }

  /** A frame about a request that we asked. */
  #takeAnswer(id: number, frame: skein.LaneFrame): void {
    const { head, chunk, end, error } = frame
    if (!(head || chunk || end || error)) throw wrongBody(frame, 'head, chunk, end or error')
    const trailer = end?.trailer ?? error?.trailer
    if (trailer?.length) this.#deps.onTrailer(trailer)

    const request = this.#asked.get(id)
    if (request === undefined) {
      if (isLaterLaneId(this.#nextId, id)) return
      throw badFrame(`expected an answer to a request, found one to ${id}, which was never asked`)
    }
    if (chunk) request.takeChunk(chunk)
    else if (head) request.takeHead(head)
    else if (end) request.takeEnd()
    else if (error) request.takeError(fromErrorBody(error))
  }

  /** A frame about a request that the other side asks. */
  #takeQuestion(id: number, frame: skein.LaneFrame): void {
    if (frame.request) {
      this.#takeRequest(id, frame.request)
      return
    }
    const { requestChunk, credit, cancel } = frame
    const isExpected = requestChunk || typeof credit === 'number' || cancel
    if (!isExpected) throw wrongBody(frame, 'request, requestChunk, credit or cancel')

    const serving = this.#served.get(id)
    if (serving === undefined) {
      if (!isLaterLaneId(id, this.#lastServedId)) return
      throw badFrame(`expected request ${id} first, found a frame that goes on with it`)
    }
    if (requestChunk) serving.takeBody(requestChunk)
    else if (typeof credit === 'number') serving.takeCredit(credit)
    else serving.cancel(undefined)
  }

  #takeRequest(id: number, request: skein.LaneRequest.$Properties): void {
    if (this.#served.has(id) || !isLaterLaneId(id, this.#lastServedId)) {
      throw badFrame(`expected a request with a new id, found ${id} again`, { requestId: id })
    }
    this.#lastServedId = id
    const bodyBytes = request.bodyBytes ?? 0
    const refusal = this.#refusal(bodyBytes)
    if (refusal !== undefined) {
      this.#queue.write({ id, error: { ...toErrorBody(refusal), trailer: this.#trailer() } })
      return
    }
    this.#inboundBodiesBytes += bodyBytes
    const serving = new LaneServing(id, this.#servingDeps)
    this.#served.set(id, serving)
    serving.open(request)
  }

  /** Why a request cannot be taken now. */
  #refusal(bodyBytes: number): MeshError | undefined {
    const { requestsMax, bodyMaxBytes, inboundBodiesMaxBytes } = this.#options
    if (bodyBytes > bodyMaxBytes) return bodyTooLarge(bodyBytes, bodyMaxBytes)
    if (this.#served.size >= requestsMax) return overloaded('requests', requestsMax)
    const isFull = this.#inboundBodiesBytes + bodyBytes > inboundBodiesMaxBytes
    return isFull ? overloaded('bytes of bodies', inboundBodiesMaxBytes) : undefined
  }
}

function decodeFrame(bytes: Uint8Array): skein.LaneFrame {
  if (bytes.length === 0) throw badFrame('expected a lane frame, found one without anything in it')
  try {
    return skein.LaneFrame.decode(bytes)
  } catch (cause) {
    throw new MeshError(`expected a lane frame, found ${bytes.length} bytes that are none`, {
      code: 'ERR_BAD_FRAME',
      cause,
    })
  }
}

function wrongBody(frame: skein.LaneFrame, expected: string): MeshError {
  const found = frame.body ?? 'nothing known'
  return badFrame(`expected ${expected} in a frame with id ${frame.id}, found ${found}`)
}

function overloaded(what: string, max: number): MeshError {
  return new MeshError(`expected at most ${max} ${what} on one lane, found more`, {
    code: 'ERR_OVERLOADED',
    details: { retryAfterMs: RETRY_AFTER_MS },
  })
}

function bodyTooLarge(bytes: number, maxBytes: number): MeshError {
  return new MeshError(`expected a body of at most ${maxBytes} bytes, found ${bytes}`, {
    code: 'ERR_BODY_TOO_LARGE',
    details: { bodyMaxBytes: maxBytes },
  })
}
