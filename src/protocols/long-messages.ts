/**
 * Messages on a lane that may be too long for one frame, such as pieces of a replicated log.
 *
 *     push --> parts of 32 KiB --> frames { part, isLast } --> LongMessageReader --> whole
 *
 * They keep their own order, go after the short messages and ahead of requests, and need no
 * credit. A part goes out only when there is room, so a probe waits for one of them at most. Like
 * a short one, a long message is not repeated: one that finds too many waiting is dropped whole
 * and counted, and what waits when the lane closes is lost.
 */
import { encodeFrame } from './frames.ts'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'

/** A log entry of the greatest size, or a chunk of a snapshot, and what is said of it. */
export const LONG_MESSAGE_MAX_BYTES = 2 * 1024 * 1024

const PART_BYTES = 32 * 1024

/** What a peer that does not read may cost us. */
const WAITING_MAX_BYTES = 8 * 1024 * 1024
const WAITING_MAX = 4_096

export class LongMessages {
  /** The oldest first. */
  readonly #waiting: Uint8Array[] = []
  /** Of the oldest, how much has gone out. */
  #sentBytes = 0
  #waitingBytes = 0
  #droppedCount = 0

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get droppedCount(): number {
    return this.#droppedCount
  }

  /** Keeps the message, which must not change. `false`: too much waits, it is dropped. */
  push(message: Uint8Array): boolean {
    const waitingBytes = this.#waitingBytes + message.length
    if (this.#waiting.length >= WAITING_MAX || waitingBytes > WAITING_MAX_BYTES) {
      this.#droppedCount += 1
      return false
    }
    this.#waiting.push(message)
    this.#waitingBytes = waitingBytes
    return true
  }

  /** The next parts, encoded, as many as go out at once. `undefined`: none waits. */
  take(): Uint8Array | undefined {
    const frames: Uint8Array[] = []
    let bytes = 0
    for (let next = this.#waiting[0]; next !== undefined && bytes < PART_BYTES; ) {
      const part = next.subarray(this.#sentBytes, this.#sentBytes + PART_BYTES - bytes)
      const isLast = this.#sentBytes + part.length === next.length
      const frame = encodeFrame(skein.LaneFrame.encode({ longMessage: { part, isLast } }).finish())
      frames.push(frame)
      bytes += part.length
      this.#sentBytes = isLast ? 0 : this.#sentBytes + part.length
      this.#waitingBytes -= part.length
      if (isLast) this.#waiting.shift()
      next = this.#waiting[0]
    }
    return frames.length === 0 ? undefined : joined(frames)
  }

  clear(): void {
    this.#waiting.length = 0
    this.#waitingBytes = 0
    this.#sentBytes = 0
  }
}

/** Puts the parts together again. */
export class LongMessageReader {
  #parts: Uint8Array[] = []
  #bytes = 0

  /** Of the message whose end has not come. */
  get bufferedBytes(): number {
    return this.#bytes
  }

  /**
   * @returns The whole message with its last part, a copy; before that `undefined`.
   * @throws MeshError ERR_BAD_FRAME if it is longer than any may be.
   */
  take({ part, isLast }: skein.LaneLongMessage.$Properties): Uint8Array | undefined {
    const bytes = part ?? new Uint8Array(0)
    if (bytes.length === 0 && !isLast)
      throw badFrame('expected a part with something in it, found none')
    this.#bytes += bytes.length
    if (this.#bytes > LONG_MESSAGE_MAX_BYTES) {
      const expected = `expected a long message of at most ${LONG_MESSAGE_MAX_BYTES} bytes`
      throw badFrame(`${expected}, found one of ${this.#bytes} or more`)
    }
    // A view would keep the whole slice of the stream in memory; a slice of a Buffer is a view.
    this.#parts.push(new Uint8Array(bytes))
    if (!isLast) return undefined
    const whole = joined(this.#parts)
    this.#parts = []
    this.#bytes = 0
    return whole
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces
  if (only !== undefined && pieces.length === 1) return only
  const whole = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0))
  let position = 0
  for (const piece of pieces) {
    whole.set(piece, position)
    position += piece.length
  }
  return whole
}
