/**
 * Virtual time for models that are plain calls, without promises: what is planned happens in the
 * order of its time, and of two things at one time the one planned first comes first.
 *
 * A heap with four children per place in typed arrays: an event is a number there and its action a
 * slot beside it, so that millions a second go through. What is cancelled stays in the heap and is
 * passed over; whoever plans anew with each arrival would else pay twice for it.
 *
 * `VirtualTime` is for whole peers, which run on promises; it is thirty times slower.
 */
import { assert } from '../../src/core/assert.ts'

const ARITY = 4
const FIRST_CAPACITY = 1_024

/** Names a planned event until it has happened. */
export type Planned = number

type Action = () => void

export class Timeline {
  #times = new Float64Array(FIRST_CAPACITY)
  /** The order in which they were planned. */
  #sequences = new Float64Array(FIRST_CAPACITY)
  #slots = new Int32Array(FIRST_CAPACITY)
  #size = 0
  readonly #actions: (Action | undefined)[] = []
  readonly #freeSlots: number[] = []
  #nextSequence = 0
  #nowMs = 0
  #eventCount = 0

  get nowMs(): number {
    return this.#nowMs
  }

  /** That have happened. */
  get eventCount(): number {
    return this.#eventCount
  }

  /** Including what was cancelled and is not yet passed. */
  get plannedCount(): number {
    return this.#size
  }

  /** At that time, or next if it is past. */
  at(atMs: number, action: Action): Planned {
    assert(Number.isFinite(atMs), 'an event has a time')
    const slot = this.#freeSlots.pop() ?? this.#actions.length
    this.#actions[slot] = action
    this.#push(Math.max(atMs, this.#nowMs), slot)
    return slot
  }

  after(delayMs: number, action: Action): Planned {
    return this.at(this.#nowMs + delayMs, action)
  }

  /** Must not be called for what has happened: its name may be another's by then. */
  cancel(planned: Planned): void {
    this.#actions[planned] = undefined
  }

  /** Lets everything happen up to that time. @returns whether anything is left. */
  run(untilMs: number): boolean {
    while (this.#size > 0) {
      const atMs = this.#times[0] as number
      if (atMs > untilMs) break
      const slot = this.#slots[0] as number
      this.#dropFirst()
      const action = this.#actions[slot]
      this.#actions[slot] = undefined
      this.#freeSlots.push(slot)
      if (action === undefined) continue
      this.#nowMs = atMs
      this.#eventCount += 1
      action()
    }
    this.#nowMs = Math.max(this.#nowMs, Math.min(untilMs, Number.MAX_VALUE))
    return this.#size > 0
  }

  /** Lets everything happen that there is. */
  runAll(): void {
    while (this.#size > 0) this.run(this.#times[0] as number)
  }

  #push(atMs: number, slot: number): void {
    if (this.#size === this.#times.length) this.#grow()
    const times = this.#times
    const sequence = this.#nextSequence
    this.#nextSequence += 1
    let index = this.#size
    this.#size += 1
    while (index > 0) {
      const parent = (index - 1) >> 2
      // Whatever is in the heap was planned before, so at one time it stays ahead.
      if ((times[parent] as number) <= atMs) break
      this.#move(parent, index)
      index = parent
    }
    this.#put(index, { atMs, sequence, slot })
  }

  #dropFirst(): void {
    this.#size -= 1
    const size = this.#size
    if (size === 0) return
    const atMs = this.#times[size] as number
    const sequence = this.#sequences[size] as number
    const slot = this.#slots[size] as number
    let index = 0
    for (;;) {
      const child = this.#firstChild(index, size)
      if (child === undefined || !this.#isBefore(child, atMs, sequence)) break
      this.#move(child, index)
      index = child
    }
    this.#put(index, { atMs, sequence, slot })
  }

  /** The child that comes before its siblings. */
  #firstChild(index: number, size: number): number | undefined {
    const start = ARITY * index + 1
    if (start >= size) return undefined
    const end = Math.min(start + ARITY, size)
    let first = start
    for (let child = start + 1; child < end; child += 1) {
      const atMs = this.#times[first] as number
      if (this.#isBefore(child, atMs, this.#sequences[first] as number)) first = child
    }
    return first
  }

  #isBefore(index: number, atMs: number, sequence: number): boolean {
    const time = this.#times[index] as number
    return time < atMs || (time === atMs && (this.#sequences[index] as number) < sequence)
  }

  #move(from: number, to: number): void {
    this.#times[to] = this.#times[from] as number
    this.#sequences[to] = this.#sequences[from] as number
    this.#slots[to] = this.#slots[from] as number
  }

  #put(index: number, entry: { atMs: number; sequence: number; slot: number }): void {
    this.#times[index] = entry.atMs
    this.#sequences[index] = entry.sequence
    this.#slots[index] = entry.slot
  }

  #grow(): void {
    const capacity = 2 * this.#times.length
    const times = new Float64Array(capacity)
    times.set(this.#times)
    this.#times = times
    const sequences = new Float64Array(capacity)
    sequences.set(this.#sequences)
    this.#sequences = sequences
    const slots = new Int32Array(capacity)
    slots.set(this.#slots)
    this.#slots = slots
  }
}
