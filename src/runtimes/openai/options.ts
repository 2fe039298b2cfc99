/**
 * Options of the adapter for OpenAI-compatible engines: type, defaults, bounds and reference page
 * come from this one declaration.
 */
import { z } from 'zod'
import { durationMs, httpUrl } from '../../core/option-fields.ts'
import { CHAT_TEMPLATES, ENGINE_KINDS } from '../../node/engine-kind.ts'

const HOUR_MS = 3_600_000

export const openaiOptions = z.strictObject({
  baseUrl: httpUrl('must hold no user or password; use apiKeyPath').describe(
    'Where the engine listens, with or without `/v1`.',
  ),

  kind: z
    .enum(ENGINE_KINDS)
    .optional()
    .describe('What kind of engine it is. Without: it is asked.'),

  models: z
    .array(z.string().min(1).max(256))
    .min(1)
    .max(1_000)
    .optional()
    .describe('The models to offer, of those it has. Without: all that it lists.'),

  price: z
    .strictObject({
      inputPerMillion: z.number().min(0).max(1_000_000),
      outputPerMillion: z.number().min(0).max(1_000_000),
    })
    .optional()
    .describe('What a million tokens cost, in US dollars, of an engine that runs elsewhere.'),

  chatTemplate: z
    .enum(CHAT_TEMPLATES)
    .optional()
    .describe(
      'How the models of an engine without an OpenAI API read a chat. Without: they complete texts.',
    ),

  answerTokensMax: z
    .int()
    .min(1)
    .max(1_048_576)
    .meta({ unit: 'tokens' })
    .default(1_024)
    .describe('Of an answer with no bound of its own, from an engine without an OpenAI API.'),

  apiKeyPath: z
    .string()
    .min(1)
    .optional()
    .describe('File whose content is sent to the engine as Bearer credential.'),

  embeddingModels: z
    .array(z.string().min(1))
    .max(1_000)
    .default([])
    .describe('Models that embed although their names do not say so.'),

  parallelMax: z
    .int()
    .min(1)
    .max(4_096)
    .meta({ unit: 'requests' })
    .default(256)
    .describe('Requests with the engine at once, and connections to it. More wait here.'),

  queueMax: z
    .int()
    .min(0)
    .max(65_536)
    .meta({ unit: 'requests' })
    .default(256)
    .describe('Requests that wait for the engine. More are refused as overload.'),

  bufferMaxBytes: z
    .int()
    .min(1_024)
    .max(67_108_864)
    .meta({ unit: 'bytes' })
    .default(65_536)
    .describe('Answer bytes held for a slow reader; then the socket to the engine is paused.'),

  refreshIntervalMs: durationMs(100, HOUR_MS)
    .default(10_000)
    .describe('Time between two looks at the list of models.'),

  refreshTimeoutMs: durationMs(10, 60_000)
    .default(5_000)
    .describe('How long the list of models may take.'),

  failuresMax: z
    .int()
    .min(1)
    .max(100)
    .default(3)
    .describe('Failed looks in a row after which the engine counts as gone.'),

  metricsIntervalMs: durationMs(100, HOUR_MS)
    .default(1_000)
    .describe('Time between two looks at the metrics of an engine.'),

  metricsTimeoutMs: durationMs(10, 60_000)
    .default(2_000)
    .describe('How long the metrics may take.'),

  metricsAgeMaxMs: durationMs(100, HOUR_MS)
    .default(10_000)
    .describe('How long metrics count if newer ones do not come; then only what is measured does.'),

  loadTimeoutMs: durationMs(1_000, 24 * HOUR_MS)
    .default(600_000)
    .describe('How long an engine may take to load, unload, warm or wake a model.'),

  loadWaitMaxMs: durationMs(0, HOUR_MS)
    .default(60_000)
    .describe(
      'How long a request waits for a model that is loading; one that needs longer is refused.',
    ),

  connectTimeoutMs: durationMs(10, 60_000)
    .default(5_000)
    .describe('How long a connection may take to open.'),

  headersTimeoutMs: durationMs(10, 24 * HOUR_MS)
    .default(300_000)
    .describe('How long the first byte of an answer may take: all of it if it is not streamed.'),

  chunkTimeoutMs: durationMs(10, 24 * HOUR_MS)
    .default(120_000)
    .describe('How long the engine may be silent once it has begun to answer.'),
})

export type OpenaiOptions = z.output<typeof openaiOptions>
