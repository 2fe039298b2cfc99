/**
 * Virtual time: runs planned events one by one, each with everything that follows from it in
 * promises, before the clock moves on to the next.
 *
 *     event -> its promises -> work put off to the turn's end -> its promises -> checks -> event
 *
 * Node runs all that waits for promises after each callback of `setImmediate`, so one callback
 * per step is the whole trick; many are asked for at once, since each round of the event loop
 * costs a system call. What the nodes do must be free of real timers, threads and I/O for this:
 * then one order of events follows from one seed.
 */
import { assert } from '../src/core/assert.ts'
import { EventQueue, type PlannedEvent } from './event-queue.ts'

/** Steps asked of the event loop at once. */
const STEPS_PER_ROUND = 128

/** Rounds of work put off to the end of one turn; more is a loop that never ends. */
const TURN_ENDS_MAX = 10_000

interface Advance {
  readonly untilMs: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  isOver: boolean
}

export class VirtualTime {
  readonly #queue = new EventQueue()
  readonly #checks: (() => void)[] = []
  #turnEnds: (() => void)[] = []
  #turnEndCount = 0
  #nowMs = 0
  #eventCount = 0
  #isUnchecked = false
  #advance: Advance | undefined

  /** Milliseconds since the world began. */
  get nowMs(): number {
    return this.#nowMs
  }

  /** Events run since the world began. */
  get eventCount(): number {
    return this.#eventCount
  }

  get plannedCount(): number {
    return this.#queue.size
  }

  /** Runs `run` at that time, or next if it is past. */
  at(atMs: number, run: () => void): PlannedEvent {
    return this.#queue.add(Math.max(atMs, this.#nowMs), run)
  }

  after(delayMs: number, run: () => void): PlannedEvent {
    return this.#queue.add(this.#nowMs + delayMs, run)
  }

  cancel(event: PlannedEvent): void {
    this.#queue.remove(event)
  }

  /** Runs `run` after all that follows from the present event, at the same time. */
  atTurnEnd(run: () => void): void {
    this.#turnEnds.push(run)
  }

  /** Runs `check` after every event. What it throws ends `advance`. */
  checkAlways(check: () => void): void {
    this.#checks.push(check)
  }

  /**
   * Lets this much time pass. @throws what a check or an event throws; the world must not be used
   * after that.
   */
  advance(durationMs: number): Promise<void> {
    assert(this.#advance === undefined, 'time is advanced by one caller')
    return new Promise((resolve, reject) => {
      const untilMs = this.#nowMs + durationMs
      this.#advance = { untilMs, resolve, reject, isOver: false }
      this.#askForSteps(this.#advance)
    })
  }

  #askForSteps(advance: Advance): void {
    const step = () => {
      if (!advance.isOver) this.#guardedStep(advance)
    }
    for (let count = 1; count < STEPS_PER_ROUND; count += 1) setImmediate(step)
    setImmediate(() => {
      step()
      if (!advance.isOver) this.#askForSteps(advance)
    })
  }

  #guardedStep(advance: Advance): void {
    try {
      if (this.#step(advance.untilMs)) return
      this.#end(advance)
      advance.resolve()
    } catch (error) {
      this.#end(advance)
      advance.reject(error)
    }
  }

  #end(advance: Advance): void {
    advance.isOver = true
    this.#advance = undefined
  }

  /** @returns Whether there was something to do. */
  #step(untilMs: number): boolean {
    if (this.#turnEnds.length > 0) {
      this.#runTurnEnds()
      return true
    }
    this.#turnEndCount = 0
    if (this.#isUnchecked) {
      this.#isUnchecked = false
      for (const check of this.#checks) check()
    }
    const firstAtMs = this.#queue.firstAtMs
    if (firstAtMs === undefined || firstAtMs > untilMs) {
      this.#nowMs = untilMs
      return false
    }
    this.#nowMs = firstAtMs
    this.#eventCount += 1
    this.#isUnchecked = true
    this.#queue.take()?.run()
    return true
  }

  #runTurnEnds(): void {
    this.#turnEndCount += 1
    assert(this.#turnEndCount < TURN_ENDS_MAX, 'a turn comes to its end')
    const runs = this.#turnEnds
    this.#turnEnds = []
    for (const run of runs) run()
  }
}
