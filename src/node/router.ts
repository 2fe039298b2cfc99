/**
 * The request path inside a peer: ask the scheduler, send to the peer it names, try the next if
 * that fails before anything of an answer has arrived.
 *
 *     dispatch --> scheduler --> own engines, or the lane to the peer --> answer
 *                      ^------- attempt-failed, if another may do better
 *
 * The scheduler is a machine and hears everything at once: what was chosen, what failed, how the
 * answer ended. Local requests skip the lane. If it says so, a second peer is asked while the first
 * is silent (`hedged-attempts.ts`).
 *
 * A client that leaves says nothing of the peer; time that runs out does, and the scheduler is told.
 */
import { assert } from '../core/assert.ts'
import { MeshError } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import { DEFAULT_PRIORITY } from '../scheduler/admission/priority.ts'
import type { Scheduler, SchedulerEffect, SchedulerEvent } from '../scheduler/scheduler.ts'
import { estimateTokens } from './answer-tokens.ts'
import type { AnswerUsage } from './answer-usage.ts'
import type { Clock } from './clock.ts'
import type { Engines } from './engines.ts'
import type { MeshAnswer, MeshRequest } from './gateway.ts'
import { HedgedAttempts, type Outcome } from './hedged-attempts.ts'
import { toLaneCall } from './lane-call.ts'
import type { Lanes } from './lanes.ts'
import type { Metrics } from './metrics.ts'
import type { RuntimeAnswer } from './runtime.ts'
import type { Standing } from './standing.ts'
import { tellCircuits } from './tell-circuits.ts'
import { type AnswerEnd, type AnswerSize, WatchedChunks } from './watched-chunks.ts'

export interface RouterDeps {
  readonly self: PeerId
  readonly clock: Clock
  readonly scheduler: Scheduler
  readonly engines: Engines
  readonly lanes: Pick<Lanes, 'request'>
  readonly metrics: Metrics
  readonly newId: () => DecisionId
  /** Our own engines got or ended a request. */
  readonly onLoadChanged: () => void
  /** Something happened that a person may want to know of. */
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
}

interface Dispatch {
  readonly id: DecisionId
  readonly request: MeshRequest
  readonly signal: AbortSignal
  readonly startMs: number
  /** Those that may be two at once. `undefined`: there is one attempt at a time. */
  hedged: HedgedAttempts | undefined
  /** Of the latest attempt; a hedge has none. */
  readWaitMaxMs: number | undefined
}

export class Router {
  readonly #deps: RouterDeps
  /** Counters with their labels bound: binding costs more than counting. */
  readonly #decided: Readonly<Record<'local' | 'remote' | 'refused', { inc(): void }>>

  constructor(deps: RouterDeps) {
    this.#deps = deps
    const { decisions } = deps.metrics.scheduler
    this.#decided = {
      local: decisions.labels('local', 'dispatched'),
      remote: decisions.labels('remote', 'dispatched'),
      refused: decisions.labels('none', 'refused'),
    }
  }

  /** As `Gateway.dispatch`. */
  async dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    const { self, clock, scheduler, engines, newId } = this.#deps
    const dispatch: Dispatch = {
      ...{ id: newId(), request, signal, startMs: clock.nowMs() },
      ...{ hedged: undefined, readWaitMaxMs: undefined },
    }
    const { id, startMs } = dispatch
    scheduler.step({ type: 'load-reported', peer: self, load: engines.load() }, startMs)
    const { model, inputTokens, wideTokens, prefix, caller } = request
    // An embedding is read off the prompt: nothing is decoded.
    const outputTokensMax = request.endpoint === 'embeddings' ? 0 : request.outputTokensMax
    const size = { inputTokens, wideTokens, outputTokensMax, prefix }
    const whose = { tenant: caller?.tenant, priority: request.priority }
    const scheduled = { id, model, ...size, ...whose, atWallMs: clock.wallMs() }
    let effects = scheduler.step({ type: 'request-arrived', request: scheduled }, startMs)
    const decisionMs = clock.nowMs() - startMs
    request.onDecided?.(id, undefined)
    this.#deps.metrics.scheduler.decisionTime.observe(decisionMs / 1_000)

    for (;;) {
      const { peer: first, hedgeAfterMs, readWaitMaxMs } = this.#chosen(id, effects)
      dispatch.readWaitMaxMs = readWaitMaxMs
      request.onDecided?.(id, first)
      const outcome = await this.#attempt(first, hedgeAfterMs, dispatch)
      const { peer } = outcome
      if ('answer' in outcome) {
        const isRefusal = outcome.answer.status >= 400
        this.#step({ type: 'attempt-answered', id, peer, isRefusal }, dispatch)
        return { ...this.#watch(outcome.answer, dispatch), model, peer, decisionId: id, decisionMs }
      }
      effects = this.#fail(peer, outcome.error, dispatch)
    }
  }

  /** Tells the scheduler, and does what it wants beside the next attempt. */
  #step(event: SchedulerEvent, { hedged }: Dispatch): readonly SchedulerEffect[] {
    const { scheduler, clock, onEvent, onLoadChanged } = this.#deps
    const effects = scheduler.step(event, clock.nowMs())
    for (const effect of effects) {
      if (effect.type === 'cancel') {
        hedged?.cancel(effect.peer)
        onLoadChanged()
      }
    }
    tellCircuits(effects, onEvent)
    return effects
  }

  /** @throws MeshError if the scheduler refuses. */
  #chosen(id: DecisionId, effects: readonly SchedulerEffect[]): DispatchEffect {
    const effect = effects.find(isVerdict)
    assert(effect !== undefined, 'the scheduler answers every request')
    if (effect.type === 'dispatch') {
      this.#decided[effect.peer === this.#deps.self ? 'local' : 'remote'].inc()
      return effect
    }
    this.#decided.refused.inc()
    const { code, message, retryAfterMs } = effect
    const details = { decisionId: id, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    throw new MeshError(message, { code, details })
  }

  /** Never rejects. */
  async #attempt(
    peer: PeerId,
    hedgeAfterMs: number | undefined,
    dispatch: Dispatch,
  ): Promise<Outcome> {
    if (hedgeAfterMs !== undefined) return await this.#race(peer, hedgeAfterMs, dispatch)
    try {
      return { peer, answer: await this.#send(peer, dispatch, dispatch.signal) }
    } catch (error) {
      return { peer, error }
    }
  }

  #race(first: PeerId, hedgeAfterMs: number, dispatch: Dispatch): Promise<Outcome> {
    const { clock, metrics } = this.#deps
    const { id, signal } = dispatch
    dispatch.hedged = new HedgedAttempts({
      ...{ clock, signal },
      send: (peer, until) => this.#send(peer, dispatch, until),
      hedge: () => {
        if (signal.aborted) return undefined
        const verdict = this.#step({ type: 'hedge-due', id }, dispatch).find(isVerdict)
        if (verdict?.type !== 'dispatch') return undefined
        metrics.scheduler.hedges.inc()
        dispatch.readWaitMaxMs = undefined
        return verdict.peer
      },
      failed: (peer, error) => {
        if (signal.aborted || !(error instanceof MeshError) || !isRetryable(error)) return false
        this.#attemptFailed(peer, error, dispatch)
        return true
      },
    })
    return dispatch.hedged.race(first, hedgeAfterMs)
  }

  async #send(peer: PeerId, dispatch: Dispatch, signal: AbortSignal) {
    const { request } = dispatch
    const { self, engines, lanes, onLoadChanged } = this.#deps
    const placed = { ...request, standing: this.#standing(dispatch) }
    if (peer !== self) return await lanes.request(peer, toLaneCall(placed), signal)
    onLoadChanged()
    return await engines.serve(placed, signal)
  }

  /** For the queue of whoever serves it. */
  #standing({ id, request, readWaitMaxMs }: Dispatch): Standing {
    const { scheduler, clock } = this.#deps
    const { priority = DEFAULT_PRIORITY, weight = 1, caller, beginByMs } = request
    const { inputTokens, outputTokensExpected } = scheduler.decision(id) ?? {}
    return {
      ...{ priority, weight },
      // Keys without a tenant share with nobody.
      tenant: caller?.tenant ?? (caller === undefined ? '' : `key:${caller.key}`),
      inputTokens: inputTokens ?? request.inputTokens,
      outputTokens: outputTokensExpected ?? 0,
      ...(beginByMs === undefined ? {} : { beginWithinMs: beginByMs - clock.nowMs() }),
      ...(readWaitMaxMs === undefined ? {} : { readWaitMaxMs }),
    }
  }

  /**
   * What the scheduler says now that the attempt has failed.
   *
   * @throws the error itself if the client went away or its time is over, or if it is a bug of ours.
   */
  #fail(peer: PeerId, error: unknown, dispatch: Dispatch): readonly SchedulerEffect[] {
    const { self, metrics, onLoadChanged } = this.#deps
    const { id, signal, hedged } = dispatch
    if (peer === self) onLoadChanged()
    if (isTimeOver(signal)) {
      this.#attemptFailed(peer, signal.reason, dispatch)
      hedged?.cancelAll()
      throw signal.reason
    }
    if (signal.aborted || !(error instanceof MeshError)) {
      const outcome = signal.aborted ? 'cancelled' : 'failed'
      this.#step({ type: 'request-ended', id, outcome }, dispatch)
      hedged?.cancelAll()
      throw error
    }
    const effects = this.#attemptFailed(peer, error, dispatch)
    const verdict = effects.find(isVerdict)
    if (verdict?.type === 'dispatch') {
      metrics.scheduler.retries.inc()
      return effects
    }
    // The engine's own error says more than the scheduler's: its details go to the client too.
    throw new MeshError(verdict?.message ?? error.message, {
      code: error.code,
      details: { ...error.details, decisionId: id, ...retryAfterOf(verdict ?? {}) },
      hint: error.hint,
      cause: error,
    })
  }

  #attemptFailed(peer: PeerId, error: MeshError, dispatch: Dispatch): readonly SchedulerEffect[] {
    const { id } = dispatch
    const { code: errorCode, message } = error
    const failure = { errorCode, message, isRetryable: isRetryable(error), ...retryAfterOf(error) }
    return this.#step({ type: 'attempt-failed', id, peer, ...failure }, dispatch)
  }

  #watch(answer: RuntimeAnswer, dispatch: Dispatch): RuntimeAnswer {
    const { id, signal, request } = dispatch
    const onEnd = (outcome: AnswerEnd, size: AnswerSize, usageOf: () => AnswerUsage) => {
      const { onLoadChanged } = this.#deps
      const usage = outcome === 'answered' ? usageOf() : undefined
      const estimated = outcome === 'answered' ? estimateTokens(request, size) : undefined
      const counted = {
        inputTokens: usage?.inputTokens,
        outputTokens: usage?.outputTokens ?? estimated,
      }
      this.#step({ type: 'request-ended', id, outcome, ...counted }, dispatch)
      this.#countCache(usage)
      onLoadChanged()
    }
    return { ...answer, chunks: WatchedChunks.of(answer.chunks, signal, { onEnd }) }
  }

  /** Only of engines that tell: else all would count as missed. */
  #countCache({ inputTokens = 0, cachedTokens }: AnswerUsage = {}): void {
    if (cachedTokens === undefined) return
    const { promptTokens } = this.#deps.metrics.scheduler
    promptTokens.inc({ cache: 'hit' }, Math.min(cachedTokens, inputTokens))
    promptTokens.inc({ cache: 'miss' }, Math.max(0, inputTokens - cachedTokens))
  }
}

type DispatchEffect = Extract<SchedulerEffect, { type: 'dispatch' }>

type Verdict = Extract<SchedulerEffect, { type: 'dispatch' | 'refuse' }>

function isVerdict(effect: SchedulerEffect): effect is Verdict {
  return effect.type === 'dispatch' || effect.type === 'refuse'
}

/** The client is there, and whoever speaks for it waits no longer. */
function isTimeOver(signal: AbortSignal): signal is AbortSignal & { readonly reason: MeshError } {
  const { aborted, reason } = signal
  return aborted && reason instanceof MeshError && reason.code === 'ERR_DEADLINE_EXCEEDED'
}

/** Another peer may do better, unless the request itself is at fault or its time is over. */
function isRetryable(error: MeshError): boolean {
  if (error.code === 'ERR_MODEL_NOT_FOUND') return true
  return error.kind.retry !== 'never' && error.code !== 'ERR_DEADLINE_EXCEEDED'
}

function retryAfterOf(from: object): { retryAfterMs?: number } {
  const value = 'details' in from ? (from as MeshError).details['retryAfterMs'] : undefined
  const direct = 'retryAfterMs' in from ? from.retryAfterMs : value
  return typeof direct === 'number' ? { retryAfterMs: direct } : {}
}
