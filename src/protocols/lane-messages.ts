/**
 * The messages that wait to go out on a lane: short byte arrays outside any request, such as the
 * probes of the failure detector.
 *
 * They keep their own order, go ahead of every other frame and need no credit, so what they tell
 * is not late because an answer is long. They are not repeated: one that finds too many waiting
 * is dropped and counted, and what waits when the lane closes is lost.
 */
import { encodeFrame } from './frames.ts'
import { skein } from './gen/messages.js'

/** With its tags and length it fits into the smallest `frameMaxBytes`, 64 KiB. */
export const MESSAGE_MAX_BYTES = 64 * 1024 - 16

/** A peer that takes less has not read for seconds: what else we could say would be old. */
const WAITING_MAX_BYTES = 256 * 1024
const WAITING_MAX = 256

/** One piece for the transport holds as much, or one message. */
const PIECE_BYTES = 64 * 1024

export class LaneMessages {
  /** Encoded, the oldest first. */
  readonly #frames: Uint8Array[] = []
  #waitingBytes = 0
  #droppedCount = 0

  /** Encoded and not yet taken. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get droppedCount(): number {
    return this.#droppedCount
  }

  /** Copies the message. `false`: too much waits, it is dropped. */
  push(message: Uint8Array): boolean {
    const frame = encodeFrame(skein.LaneFrame.encode({ message }).finish())
    const waitingBytes = this.#waitingBytes + frame.length
    if (this.#frames.length >= WAITING_MAX || waitingBytes > WAITING_MAX_BYTES) {
      this.#droppedCount += 1
      return false
    }
    this.#frames.push(frame)
    this.#waitingBytes = waitingBytes
    return true
  }

  /** The oldest, as many as go out at once. `undefined`: none waits. */
  take(): Uint8Array | undefined {
    let count = 0
    let bytes = 0
    for (const frame of this.#frames) {
      if (count > 0 && bytes + frame.length > PIECE_BYTES) break
      count += 1
      bytes += frame.length
    }
    if (count === 0) return undefined
    this.#waitingBytes -= bytes
    const piece = new Uint8Array(bytes)
    let position = 0
    for (const frame of this.#frames.splice(0, count)) {
      piece.set(frame, position)
      position += frame.length
    }
    return piece
  }

  clear(): void {
    this.#frames.length = 0
    this.#waitingBytes = 0
  }
}
