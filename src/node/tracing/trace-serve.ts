/**
 * The work of an engine as a span: how long it took on the peer that serves, below the span of the
 * peer that was asked.
 */
import type { Runtime, RuntimeAnswer, RuntimeRequest } from '../runtime.ts'
import { WatchedChunks } from '../watched-chunks.ts'
import type { Tracer } from './tracer.ts'

type Serve = (request: RuntimeRequest, signal: AbortSignal) => Promise<RuntimeAnswer>

/** @throws what `serve` throws. */
export async function traceServe(
  request: RuntimeRequest,
  signal: AbortSignal,
  deps: { readonly engine: Runtime['name']; readonly tracer: Tracer; readonly serve: Serve },
): Promise<RuntimeAnswer> {
  const { headers, model } = request
  const span = deps.tracer.start(`engine ${model}`, {
    kind: 'client',
    traceparent: headers['traceparent'],
    attributes: { 'gen_ai.request.model': model, 'skein.engine': deps.engine },
  })
  const { traceparent } = span
  // Nobody collects: the engine is asked as if we were not there.
  if (traceparent === undefined) return await deps.serve(request, signal)
  try {
    const below = { ...request, headers: { ...headers, traceparent } }
    const answer = await deps.serve(below, signal)
    const chunks = WatchedChunks.of(answer.chunks, signal, {
      onFirst: () => span.event('first chunk'),
      onEnd: (end, { chunkCount }) => {
        span.set({ 'skein.outcome': end, 'skein.chunks': chunkCount })
        span.end(end === 'failed' ? new Error('the engine broke off') : undefined)
      },
    })
    return { ...answer, chunks }
  } catch (error) {
    span.end(error instanceof Error ? error : new Error(String(error)))
    throw error
  }
}
