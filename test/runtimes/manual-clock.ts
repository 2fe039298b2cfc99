/**
 * A clock that a test moves, so that a deadline passes without waiting for it.
 */
import type { Clock } from '../../src/node/clock.ts'

export class ManualClock implements Clock {
  #nowMs = 0
  readonly #wakes = new Set<{ readonly atMs: number; readonly wake: () => void }>()

  /** Deadlines not yet due nor cancelled. */
  get wakeCount(): number {
    return this.#wakes.size
  }

  /** From now until the next deadline; `Infinity` if there is none. */
  get untilWakeMs(): number {
    return Math.min(...[...this.#wakes].map(entry => entry.atMs)) - this.#nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  /** 2026-01-01, and what has passed since. */
  wallMs(): number {
    return 1_767_225_600_000 + this.#nowMs
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    if (!Number.isFinite(atMs)) return () => {}
    const entry = { atMs, wake }
    this.#wakes.add(entry)
    return () => this.#wakes.delete(entry)
  }

  atTurnEnd(run: () => void): void {
    setImmediate(run)
  }

  /** Calls what is due, in order, at its time. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + durationMs
    for (;;) {
      const due = [...this.#wakes].filter(entry => entry.atMs <= endMs)
      const next = due.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (next === undefined) break
      this.#wakes.delete(next)
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.wake()
    }
    this.#nowMs = endMs
  }
}
