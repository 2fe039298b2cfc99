/**
 * Around the whole way of a request through this peer: a trace to look at, and a span to collect.
 *
 * The span's `traceparent` takes the place of the client's in what is sent on, so that the spans of
 * the serving peer and of its engine hang below it.
 */
import { hasCode } from '../../core/errors.ts'
import type { DecisionId, PeerId } from '../../core/ids.ts'
import type { Scheduler } from '../../scheduler/scheduler.ts'
import type { Clock } from '../clock.ts'
import type { MeshAnswer, MeshRequest, RequestTraces } from '../gateway.ts'
import type { ServedRequests } from '../recording/served-requests.ts'
import { WatchedChunks } from '../watched-chunks.ts'
import type { TracingOptions } from './options.ts'
import type { Backend, RequestTrace } from './request-trace.ts'
import { TraceLog } from './trace-log.ts'
import { TraceRecorder } from './trace-recorder.ts'
import { NO_SPAN, NO_TRACER, type Span, type Tracer } from './tracer.ts'

/** As the semantic conventions for generative AI name them. */
const OPERATIONS = {
  'chat/completions': 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
} as const

export interface RequestTracingDeps {
  readonly self: PeerId
  readonly clock: Clock
  readonly scheduler: Pick<Scheduler, 'decision' | 'facts'>
  /** Default: none collects. */
  readonly tracer?: Tracer | undefined
  /** Default: nobody counts what was served. */
  readonly served?: Pick<ServedRequests, 'begin' | 'end'> | undefined
  readonly dispatch: (request: MeshRequest, signal: AbortSignal) => Promise<MeshAnswer>
}

export class RequestTracing implements RequestTraces {
  readonly #deps: RequestTracingDeps
  readonly #log: TraceLog

  constructor(deps: RequestTracingDeps, options: Pick<TracingOptions, 'tracesKept'>) {
    this.#deps = deps
    this.#log = new TraceLog(options.tracesKept)
  }

  get(id: DecisionId): RequestTrace | undefined {
    return this.#log.get(id)
  }

  recent(limit: number): readonly RequestTrace[] {
    return this.#log.recent(limit)
  }

  /** As `Gateway.dispatch`. */
  async dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    const { clock, scheduler, served, dispatch } = this.#deps
    const span = this.#start(request)
    const recorder = new TraceRecorder(request, {
      ...{ clock, span, served, log: this.#log },
      decisionOf: id => scheduler.decision(id),
      backendOf: (peer, model) => this.#backendOf(peer, model),
    })
    const { traceparent } = span
    const { headers } = request
    const traced: MeshRequest = {
      ...request,
      headers: traceparent === undefined ? headers : { ...headers, traceparent },
      onDecided: (id, peer) => {
        recorder.decided(id, peer)
        request.onDecided?.(id, peer)
      },
    }
    try {
      const answer = await dispatch(traced, signal)
      recorder.answered(answer)
      const chunks = WatchedChunks.of(answer.chunks, signal, {
        onFirst: () => recorder.firstChunk(),
        onEnd: (end, size, usageOf) => recorder.ended(end, size, usageOf),
      })
      return { ...answer, chunks }
    } catch (error) {
      // Nobody has left where the time ran out.
      const isCancelled = signal.aborted && !hasCode(signal.reason, 'ERR_DEADLINE_EXCEEDED')
      recorder.failed(error instanceof Error ? error : new Error(String(error)), isCancelled)
      throw error
    }
  }

  #start({ endpoint, model, headers, inputTokens, isStream, caller }: MeshRequest): Span {
    const { tracer = NO_TRACER, self } = this.#deps
    // What it would be told is not even put together.
    if (tracer === NO_TRACER) return NO_SPAN
    return tracer.start(`${OPERATIONS[endpoint]} ${model}`, {
      kind: 'server',
      traceparent: headers['traceparent'],
      attributes: {
        'gen_ai.operation.name': OPERATIONS[endpoint],
        'gen_ai.request.model': model,
        'gen_ai.usage.input_tokens': inputTokens,
        'skein.ingress': self,
        'skein.is_stream': isStream,
        'skein.tenant': caller?.tenant,
      },
    })
  }

  #backendOf(peer: PeerId, model: string): Backend {
    const { self, scheduler } = this.#deps
    if (scheduler.facts(peer, model)?.price !== undefined) return 'cloud'
    return peer === self ? 'local' : 'remote'
  }
}
