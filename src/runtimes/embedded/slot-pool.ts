/**
 * The places in the batch, and the bounded queue of requests that wait for one.
 *
 * First come, first served. Among the free places a request gets the one that already holds the
 * longest start of its prompt, provided that this saves more than it throws away of the prompt
 * before: nearly all chats begin with the same few tokens, and for those no other chat shall lose
 * its own. If there is no such place, it gets the one idle longest, the least likely to be missed.
 */
import { assert } from '../../core/assert.ts'

export interface Slot {
  /** Tokens at the start of `prompt` that the slot's KV cache holds. */
  commonTokens(prompt: readonly number[]): number
  /** Length of the last prompt it read. The answer after it is not missed if it goes. */
  readonly promptTokens: number
}

interface Waiter<S> {
  readonly take: (slot: S) => void
}

export class SlotPool<S extends Slot> {
  /** Longest idle first. */
  readonly #free: S[]
  readonly #queue: Waiter<S>[] = []
  readonly #queueMax: number
  readonly #slotCount: number

  constructor(slots: readonly S[], queueMax: number) {
    this.#free = [...slots]
    this.#queueMax = queueMax
    this.#slotCount = slots.length
  }

  get queuedCount(): number {
    return this.#queue.length
  }

  /** Whether one more request can neither start nor wait. */
  get isFull(): boolean {
    return this.#free.length === 0 && this.#queue.length >= this.#queueMax
  }

  /**
   * A slot, as soon as one is free. To be called only if the pool is not full.
   *
   * @throws the signal's reason if it fires first; the request then leaves the queue at once.
   */
  async acquire(prompt: readonly number[], signal: AbortSignal): Promise<S> {
    signal.throwIfAborted()
    assert(!this.isFull, 'the caller refuses requests when the queue is full')
    const slot = this.#takeBest(prompt)
    if (slot !== undefined) return slot

    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(waiter), 1)
        reject(signal.reason)
      }
      const take = (next: S) => {
        signal.removeEventListener('abort', leave)
        resolve(next)
      }
      const waiter: Waiter<S> = { take }
      this.#queue.push(waiter)
      signal.addEventListener('abort', leave, { once: true })
    })
  }

  release(slot: S): void {
    assert(!this.#free.includes(slot), 'a slot is released once')
    assert(this.#free.length < this.#slotCount, 'only slots of this pool are released')
    const next = this.#queue.shift()
    if (next === undefined) this.#free.push(slot)
    else next.take(slot)
  }

  #takeBest(prompt: readonly number[]): S | undefined {
    let best = 0
    let bestTokens = 0
    for (const [index, slot] of this.#free.entries()) {
      const tokens = slot.commonTokens(prompt)
      const lostTokens = slot.promptTokens - tokens
      if (tokens <= Math.max(bestTokens, lostTokens)) continue
      best = index
      bestTokens = tokens
    }
    return this.#free.splice(best, 1)[0]
  }
}
