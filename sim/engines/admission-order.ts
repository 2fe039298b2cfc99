/**
 * The sequences that are worked on, in the order in which they were admitted.
 *
 * What they are expected to make yet is summed up whenever the engine is looked at, so the numbers that
 * this takes stand side by side, apart from the sequences: a batch is dozens of them, and to visit each
 * would wait for memory each time.
 */
import { assert } from '../../src/core/assert.ts'
import type { EngineJob } from './engine.ts'
import type { Sequence } from './sequence.ts'

export class AdmissionOrder<Job extends EngineJob> {
  readonly #sequences: Sequence<Job>[] = []
  readonly #expectedTokens: number[] = []
  /** So many tokens each has made, and as many more as steps are over if it is making them. */
  readonly #madeOffsets: number[] = []
  /** 1: it makes tokens. */
  readonly #isDecoding: number[] = []

  get last(): Sequence<Job> | undefined {
    return this.#sequences.at(-1)
  }

  get count(): number {
    return this.#sequences.length
  }

  /** @param step Number of the step that is next. @param others Left to those that are not here. */
  expectedTokensLeft(step: number, others: number): number {
    let tokens = others
    for (let index = 0; index < this.#sequences.length; index += 1) {
      const stepsMade = (this.#isDecoding[index] as number) * step
      const madeTokens = (this.#madeOffsets[index] as number) + stepsMade
      tokens += Math.max(1, (this.#expectedTokens[index] as number) - madeTokens)
    }
    return tokens
  }

  values(): IterableIterator<Sequence<Job>> {
    return this.#sequences.values()
  }

  /** Its admission is the latest. */
  add(sequence: Sequence<Job>): void {
    this.#sequences.push(sequence)
    this.#expectedTokens.push(sequence.outputTokensExpected)
    this.#madeOffsets.push(sequence.madeTokens)
    this.#isDecoding.push(0)
  }

  beginDecoding(sequence: Sequence<Job>): void {
    const index = this.#indexOf(sequence)
    this.#madeOffsets[index] = sequence.madeOffset
    this.#isDecoding[index] = 1
  }

  remove(sequence: Sequence<Job>): void {
    const index = this.#indexOf(sequence)
    removeAt(this.#sequences, index)
    removeAt(this.#expectedTokens, index)
    removeAt(this.#madeOffsets, index)
    removeAt(this.#isDecoding, index)
  }

  clear(): void {
    this.#sequences.length = 0
    this.#expectedTokens.length = 0
    this.#madeOffsets.length = 0
    this.#isDecoding.length = 0
  }

  #indexOf(sequence: Sequence<Job>): number {
    let low = 0
    let high = this.#sequences.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sequences[middle] as Sequence<Job>).admission < sequence.admission)
        low = middle + 1
      else high = middle
    }
    assert(this.#sequences[low] === sequence, 'what is removed was admitted')
    return low
  }
}

/** Faster than `splice`, which makes a list of what it takes out. */
function removeAt<Item>(items: Item[], index: number): void {
  for (let next = index + 1; next < items.length; next += 1) items[next - 1] = items[next] as Item
  items.pop()
}
