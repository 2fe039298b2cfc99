/**
 * Hashes of a state that are cheap to keep: an element of a set more or less costs one digest,
 * however large the set is, and the order in which elements came does not matter.
 *
 * The sum of the elements' digests modulo 2^256. It tells peers that have gone apart by a fault;
 * it is no defence against somebody who may choose elements at will.
 *
 * Source: Bellare, Micciancio, "A New Paradigm for Collision-Free Hashing: Incrementality at
 * Reduced Cost", EUROCRYPT 1997, section 4 (AdHash).
 */
import { assert } from '../../core/assert.ts'

/** A cryptographic digest of a text, as at most 64 lower-case hex digits. */
export type Digest = (text: string) => string

const BITS = 256

const HEX_DIGITS = 64

export class SetHash {
  readonly #digest: Digest
  #sum = 0n

  constructor(digest: Digest) {
    this.#digest = digest
  }

  /** @returns what takes the element out again. */
  add(text: string): bigint {
    const digits = this.#digest(text)
    // What is no hex digit is no number either.
    assert(digits.length <= HEX_DIGITS, 'a digest is at most 64 hex digits')
    const element = BigInt(`0x${digits}`)
    this.#sum = BigInt.asUintN(BITS, this.#sum + element)
    return element
  }

  /** @param element What `add` returned. */
  remove(element: bigint): void {
    this.#sum = BigInt.asUintN(BITS, this.#sum - element)
  }

  get sum(): bigint {
    return this.#sum
  }
}

function sumText(sum: bigint): string {
  return sum.toString(16).padStart(HEX_DIGITS, '0')
}

/** Of the sets that a state consists of, see `SetHash`. */
export interface StateSums {
  readonly resources: bigint
  readonly requests: bigint
  readonly audit: bigint
}

/** The hash of a state at one index. Most are never asked for, so it is computed for whoever does. */
export class IndexHash {
  readonly #digest: Digest
  readonly #index: number
  readonly #resources: bigint
  readonly #requests: bigint
  readonly #audit: bigint
  #text: string | undefined

  constructor(digest: Digest, index: number, { resources, requests, audit }: StateSums) {
    this.#digest = digest
    this.#index = index
    this.#resources = resources
    this.#requests = requests
    this.#audit = audit
  }

  get text(): string {
    if (this.#text !== undefined) return this.#text
    const parts = [this.#resources, this.#requests, this.#audit].map(sumText)
    this.#text = this.#digest(['skein-policy', this.#index, ...parts].join(' '))
    return this.#text
  }
}
