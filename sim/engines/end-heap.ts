/**
 * The sequences that make tokens, by the step in which their answers are complete; of two that end
 * together, the one admitted first comes first. A binary heap in which each knows its place.
 */
import type { EngineJob } from './engine.ts'
import type { Sequence } from './sequence.ts'

export class EndHeap<Job extends EngineJob> {
  readonly #sequences: Sequence<Job>[] = []

  get first(): Sequence<Job> | undefined {
    return this.#sequences[0]
  }

  push(sequence: Sequence<Job>): void {
    this.#sequences.push(sequence)
    this.#rise(sequence, this.#sequences.length - 1)
  }

  remove(sequence: Sequence<Job>): void {
    const index = sequence.endIndex
    const last = this.#sequences.pop() as Sequence<Job>
    sequence.endIndex = -1
    if (last === sequence) return
    if (index > 0 && isBefore(last, this.#sequences[(index - 1) >> 1] as Sequence<Job>)) {
      this.#rise(last, index)
    } else this.#sink(last, index)
  }

  clear(): void {
    this.#sequences.length = 0
  }

  #rise(sequence: Sequence<Job>, from: number): void {
    const sequences = this.#sequences
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = sequences[parentIndex] as Sequence<Job>
      if (!isBefore(sequence, parent)) break
      sequences[index] = parent
      parent.endIndex = index
      index = parentIndex
    }
    sequences[index] = sequence
    sequence.endIndex = index
  }

  #sink(sequence: Sequence<Job>, from: number): void {
    const sequences = this.#sequences
    const count = sequences.length
    let index = from
    for (;;) {
      let childIndex = 2 * index + 1
      if (childIndex >= count) break
      let child = sequences[childIndex] as Sequence<Job>
      const sibling = sequences[childIndex + 1]
      if (sibling !== undefined && isBefore(sibling, child)) {
        childIndex += 1
        child = sibling
      }
      if (!isBefore(child, sequence)) break
      sequences[index] = child
      child.endIndex = index
      index = childIndex
    }
    sequences[index] = sequence
    sequence.endIndex = index
  }
}

function isBefore(a: Sequence, b: Sequence): boolean {
  return a.endStep < b.endStep || (a.endStep === b.endStep && a.admission < b.admission)
}
