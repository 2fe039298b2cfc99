/**
 * Carries one inference request into the mesh and its answer back to the client.
 *
 *     dispatch --> head --> chunk --> chunk --> ... --> end
 *        |          |         '-- the engine fails: an error event ends the stream
 *        |          '-- the client leaves: the signal is aborted at once, at any point
 *        '-- fails, or passes the deadline: an HTTP status
 */
import { MeshError } from '../core/errors.ts'
import type { Clock } from '../node/clock.ts'
import type { Gateway, MeshAnswer, MeshRequest } from '../node/gateway.ts'
import type { Metrics } from '../node/metrics.ts'
import { AnswerWriter } from './answer-writer.ts'
import { errorAnswer } from './error-answer.ts'
import { EVENT_STREAM, UNCACHED } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { IngressOptions } from './options.ts'

export interface DeadlineDeps {
  readonly clock: Clock
  readonly options: Pick<IngressOptions, 'requestTimeoutMs'>
}

export interface RelayDeps extends DeadlineDeps {
  readonly gateway: Gateway
  readonly metrics: Metrics
  readonly options: IngressOptions
}

/** Resolves when the answer was handed over or the exchange failed; never rejects. */
export async function relay(
  exchange: Exchange,
  request: MeshRequest,
  deps: RelayDeps,
): Promise<void> {
  const { response } = exchange
  const canceller = new AbortController()
  const cancelDeadline = armDeadline(exchange, request, deps, error => {
    canceller.abort(error)
    exchange.fail(error)
  })
  let isCopied = false
  response.once('close', () => {
    cancelDeadline()
    if (!response.writableFinished) canceller.abort()
  })

  try {
    const decided = { ...request, onDecided: exchange.decided.bind(exchange) }
    const answer = await deps.gateway.dispatch(decided, canceller.signal)
    cancelDeadline()
    exchange.decided(answer.decisionId, answer.peer)
    if (!canceller.signal.aborted) await copyAnswer(exchange, answer, deps)
    isCopied = true
  } catch (error) {
    cancelDeadline()
    // Whoever aborted has answered already, or nobody is there to be answered.
    if (!canceller.signal.aborted) exchange.fail(error)
  } finally {
    // An answer that nobody has read would stay open, with its place at the engine.
    if (!isCopied) canceller.abort()
  }
}

/** Tells once that there is no head in time: that of `requestTimeoutMs`, or the client's if shorter. */
export function armDeadline(
  { startMs }: Exchange,
  { beginByMs }: MeshRequest,
  { clock, options: { requestTimeoutMs } }: DeadlineDeps,
  passed: (error: MeshError) => void,
): () => void {
  const timeoutMs =
    beginByMs === undefined ? requestTimeoutMs : Math.min(requestTimeoutMs, beginByMs - startMs)
  return clock.wakeAt(startMs + timeoutMs, () => {
    const error = new MeshError(`No answer began within ${timeoutMs} ms.`, {
      code: 'ERR_DEADLINE_EXCEEDED',
      hint: 'Ask for a shorter answer, stream it, or raise ingress.requestTimeoutMs.',
    })
    passed(error)
  })
}

/** @throws what the engine throws, as long as no head was written. */
async function copyAnswer(exchange: Exchange, answer: MeshAnswer, deps: RelayDeps): Promise<void> {
  const { response } = exchange
  const writer = new AnswerWriter(exchange, headOf(answer), {
    metrics: deps.metrics,
    slowClientTimeoutMs: deps.options.slowClientTimeoutMs,
  })
  const chunkArrived = chunkTimer(exchange, answer, deps)
  try {
    for await (const chunk of answer.chunks) {
      chunkArrived()
      if (chunk.length > 0 && !writer.push(chunk)) await writer.drained()
      if (response.destroyed) return
    }
    writer.end()
  } catch (error) {
    if (response.destroyed) return
    if (!response.headersSent) throw error
    exchange.report(error)
    writer.endWithError(errorAnswer(error, exchange.id).body)
  }
}

function headOf(answer: MeshAnswer) {
  const contentType = answer.headers['content-type'] ?? 'application/json'
  const retryAfter = answer.headers['retry-after']
  const { insteadOf } = answer
  const isEvents = contentType.startsWith(EVENT_STREAM)
  return {
    status: answer.status,
    isEvents,
    headers: {
      'content-type': contentType,
      'x-skein-model': headerText(answer.model),
      ...(insteadOf === undefined ? {} : { 'x-skein-degraded-from': headerText(insteadOf) }),
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(isEvents ? UNCACHED : {}),
    },
  }
}

/** A model may have a name that no header can hold. */
function headerText(model: string): string {
  return /^[\x21-\x7e]+$/.test(model) ? model : encodeURIComponent(model)
}

/** Observes the time to the first chunk and between chunks, for streams only. */
function chunkTimer(exchange: Exchange, answer: MeshAnswer, deps: RelayDeps): () => void {
  const { clock, metrics } = deps
  if (answer.headers['content-type']?.startsWith(EVENT_STREAM) !== true) return () => {}
  let lastMs: number | undefined
  return () => {
    const nowMs = clock.nowMs()
    if (lastMs === undefined) {
      metrics.ingress.firstTokenTime.observe((nowMs - exchange.startMs) / 1000)
    } else {
      metrics.ingress.tokenGap.observe((nowMs - lastMs) / 1000)
    }
    lastMs = nowMs
  }
}
