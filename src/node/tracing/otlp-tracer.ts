/**
 * The tracing port over OpenTelemetry's own SDK: spans are kept for a moment and sent in batches to
 * a collector, as OTLP over HTTP. What the collector does not take in time is dropped; the peer
 * never waits for it.
 *
 * Source: OpenTelemetry specification, "OTLP/HTTP"; W3C Trace Context, level 2.
 */
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanKind as SdkSpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { ExportResultCode, parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { VERSION } from '../version.ts'
import type { TracingOptions } from './options.ts'
import type { Span, SpanAttributes, SpanKind, Tracer } from './tracer.ts'

/** Spans in one request to the collector. */
const BATCH_MAX = 512

const KINDS: Readonly<Record<SpanKind, SdkSpanKind>> = {
  server: SdkSpanKind.SERVER,
  client: SdkSpanKind.CLIENT,
}

export interface OtlpTracerDeps {
  readonly url: string
  /** Which peer, as `service.instance.id`. */
  readonly instance: string
  readonly metrics: Pick<Metrics, 'tracing'>
  readonly logger: Logger
}

export function createOtlpTracer(options: TracingOptions, deps: OtlpTracerDeps): Tracer {
  const { url, instance } = deps
  const exporter = watched(
    new OTLPTraceExporter({ url, timeoutMillis: options.exportTimeoutMs }),
    deps,
  )
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': options.serviceName,
      'service.version': VERSION,
      'service.instance.id': instance,
    }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(options.sampleRatio) }),
    spanProcessors: [
      new BatchSpanProcessor(exporter, {
        maxQueueSize: options.spansMax,
        maxExportBatchSize: Math.min(BATCH_MAX, options.spansMax),
        scheduledDelayMillis: options.exportIntervalMs,
        exportTimeoutMillis: options.exportTimeoutMs,
      }),
    ],
  })
  const tracer = provider.getTracer('skein', VERSION)
  return {
    start(name, { kind, traceparent, attributes = {} }) {
      const spanOptions = { kind: KINDS[kind], attributes: definedOf(attributes) }
      return new OtlpSpan(tracer.startSpan(name, spanOptions, contextOf(traceparent)))
    },
    // What could not be sent was counted; a peer stops all the same.
    close: () => provider.shutdown().catch(() => {}),
  }
}

/** Counts what is sent and what is lost, and says when sending begins to fail. */
function watched(exporter: SpanExporter, { metrics, logger }: OtlpTracerDeps): SpanExporter {
  let isFailing = false
  return {
    export(spans, done) {
      exporter.export(spans, result => {
        const isSent = result.code === ExportResultCode.SUCCESS
        metrics.tracing.spans.inc({ outcome: isSent ? 'sent' : 'lost' }, spans.length)
        if (!isSent && !isFailing) logger.warn('spans are lost', { error: result.error })
        isFailing = !isSent
        done(result)
      })
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  }
}

class OtlpSpan implements Span {
  readonly #span: SdkSpan
  readonly traceparent: string

  constructor(span: SdkSpan) {
    this.#span = span
    const { traceId, spanId, traceFlags } = span.spanContext()
    const isSampled = (traceFlags & TraceFlags.SAMPLED) !== 0
    this.traceparent = `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(definedOf(attributes))
  }

  event(name: string, attributes: SpanAttributes = {}): void {
    this.#span.addEvent(name, definedOf(attributes))
  }

  end(error?: Error): void {
    if (error !== undefined) {
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
      this.#span.setAttribute('error.type', 'code' in error ? String(error.code) : error.name)
    }
    this.#span.end()
  }
}

function contextOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent)
  return parent === null
    ? ROOT_CONTEXT
    : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true })
}

function definedOf(attributes: SpanAttributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  )
}
