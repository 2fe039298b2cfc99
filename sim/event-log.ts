/**
 * What happened in a world, as a hash of everything and, if asked for, as text.
 *
 * Two runs with one seed must be equal to the last byte, so each event mixes its time, its kind,
 * its node and the bytes it carried into the hash; keeping the text of a long run would cost more
 * than running it. The last lines are always kept, for whoever reads a failure.
 */
import { assert } from '../src/core/assert.ts'

/** Lines kept of a run whose text is not. */
const LAST_LINES_MAX = 200

/** Lines kept at most; a run that is compared as text is a short one. */
const LINES_MAX = 2_000_000

/** Bytes of a message that go into the hash, of each end: enough to tell two apart. */
const SAMPLE_BYTES = 24

const float = new Float64Array(1)
const words = new Uint32Array(float.buffer)

export class EventLog {
  readonly #keepsText: boolean
  #lines: string[] = []
  /** Two lanes, so that 64 bits must collide. */
  #low = 0x811c9dc5
  #high = 0x1b873593

  constructor(keepsText = false) {
    this.#keepsText = keepsText
  }

  /** 16 hexadecimal digits. */
  get hash(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0')
    return hex(this.#high) + hex(this.#low)
  }

  /** All lines, or the last ones. */
  get lines(): readonly string[] {
    return this.#keepsText ? this.#lines : this.#lines.slice(-LAST_LINES_MAX)
  }

  /** Something rare that a reader wants to see. */
  write(atMs: number, line: string): void {
    this.#mixTime(atMs)
    this.#mixText(line)
    this.#keep(`${atMs.toFixed(3)} ${line}`)
  }

  /** Something frequent: text only if all text is kept. */
  event(atMs: number, what: { kind: string; node: number; bytes?: Uint8Array }): void {
    const { kind, node, bytes } = what
    this.#mixTime(atMs)
    this.#mixText(kind)
    this.#mix(node)
    if (bytes !== undefined) this.#mixBytes(bytes)
    if (!this.#keepsText) return
    const carried = bytes === undefined ? '' : ` ${bytes.length} ${this.hash}`
    this.#keep(`${atMs.toFixed(3)} ${kind} n${node}${carried}`)
  }

  #keep(line: string): void {
    this.#lines.push(line)
    assert(this.#lines.length < LINES_MAX, 'a run whose text is kept is a short one')
    if (!this.#keepsText && this.#lines.length > 2 * LAST_LINES_MAX) {
      this.#lines = this.#lines.slice(-LAST_LINES_MAX)
    }
  }

  #mixTime(atMs: number): void {
    float[0] = atMs
    this.#mix(words[0] ?? 0)
    this.#mix(words[1] ?? 0)
  }

  #mixText(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.#mix(text.charCodeAt(index))
  }

  #mixBytes(bytes: Uint8Array): void {
    this.#mix(bytes.length)
    const headEnd = Math.min(bytes.length, SAMPLE_BYTES)
    for (let index = 0; index < headEnd; index += 1) this.#mix(bytes[index] ?? 0)
    const tailStart = Math.max(headEnd, bytes.length - SAMPLE_BYTES)
    for (let index = tailStart; index < bytes.length; index += 1) this.#mix(bytes[index] ?? 0)
  }

  #mix(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193)
    const mixed = Math.imul(this.#high ^ word, 0xcc9e2d51)
    this.#high = (mixed << 13) | (mixed >>> 19)
  }
}
