/**
 * Writes and reads numbers and bytes one after the other, for the records of the log.
 *
 * A number is a varint: seven bits a byte, lowest first, the high bit set on all but the last.
 * Unlike bit shifts, this holds for all safe integers.
 */
import { assert } from '../../../core/assert.ts'

const CAPACITY_MIN_BYTES = 4096

/** Seven bits each. */
export const NUMBER_MAX_BYTES = 8

export class ByteWriter {
  #bytes = new Uint8Array(CAPACITY_MIN_BYTES)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Shares its memory with the writer: no longer valid when something is written. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Forgets what was written and keeps the memory. */
  clear(): void {
    this.#length = 0
  }

  byte(value: number): void {
    this.skip(1)
    this.#bytes[this.#length - 1] = value
  }

  /** @param value A safe integer, not negative. */
  number(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, 'a number of the log is a whole one')
    let rest = value
    while (rest >= 0x80) {
      this.byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    this.byte(rest)
  }

  raw(bytes: Uint8Array): void {
    const start = this.skip(bytes.length)
    this.#bytes.set(bytes, start)
  }

  /** With its length before it. */
  text(text: string): void {
    const bytes = new TextEncoder().encode(text)
    this.number(bytes.length)
    this.raw(bytes)
  }

  fill(value: number, count: number): void {
    const start = this.skip(count)
    this.#bytes.fill(value, start, start + count)
  }

  /** Room for what is written later by `wordAt`. @returns Where it is. */
  skip(count: number): number {
    const start = this.#length
    this.#length += count
    if (this.#length > this.#bytes.length) this.#grow()
    return start
  }

  wordAt(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }

  #grow(): void {
    const grown = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
  }
}

/** What was written is shorter than its reader expects. */
export class ShortBytesError extends Error {
  override readonly name = 'ShortBytesError'
}

export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** @throws ShortBytesError, as all that follow. */
  byte(): number {
    const value = this.#bytes[this.#at]
    if (value === undefined) throw new ShortBytesError('expected one more byte, found the end')
    this.#at += 1
    return value
  }

  number(): number {
    let value = 0
    for (let place = 0; place < NUMBER_MAX_BYTES; place += 1) {
      const byte = this.byte()
      value += (byte & 0x7f) * 0x80 ** place
      if (byte < 0x80 && Number.isSafeInteger(value)) return value
    }
    throw new ShortBytesError('expected a safe integer, found a larger one')
  }

  /** A copy, so that a small entry does not keep a whole segment in memory. */
  raw(count: number): Uint8Array {
    const end = this.#at + count
    if (end > this.#bytes.length) {
      const leftBytes = this.#bytes.length - this.#at
      throw new ShortBytesError(`expected ${count} more bytes, found ${leftBytes}`)
    }
    const copy = new Uint8Array(this.#bytes.subarray(this.#at, end))
    this.#at = end
    return copy
  }

  text(): string {
    return new TextDecoder().decode(this.raw(this.number()))
  }
}
