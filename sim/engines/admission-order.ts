/**
 * The sequences that are worked on, in the order in which they were admitted: a list through the
 * sequences themselves, so that any of them leaves in constant time.
 */
import type { EngineJob } from './engine.ts'
import type { Sequence } from './sequence.ts'

export class AdmissionOrder<Job extends EngineJob> {
  #first: Sequence<Job> | undefined
  #last: Sequence<Job> | undefined
  #count = 0

  get first(): Sequence<Job> | undefined {
    return this.#first
  }

  get last(): Sequence<Job> | undefined {
    return this.#last
  }

  get count(): number {
    return this.#count
  }

  add(sequence: Sequence<Job>): void {
    sequence.before = this.#last
    sequence.after = undefined
    if (this.#last === undefined) this.#first = sequence
    else this.#last.after = sequence
    this.#last = sequence
    this.#count += 1
  }

  remove(sequence: Sequence<Job>): void {
    const { before, after } = sequence
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    sequence.before = undefined
    sequence.after = undefined
    this.#count -= 1
  }

  clear(): void {
    this.#first = undefined
    this.#last = undefined
    this.#count = 0
  }
}
