/**
 * The scheduler for those who send requests themselves: it says what peers are worth, keeps a place
 * at one, and hears how it went.
 *
 *     score targets          nothing comes of it
 *     admit --> token        the place counts as work there until the outcome is told,
 *     report outcome         or until the token is too old, which counts as cancelled
 *
 * What is told is counted as what we see ourselves: against the breaker of the peer, and for the
 * expected length of answers.
 */
import { MeshError } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { CircuitView } from '../scheduler/breaker-table.ts'
import type { Candidate } from '../scheduler/decision.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Clock } from './clock.ts'

export interface TargetQuery {
  readonly model: string
  readonly inputTokens: number
  /** `undefined`: as answers of the model usually are. */
  readonly outputTokensMax?: number | undefined
  readonly tenant?: string | undefined
}

export interface AdmitQuery extends TargetQuery {
  /** The only peer that will do. `undefined`: any. */
  readonly target?: PeerId | undefined
}

export interface Admitted {
  /** Also the id of the decision, for `skein why`. */
  readonly token: DecisionId
  readonly peer: PeerId
  /** Until the answer should be whole. */
  readonly etaMs: number
  /** How long the outcome is waited for. */
  readonly validForMs: number
}

export type ReportedOutcome = 'success' | 'timeout' | 'error' | 'rejected' | 'cancelled'

export interface OutcomeReport {
  readonly token: DecisionId
  readonly outcome: ReportedOutcome
  readonly outputTokens?: number | undefined
  readonly inputTokens?: number | undefined
}

/** What the HTTP edge needs of it. */
export interface SchedulingPort {
  scoreTargets(query: TargetQuery): readonly Candidate[]
  /** @throws MeshError as the scheduler refuses a request. */
  admit(query: AdmitQuery): Admitted
  /** @throws MeshError ERR_NOT_FOUND if no such token waits for an outcome. */
  report(report: OutcomeReport): void
  /** All others are closed. */
  circuits(): readonly CircuitView[]
}

/** Longer than any answer should take; who reports later has lost the place. */
const VALID_FOR_MS = 600_000

const ERRORS = {
  timeout: 'ERR_DEADLINE_EXCEEDED',
  error: 'ERR_ENGINE',
  rejected: 'ERR_OVERLOADED',
} as const

export interface SchedulingDeskDeps {
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly newId: () => DecisionId
}

export class SchedulingDesk implements SchedulingPort {
  readonly #deps: SchedulingDeskDeps
  /** Token → when it ends, and the peer. In the order they were given; the scheduler bounds them. */
  readonly #waiting = new Map<DecisionId, { readonly endMs: number; readonly peer: PeerId }>()
  #wakeAtMs = NEVER
  #cancelWake = () => {}

  constructor(deps: SchedulingDeskDeps) {
    this.#deps = deps
  }

  scoreTargets(query: TargetQuery): readonly Candidate[] {
    const { scheduler, clock } = this.#deps
    return scheduler.candidates(query, clock.nowMs())
  }

  admit(query: AdmitQuery): Admitted {
    const { scheduler, clock, newId } = this.#deps
    const nowMs = clock.nowMs()
    const token = newId()
    const request = { id: token, atWallMs: clock.wallMs(), ...query }
    const [effect] = scheduler.step({ type: 'request-arrived', request }, nowMs)
    if (effect?.type === 'refuse') {
      const { code, message, retryAfterMs } = effect
      const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
      throw new MeshError(message, { code, details: { decisionId: token, ...wait } })
    }
    if (effect?.type !== 'dispatch') throw new Error('the scheduler answers every request')
    const { peer } = effect
    this.#waiting.set(token, { endMs: nowMs + VALID_FOR_MS, peer })
    this.#arm()
    const chosen = scheduler.decision(token)?.candidates.find(each => each.peer === peer)
    return { token, peer, etaMs: chosen?.terms?.etaMs ?? 0, validForMs: VALID_FOR_MS }
  }

  report({ token, outcome, outputTokens, inputTokens }: OutcomeReport): void {
    const waiting = this.#waiting.get(token)
    if (waiting === undefined) {
      throw new MeshError('expected the token of a place that was kept, found none that is open', {
        code: 'ERR_NOT_FOUND',
        hint: 'A token is good for one report, at the peer that gave it, for ten minutes.',
      })
    }
    this.#waiting.delete(token)
    this.#end(token, waiting.peer, { outcome, outputTokens, inputTokens })
  }

  circuits(): readonly CircuitView[] {
    const { scheduler, clock } = this.#deps
    return scheduler.circuits(clock.nowMs())
  }

  close(): void {
    this.#cancelWake()
    this.#wakeAtMs = NEVER
    for (const [token, { peer }] of this.#waiting) this.#end(token, peer, { outcome: 'cancelled' })
    this.#waiting.clear()
  }

  #end(id: DecisionId, peer: PeerId, report: Omit<OutcomeReport, 'token'>): void {
    const { scheduler, clock } = this.#deps
    const nowMs = clock.nowMs()
    const { outcome, outputTokens, inputTokens } = report
    if (outcome === 'success') {
      scheduler.step({ type: 'attempt-answered', id, peer }, nowMs)
      const end = { type: 'request-ended', id, outcome: 'answered' } as const
      scheduler.step({ ...end, outputTokens, inputTokens }, nowMs)
    } else if (outcome === 'cancelled') {
      scheduler.step({ type: 'request-ended', id, outcome: 'cancelled' }, nowMs)
    } else {
      const failed = { type: 'attempt-failed', id, peer, isRetryable: false } as const
      scheduler.step({ ...failed, errorCode: ERRORS[outcome] }, nowMs)
    }
  }

  /** Wakes for the oldest; those given later end later. */
  #arm(): void {
    const [oldest] = this.#waiting.values()
    if (oldest === undefined || oldest.endMs >= this.#wakeAtMs) return
    this.#cancelWake()
    this.#wakeAtMs = oldest.endMs
    this.#cancelWake = this.#deps.clock.wakeAt(oldest.endMs, () => this.#expire())
  }

  #expire(): void {
    this.#wakeAtMs = NEVER
    const nowMs = this.#deps.clock.nowMs()
    for (const [token, { endMs, peer }] of this.#waiting) {
      if (endMs > nowMs) break
      this.#waiting.delete(token)
      this.#end(token, peer, { outcome: 'cancelled' })
    }
    this.#arm()
  }
}
