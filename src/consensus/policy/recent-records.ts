/**
 * The newest records of a kind, by key: a table that forgets the oldest when it is full. It is
 * part of the state, so it has a hash.
 *
 * A ring says which is the oldest: to ask a map for its first key costs more the more was deleted
 * before it.
 */
import { assert } from '../../core/assert.ts'
import { canonicalText } from './canonical.ts'
import { type Digest, SetHash } from './state-hash.ts'

export class RecentRecords<K extends string | number, R> {
  /** Oldest first. */
  readonly #byKey = new Map<K, R>()
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

  get(key: K): R | undefined {
    return this.#byKey.get(key)
  }

  /** Oldest first. */
  all(): readonly R[] {
    return [...this.#byKey.values()]
  }

  add(key: K, record: R): void {
    assert(!this.#byKey.has(key), 'a record is added once')
    const element = this.#hash.add(canonicalText(record))
    this.#byKey.set(key, record)
    const at = this.#oldestAt
    const oldest = this.#keys[at]
    const oldestElement = this.#elements[at]
    if (
      this.#keys.length >= this.#countMax &&
      oldest !== undefined &&
      oldestElement !== undefined
    ) {
      this.#byKey.delete(oldest)
      this.#hash.remove(oldestElement)
    }
    this.#keys[at] = key
    this.#elements[at] = element
    this.#oldestAt = (at + 1) % this.#countMax
  }
}
