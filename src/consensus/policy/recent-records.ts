/**
 * The newest records of a kind, by key: a table that forgets the oldest when it is full. It is
 * part of the state, so it has a hash.
 */
import { assert } from '../../core/assert.ts'
import { canonicalText } from './canonical.ts'
import { type Digest, SetHash } from './state-hash.ts'

interface Kept<R> {
  readonly record: R
  readonly element: bigint
}

export class RecentRecords<K extends string | number, R> {
  /** Oldest first. */
  readonly #kept = new Map<K, Kept<R>>()
  readonly #hash: SetHash
  readonly #countMax: number

  constructor(countMax: number, digest: Digest) {
    this.#countMax = countMax
    this.#hash = new SetHash(digest)
  }

  get size(): number {
    return this.#kept.size
  }

  get hash(): string {
    return this.#hash.text
  }

  get(key: K): R | undefined {
    return this.#kept.get(key)?.record
  }

  /** Oldest first. */
  all(): readonly R[] {
    return Array.from(this.#kept.values(), ({ record }) => record)
  }

  add(key: K, record: R): void {
    assert(!this.#kept.has(key), 'a record is added once')
    this.#kept.set(key, { record, element: this.#hash.add(canonicalText(record)) })
    if (this.#kept.size <= this.#countMax) return
    for (const [oldest, { element }] of this.#kept) {
      this.#kept.delete(oldest)
      this.#hash.remove(element)
      return
    }
  }
}
