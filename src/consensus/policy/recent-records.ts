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

interface Kept<K, R> {
  readonly key: K
  readonly record: R
  readonly element: bigint
}

export class RecentRecords<K extends string | number, R> {
  readonly #byKey = new Map<K, R>()
  /** Grows up to its bound, then each takes the place of the oldest. */
  readonly #ring: Kept<K, R>[] = []
  readonly #hash: SetHash
  readonly #countMax: number
  /** Place of the oldest, once the ring is full. */
  #oldestAt = 0

  constructor(countMax: number, digest: Digest) {
    this.#countMax = countMax
    this.#hash = new SetHash(digest)
  }

  get size(): number {
    return this.#ring.length
  }

  /** Of all records, as `setHashText` writes it. */
  get hashSum(): bigint {
    return this.#hash.sum
  }

  get(key: K): R | undefined {
    return this.#byKey.get(key)
  }

  /** Oldest first. */
  all(): readonly R[] {
    const inOrder = [...this.#ring.slice(this.#oldestAt), ...this.#ring.slice(0, this.#oldestAt)]
    return inOrder.map(({ record }) => record)
  }

  add(key: K, record: R): void {
    assert(!this.#byKey.has(key), 'a record is added once')
    const kept = { key, record, element: this.#hash.add(canonicalText(record)) }
    this.#byKey.set(key, record)
    const oldest = this.#ring[this.#oldestAt]
    if (this.#ring.length < this.#countMax || oldest === undefined) {
      this.#ring.push(kept)
      return
    }
    this.#ring[this.#oldestAt] = kept
    this.#oldestAt = (this.#oldestAt + 1) % this.#countMax
    this.#byKey.delete(oldest.key)
    this.#hash.remove(oldest.element)
  }
}
