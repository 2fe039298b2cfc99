/**
 * Sequences that wait for a place, first come first served; one that was put back goes first again.
 *
 * A sequence that leaves from the middle stays in its place, no longer waiting, until the head gets
 * to it: so all takes constant time.
 */
import type { EngineJob } from './engine.ts'
import type { Sequence } from './sequence.ts'

/** Below this, places that are free at the front are not worth moving the others for. */
const MOVED_MIN = 64

export class WaitingLine<Job extends EngineJob> {
  #places: (Sequence<Job> | undefined)[] = []
  #head = 0
  #count = 0
  #contextTokens = 0
  #outputTokensLeft = 0
  #expectedTokensLeft = 0

  get count(): number {
    return this.#count
  }

  /** Of all that wait, as if nothing of them were cached. */
  get contextTokens(): number {
    return this.#contextTokens
  }

  get outputTokensLeft(): number {
    return this.#outputTokensLeft
  }

  /** As `EngineReading.decodeTokensLeft` counts them. */
  get expectedTokensLeft(): number {
    return this.#expectedTokensLeft
  }

  get first(): Sequence<Job> | undefined {
    this.#skipGone()
    return this.#places[this.#head]
  }

  push(sequence: Sequence<Job>): void {
    this.#places.push(sequence)
    this.#account(sequence, 1)
  }

  pushFirst(sequence: Sequence<Job>): void {
    if (this.#head === 0) this.#places.unshift(sequence)
    else {
      this.#head -= 1
      this.#places[this.#head] = sequence
    }
    this.#account(sequence, 1)
  }

  /** There is one. The caller changes its state at once. */
  takeFirst(): Sequence<Job> {
    const sequence = this.first as Sequence<Job>
    this.#account(sequence, -1)
    this.#places[this.#head] = undefined
    this.#head += 1
    return sequence
  }

  /** The caller changes its state at once. */
  remove(sequence: Sequence<Job>): void {
    this.#account(sequence, -1)
  }

  clear(): void {
    this.#places = []
    this.#head = 0
    this.#count = 0
    this.#contextTokens = 0
    this.#outputTokensLeft = 0
    this.#expectedTokensLeft = 0
  }

  #account(sequence: Sequence<Job>, sign: 1 | -1): void {
    this.#count += sign
    this.#contextTokens += sign * sequence.contextTokens
    this.#outputTokensLeft += sign * sequence.outputTokensLeft
    this.#expectedTokensLeft += sign * sequence.expectedTokensLeft
  }

  #skipGone(): void {
    const places = this.#places
    while (this.#head < places.length && places[this.#head]?.state !== 'waiting') {
      places[this.#head] = undefined
      this.#head += 1
    }
    if (this.#head === places.length) {
      places.length = 0
      this.#head = 0
    } else if (this.#head >= MOVED_MIN && 2 * this.#head > places.length) {
      places.splice(0, this.#head)
      this.#head = 0
    }
  }
}
