/**
 * The request path inside a peer: ask the scheduler, send to the peer it names, try the next if
 * that fails before anything of an answer has arrived.
 *
 *     dispatch --> scheduler --> own engines, or the lane to the peer --> answer
 *                      ^------- attempt-failed, if another may do better
 *
 * The scheduler is a machine and hears everything at once: what was chosen, what failed, how the
 * answer ended. Local requests skip the lane.
 */
import { assert } from '../core/assert.ts'
import { MeshError } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { Scheduler, SchedulerEffect } from '../scheduler/scheduler.ts'
import { estimateTokens } from './answer-tokens.ts'
import { type AnswerUsage, readUsage } from './answer-usage.ts'
import type { Clock } from './clock.ts'
import type { Engines } from './engines.ts'
import type { MeshAnswer, MeshRequest } from './gateway.ts'
import { toLaneCall } from './lane-call.ts'
import type { Lanes } from './lanes.ts'
import type { Metrics } from './metrics.ts'
import type { RuntimeAnswer } from './runtime.ts'
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
}

interface Dispatch {
  readonly id: DecisionId
  readonly request: MeshRequest
  readonly signal: AbortSignal
  readonly startMs: number
}

export class Router {
  readonly #deps: RouterDeps

  constructor(deps: RouterDeps) {
    this.#deps = deps
  }

  /** As `Gateway.dispatch`. */
  async dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    const { self, clock, scheduler, engines, newId } = this.#deps
    const dispatch = { id: newId(), request, signal, startMs: clock.nowMs() }
    const { id, startMs } = dispatch
    scheduler.step({ type: 'load-reported', peer: self, load: engines.load() }, startMs)
    const { model, inputTokens, prefix, caller } = request
    // An embedding is read off the prompt: nothing is decoded.
    const outputTokensMax = request.endpoint === 'embeddings' ? 0 : request.outputTokensMax
    const size = { inputTokens, outputTokensMax, prefix }
    const scheduled = { id, model, ...size, tenant: caller?.tenant, atWallMs: clock.wallMs() }
    let effects = scheduler.step({ type: 'request-arrived', request: scheduled }, startMs)
    const decisionMs = clock.nowMs() - startMs
    request.onDecided?.(id, undefined)
    this.#deps.metrics.scheduler.decisionTime.observe(decisionMs / 1_000)

    for (;;) {
      const peer = this.#chosen(id, effects)
      request.onDecided?.(id, peer)
      try {
        const answer = await this.#send(peer, dispatch)
        scheduler.step({ type: 'attempt-answered', id, peer }, clock.nowMs())
        return { ...this.#watch(answer, dispatch), model, peer, decisionId: id, decisionMs }
      } catch (error) {
        effects = this.#fail(peer, error, dispatch)
      }
    }
  }

  /** @throws MeshError if the scheduler refuses. */
  #chosen(id: DecisionId, effects: readonly SchedulerEffect[]): PeerId {
    const effect = effects.find(isVerdict)
    assert(effect !== undefined, 'the scheduler answers every request')
    const { decisions } = this.#deps.metrics.scheduler
    if (effect.type === 'dispatch') {
      const target = effect.peer === this.#deps.self ? 'local' : 'remote'
      decisions.inc({ target, result: 'dispatched' })
      return effect.peer
    }
    decisions.inc({ target: 'none', result: 'refused' })
    const { code, message, retryAfterMs } = effect
    const details = { decisionId: id, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
    throw new MeshError(message, { code, details })
  }

  #send(peer: PeerId, { request, signal }: Dispatch): Promise<RuntimeAnswer> {
    const { self, engines, lanes, onLoadChanged } = this.#deps
    if (peer === self) {
      onLoadChanged()
      return engines.serve(request, signal)
    }
    return lanes.request(peer, toLaneCall(request), signal)
  }

  /**
   * What the scheduler says now that the attempt has failed.
   *
   * @throws the error itself if the client went away, or if it is a bug of ours.
   */
  #fail(peer: PeerId, error: unknown, { id, signal }: Dispatch): readonly SchedulerEffect[] {
    const { self, scheduler, clock, metrics, onLoadChanged } = this.#deps
    const nowMs = clock.nowMs()
    if (peer === self) onLoadChanged()
    if (signal.aborted || !(error instanceof MeshError)) {
      const outcome = signal.aborted ? 'cancelled' : 'failed'
      scheduler.step({ type: 'request-ended', id, outcome }, nowMs)
      throw error
    }
    const effects = scheduler.step(
      {
        type: 'attempt-failed',
        id,
        peer,
        errorCode: error.code,
        isRetryable: isRetryable(error),
        message: error.message,
        ...retryAfterOf(error),
      },
      nowMs,
    )
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

  #watch(answer: RuntimeAnswer, { id, signal, request }: Dispatch): RuntimeAnswer {
    const onEnd = (outcome: AnswerEnd, size: AnswerSize, last: readonly Uint8Array[]) => {
      const { scheduler, clock, onLoadChanged } = this.#deps
      const usage = outcome === 'answered' ? readUsage(last) : undefined
      const estimated = outcome === 'answered' ? estimateTokens(request, size) : undefined
      const counted = {
        inputTokens: usage?.inputTokens,
        outputTokens: usage?.outputTokens ?? estimated,
      }
      scheduler.step({ type: 'request-ended', id, outcome, ...counted }, clock.nowMs())
      this.#countCache(usage)
      onLoadChanged()
    }
    return { ...answer, chunks: new WatchedChunks(answer.chunks, signal, { onEnd }) }
  }

  /** Only of engines that tell: else all would count as missed. */
  #countCache({ inputTokens = 0, cachedTokens }: AnswerUsage = {}): void {
    if (cachedTokens === undefined) return
    const { promptTokens } = this.#deps.metrics.scheduler
    promptTokens.inc({ cache: 'hit' }, Math.min(cachedTokens, inputTokens))
    promptTokens.inc({ cache: 'miss' }, Math.max(0, inputTokens - cachedTokens))
  }
}

type Verdict = Extract<SchedulerEffect, { type: 'dispatch' | 'refuse' }>

function isVerdict(effect: SchedulerEffect): effect is Verdict {
  return effect.type === 'dispatch' || effect.type === 'refuse'
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
