/**
 * The clock port of one process: virtual time as its host's crystal counts it.
 *
 * The monotonic clock starts at zero with the process and may run fast or slow; the wall clock may
 * be wrong by any amount and be set while the process runs. Timers are due at whole milliseconds,
 * one at least, as Node's are.
 */
import type { Clock } from '../src/node/clock.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** When every world begins: 9 October 2025, 08:53:20 UTC. */
export const WALL_START_MS = 1_760_000_000_000

/** So that a timer's own time is not a rounding error before its deadline. */
const ROUNDING_MS = 1e-6

/** What is wrong with the clocks of a host. It may change while processes run. */
export interface ClockFault {
  /** What the wall clock is ahead by. */
  wallSkewMs: number
  /** What both clocks run too fast by: 0.0001 is 8.6 s a day. Fixed while a process runs. */
  readonly driftRatio: number
}

export class NodeClock implements Clock {
  readonly #time: VirtualTime
  readonly #process: Process
  readonly #fault: ClockFault
  readonly #bootMs: number
  readonly #pace: number

  constructor(time: VirtualTime, process: Process, fault: ClockFault) {
    this.#time = time
    this.#process = process
    this.#fault = fault
    this.#bootMs = time.nowMs
    this.#pace = 1 + fault.driftRatio
  }

  nowMs(): number {
    return (this.#time.nowMs - this.#bootMs) * this.#pace
  }

  wallMs(): number {
    return Math.floor(WALL_START_MS + this.#time.nowMs * this.#pace + this.#fault.wallSkewMs)
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    if (!Number.isFinite(atMs)) return () => {}
    const delayMs = Math.max(1, Math.ceil(atMs - this.nowMs()))
    let isCancelled = false
    const event = this.#time.after(delayMs / this.#pace + ROUNDING_MS, () => {
      this.#process.timer(() => {
        if (!isCancelled) wake()
      })
    })
    return () => {
      isCancelled = true
      this.#time.cancel(event)
    }
  }

  atTurnEnd(run: () => void): void {
    this.#time.atTurnEnd(() => {
      if (!this.#process.isGone) run()
    })
  }
}
