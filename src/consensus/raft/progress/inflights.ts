/**
 * The window of messages that are on their way to a follower: sent, not yet acknowledged.
 *
 * Each is known by the index of its last entry. The window is full at a number of messages or of
 * bytes; the message that crosses the limit of bytes is still taken, or a single large one could
 * never be sent. Kept in a ring that grows to what is used, for a leader has one per follower.
 */
import { assert } from '../../../core/assert.ts'

export interface InflightLimits {
  readonly countMax: number
  /** `Infinity`: only the count limits. */
  readonly bytesMax: number
}

interface Inflight {
  /** Index of the message's last entry. */
  readonly index: number
  readonly sizeBytes: number
}

export class Inflights {
  readonly #limits: InflightLimits
  /** Ring of the messages, oldest at `#start`. */
  #ring: (Inflight | undefined)[] = []
  #start = 0
  #count = 0
  #totalBytes = 0

  constructor(limits: InflightLimits) {
    assert(limits.countMax > 0, 'at least one message may be on its way')
    this.#limits = limits
  }

  get count(): number {
    return this.#count
  }

  get isFull(): boolean {
    return this.#count >= this.#limits.countMax || this.#totalBytes >= this.#limits.bytesMax
  }

  /** Notes a message whose last entry is at `index`. Indexes must not decrease. */
  add(index: number, sizeBytes: number): void {
    assert(!this.isFull, 'there is room in the window')
    if (this.#count === this.#ring.length) this.#grow()
    this.#ring[(this.#start + this.#count) % this.#ring.length] = { index, sizeBytes }
    this.#count++
    this.#totalBytes += sizeBytes
  }

  /** Forgets the messages whose entries all lie at or before `index`: they have arrived. */
  freeTo(index: number): void {
    while (this.#count > 0) {
      const oldest = this.#ring[this.#start]
      if (oldest === undefined || oldest.index > index) return
      this.#ring[this.#start] = undefined
      this.#start = (this.#start + 1) % this.#ring.length
      this.#count--
      this.#totalBytes -= oldest.sizeBytes
    }
  }

  clear(): void {
    this.#ring = []
    this.#start = 0
    this.#count = 0
    this.#totalBytes = 0
  }

  #grow(): void {
    const size = Math.min(Math.max(1, this.#ring.length * 2), this.#limits.countMax)
    const inOrder = [...this.#ring.slice(this.#start), ...this.#ring.slice(0, this.#start)]
    this.#ring = [...inOrder, ...Array<undefined>(size - inOrder.length).fill(undefined)]
    this.#start = 0
  }
}
