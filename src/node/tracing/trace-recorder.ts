/**
 * Writes down what happens to one request: as stages of its trace, and as a span.
 *
 * Told of nothing twice; what comes after the end changes nothing.
 */
import type { MeshError } from '../../core/errors.ts'
import type { DecisionId, PeerId } from '../../core/ids.ts'
import { DEFAULT_PRIORITY } from '../../scheduler/admission/priority.ts'
import type { DecisionRecord } from '../../scheduler/decision.ts'
import { estimateTokens } from '../answer-tokens.ts'
import type { AnswerUsage } from '../answer-usage.ts'
import type { Clock } from '../clock.ts'
import type { MeshAnswer, MeshRequest } from '../gateway.ts'
import type { ServedRequests } from '../recording/served-requests.ts'
import type { AnswerEnd, AnswerSize } from '../watched-chunks.ts'
import type {
  Backend,
  RequestTrace,
  TraceEvent,
  TraceMetrics,
  TraceStage,
} from './request-trace.ts'
import type { TraceLog } from './trace-log.ts'
import type { Span } from './tracer.ts'

/** A request that is tried again and again has more to tell than anybody reads. */
const STAGES_MAX = 64

const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] }

export interface TraceRecorderDeps {
  readonly clock: Clock
  readonly log: TraceLog
  readonly span: Span
  readonly served?: Pick<ServedRequests, 'begin' | 'end'> | undefined
  /** By which rule the peer was chosen, and for which model: an alias is none. */
  readonly decisionOf: (
    id: DecisionId,
  ) => Pick<DecisionRecord, 'strategy' | 'model' | 'inputTokens'> | undefined
  readonly backendOf: (peer: PeerId, model: string) => Backend
}

export class TraceRecorder {
  readonly #deps: TraceRecorderDeps
  readonly #request: MeshRequest
  readonly #startMs: number
  readonly #number: number | undefined
  /** Part of the trace that is kept, which grows with it. */
  readonly #stages: TraceEvent[] = []
  /** What the latest decision is about. */
  #model: string
  #trace: Writable<RequestTrace> | undefined
  #backend: Backend | undefined
  #peer: PeerId | undefined
  #headMs: number | undefined
  #firstChunkMs: number | undefined
  /** The engine says that the request is at fault. */
  #isRefusal = false
  #hasEnded = false

  constructor(request: MeshRequest, deps: TraceRecorderDeps) {
    this.#deps = deps
    this.#request = request
    this.#model = request.model
    this.#startMs = deps.clock.nowMs()
    this.#number = deps.served?.begin()
    this.#note('workflow.start')
  }

  /** As `MeshRequest.onDecided`. A fallback model brings a decision of its own. */
  decided(id: DecisionId, peer: PeerId | undefined): void {
    const { span, decisionOf } = this.#deps
    if (this.#trace?.decisionId !== id) {
      const decision = decisionOf(id)
      this.#model = decision?.model ?? this.#request.model
      this.#note('router.policy', decision?.strategy)
      this.#begin(id)
    }
    if (peer === undefined) return
    this.#isAt(peer, this.#model)
    this.#note('router.backend_selection', this.#backend)
    span.event('router.backend_selection', { 'skein.peer': peer, 'skein.backend': this.#backend })
  }

  /** The head of the answer is here, maybe from another peer than was told of: a hedge. */
  answered(answer: Pick<MeshAnswer, 'model' | 'insteadOf' | 'peer' | 'status'>): void {
    const { model, insteadOf, peer, status } = answer
    this.#headMs = this.#sinceStartMs
    this.#isAt(peer, model)
    this.#model = model
    this.#isRefusal = status >= 400
    this.#note('inference.start', insteadOf && `${model} instead of ${insteadOf}`)
    this.#deps.span.set({
      'gen_ai.response.model': model,
      'skein.degraded_from': insteadOf,
      'skein.peer': peer,
      'http.response.status_code': status,
    })
  }

  firstChunk(): void {
    this.#firstChunkMs = this.#sinceStartMs
    if (!this.#request.isStream) return
    this.#note('streaming.tokens', 'token_1')
    this.#deps.span.event('streaming.tokens', { 'skein.first': true })
  }

  /** As `ChunksObserver.onEnd`. */
  ended(end: AnswerEnd, size: AnswerSize, usageOf: () => AnswerUsage): void {
    if (!this.#hasEnded) this.#count(end, size, usageOf)
    this.#finish(end, undefined, size)
  }

  failed(error: MeshError | Error, isCancelled: boolean): void {
    if (!this.#hasEnded && this.#number !== undefined)
      this.#deps.served?.end(this.#number, undefined)
    this.#finish(isCancelled ? 'cancelled' : 'failed', error, { chunkCount: 0, byteCount: 0 })
  }

  /** What it was, in numbers, if it was served. */
  #count(end: AnswerEnd, size: AnswerSize, usageOf: () => AnswerUsage): void {
    const { served, decisionOf } = this.#deps
    if (served === undefined || this.#number === undefined) return
    if (end !== 'answered' || this.#peer === undefined || this.#isRefusal) {
      served.end(this.#number, undefined)
      return
    }
    const { endpoint, isStream, outputTokensMax, prefix, caller, priority } = this.#request
    const usage = usageOf()
    const decision = this.#trace === undefined ? undefined : decisionOf(this.#trace.decisionId)
    const ttftMs = isStream ? this.#firstChunkMs : undefined
    served.end(this.#number, {
      ...{ model: this.#model, endpoint, outputTokensMax, prefix, peer: this.#peer, ttftMs },
      inputTokens: usage.inputTokens ?? decision?.inputTokens ?? this.#request.inputTokens,
      outputTokens: usage.outputTokens ?? estimateTokens(this.#request, size) ?? 0,
      tenant: caller?.tenant,
      priority: priority ?? DEFAULT_PRIORITY,
      endToEndMs: this.#sinceStartMs,
    })
  }

  get #sinceStartMs(): number {
    return this.#deps.clock.nowMs() - this.#startMs
  }

  #isAt(peer: PeerId, model: string): void {
    this.#peer = peer
    this.#backend = this.#deps.backendOf(peer, model)
  }

  #note(stage: TraceStage, detail?: string): void {
    if (this.#stages.length >= STAGES_MAX) return
    const timestampMs = this.#deps.clock.wallMs()
    this.#stages.push(
      detail === undefined ? { stage, timestampMs } : { stage, detail, timestampMs },
    )
  }

  #begin(id: DecisionId): void {
    const { log, span } = this.#deps
    const { headers, model } = this.#request
    const traceparent = span.traceparent ?? headers['traceparent'] ?? ''
    if (this.#trace !== undefined) log.forget(this.#trace.decisionId)
    this.#trace = {
      decisionId: id,
      requestId: headers['x-request-id'],
      traceId: TRACE_ID.exec(traceparent)?.[1],
      model,
      stages: this.#stages,
      outcome: 'pending',
    }
    log.put(this.#trace)
    span.set({ 'skein.decision_id': id })
  }

  #finish(end: AnswerEnd, error: MeshError | Error | undefined, size: AnswerSize): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    const metrics = this.#metricsOf(size)
    const { latencyMs, tokensStreamed, tokensPerSecond } = metrics
    if (latencyMs !== undefined) this.#note('metrics.latency_ms', latencyMs.toFixed(1))
    if (tokensStreamed !== undefined) this.#note('metrics.tokens_streamed', `${tokensStreamed}`)
    if (tokensPerSecond !== undefined) {
      this.#note('metrics.tokens_per_second', tokensPerSecond.toFixed(1))
    }
    this.#note('workflow.complete', end)
    if (this.#trace !== undefined) {
      this.#trace.outcome = end
      this.#trace.metrics = metrics
      if (error !== undefined && 'code' in error) this.#trace.errorCode = error.code
    }
    const { span } = this.#deps
    span.set({
      'gen_ai.usage.output_tokens': tokensStreamed,
      'skein.outcome': end,
      'skein.time_to_first_token_ms': metrics.timeToFirstTokenMs,
    })
    span.end(end === 'failed' ? (error ?? new Error('the answer broke off')) : undefined)
  }

  #metricsOf(size: AnswerSize): TraceMetrics {
    const totalTimeMs = this.#sinceStartMs
    const isStream = this.#request.isStream && this.#firstChunkMs !== undefined
    const tokensStreamed =
      this.#headMs === undefined ? undefined : estimateTokens(this.#request, size)
    const streamMs = totalTimeMs - (this.#firstChunkMs ?? totalTimeMs)
    return {
      backend: this.#backend,
      peer: this.#peer,
      latencyMs: this.#headMs,
      timeToFirstTokenMs: isStream ? this.#firstChunkMs : undefined,
      tokensStreamed,
      tokensPerSecond:
        isStream && tokensStreamed !== undefined && streamMs > 0
          ? (Math.max(0, tokensStreamed - 1) * 1_000) / streamMs
          : undefined,
      totalTimeMs,
    }
  }
}
