/**
 * What waits to go out on a lane.
 *
 * Small frames (heads, ends, errors, credit, cancels) are encoded at once, one after another
 * into the same buffer, and go out together at the flush, once per turn of the event loop.
 * Bodies and answers are not encoded before there is room: whoever has some is a `FrameSource`
 * and gets a turn of one frame, again and again in the same order, so a large one delays the
 * others by one frame each. While the transport is full nobody gets a turn. Messages overtake all
 * of this, the short ones the long: whoever posts them keeps to a rate at which the rest still
 * gets through.
 *
 *     post, postLong -> messages, then long messages -------------------.
 *     write ----------------------------.                               |
 *     enter -> turns (round robin) ------+-> writer (64 KiB) -> sealed -+-> transport
 */
import protobuf from 'protobufjs/minimal.js'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'
import { LaneMessages } from './lane-messages.ts'
import { LongMessages } from './long-messages.ts'

/** The transport gets pieces of about this size: large enough to amortise sealing and writing. */
const SEND_BYTES = 64 * 1024

/** A writer that grew beyond this is not kept for the next frames. */
const WRITER_KEPT_BYTES = 4 * SEND_BYTES

export type LaneFrame = skein.LaneFrame.$Properties

export interface LaneTransport {
  /**
   * Takes the bytes in any case. `false`: it is full now, and gets no more until
   * `Lane.drained()` is called.
   */
  send(bytes: Uint8Array): boolean
  /**
   * Ends the connection. What was sent before should still arrive if nothing hinders it: the last
   * frame may say why.
   */
  abort(error: Error): void
}

/** Somebody who has a body to send, piece by piece. */
export interface FrameSource {
  /** Writes one frame at most. Returns whether it wrote one and could write another. */
  writeNext(): boolean
}

export interface SendQueueDeps {
  readonly transport: LaneTransport
  readonly scheduleFlush: (flush: () => void) => void
  readonly backlogMaxBytes: number
  /** Nothing can be sent any more: the transport threw, or its peer does not read. */
  readonly onSendFailed: (error: Error) => void
}

export class SendQueue {
  readonly #deps: SendQueueDeps
  #writer = protobuf.Writer.create()
  readonly #messages = new LaneMessages()
  readonly #longMessages = new LongMessages()
  /** Encoded, in order, before what is in the writer. */
  readonly #sealed: Uint8Array[] = []
  #sealedBytes = 0
  /** Who has something to send, in the order of their turns. */
  readonly #turns = new Set<FrameSource>()
  #isBlocked = false
  #isFlushing = false
  #isFlushScheduled = false
  #isClosed = false
  #bytesSent = 0
  readonly #onFlush = () => {
    this.#isFlushScheduled = false
    this.flush()
  }

  constructor(deps: SendQueueDeps) {
    this.#deps = deps
  }

  /** Handed to the transport so far. */
  get bytesSent(): number {
    return this.#bytesSent
  }

  /** Encoded and not yet handed to the transport. */
  get bufferedBytes(): number {
    const messagesBytes = this.#messages.waitingBytes + this.#longMessages.waitingBytes
    return messagesBytes + this.#sealedBytes + this.#writer.len
  }

  /** Messages that found too many others waiting. */
  get messagesDroppedCount(): number {
    return this.#messages.droppedCount + this.#longMessages.droppedCount
  }

  /** Sends a message ahead of all frames. `false`: it is not sent. */
  post(message: Uint8Array): boolean {
    if (this.#isClosed || !this.#messages.push(message)) return false
    this.#schedule()
    return true
  }

  /** Sends a message of several frames after those of one. `false`: it is not sent. */
  postLong(message: Uint8Array): boolean {
    if (this.#isClosed || !this.#longMessages.push(message)) return false
    this.#schedule()
    return true
  }

  write(frame: LaneFrame): void {
    if (this.#isClosed) return
    this.#encode(frame)
    if (this.#writer.len >= SEND_BYTES) this.#seal()
    this.#schedule()
  }

  /** Gives the source turns until it has nothing to write: at once while there is room. */
  enter(source: FrameSource): void {
    if (this.#isClosed) return
    let hasMore = true
    while (hasMore && this.#hasRoom()) hasMore = source.writeNext()
    if (!hasMore) return
    this.#turns.add(source)
    this.#schedule()
  }

  leave(source: FrameSource): void {
    this.#turns.delete(source)
  }

  /** Hands over what waits until the transport is full. */
  flush(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    try {
      while (!(this.#isBlocked || this.#isClosed)) {
        this.#giveTurns()
        const bytes = this.#take()
        if (bytes === undefined) break
        this.#bytesSent += bytes.length
        this.#isBlocked = !this.#deps.transport.send(bytes)
      }
    } catch (error) {
      this.#deps.onSendFailed(error instanceof Error ? error : new Error(String(error)))
    } finally {
      this.#isFlushing = false
    }
  }

  /** The transport has room again. */
  drained(): void {
    this.#isBlocked = false
    this.flush()
  }

  close(): void {
    this.#isClosed = true
    this.#turns.clear()
    this.#messages.clear()
    this.#longMessages.clear()
    this.#sealed.length = 0
    this.#sealedBytes = 0
    this.#writer = protobuf.Writer.create()
  }

  #encode(frame: LaneFrame): void {
    const start = this.#writer.len
    try {
      skein.LaneFrame.encode(frame, this.#writer.fork()).ldelim()
    } catch (error) {
      // Half a frame must not go out: back to where the first of its nested parts began.
      do this.#writer.reset()
      while (this.#writer.len > start)
      throw error
    }
  }

  #hasRoom(): boolean {
    return !this.#isBlocked && this.#sealed.length === 0
  }

  #giveTurns(): void {
    for (const source of this.#turns) {
      if (!this.#hasRoom()) return
      this.#turns.delete(source)
      if (source.writeNext()) this.#turns.add(source)
    }
  }

  #take(): Uint8Array | undefined {
    const messages = this.#messages.take() ?? this.#longMessages.take()
    if (messages !== undefined) return messages
    if (this.#sealed.length === 0 && this.#writer.len > 0) this.#seal()
    const bytes = this.#sealed.shift()
    if (bytes !== undefined) this.#sealedBytes -= bytes.length
    return bytes
  }

  /** Copies out what was encoded, exactly, so that the writer's larger buffer is used again. */
  #seal(): void {
    const bytes = this.#writer.finish()
    if (bytes.length > WRITER_KEPT_BYTES) this.#writer = protobuf.Writer.create()
    else this.#writer.reset()
    this.#sealed.push(bytes)
    this.#sealedBytes += bytes.length
    const { backlogMaxBytes } = this.#deps
    if (this.#sealedBytes <= backlogMaxBytes) return
    const expected = `expected the peer to read on before ${backlogMaxBytes} bytes wait for it`
    this.#deps.onSendFailed(badFrame(`${expected}, found ${this.#sealedBytes}`))
  }

  #schedule(): void {
    if (this.#isFlushScheduled || this.#isBlocked || this.#isFlushing) return
    this.#isFlushScheduled = true
    this.#deps.scheduleFlush(this.#onFlush)
  }
}
