/**
 * The newest records of a kind, by key: a table that forgets the oldest when it is full. It is
 * part of the state, so it has a hash.
 *
 * Records are kept as their canonical text, for that is what is hashed and what snapshots have;
 * few are ever read. A ring says which is the oldest: to ask a map for its first key costs more the
 * more was deleted before it.
 */
import { assert } from '../../core/assert.ts'
import { canonicalText } from './canonical.ts'
import { type Digest, SetHash } from './state-hash.ts'

export class RecentRecords<K extends string | number, R> {
  /** Oldest first. */
  readonly #texts = new Map<K, string>()
  /** Grows up to its bound, then each takes the place of the oldest. */
  readonly #keys: K[] = []
  /** Place of a key → what takes its record out of the hash. */
  readonly #elements: bigint[] = []
  readonly #hash: SetHash
  readonly #countMax: number
  /** Place of the oldest, once the ring is full; before, that of the next. */
  #oldestAt = 0

  constructor(countMax: number, digest: Digest) {
    this.#countMax = countMax
    this.#hash = new SetHash(digest)
  }

  get size(): number {
    return this.#keys.length
  }

  /** Of all records, see `SetHash`. */
  get hashSum(): bigint {
    return this.#hash.sum
  }

  has(key: K): boolean {
    return this.#texts.has(key)
  }

  get(key: K): R | undefined {
    const text = this.#texts.get(key)
    return text === undefined ? undefined : recordOf(text)
  }

  /** Oldest first. */
  newest(countMax = Number.POSITIVE_INFINITY): readonly R[] {
    const texts = this.texts()
    return texts.slice(Math.max(0, texts.length - countMax)).map(recordOf<R>)
  }

  /** Canonical, oldest first. */
  texts(): readonly string[] {
    return [...this.#texts.values()]
  }

  /** @param record JSON without a fault. */
  add(key: K, record: R): void {
    assert(!this.#texts.has(key), 'a record is added once')
    const text = canonicalText(record)
    const element = this.#hash.add(text)
    this.#texts.set(key, text)
    const at = this.#oldestAt
    const oldest = this.#keys[at]
    const oldestElement = this.#elements[at]
    if (
      this.#keys.length >= this.#countMax &&
      oldest !== undefined &&
      oldestElement !== undefined
    ) {
      this.#texts.delete(oldest)
      this.#hash.remove(oldestElement)
    }
    this.#keys[at] = key
    this.#elements[at] = element
    this.#oldestAt = (at + 1) % this.#countMax
  }
}

/** What was written from a record is read back as one. */
function recordOf<R>(text: string): R {
  return JSON.parse(text)
}
