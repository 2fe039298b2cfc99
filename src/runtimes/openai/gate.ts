/**
 * Lets at most `parallelMax` requests through at once; up to `queueMax` more wait, first come
 * first served; the rest are turned away.
 */
import { assert } from '../../core/assert.ts'

interface Waiter {
  readonly admit: () => void
  readonly refuse: (reason: unknown) => void
}

export interface GateOptions {
  readonly parallelMax: number
  readonly queueMax: number
}

export class Gate {
  readonly #options: GateOptions
  /** In order of arrival. A set, since one that is cancelled leaves from the middle. */
  readonly #waiters = new Set<Waiter>()
  #insideCount = 0

  constructor(options: GateOptions) {
    this.#options = options
  }

  get insideCount(): number {
    return this.#insideCount
  }

  get waitingCount(): number {
    return this.#waiters.size
  }

  get isFull(): boolean {
    return !this.#hasRoom && this.#waiters.size >= this.#options.queueMax
  }

  get #hasRoom(): boolean {
    return this.#insideCount < this.#options.parallelMax && this.#waiters.size === 0
  }

  /** Goes through without waiting, if there is room. Then `leave` must follow. */
  tryEnter(): boolean {
    if (!this.#hasRoom) return false
    this.#insideCount += 1
    return true
  }

  /** Waits to go through; not when `isFull`. Rejects with the signal's reason if it is aborted. */
  wait(signal: AbortSignal): Promise<void> {
    assert(!this.isFull, 'whoever waits has asked whether there is room')
    return new Promise((resolve, reject) => {
      const leaveQueue = () => {
        this.#waiters.delete(waiter)
        signal.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter = {
        admit: () => {
          leaveQueue()
          this.#insideCount += 1
          resolve()
        },
        refuse: reason => {
          leaveQueue()
          reject(reason)
        },
      }
      const onAbort = () => waiter.refuse(signal.reason)
      this.#waiters.add(waiter)
      signal.addEventListener('abort', onAbort)
    })
  }

  leave(): void {
    assert(this.#insideCount > 0, 'only who is inside leaves')
    this.#insideCount -= 1
    const [next] = this.#waiters
    if (next !== undefined && this.#insideCount < this.#options.parallelMax) next.admit()
  }

  /** Turns away all that wait. */
  clear(reason: unknown): void {
    for (const waiter of [...this.#waiters]) waiter.refuse(reason)
  }
}
