/**
 * A hash of a set that is cheap to keep: an element more or less costs one digest, however large
 * the set is, and the order in which elements came does not matter.
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

const MODULUS = 1n << 256n

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
    assert(/^[0-9a-f]{1,64}$/.test(digits), 'a digest is at most 64 hex digits')
    const element = BigInt(`0x${digits}`)
    this.#sum = (this.#sum + element) % MODULUS
    return element
  }

  /** @param element What `add` returned. */
  remove(element: bigint): void {
    this.#sum = (this.#sum - element + MODULUS) % MODULUS
  }

  get text(): string {
    return this.#sum.toString(16).padStart(HEX_DIGITS, '0')
  }
}
