/**
 * Consecutive entries in memory, cheap to extend, to cut at the end and to drop from the front.
 *
 * An array with the log index of its first entry. What is dropped from the front stays as a dead
 * prefix until it is as long as the rest, so dropping costs constant time per entry.
 *
 *     entries   [ dead  dead | 7  8  9 ]      firstIndex 7, lastIndex 9
 */
import { assert } from '../../../core/assert.ts'
import { type Entry, entryBytes } from './entry.ts'

export class EntryRun {
  #entries: Entry[] = []
  #deadCount = 0
  #firstIndex: number

  /** @param firstIndex Index of the first entry there will be. */
  constructor(firstIndex: number) {
    this.#firstIndex = firstIndex
  }

  get firstIndex(): number {
    return this.#firstIndex
  }

  /** `firstIndex - 1` if it is empty. */
  get lastIndex(): number {
    return this.#firstIndex + this.length - 1
  }

  get length(): number {
    return this.#entries.length - this.#deadCount
  }

  at(index: number): Entry | undefined {
    if (index < this.#firstIndex) return undefined
    return this.#entries[index - this.#firstIndex + this.#deadCount]
  }

  /** Puts entries behind those before their first one; what stood there is replaced. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]
    if (first === undefined) return
    assert(first.index >= this.#firstIndex, 'entries go behind the first one')
    assert(first.index <= this.lastIndex + 1, 'entries leave no gap')
    if (first.index <= this.lastIndex) {
      this.#entries.length = first.index - this.#firstIndex + this.#deadCount
    }
    for (const entry of entries) this.#entries.push(entry)
  }

  /** Forgets all entries before `index`, which is at most one behind the last. */
  dropBefore(index: number): void {
    assert(index <= this.lastIndex + 1, 'only entries that are there are dropped')
    if (index <= this.#firstIndex) return
    this.#deadCount += index - this.#firstIndex
    this.#firstIndex = index
    if (this.#deadCount < this.length) return
    this.#entries = this.#entries.slice(this.#deadCount)
    this.#deadCount = 0
  }

  /** Empties it; the next entry has index `firstIndex`. */
  reset(firstIndex: number): void {
    this.#entries = []
    this.#deadCount = 0
    this.#firstIndex = firstIndex
  }

  /**
   * The entries from `low` to before `high`, as many as fit into `maxBytes` but at least one.
   * Both must lie within the run.
   */
  slice(low: number, high: number, maxBytes = Number.POSITIVE_INFINITY): Entry[] {
    assert(low <= high, 'a range does not end before it begins')
    assert(low >= this.#firstIndex, 'a range begins within the run')
    assert(high <= this.lastIndex + 1, 'a range ends within the run')
    const start = low - this.#firstIndex + this.#deadCount
    const end = start + high - low
    if (maxBytes === Number.POSITIVE_INFINITY) return this.#entries.slice(start, end)
    return this.#entries.slice(start, this.#limit({ start, end, maxBytes }))
  }

  #limit({ start, end, maxBytes }: { start: number; end: number; maxBytes: number }): number {
    let sizeBytes = 0
    for (let position = start; position < end; position++) {
      sizeBytes += entryBytes(this.#entries[position] as Entry)
      if (sizeBytes > maxBytes && position > start) return position
    }
    return end
  }
}
