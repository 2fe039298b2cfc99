/**
 * The scheduler: decides which peer serves a request, and which one next if that fails.
 *
 *     request-arrived --> choose --> dispatch --> attempt-answered --> request-ended
 *                           ^           |
 *                           |           +--> attempt-failed, may be repeated elsewhere --.
 *                           '------------------------------------------------------------'
 *                                                    else --> refuse
 *
 * A choice (`chooser.ts`) has three parts: `survey.ts` says who is eligible, a strategy takes one of
 * them by the score of `score.ts`, `decision-record.ts` writes down why. What we sent and a peer has
 * not reported counts as its work (`reservations.ts`).
 *
 * Every request that arrives leads to a refusal or to a dispatch; a dispatch is open until the
 * node says that the attempt failed or the request ended. Nothing here waits for time to pass.
 */
import { assert } from '../core/assert.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import { type Machine, NEVER } from '../core/machine.ts'
import type { ModelFacts } from '../core/peer-state.ts'
import type { Random } from '../core/random.ts'
import { readWaitMaxMs } from './bounce-limit.ts'
import { isBounce } from './breaker-fault.ts'
import type { CircuitChange, CircuitView } from './breaker-table.ts'
import { Chooser, type Chosen } from './chooser.ts'
import type { DecisionOutcome, DecisionRecord, RetryDenial } from './decision.ts'
import { DecisionLog } from './decision-log.ts'
import { candidatesOf, newRecord, recordChoice } from './decision-record.ts'
import type {
  AttemptAnswered,
  AttemptFailed,
  Dispatch,
  RequestEnded,
  ScheduleRequest,
  SchedulerEffect,
  SchedulerEvent,
} from './events.ts'
import { Failover, lastFailure, noteOf } from './failover.ts'
import { OpenRequest, type RunningAttempt } from './open-request.ts'
import type { SchedulerOptions } from './options.ts'
import { OutputLength } from './output-length.ts'
import type { PeerChange } from './peer-entry.ts'
import { NO_POLICY, routingOf } from './policy.ts'
import { refusalOf, retryAfterMs, tooManyOpen, withinBounds } from './refusal.ts'
import { Reservations } from './reservations.ts'
import type { RequestSize } from './score.ts'
import type { Survey } from './survey.ts'
import { TokenEstimate } from './token-estimate.ts'
import { View } from './view.ts'

export type { ScheduleRequest, SchedulerEffect, SchedulerEvent } from './events.ts'

type Open = OpenRequest<ScheduleRequest>

type Sized = Pick<
  ScheduleRequest,
  'model' | 'inputTokens' | 'wideTokens' | 'outputTokensMax' | 'prefix'
>

export class Scheduler implements Machine<SchedulerEvent, SchedulerEffect> {
  readonly #self: PeerId
  readonly #options: SchedulerOptions
  readonly #view: View
  readonly #chooser: Chooser
  #policy = NO_POLICY
  readonly #reservations = new Reservations()
  readonly #outputLength: OutputLength
  readonly #tokenEstimate: TokenEstimate
  readonly #log: DecisionLog
  /** Dispatched and not ended. At most `requestsMax`. */
  readonly #open = new Map<DecisionId, Open>()
  readonly #failover: Failover

  /** Nothing is due by time alone. */
  readonly wakeAtMs = NEVER

  constructor(self: PeerId, options: SchedulerOptions, random: Random) {
    this.#self = self
    this.#options = options
    this.#view = new View(options.peersMax)
    this.#chooser = new Chooser(options, random)
    this.#outputLength = new OutputLength(options)
    this.#tokenEstimate = new TokenEstimate(options, model => this.#view.tokenDensity(model))
    this.#log = new DecisionLog(options.decisionsKept)
    this.#failover = new Failover(options)
  }

  step(event: SchedulerEvent, nowMs: number): readonly SchedulerEffect[] {
    switch (event.type) {
      case 'peer-changed':
        this.#failover.revive(event, this.#view.get(event.peer), nowMs)
        this.#change(event, event.loadAtMs ?? nowMs)
        return []
      case 'load-reported':
        // A peer that membership never named is none that we could send to.
        if (this.#view.get(event.peer) === undefined) return []
        this.#change({ peer: event.peer, load: event.load }, nowMs)
        return []
      case 'peer-forgotten':
        this.#view.forget(event.peer)
        this.#failover.breakers.forget(event.peer)
        return []
      case 'peer-confirmed':
        this.#view.confirm(event.peer, { rttMs: event.rttMs, nowMs })
        return []
      case 'peers-confirmed':
        this.#view.confirmAll(nowMs)
        return []
      case 'policy-changed':
        this.#policy = event.policy
        this.#failover.obey(event.policy)
        return []
      case 'request-arrived':
        return [this.#arrive(event.request, nowMs)]
      case 'attempt-failed':
        return this.#fail(event, nowMs)
      case 'attempt-answered':
        return this.#answer(event, nowMs)
      case 'hedge-due':
        return this.#hedge(event.id, nowMs)
      case 'request-ended':
        return this.#end(event, nowMs)
      case 'tick':
        return []
    }
  }

  /** Requests dispatched and not ended. */
  get openCount(): number {
    return this.#open.size
  }

  /** Picks that no report shows yet. Never more than `openCount`, and one for each hedge. */
  get reservedCount(): number {
    return this.#reservations.count
  }

  /** Breakers that let no request pass, or only a few to try the peer with. */
  get openBreakerCount(): number {
    return this.#failover.breakers.openCount
  }

  /** Every breaker that has something to say; all others are closed. */
  circuits(nowMs: number): readonly CircuitView[] {
    return this.#failover.breakers.views(nowMs)
  }

  /** Times a peer was ignored because `peersMax` was reached. */
  get ignoredPeersCount(): number {
    return this.#view.ignoredCount
  }

  /** `undefined`: never made here, or too old to be kept. */
  decision(id: DecisionId): DecisionRecord | undefined {
    return this.#log.get(id)
  }

  /** Newest first, at most `limit`. */
  recent(limit: number): readonly DecisionRecord[] {
    return this.#log.recent(limit)
  }

  /** What the peer says of the model. `undefined`: it does not serve it, as far as we know. */
  facts(peer: PeerId, model: string): ModelFacts | undefined {
    return this.#view.get(peer)?.models.get(model)?.facts
  }

  /** What every peer that serves the model is worth for the request now. Nothing comes of it. */
  candidates(request: Omit<ScheduleRequest, 'id' | 'atWallMs'>, nowMs: number) {
    const asked = { ...request, size: this.#sizeOf(request), tried: [] }
    const { survey, scored } = this.#chooser.rank(asked, this.#surveyDeps, nowMs)
    const { candidatesKept } = this.#options
    return candidatesOf(survey, scored, { self: this.#self, candidatesKept, nowMs })
  }

  /** What the mesh has for it now. @param best The model in whose place this one would serve. */
  room(request: Omit<ScheduleRequest, 'id' | 'atWallMs'>, best: string | undefined, nowMs: number) {
    const asked = { ...request, size: this.#sizeOf(request), tried: [] }
    return this.#chooser.room(asked, best, this.#surveyDeps, nowMs)
  }

  #change({ peer, status, facts, load, rttMs }: PeerChange, loadAtMs: number): void {
    const knownRttMs = peer === this.#self ? 0 : rttMs
    const entry = this.#view.change({ peer, status, facts, load, loadAtMs, rttMs: knownRttMs })
    if (entry === undefined) return
    this.#reservations.settle(peer, loadAtMs - (entry.rttMs ?? this.#options.rttDefaultMs))
  }

  #arrive(request: ScheduleRequest, nowMs: number): SchedulerEffect {
    const { id } = request
    assert(!this.#open.has(id), 'a decision id is used once')
    const size = this.#sizeOf(request)
    const open = new OpenRequest(request, size)
    this.#begin(open)
    this.#failover.arrived(nowMs)

    const found = this.#look(open, nowMs)
    const isRoom = this.#open.size < this.#options.requestsMax
    if (isRoom && found.choice !== undefined) return this.#dispatch(open, found, nowMs)

    this.#record(id, { ...found, choice: undefined }, nowMs, { outcome: 'failed' })
    const refusal =
      found.choice === undefined
        ? refusalOf(request.model, size, found.survey, this.#refusalDeps(nowMs))
        : tooManyOpen(found.survey, size, this.#options)
    return { type: 'refuse', id, ...refusal }
  }

  #sizeOf({ model, outputTokensMax, prefix, ...estimated }: Sized): RequestSize {
    return {
      inputTokens: this.#tokenEstimate.expect(model, estimated),
      outputTokensExpected: this.#outputLength.expect(model, outputTokensMax),
      prefix,
    }
  }

  #look({ request, size, tried }: Open, nowMs: number, besides?: PeerId): Chosen {
    return this.#chooser.choose({ ...request, size, tried, besides }, this.#surveyDeps, nowMs)
  }

  /** Writes down the choice and why, and counts the request as work there. */
  #dispatch(open: Open, found: Chosen, nowMs: number): Dispatch {
    const { choice } = found
    assert(choice !== undefined, 'somebody was chosen')
    const { request, size, nextReservation } = open
    const { id, model, isHeld } = request
    const { contender, terms } = choice.chosen
    const { peer } = contender.entry
    const { breakers, hedging } = this.#failover
    const pass = breakers.enter({ peer, model })
    open.start({ peer, terms, pass, reservation: nextReservation, atMs: nowMs })
    this.#open.set(id, open)
    const uncachedTokens = size.inputTokens - (terms.cachedTokens ?? 0)
    const work = { ...size, inputTokens: uncachedTokens }
    this.#reservations.add({ id: nextReservation, peer, model, size: work, atMs: nowMs, isHeld })
    this.#record(id, found, nowMs, { attempts: open.attempts })
    const hedgeAfterMs = open.running.length > 1 ? undefined : hedging.delayMs(model)
    const waitMaxMs = this.#mayBounce(open) ? readWaitMaxMs(choice) : undefined
    return {
      ...{ type: 'dispatch', id, peer },
      ...(waitMaxMs === undefined ? {} : { readWaitMaxMs: waitMaxMs }),
      ...(hedgeAfterMs === undefined ? {} : { hedgeAfterMs }),
    }
  }

  /** A peer that sends it back does not leave it without any: another attempt is left. */
  #mayBounce(open: Open): boolean {
    const isLast = open.tried.length >= this.#attemptsMax(open)
    if (isLast || open.request.isHeld === true) return false
    return open.running.length === 1 && open.bounceCount < this.#options.bouncesMax
  }

  #fail(event: AttemptFailed, nowMs: number): readonly SchedulerEffect[] {
    const { id, peer, errorCode } = event
    const open = this.#open.get(id)
    const attempt = open?.runningAt(peer)
    // What an attempt still says after its end changes nothing.
    if (open === undefined || attempt === undefined) return []
    this.#reservations.release(attempt.reservation)
    open.stop(attempt, { errorCode }, nowMs)
    const changes = changed(this.#failover.failed(attempt, errorCode, nowMs))
    this.#log.update(id, { attempts: open.attempts })
    // The other attempt may answer, unless nobody can.
    if (open.running.length > 0 && event.isRetryable) return changes

    const found = this.#look(open, nowMs)
    const denial = this.#denial(open, event, found, nowMs)
    if (isBounce(errorCode)) open.bounceCount += 1
    if (denial === undefined) return [this.#dispatch(open, found, nowMs), ...changes]
    if (denial === 'nobody-left') this.#record(id, found, nowMs)
    const cancels = this.#cancelOthers(open, undefined, nowMs)
    this.#close(open, 'failed')
    this.#log.update(id, { retryDenial: denial })
    const refusal = this.#lastWords(open, event, found.survey)
    return [{ ...refusal, message: refusal.message + noteOf(denial) }, ...cancels, ...changes]
  }

  /** `undefined`: it is sent to another peer, and that is paid for. */
  #denial(
    open: Open,
    { errorCode, isRetryable }: AttemptFailed,
    { choice }: Chosen,
    nowMs: number,
  ): RetryDenial | undefined {
    if (!isRetryable || open.answeredBy !== undefined) return 'not-retryable'
    if (open.tried.length >= this.#attemptsMax(open)) return 'attempts-used'
    if (choice === undefined) return 'nobody-left'
    return this.#failover.denial({ errorCode, bounceCount: open.bounceCount }, nowMs)
  }

  /** The error of the last attempt, as the caller is told it. */
  #lastWords(open: Open, event: AttemptFailed, { eligible, excluded }: Survey) {
    const { id, errorCode: code, message = lastFailure(open.tried.length, code) } = event
    const refusal = { type: 'refuse' as const, id, code, message }
    if (code !== 'ERR_OVERLOADED') return refusal
    const others = excluded.flatMap(({ contender }) => contender ?? [])
    const ownMs = retryAfterMs([...eligible, ...others], open.size, this.#options)
    return { ...refusal, retryAfterMs: withinBounds(event.retryAfterMs ?? ownMs, this.#options) }
  }

  /** A second peer, while the first has said nothing. */
  #hedge(id: DecisionId, nowMs: number): readonly SchedulerEffect[] {
    const open = this.#open.get(id)
    const isAlone = open?.running.length === 1 && open.answeredBy === undefined
    if (open === undefined || !isAlone || open.tried.length >= this.#attemptsMax(open)) return []
    const found = this.#look(open, nowMs, open.running[0]?.peer)
    if (found.choice === undefined || !this.#failover.hedging.take(nowMs)) return []
    return [this.#dispatch(open, found, nowMs)]
  }

  #answer({ id, peer, isRefusal }: AttemptAnswered, nowMs: number): readonly SchedulerEffect[] {
    const open = this.#open.get(id)
    const attempt = open?.runningAt(peer)
    if (open === undefined || attempt === undefined || open.answeredBy !== undefined) return []
    open.answeredBy = peer
    open.isRefused = isRefusal === true
    // Else its time says nothing of how fast answers begin.
    if (open.isHeadSeen) this.#failover.hedging.observe(open.request.model, nowMs - attempt.atMs)
    open.note(attempt, {}, nowMs)
    const cancels = this.#cancelOthers(open, attempt, nowMs)
    this.#log.update(id, { attempts: open.attempts })
    return cancels
  }

  #end(event: RequestEnded, nowMs: number): readonly SchedulerEffect[] {
    const { id, outcome, outputTokens, inputTokens } = event
    const open = this.#open.get(id)
    if (open === undefined) return []
    const { model } = open.request
    if (outcome === 'answered' && outputTokens !== undefined) {
      this.#outputLength.observe(model, outputTokens)
    }
    if (inputTokens !== undefined) {
      this.#tokenEstimate.observe(model, { estimated: open.request, counted: inputTokens })
    }
    const verdict = open.verdictOf(outcome)
    const changes = open.running.map(({ pass }) => this.#failover.settle(pass, verdict, nowMs))
    this.#close(open, outcome)
    return changes.flatMap(changed)
  }

  /** Ends every attempt but one, or all. */
  #cancelOthers(open: Open, kept: RunningAttempt | undefined, nowMs: number): SchedulerEffect[] {
    return open.running.flatMap((attempt): SchedulerEffect[] => {
      if (attempt === kept) return []
      this.#reservations.release(attempt.reservation)
      this.#failover.settle(attempt.pass, 'none', nowMs)
      open.stop(attempt, { isCancelled: true }, nowMs)
      return [{ type: 'cancel', id: open.request.id, peer: attempt.peer }]
    })
  }

  #close(open: Open, outcome: DecisionOutcome): void {
    const { id } = open.request
    this.#open.delete(id)
    for (const { reservation } of open.running) this.#reservations.release(reservation)
    this.#log.update(id, { outcome, attempts: open.attempts })
  }

  #attemptsMax({ request: { model } }: Open): number {
    return routingOf(this.#policy, model)?.attemptsMax ?? this.#options.attemptsMax
  }

  /** Opens the record; each choice then writes its part. */
  #begin({ request, size }: Open): void {
    const strategy = this.#chooser.strategyFor(this.#policy, request.model).name
    this.#log.add(newRecord(request, { size, strategy, ingress: this.#self }))
  }

  #record(
    id: DecisionId,
    { survey, choice }: Chosen,
    nowMs: number,
    besides: Partial<DecisionRecord> = {},
  ): void {
    const context = { self: this.#self, candidatesKept: this.#options.candidatesKept, nowMs }
    this.#log.update(id, { ...recordChoice(survey, choice, context), ...besides })
  }

  get #surveyDeps() {
    return {
      self: this.#self,
      options: this.#options,
      view: this.#view,
      reservations: this.#reservations,
      policy: this.#policy,
      breakers: this.#failover.breakers,
    }
  }

  #refusalDeps(nowMs: number) {
    const { breakers } = this.#failover
    return { options: this.#options, view: this.#view, breakers, nowMs }
  }
}

function changed(change: CircuitChange | undefined): readonly SchedulerEffect[] {
  return change === undefined ? [] : [{ type: 'circuit-changed', ...change }]
}
