/**
 * The tracing port: spans in the sense of OpenTelemetry, for whoever collects them.
 *
 * A span's `traceparent` (W3C Trace Context) goes wherever the work goes: over the lane to the
 * serving peer, and to the engine, so that spans of several processes make one trace. Nothing here
 * costs more than a call unless a collector is configured.
 */
import type { MeshError } from '../../core/errors.ts'

export type SpanKind = 'server' | 'client'

export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>

export interface SpanStart {
  readonly kind: SpanKind
  /** Of the caller. What is no valid one counts as none: a new trace begins. */
  readonly traceparent?: string | undefined
  readonly attributes?: SpanAttributes
}

export interface Span {
  /** To be sent along. `undefined`: nobody collects; pass on what the caller sent. */
  readonly traceparent: string | undefined

  set(attributes: SpanAttributes): void

  /** Something happened at this moment. */
  event(name: string, attributes?: SpanAttributes): void

  /** Once. @param error Why the work failed; `undefined`: it did not. */
  end(error?: MeshError | Error): void
}

export interface Tracer {
  start(name: string, options: SpanStart): Span

  /** Sends what is left, within a bounded time. */
  close(): Promise<void>
}

/** Of what nobody collects. */
export const NO_SPAN: Span = { traceparent: undefined, set() {}, event() {}, end() {} }

/** Collects nothing. */
export const NO_TRACER: Tracer = {
  start: () => NO_SPAN,
  close: () => Promise.resolve(),
}
