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
import type { ErrorCode } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import { type Machine, NEVER } from '../core/machine.ts'
import type { ModelFacts, PeerLoad } from '../core/peer-state.ts'
import type { PromptPrefix } from '../core/prompt-prefix.ts'
import type { Random } from '../core/random.ts'
import { Chooser, type Chosen } from './chooser.ts'
import type { DecisionAttempt, DecisionOutcome, DecisionRecord } from './decision.ts'
import { DecisionLog } from './decision-log.ts'
import { recordChoice } from './decision-record.ts'
import type { SchedulerOptions } from './options.ts'
import { OutputLength } from './output-length.ts'
import type { PeerChange, PeerStatus } from './peer-entry.ts'
import { NO_POLICY, routingOf, type SchedulingPolicy } from './policy.ts'
import { type Refusal, refusalOf, retryAfterMs, withinBounds } from './refusal.ts'
import { Reservations } from './reservations.ts'
import type { RequestSize } from './score.ts'
import type { Survey } from './survey.ts'
import { TokenEstimate } from './token-estimate.ts'
import { View } from './view.ts'

/** One request to be placed. */
export interface ScheduleRequest {
  readonly id: DecisionId
  /** The model's id; matches exactly. */
  readonly model: string
  /** As its bytes have it; corrected by what engines counted in earlier prompts. */
  readonly inputTokens: number
  /** `undefined`: no cache can help. */
  readonly prefix?: PromptPrefix | undefined
  /** Whose request it is. `undefined`: nobody's in particular. */
  readonly tenant?: string | undefined
  /** The client's own bound on the answer; `undefined` if it set none. */
  readonly outputTokensMax?: number | undefined
  /** Wall clock, ms since 1970, for the record. */
  readonly atWallMs: number
}

interface PeerChanged extends PeerChange {
  readonly type: 'peer-changed'
  readonly status: PeerStatus
}

interface AttemptFailed {
  readonly type: 'attempt-failed'
  readonly id: DecisionId
  readonly peer: PeerId
  readonly errorCode: ErrorCode
  /** Whether another peer may do better. Never true once part of an answer has been sent on. */
  readonly isRetryable: boolean
  /** The error's own words; what the caller is told if no other attempt is made. */
  readonly message?: string | undefined
  /** When the peer said to come back. */
  readonly retryAfterMs?: number | undefined
}

interface RequestEnded {
  readonly type: 'request-ended'
  readonly id: DecisionId
  readonly outcome: Exclude<DecisionOutcome, 'pending'>
  /** Length of the answer, if it is known and complete. */
  readonly outputTokens?: number | undefined
  /** Tokens of the prompt, if the engine has counted them. */
  readonly inputTokens?: number | undefined
}

export type SchedulerEvent =
  /** Gossip or the connection says something new. A load is as old as `loadAtMs`, else new. */
  | PeerChanged
  | { readonly type: 'peer-forgotten'; readonly peer: PeerId }
  /** What we know of the peer still holds: it said so. */
  | { readonly type: 'peer-confirmed'; readonly peer: PeerId; readonly rttMs?: number | undefined }
  /** What we know of all peers still holds, as far as the mesh knows. */
  | { readonly type: 'peers-confirmed' }
  /** A fresh load came straight from the peer, or from our own engines. */
  | { readonly type: 'load-reported'; readonly peer: PeerId; readonly load: PeerLoad }
  /** The mesh has agreed on something else about where requests run. */
  | { readonly type: 'policy-changed'; readonly policy: SchedulingPolicy }
  | { readonly type: 'request-arrived'; readonly request: ScheduleRequest }
  | AttemptFailed
  /** The head of the answer is here. */
  | { readonly type: 'attempt-answered'; readonly id: DecisionId; readonly peer: PeerId }
  | RequestEnded
  | { readonly type: 'tick' }

export type SchedulerEffect =
  | { readonly type: 'dispatch'; readonly id: DecisionId; readonly peer: PeerId }
  /** Ends the request; nothing more follows for this id. */
  | ({ readonly type: 'refuse'; readonly id: DecisionId } & Refusal)

interface OpenRequest {
  readonly request: ScheduleRequest
  readonly size: RequestSize
  /** At most `attemptsMax`; the last is the one that runs. */
  readonly attempts: DecisionAttempt[]
  attemptAtMs: number
  isAnswered: boolean
}

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
  readonly #open = new Map<DecisionId, OpenRequest>()

  /** Nothing is due by time alone. */
  readonly wakeAtMs = NEVER

  constructor(self: PeerId, options: SchedulerOptions, random: Random) {
    this.#self = self
    this.#options = options
    this.#view = new View(options.peersMax)
    this.#chooser = new Chooser(options, random)
    this.#outputLength = new OutputLength(options)
    this.#tokenEstimate = new TokenEstimate(options)
    this.#log = new DecisionLog(options.decisionsKept)
  }

  step(event: SchedulerEvent, nowMs: number): readonly SchedulerEffect[] {
    switch (event.type) {
      case 'peer-changed':
        this.#change(event, event.loadAtMs ?? nowMs)
        return []
      case 'load-reported':
        // A peer that membership never named is none that we could send to.
        if (this.#view.get(event.peer) === undefined) return []
        this.#change({ peer: event.peer, load: event.load }, nowMs)
        return []
      case 'peer-forgotten':
        this.#view.forget(event.peer)
        return []
      case 'peer-confirmed':
        this.#view.confirm(event.peer, { rttMs: event.rttMs, nowMs })
        return []
      case 'peers-confirmed':
        this.#view.confirmAll(nowMs)
        return []
      case 'policy-changed':
        this.#policy = event.policy
        return []
      case 'request-arrived':
        return [this.#arrive(event.request, nowMs)]
      case 'attempt-failed':
        return this.#fail(event, nowMs)
      case 'attempt-answered':
        this.#answer(event.id, event.peer, nowMs)
        return []
      case 'request-ended':
        this.#end(event)
        return []
      case 'tick':
        return []
    }
  }

  /** Requests dispatched and not ended. */
  get openCount(): number {
    return this.#open.size
  }

  /** Picks that no report shows yet. Never more than `openCount`. */
  get reservedCount(): number {
    return this.#reservations.count
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

  #change(change: PeerChange, loadAtMs: number): void {
    const isSelf = change.peer === this.#self
    if (!this.#view.change({ ...change, loadAtMs, ...(isSelf ? { rttMs: 0 } : {}) })) return
    const rttMs = this.#view.get(change.peer)?.rttMs ?? this.#options.rttDefaultMs
    this.#reservations.settle(change.peer, loadAtMs - rttMs)
  }

  #arrive(request: ScheduleRequest, nowMs: number): SchedulerEffect {
    const { id } = request
    assert(!this.#open.has(id), 'a decision id is used once')
    const size = this.#sizeOf(request)
    const open = { request, size, attempts: [], attemptAtMs: nowMs, isAnswered: false }
    this.#begin(open)

    const found = this.#look(open, nowMs)
    const isRoom = this.#open.size < this.#options.requestsMax
    if (isRoom && found.choice !== undefined) return this.#dispatch(open, found, nowMs)

    this.#record(id, { ...found, choice: undefined }, nowMs)
    this.#log.update(id, { outcome: 'failed' })
    const refusal =
      found.choice === undefined
        ? refusalOf(request.model, size, found.survey, { options: this.#options, view: this.#view })
        : this.#tooManyOpen(found.survey, size)
    return { type: 'refuse', id, ...refusal }
  }

  #sizeOf({ model, inputTokens, outputTokensMax, prefix }: ScheduleRequest): RequestSize {
    return {
      inputTokens: this.#tokenEstimate.expect(model, inputTokens),
      outputTokensExpected: this.#outputLength.expect(model, outputTokensMax),
      prefix,
    }
  }

  #look({ request, size, attempts }: OpenRequest, nowMs: number): Chosen {
    const { model, tenant } = request
    const tried = attempts.map(({ peer }) => peer)
    return this.#chooser.choose({ model, size, tenant, tried }, this.#surveyDeps, nowMs)
  }

  /** Writes down the choice and why, and counts the request as work there. */
  #dispatch(open: OpenRequest, found: Chosen, nowMs: number): SchedulerEffect {
    const { choice } = found
    assert(choice !== undefined, 'somebody was chosen')
    const { request, size, attempts } = open
    const { id, model } = request
    const { contender, terms } = choice.chosen
    const { peer } = contender.entry
    attempts.push({ peer, terms })
    open.attemptAtMs = nowMs
    this.#open.set(id, open)
    const uncachedTokens = size.inputTokens - (terms.cachedTokens ?? 0)
    const work = { ...size, inputTokens: uncachedTokens }
    this.#reservations.add({ id, peer, model, size: work, atMs: nowMs })
    this.#record(id, found, nowMs)
    this.#log.update(id, { attempts: [...attempts] })
    return { type: 'dispatch', id, peer }
  }

  #fail(event: AttemptFailed, nowMs: number): readonly SchedulerEffect[] {
    const open = this.#open.get(event.id)
    // What an earlier attempt still says after its end changes nothing.
    if (open === undefined || open.attempts.at(-1)?.peer !== event.peer) return []
    this.#reservations.release(event.id)
    this.#finishAttempt(open, { errorCode: event.errorCode }, nowMs)

    const { size, request, attempts } = open
    const found = this.#look(open, nowMs)
    const routing = routingOf(this.#policy, request.model)
    const attemptsMax = routing?.attemptsMax ?? this.#options.attemptsMax
    const mayRetry = event.isRetryable && !open.isAnswered && attempts.length < attemptsMax
    if (mayRetry && found.choice !== undefined) return [this.#dispatch(open, found, nowMs)]
    if (mayRetry) this.#record(event.id, found, nowMs)

    this.#close(event.id, 'failed')
    const { errorCode: code } = event
    const message =
      event.message ??
      `expected an answer within ${attempts.length} attempt(s), the last failed with ${code}`
    if (code !== 'ERR_OVERLOADED') return [{ type: 'refuse', id: event.id, code, message }]
    const { eligible, excluded } = found.survey
    const others = excluded.flatMap(({ contender }) => contender ?? [])
    const ownMs = retryAfterMs([...eligible, ...others], size, this.#options)
    const afterMs = withinBounds(event.retryAfterMs ?? ownMs, this.#options)
    return [{ type: 'refuse', id: event.id, code, message, retryAfterMs: afterMs }]
  }

  #answer(id: DecisionId, peer: PeerId, nowMs: number): void {
    const open = this.#open.get(id)
    if (open === undefined || open.isAnswered || open.attempts.at(-1)?.peer !== peer) return
    open.isAnswered = true
    this.#finishAttempt(open, {}, nowMs)
  }

  #end({ id, outcome, outputTokens, inputTokens }: RequestEnded): void {
    const open = this.#open.get(id)
    if (open === undefined) return
    const { model, inputTokens: estimated } = open.request
    if (outcome === 'answered' && outputTokens !== undefined) {
      this.#outputLength.observe(model, outputTokens)
    }
    if (inputTokens !== undefined) {
      this.#tokenEstimate.observe(model, { estimated, counted: inputTokens })
    }
    this.#close(id, outcome)
  }

  #close(id: DecisionId, outcome: DecisionOutcome): void {
    this.#open.delete(id)
    this.#reservations.release(id)
    this.#log.update(id, { outcome })
  }

  #finishAttempt(open: OpenRequest, end: Partial<DecisionAttempt>, nowMs: number): void {
    const last = open.attempts.pop()
    assert(last !== undefined, 'an open request has an attempt')
    const durationMs = last.durationMs ?? nowMs - open.attemptAtMs
    open.attempts.push({ ...last, durationMs, ...end })
    this.#log.update(open.request.id, { attempts: [...open.attempts] })
  }

  /** Opens the record; each choice then writes its part. */
  #begin({ request, size }: OpenRequest): void {
    const { id, atWallMs, model } = request
    const { inputTokens, outputTokensExpected } = size
    this.#log.add({
      id,
      atWallMs,
      ingress: this.#self,
      model,
      inputTokens,
      outputTokensExpected,
      strategy: this.#chooser.strategyFor(this.#policy, model).name,
      candidates: [],
      chosen: undefined,
      attempts: [],
      outcome: 'pending',
    })
  }

  #record(id: DecisionId, { survey, choice }: Chosen, nowMs: number): void {
    const { candidatesKept } = this.#options
    const context = { self: this.#self, candidatesKept, nowMs }
    this.#log.update(id, recordChoice(survey, choice, context))
  }

  #tooManyOpen({ eligible }: Survey, size: RequestSize): Refusal {
    const { requestsMax } = this.#options
    const message = `expected fewer than ${requestsMax} open requests at this node, found as many`
    const afterMs = retryAfterMs(eligible, size, this.#options)
    return { code: 'ERR_OVERLOADED', message, retryAfterMs: afterMs }
  }

  get #surveyDeps() {
    return {
      self: this.#self,
      options: this.#options,
      view: this.#view,
      reservations: this.#reservations,
      policy: this.#policy,
    }
  }
}
