/**
 * The attempts of one request that may be hedged: one peer is asked, a second one too if the first
 * is silent for long, and whichever is first answers.
 *
 *     ask the first --- nothing for `delayMs` ---> ask a second too
 *          '--- answers, or fails ---> the outcome      '---> the outcome; the other is cancelled
 *
 * Which peers are asked and cancelled is the scheduler's to say; here are the two promises.
 */
import type { PeerId } from '../core/ids.ts'
import type { Clock } from './clock.ts'
import type { RuntimeAnswer } from './runtime.ts'

/** How an attempt ended that no other can better. */
export type Outcome =
  | { readonly peer: PeerId; readonly answer: RuntimeAnswer }
  | { readonly peer: PeerId; readonly error: unknown }

export interface HedgedAttemptsDeps {
  readonly clock: Clock
  /** Of whoever asked. */
  readonly signal: AbortSignal
  readonly send: (peer: PeerId, signal: AbortSignal) => Promise<RuntimeAnswer>
  /** Who is asked too. `undefined`: nobody. */
  readonly hedge: () => PeerId | undefined
  /** One of two attempts has failed. @returns whether the other one is worth waiting for. */
  readonly failed: (peer: PeerId, error: unknown) => boolean
}

export class HedgedAttempts {
  readonly #deps: HedgedAttemptsDeps
  readonly #running = new Map<PeerId, AbortController>()

  constructor(deps: HedgedAttemptsDeps) {
    this.#deps = deps
  }

  race(first: PeerId, delayMs: number): Promise<Outcome> {
    const { clock, hedge, failed } = this.#deps
    return new Promise(resolve => {
      let isOver = false
      const finish = (outcome: Outcome) => {
        if (isOver) return
        isOver = true
        cancelHedge()
        resolve(outcome)
      }
      const ask = (peer: PeerId) => {
        this.#send(peer).then(
          answer => {
            // It was second: nobody will read it.
            if (isOver) this.cancel(peer)
            finish({ peer, answer })
          },
          (error: unknown) => {
            this.#running.delete(peer)
            const isLast = this.#running.size === 0
            if (!isOver && (isLast || !failed(peer, error))) finish({ peer, error })
          },
        )
      }
      const cancelHedge = clock.wakeAt(clock.nowMs() + delayMs, () => {
        const second = hedge()
        if (second !== undefined) ask(second)
      })
      ask(first)
    })
  }

  /** Ends an attempt, and frees its place at once. */
  cancel(peer: PeerId): void {
    this.#running.get(peer)?.abort()
    this.#running.delete(peer)
  }

  cancelAll(): void {
    for (const peer of [...this.#running.keys()]) this.cancel(peer)
  }

  #send(peer: PeerId): Promise<RuntimeAnswer> {
    const canceller = new AbortController()
    this.#running.set(peer, canceller)
    return this.#deps.send(peer, AbortSignal.any([this.#deps.signal, canceller.signal]))
  }
}
