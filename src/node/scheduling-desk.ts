/**
 * The scheduler for those who send requests themselves: it says what peers are worth, keeps a place
 * at one, and hears how it went.
 *
 *     score targets          nothing comes of it
 *     admit --> token        the place counts as work there until the outcome is told,
 *     report outcome         or until the token is too old, which counts as cancelled
 *
 * What is told is counted as what we see ourselves: against the breaker of the peer, and for the
 * expected length of answers. When an answer began is not told, so hedging learns nothing.
 */
import { MeshError } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { CircuitView } from '../scheduler/breaker-table.ts'
import type { Candidate } from '../scheduler/decision.ts'
import type { Scheduler, SchedulerEvent } from '../scheduler/scheduler.ts'
import type { Clock } from './clock.ts'
import { tellCircuits } from './tell-circuits.ts'

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
  /** @throws MeshError as the scheduler refuses a request; ERR_OVERLOADED if too many are kept. */
  admit(query: AdmitQuery): Admitted
  /** @throws MeshError ERR_NOT_FOUND if no such token waits for an outcome. */
  report(report: OutcomeReport): void
  /** All others are closed. */
  circuits(): readonly CircuitView[]
}

/** Longer than any answer should take; who reports later has lost the place. */
const VALID_FOR_MS = 600_000

/** Of the requests that may be open: places of which nobody tells must not keep out the others. */
const PLACES_SHARE_RATIO = 0.25

/** By then somebody may have told. */
const BUSY_RETRY_AFTER_MS = 1_000

const ERRORS = {
  timeout: 'ERR_DEADLINE_EXCEEDED',
  error: 'ERR_ENGINE',
  rejected: 'ERR_OVERLOADED',
} as const

export interface SchedulingDeskDeps {
  readonly clock: Clock
  readonly scheduler: Scheduler
  /** As the scheduler has it. */
  readonly requestsMax: number
  /** Something happened that a person may want to know of. */
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly newId: () => DecisionId
}

export class SchedulingDesk implements SchedulingPort {
  readonly #deps: SchedulingDeskDeps
  readonly #placesMax: number
  /** Token → when it ends, and the peer. In the order they were given, at most `#placesMax`. */
  readonly #waiting = new Map<DecisionId, { readonly endMs: number; readonly peer: PeerId }>()
  #wakeAtMs = NEVER
  #cancelWake = () => {}

  constructor(deps: SchedulingDeskDeps) {
    this.#deps = deps
    this.#placesMax = Math.max(1, Math.floor(deps.requestsMax * PLACES_SHARE_RATIO))
  }

  scoreTargets(query: TargetQuery): readonly Candidate[] {
    const { scheduler, clock } = this.#deps
    return scheduler.candidates(query, clock.nowMs())
  }

  admit(query: AdmitQuery): Admitted {
    const { scheduler, clock, newId } = this.#deps
    if (this.#waiting.size >= this.#placesMax) throw tooMany(this.#placesMax)
    const nowMs = clock.nowMs()
    const token = newId()
    const request = { id: token, atWallMs: clock.wallMs(), ...query, isHeld: true }
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
    const { outcome, outputTokens, inputTokens } = report
    if (outcome === 'success') {
      this.#step({ type: 'attempt-answered', id, peer })
      const end = { type: 'request-ended', id, outcome: 'answered' } as const
      this.#step({ ...end, outputTokens, inputTokens })
    } else if (outcome === 'cancelled') {
      this.#step({ type: 'request-ended', id, outcome: 'cancelled' })
    } else {
      const failed = { type: 'attempt-failed', id, peer, isRetryable: false } as const
      this.#step({ ...failed, errorCode: ERRORS[outcome] })
    }
  }

  #step(event: SchedulerEvent): void {
    const { scheduler, clock, onEvent } = this.#deps
    tellCircuits(scheduler.step(event, clock.nowMs()), onEvent)
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

function tooMany(placesMax: number): MeshError {
  const message = `expected fewer than ${placesMax} places that are kept here, found as many`
  return new MeshError(message, {
    code: 'ERR_OVERLOADED',
    details: { retryAfterMs: BUSY_RETRY_AFTER_MS },
    hint: 'Report the outcome of each; one of which nothing is told is kept for ten minutes.',
  })
}
