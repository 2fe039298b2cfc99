/**
 * One process of the world: runs what reaches it, unless it is paused or gone.
 *
 * A paused process handles nothing; the kernel below it goes on. When the pause ends, all that was
 * due meanwhile happens at once, each in a turn of its own: timers first, as in Node's event loop,
 * so a process that slept sees its deadlines before the answers that would have met them.
 */
import type { VirtualTime } from './virtual-time.ts'

/** Things that happened to a process while it was paused. A pause of minutes under load fits. */
const DEFERRED_MAX = 1_000_000

export class Process {
  /** Different for every process of the world, so that two runs of one host are told apart. */
  readonly serial: number
  readonly #time: VirtualTime
  #isGone = false
  #turnCount = 0
  #pausedUntilMs = 0
  #timers: (() => void)[] = []
  #arrivals: (() => void)[] = []

  constructor(serial: number, time: VirtualTime) {
    this.serial = serial
    this.#time = time
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /** Things it has handled: as long as it stays, nothing here has changed. */
  get turnCount(): number {
    return this.#turnCount
  }

  get isPaused(): boolean {
    return this.#time.nowMs < this.#pausedUntilMs
  }

  /** It handles nothing for this long, or longer if it is paused already for longer. */
  pause(durationMs: number): void {
    const untilMs = this.#time.nowMs + durationMs
    if (untilMs <= this.#pausedUntilMs) return
    this.#pausedUntilMs = untilMs
    this.#time.at(untilMs, () => this.#resume())
  }

  /** From now on nothing reaches it. */
  end(): void {
    this.#isGone = true
    this.#timers = []
    this.#arrivals = []
  }

  timer(run: () => void): void {
    this.#handle(run, this.#timers)
  }

  arrival(run: () => void): void {
    this.#handle(run, this.#arrivals)
  }

  #handle(run: () => void, deferred: (() => void)[]): void {
    if (this.#isGone) return
    if (!this.isPaused) {
      this.#turnCount += 1
      run()
    } else if (deferred.length < DEFERRED_MAX) deferred.push(run)
    else throw new Error(`expected at most ${DEFERRED_MAX} events in a pause, found more`)
  }

  #resume(): void {
    if (this.isPaused) return
    const due = [...this.#timers, ...this.#arrivals]
    this.#timers = []
    this.#arrivals = []
    for (const run of due) this.#time.after(0, () => this.arrival(run))
  }
}
