/**
 * Runs one machine against the world: feeds it events one by one, performs its effects.
 *
 * Effects are performed in the order returned and one event's effects end before the next
 * event is taken. So a machine that returns `persist` before `send` has its promise on disk
 * before a peer hears it, which is what Raft requires of `currentTerm`, `votedFor` and log
 * entries (Ongaro and Ousterhout 2014, figure 2).
 */
import { assert } from '../core/assert.ts'
import { type Machine, NEVER } from '../core/machine.ts'
import type { Clock } from './clock.ts'

/** Events waiting at most. Reaching it means `perform` is stuck, not that we are busy. */
const INBOX_LIMIT = 10_000

interface Tick {
  readonly type: 'tick'
}

export interface DriverDeps<Effect> {
  readonly clock: Clock
  /**
   * Performs one effect; a promise if that takes time. A rejection means the node cannot go on,
   * and reaches `onFatal`.
   */
  readonly perform: (effect: Effect) => Promise<void> | undefined
  readonly onFatal: (error: unknown) => void
}

export class Driver<Event, Effect> {
  readonly #machine: Machine<Event | Tick, Effect>
  readonly #deps: DriverDeps<Effect>
  readonly #inbox: (Event | Tick)[] = []
  #isDraining = false
  #isStopped = false
  /** When the timer fires. It may be before the machine is due, and is then set again. */
  #armedAtMs = NEVER
  #cancelWake = () => {}

  constructor(machine: Machine<Event | Tick, Effect>, deps: DriverDeps<Effect>) {
    this.#machine = machine
    this.#deps = deps
    this.#armWake()
  }

  post(event: Event | Tick): void {
    if (this.#isStopped) return
    assert(this.#inbox.length < INBOX_LIMIT, 'the driver keeps up with its events')
    this.#inbox.push(event)
    if (!this.#isDraining) this.#drain().catch((error: unknown) => this.#fail(error))
  }

  stop(): void {
    this.#isStopped = true
    this.#inbox.length = 0
    this.#cancelWake()
  }

  async #drain(): Promise<void> {
    this.#isDraining = true
    for (let event = this.#inbox.shift(); event !== undefined; event = this.#inbox.shift()) {
      for (const effect of this.#machine.step(event, this.#deps.clock.nowMs())) {
        const done = this.#deps.perform(effect)
        if (done !== undefined) await done
      }
    }
    this.#isDraining = false
    if (!this.#isStopped) this.#armWake()
  }

  /** A machine whose effect was lost must not act again, as if it had been performed. */
  #fail(error: unknown): void {
    this.stop()
    this.#deps.onFatal(error)
  }

  /** Most events move the wake later, and each would set a timer that the next takes away. */
  #armWake(): void {
    const { wakeAtMs } = this.#machine
    if (this.#armedAtMs <= wakeAtMs) return
    this.#cancelWake()
    this.#armedAtMs = wakeAtMs
    this.#cancelWake = this.#deps.clock.wakeAt(wakeAtMs, () => this.#woken())
  }

  #woken(): void {
    const isDue = this.#armedAtMs >= this.#machine.wakeAtMs
    this.#armedAtMs = NEVER
    if (isDue) this.post({ type: 'tick' })
    else this.#armWake()
  }
}
