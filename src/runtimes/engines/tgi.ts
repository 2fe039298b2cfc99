/**
 * Hugging Face Text Generation Inference: one model for each process, loaded at its start.
 *
 * It can do nothing to its model, so it has no control. LoRA adapters are named at its start, too,
 * and listed nowhere. Until its model is loaded nothing listens.
 *
 * Its metrics have no model in them. Time until the first token is not among them; what a prefill
 * takes is, without the time in the queue, which makes the better rate.
 *
 * Source: huggingface/text-generation-inference v3.3: docs/source/reference/metrics.md,
 * docs/openapi.json (`Info`, `TokenizeResponse`), router/src/server.rs; v1.4 for what was there before: router/src/lib.rs
 * (`Info`), router/src/infer.rs.
 */
import { z } from 'zod'
import type { Capability } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { jsonFrom, textFrom } from './engine-answer.ts'
import type { EngineProfile, EngineReading, ListedModel } from './engine-profile.ts'
import { histogramOf, parseExposition, type Sample, sumOf } from './exposition.ts'

const SECOND_MS = 1_000

const positive = z.int().positive().nullish().catch(undefined)

/**
 * `router` in present releases, `max_batch_size` in former ones. `max_concurrent_requests` is not how
 * many it works on, but from how many on it refuses.
 */
const info = z.object({
  model_id: z.string().min(1),
  model_sha: z.string().nullish(),
  model_pipeline_tag: z.string().nullish(),
  max_total_tokens: z.int().positive(),
  max_batch_size: positive,
  router: z.literal('text-generation-router').optional(),
})

type Info = z.output<typeof info>

/** One for each token. The one that begins a text is counted with it, and cannot be left out. */
const tokenList = z.array(z.object({ id: z.int().nonnegative() }))

const QUESTION = { method: 'GET', path: '/info' } as const

export const tgi: EngineProfile = {
  kind: 'tgi',
  label: 'TGI',
  port: 3_000,
  writtenFor: '3.3',
  // Its sister for embeddings also has an `/info`, but no `max_total_tokens`.
  detect: {
    path: '/info',
    matches: ({ status, text }) => status === 200 && info.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: '/v1',
  listModels: async (ask, signal) => [
    listed(await jsonFrom(ask, { ...QUESTION, schema: info }, signal)),
  ],
  checkHealth: async (ask, signal) => {
    // The body is empty; the status says it all.
    await textFrom(ask, { method: 'GET', path: '/health' }, signal)
  },
  readMetrics: async (ask, signal) => {
    const text = await textFrom(ask, { method: 'GET', path: '/metrics' }, signal)
    return new Map([['', readingOf(parseExposition(text))]])
  },
  countTokens: async (ask, { text }, signal) => {
    const json = { inputs: text }
    const question = { method: 'POST', path: '/tokenize', json, schema: tokenList } as const
    return (await jsonFrom(ask, question, signal)).length
  },
}

function listed(about: Info): ListedModel {
  return {
    id: about.model_id,
    capabilities: capabilitiesOf(about.model_pipeline_tag ?? undefined),
    contextTokens: about.max_total_tokens,
    parallelMax: about.max_batch_size ?? undefined,
    // Of the repository of the weights.
    digest: about.model_sha ?? undefined,
  }
}

function capabilitiesOf(task: string | undefined): readonly Capability[] | undefined {
  return task === 'image-text-to-text' ? ['chat', 'completion', 'vision'] : undefined
}

function readingOf(samples: readonly Sample[]): EngineReading {
  const batch = 'tgi_batch_inference_duration'
  const msOf = (method: string) => {
    const seconds = sumOf(samples, `${batch}_sum`, { method })
    return seconds === undefined ? undefined : seconds * SECOND_MS
  }
  return {
    queuedCount: sumOf(samples, 'tgi_queue_size'),
    runningCount: sumOf(samples, 'tgi_batch_current_size'),
    counters: {
      promptTokens: sumOf(samples, 'tgi_request_input_length_sum'),
      outputTokens: sumOf(samples, 'tgi_request_generated_tokens_sum'),
      prefillMs: msOf('prefill'),
      // Several prompts are read in one batch: their number, not that of the batches.
      prefillCount: sumOf(samples, 'tgi_request_input_length_count'),
      decodeStepMs: msOf('decode'),
      decodeStepCount: sumOf(samples, `${batch}_count`, { method: 'decode' }),
      latency: histogramOf(samples, 'tgi_request_duration'),
    },
  }
}
