/**
 * What happens to a running peer, for whoever listens, and its end.
 *
 * What happens before anybody listens is kept for the first who does.
 */
import type { PeerEvent } from './node/start.ts'

/** Events of a start; a mesh of a thousand would else fill the screen before the first prompt. */
const EARLY_EVENTS_MAX = 256

export class Happenings {
  readonly #listeners = new Set<(event: PeerEvent) => void>()
  /** What happened before anybody listened, for the first who does. */
  #early: PeerEvent[] = []
  readonly stopped: Promise<void>
  #resolve = () => {}
  #reject = (_error: unknown) => {}

  constructor() {
    this.stopped = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // Whoever waits for it hears of a failure; nobody waiting is no second failure.
    this.stopped.catch(() => {})
  }

  emit = (event: string, facts: Readonly<Record<string, unknown>>): void => {
    const told = { ...facts, event }
    if (this.#listeners.size === 0 && this.#early.length < EARLY_EVENTS_MAX) this.#early.push(told)
    for (const listener of this.#listeners) listener(told)
  }

  listen = (listener: (event: PeerEvent) => void): (() => void) => {
    this.#listeners.add(listener)
    for (const event of this.#early.splice(0)) listener(event)
    return () => this.#listeners.delete(listener)
  }

  end = (): void => this.#resolve()

  fail = (error: unknown): void => this.#reject(error)
}
