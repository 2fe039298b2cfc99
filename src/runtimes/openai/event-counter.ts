/**
 * Counts server-sent events in raw bytes, without parsing them: an event ends at an empty line.
 *
 * The JSON of an event never holds a raw line break, so counting empty lines is exact. Lines end
 * in LF or CRLF, and a chunk may end anywhere, even between CR and LF.
 */
const LF = 10
const CR = 13

export class EventCounter {
  /** Bytes since the last LF, over all chunks. */
  #lineBytes = 0
  #isLoneCr = false
  #count = 0

  get count(): number {
    return this.#count
  }

  /** How many events ended in `chunk`. */
  add(chunk: Uint8Array): number {
    const before = this.#count
    let start = 0
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#extend(chunk, start, end)
      if (this.#lineBytes === 0 || this.#isLoneCr) this.#count += 1
      this.#lineBytes = 0
      this.#isLoneCr = false
      start = end + 1
    }
    this.#extend(chunk, start, chunk.length)
    return this.#count - before
  }

  #extend(chunk: Uint8Array, start: number, end: number): void {
    if (end === start) return
    this.#isLoneCr = this.#lineBytes === 0 && end - start === 1 && chunk[start] === CR
    this.#lineBytes += end - start
  }
}
