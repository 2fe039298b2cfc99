/**
 * Options of tracing.
 */
import { z } from 'zod'
import { count, durationMs, httpUrl } from '../../core/option-fields.ts'

export const tracingOptions = z
  .strictObject({
    otlpUrl: httpUrl()
      .nullable()
      .default(null)
      .describe(
        'Where OpenTelemetry spans are sent (OTLP over HTTP), for example `http://127.0.0.1:4318/v1/traces`. `null`: nowhere.',
      ),

    sampleRatio: z
      .number()
      .min(0)
      .max(1)
      .meta({ unit: 'ratio' })
      .default(1)
      .describe(
        'Share of the requests without a `traceparent` of which spans are sent. One with it goes by its own flag.',
      ),

    serviceName: z
      .string()
      .min(1)
      .max(256)
      .default('skein')
      .describe('`service.name` of the spans.'),

    exportIntervalMs: durationMs(10, 600_000)
      .default(2_000)
      .describe('Longest wait of a span before it is sent.'),

    exportTimeoutMs: durationMs(10, 600_000)
      .default(10_000)
      .describe('How long the collector may take. What it does not take is dropped.'),

    spansMax: count(1, 1_000_000, 'spans')
      .default(4_096)
      .describe('Spans that wait to be sent. Further ones are dropped.'),

    tracesKept: count(1, 1_000_000, 'traces')
      .default(1_000)
      .describe('Traces of requests kept in memory to be looked at. Then the oldest is dropped.'),
  })
  .describe('Tracing')

export type TracingOptions = z.output<typeof tracingOptions>
