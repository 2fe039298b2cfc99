/**
 * What happened to one request, stage by stage, with the times at which it did.
 *
 *     workflow.start -> router.policy -> router.backend_selection -> inference.start
 *       -> streaming.tokens ... -> metrics.latency_ms -> metrics.tokens_streamed
 *       -> metrics.tokens_per_second -> workflow.complete
 *
 * A request that is sent to another peer after a failure has one selection for each attempt; one
 * that is sent to a second peer as a hedge has none for that, and `metrics` name who answered. Of
 * the tokens only the first and the last are stages; a thousand entries would say no more.
 *
 * Source of the names: the traces of MoFA's compute mesh demonstration, which prints them.
 */
import type { DecisionId, PeerId } from '../../core/ids.ts'

export type TraceStage =
  | 'workflow.start'
  | 'router.policy'
  | 'router.backend_selection'
  | 'inference.start'
  | 'streaming.tokens'
  | 'metrics.latency_ms'
  | 'metrics.tokens_streamed'
  | 'metrics.tokens_per_second'
  | 'workflow.complete'

export interface TraceEvent {
  readonly stage: TraceStage
  readonly detail?: string | undefined
  /** Wall clock, ms since 1970. */
  readonly timestampMs: number
}

/** Where the answer was made. */
export type Backend = 'local' | 'remote' | 'cloud'

/** What is known when a request has ended. Times in ms from its arrival here. */
export interface TraceMetrics {
  readonly backend: Backend | undefined
  readonly peer: PeerId | undefined
  /** Until the head of the answer. */
  readonly latencyMs: number | undefined
  /** Of a stream: until its first chunk. */
  readonly timeToFirstTokenMs: number | undefined
  /** About: counted in events of a stream, or estimated from the length of the answer. */
  readonly tokensStreamed: number | undefined
  /** Of a stream, from the first chunk to the last. */
  readonly tokensPerSecond: number | undefined
  readonly totalTimeMs: number
}

export interface RequestTrace {
  readonly decisionId: DecisionId
  /** As the client is told it, in `x-request-id`. */
  readonly requestId: string | undefined
  /** The id of the W3C trace this is part of. `undefined`: of none. */
  readonly traceId: string | undefined
  readonly model: string
  readonly stages: readonly TraceEvent[]
  readonly outcome: 'pending' | 'answered' | 'failed' | 'cancelled'
  /** Code of the error it failed with. */
  readonly errorCode?: string | undefined
  /** Once it has ended. */
  readonly metrics?: TraceMetrics | undefined
}
