/**
 * Frames on a byte stream: each is its length as a varint, then that many bytes.
 *
 * A stream slices as it likes, so `FrameReader` puts frames together again. A frame that lies
 * within one slice is handed on as a view of it; only one that straddles slices is copied.
 */
import { MeshError } from '../core/errors.ts'

/** A length never takes more: 5 groups of 7 bits hold any 32-bit number. */
const VARINT_MAX_BYTES = 5

/** The frame that carries `bytes`. */
export function encodeFrame(bytes: Uint8Array): Uint8Array {
  const prefix: number[] = []
  let rest = bytes.length
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) prefix.push((rest & 0x7f) | 0x80)
  prefix.push(rest)

  const frame = new Uint8Array(prefix.length + bytes.length)
  frame.set(prefix)
  frame.set(bytes, prefix.length)
  return frame
}

export class FrameReader {
  readonly #frameMaxBytes: number
  /** What of the length varint has been read. */
  #length = 0
  #lengthBytes = 0
  /** The frame that straddles slices. Allocated only after its length was found allowed. */
  #partial: Uint8Array | undefined
  #partialBytes = 0

  constructor(frameMaxBytes: number) {
    this.#frameMaxBytes = frameMaxBytes
  }

  /**
   * Takes the next slice of the stream and calls `onFrame` for each frame it completes. A frame
   * is a view that is valid as long as the slice is.
   *
   * @throws MeshError ERR_BAD_FRAME if a length is malformed or too large, after the frames
   * before it. The stream makes no sense from there on, and every further call throws too.
   */
  push(slice: Uint8Array, onFrame: (frame: Uint8Array) => void): void {
    let position = 0
    while (position < slice.length) {
      if (this.#partial !== undefined) {
        position = this.#continue(this.#partial, slice, position)
        if (this.#partialBytes < this.#partial.length) return
        const frame = this.#partial
        this.#partial = undefined
        onFrame(frame)
        continue
      }
      const isLengthComplete = this.#readLengthByte(slice[position++] as number)
      if (!isLengthComplete) continue

      const length = this.#length
      this.#length = 0
      this.#lengthBytes = 0
      const end = position + length
      if (end <= slice.length) {
        onFrame(slice.subarray(position, end))
        position = end
      } else {
        this.#partial = new Uint8Array(length)
        this.#partialBytes = 0
      }
    }
  }

  /** Copies what the slice has of the frame; returns the position behind it. */
  #continue(partial: Uint8Array, slice: Uint8Array, position: number): number {
    const end = Math.min(slice.length, position + partial.length - this.#partialBytes)
    partial.set(slice.subarray(position, end), this.#partialBytes)
    this.#partialBytes += end - position
    return end
  }

  #readLengthByte(byte: number): boolean {
    // Not a shift: the fifth group goes beyond 32 bits.
    this.#length += (byte & 0x7f) * 2 ** (7 * this.#lengthBytes)
    this.#lengthBytes += 1
    if (this.#length > this.#frameMaxBytes) {
      const found = byte < 0x80 ? `one of ${this.#length}` : `one of at least ${this.#length}`
      throw new MeshError(
        `expected a frame of at most ${this.#frameMaxBytes} bytes, found ${found}`,
        {
          code: 'ERR_BAD_FRAME',
          details: { frameMaxBytes: this.#frameMaxBytes, foundBytes: this.#length },
        },
      )
    }
    if (byte < 0x80) return true
    if (this.#lengthBytes < VARINT_MAX_BYTES) return false
    throw new MeshError(
      `expected a frame length of at most ${VARINT_MAX_BYTES} bytes, found one that goes on`,
      { code: 'ERR_BAD_FRAME' },
    )
  }
}
