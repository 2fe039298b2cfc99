/**
 * What follows from a failure: which peers are given a rest, and whether a request is tried on
 * another one.
 *
 *     failed --> the request's own fault, or part of an answer was sent --> told as it is
 *            --> a bounce (full, stopping, lacks the model)   --> the next peer, `bouncesMax` times
 *            --> the peer's fault --> its breaker counts it   --> the next peer, within the retry budget
 *            --> the time ran out --> its breaker counts it if the peer should have answered --> told
 */
import type { ErrorCode } from '../core/errors.ts'
import type { Verdict } from './breaker.ts'
import { isBounce, isCounted } from './breaker-fault.ts'
import { Breakers, type CircuitChange, type Pass } from './breaker-table.ts'
import { Budget } from './budget.ts'
import type { RetryDenial } from './decision.ts'
import { Hedging } from './hedge.ts'
import type { RunningAttempt } from './open-request.ts'
import type { SchedulerOptions } from './options.ts'
import type { PeerChange, PeerEntry } from './peer-entry.ts'
import type { SchedulingPolicy } from './policy.ts'

/** For the caller, after the error of the last attempt. */
const NOTES: Partial<Record<RetryDenial, string>> = {
  'budget-spent': ' (not tried elsewhere: too many requests have failed of late)',
}

export class Failover {
  readonly breakers: Breakers
  readonly hedging: Hedging
  readonly #retries: Budget
  readonly #bouncesMax: number

  constructor(options: SchedulerOptions) {
    this.breakers = new Breakers(options)
    this.hedging = new Hedging(options)
    this.#bouncesMax = options.bouncesMax
    this.#retries = new Budget({
      ratio: options.retryBudgetRatio,
      floorPerSecond: options.retryFloorPerSecond,
      savedMax: options.retrySavedMax,
      saved: options.retrySavedMax,
    })
  }

  obey({ breaker, hedging }: SchedulingPolicy): void {
    this.breakers.setRule(breaker)
    this.hedging.setRule(hedging)
  }

  /** A request has come. */
  arrived(nowMs: number): void {
    this.#retries.earn(nowMs)
    this.hedging.earn(nowMs)
  }

  /** A peer that is back, or has the model again, may be tried before its time. */
  revive(
    { peer, status, facts }: PeerChange,
    before: Pick<PeerEntry, 'status' | 'facts' | 'models'> | undefined,
    nowMs: number,
  ): void {
    if (before === undefined || this.breakers.count === 0) return
    const isBack = status === 'alive' && (before.status === 'dead' || before.status === 'left')
    for (const { id: model } of (facts ?? before.facts)?.models ?? []) {
      if (isBack || !before.models.has(model)) this.breakers.revive({ peer, model }, nowMs)
    }
  }

  /** Holds a failure before the answer against the peer, if it is the peer's. */
  failed(
    { pass, atMs, terms }: RunningAttempt,
    errorCode: ErrorCode,
    nowMs: number,
  ): CircuitChange | undefined {
    const { etaMs } = terms
    const isFailure = isCounted({ errorCode, durationMs: nowMs - atMs, etaMs })
    return this.settle(pass, isFailure ? 'failure' : 'none', nowMs)
  }

  settle(pass: Pass, verdict: Verdict, nowMs: number): CircuitChange | undefined {
    return this.breakers.settle(pass, verdict, nowMs)
  }

  /**
   * Whether a request that another peer may serve is sent there, and if so pays for it.
   *
   * @param bounceCount Of the attempts before.
   * @returns `undefined`: it is.
   */
  denial(
    { errorCode, bounceCount }: { readonly errorCode: ErrorCode; readonly bounceCount: number },
    nowMs: number,
  ): RetryDenial | undefined {
    if (isBounce(errorCode)) return bounceCount < this.#bouncesMax ? undefined : 'bounces-used'
    return this.#retries.take(nowMs) ? undefined : 'budget-spent'
  }
}

export function noteOf(denial: RetryDenial | undefined): string {
  return (denial === undefined ? undefined : NOTES[denial]) ?? ''
}

export function lastFailure(attemptCount: number, code: ErrorCode): string {
  return `expected an answer within ${attemptCount} attempt(s), the last failed with ${code}`
}
