/**
 * What will happen in the world, soonest first: a binary heap ordered by (time, sequence).
 *
 * Of two events at one time the one planned first comes first, so the order never depends on how
 * the heap was filled. Each entry knows its place, so cancelling takes it out at once: a driver
 * arms its timer anew with every event, and dead entries would soon be most of the heap.
 */
import { assert } from '../src/core/assert.ts'

const OUT = -1

export class PlannedEvent {
  readonly atMs: number
  readonly sequence: number
  readonly run: () => void
  /** Its place in the heap; -1: no longer there. */
  index = OUT

  constructor(atMs: number, sequence: number, run: () => void) {
    this.atMs = atMs
    this.sequence = sequence
    this.run = run
  }
}

function isBefore(a: PlannedEvent, b: PlannedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
}

export class EventQueue {
  readonly #heap: PlannedEvent[] = []
  #nextSequence = 0

  get size(): number {
    return this.#heap.length
  }

  /** When the first event is due; `undefined`: none is planned. */
  get firstAtMs(): number | undefined {
    return this.#heap[0]?.atMs
  }

  add(atMs: number, run: () => void): PlannedEvent {
    assert(Number.isFinite(atMs), 'an event has a time')
    const event = new PlannedEvent(atMs, this.#nextSequence, run)
    this.#nextSequence += 1
    this.#heap.push(event)
    this.#rise(event, this.#heap.length - 1)
    return event
  }

  /** The first event, taken out. */
  take(): PlannedEvent | undefined {
    const [first] = this.#heap
    if (first !== undefined) this.remove(first)
    return first
  }

  /** Does nothing if it has been taken or removed before. */
  remove(event: PlannedEvent): void {
    const { index } = event
    if (index === OUT) return
    assert(this.#heap[index] === event, 'an event is removed from the queue it is in')
    event.index = OUT
    const last = this.#heap.pop()
    if (last === undefined || last === event) return
    this.#sink(last, index)
    if (last.index === index) this.#rise(last, index)
  }

  /** Moves an event up from a place that is free for it. */
  #rise(event: PlannedEvent, from: number): void {
    const heap = this.#heap
    let index = from
    while (index > 0) {
      const parentIndex = (index - 1) >> 1
      const parent = heap[parentIndex] as PlannedEvent
      if (!isBefore(event, parent)) break
      heap[index] = parent
      parent.index = index
      index = parentIndex
    }
    heap[index] = event
    event.index = index
  }

  /** Moves an event down from a place that is free for it. */
  #sink(event: PlannedEvent, from: number): void {
    const heap = this.#heap
    let index = from
    for (;;) {
      const leftIndex = 2 * index + 1
      const left = heap[leftIndex]
      if (left === undefined) break
      const right = heap[leftIndex + 1]
      const child = right !== undefined && isBefore(right, left) ? right : left
      if (!isBefore(child, event)) break
      const childIndex = child.index
      heap[index] = child
      child.index = index
      index = childIndex
    }
    heap[index] = event
    event.index = index
  }
}
