/**
 * A request that was dispatched and has not ended: where it was sent, and which of that still runs.
 *
 * One attempt runs at a time, or two while it is hedged. Each has its own reservation and its own pass
 * through a breaker.
 */
import { assert } from '../core/assert.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { Verdict } from './breaker.ts'
import type { Pass } from './breaker-table.ts'
import type { DecisionAttempt, DecisionOutcome, ScoreTerms } from './decision.ts'
import type { RequestSize } from './score.ts'

export interface RunningAttempt {
  readonly peer: PeerId
  readonly atMs: number
  readonly pass: Pass
  /** What its reservation is called. */
  readonly reservation: DecisionId
  /** What was expected of the peer. */
  readonly terms: ScoreTerms
}

interface Asked {
  readonly id: DecisionId
  readonly isHeld?: boolean | undefined
}

export class OpenRequest<Request extends Asked> {
  readonly request: Request
  readonly size: RequestSize
  /** Refusals that only said that a peer takes nothing now. */
  bounceCount = 0
  /** Who answers, from the head of the answer on. */
  answeredBy: PeerId | undefined
  /** The answer says that the request is at fault. */
  isRefused = false
  /** In the order they were made; at most `attemptsMax`. */
  readonly #attempts: DecisionAttempt[] = []
  readonly #running = new Map<PeerId, RunningAttempt>()

  constructor(request: Request, size: RequestSize) {
    this.request = request
    this.size = size
  }

  get attempts(): readonly DecisionAttempt[] {
    return [...this.#attempts]
  }

  get running(): readonly RunningAttempt[] {
    return [...this.#running.values()]
  }

  /** Everyone it was sent to. */
  get tried(): readonly PeerId[] {
    return this.#attempts.map(({ peer }) => peer)
  }

  /** Whether we learn when an answer begins, and not when it ends or that there is none. */
  get isHeadSeen(): boolean {
    return this.answeredBy !== undefined && !this.isRefused && this.request.isHeld !== true
  }

  runningAt(peer: PeerId): RunningAttempt | undefined {
    return this.#running.get(peer)
  }

  /** The name of the reservation of the next attempt: no two of one request are alike. */
  get nextReservation(): DecisionId {
    const { id } = this.request
    return this.#attempts.length === 0 ? id : `${id}/${this.#attempts.length}`
  }

  /** What its end says of the peer that was last asked. */
  verdictOf(outcome: DecisionOutcome): Verdict {
    if (this.answeredBy === undefined || this.isRefused) return 'none'
    if (outcome === 'answered') return 'success'
    return outcome === 'failed' ? 'failure' : 'none'
  }

  start(running: RunningAttempt): void {
    const { peer, terms } = running
    assert(!this.tried.includes(peer), 'a request goes to a peer once')
    const isHedge = this.#running.size > 0
    this.#running.set(peer, running)
    this.#attempts.push({ peer, terms, ...(isHedge ? { isHedge } : {}) })
  }

  /** The attempt runs no more. The first end says how long it took. */
  stop(attempt: RunningAttempt, end: Partial<DecisionAttempt>, nowMs: number): void {
    this.#running.delete(attempt.peer)
    this.note(attempt, end, nowMs)
  }

  /** Writes down how far it has come. */
  note({ peer, atMs }: RunningAttempt, end: Partial<DecisionAttempt>, nowMs: number): void {
    const index = this.#attempts.findIndex(each => each.peer === peer)
    const attempt = this.#attempts[index]
    assert(attempt !== undefined, 'what runs was begun')
    this.#attempts[index] = { ...attempt, durationMs: attempt.durationMs ?? nowMs - atMs, ...end }
  }
}
