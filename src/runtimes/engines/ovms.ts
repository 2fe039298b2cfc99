/**
 * OpenVINO Model Server: generative graphs behind an OpenAI API under `/v3`, other models behind
 * KServe v2 and the REST API of TensorFlow Serving.
 *
 * `GET /v1/config` names all it has with their states; `/v3/models` does so only since 2025.3. A model
 * with tensors answers nothing that OpenAI's clients ask; of a graph nobody says whether it chats or
 * embeds, so that is left to its name. Context, quantisation, hashes and KV cache it does not tell,
 * and over HTTP it reloads its configuration as a whole only, so a single model cannot be controlled.
 *
 * Source: openvinotoolkit/model_server 2025.3: docs/model_server_rest_api_tfs.md ("Config Status"),
 * docs/model_server_rest_api_kfs.md, docs/model_server_rest_api_chat.md, docs/metrics.md; 2026.0:
 * docs/model_server_rest_api_tokenize.md (`/v3/tokenize`, of graphs that make text or embed it).
 */
import { z } from 'zod'
import type { Capability } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { jsonFrom, metricsFrom, pathPart, textFrom } from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineReading,
  EngineReadings,
  ListedModel,
} from './engine-profile.ts'
import { byLabel, histogramOf, type Sample, sumOf } from './exposition.ts'
import { servableStatus, unreadyServable } from './servable-status.ts'

const MICROSECOND_MS = 0.001

const MODELS_MAX = 1_000

const serverMetadata = z.object({ name: z.literal('OpenVINO Model Server') })

const configStatus = z.record(z.string().min(1), servableStatus).transform(models => {
  return Object.entries(models).slice(0, MODELS_MAX)
})

const tokenList = z.object({ tokens: z.array(z.int()) })

/** A graph has inputs too, but of no type. */
const tensorMetadata = z.object({
  inputs: z
    .array(z.object({ datatype: z.string().regex(/^(?:BOOL|BYTES|U?INT\d+|FP\d+|BF16)$/) }))
    .min(1),
})

export const ovms: EngineProfile = {
  kind: 'ovms',
  label: 'OpenVINO Model Server',
  // Its documentation uses 8000 throughout; without --rest_port it serves no HTTP.
  port: 8_000,
  writtenFor: '2025.3',
  detect: {
    path: '/v2',
    matches: ({ status, text }) =>
      status === 200 && serverMetadata.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: '/v3',
  listModels,
  checkHealth: async (ask, signal) => {
    await textFrom(ask, { method: 'GET', path: '/v2/health/ready' }, signal)
  },
  readMetrics,
  countTokens: async (ask, { model, text }, signal) => {
    const json = { model, text, add_special_tokens: false }
    const question = { method: 'POST', path: '/v3/tokenize', json, schema: tokenList } as const
    return (await jsonFrom(ask, question, signal)).tokens.length
  },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const question = { method: 'GET' as const, path: '/v1/config', schema: configStatus }
  const models: ListedModel[] = []
  for (const [id, status] of await jsonFrom(ask, question, signal)) {
    const unready = unreadyServable(status)
    const capabilities = unready === undefined ? await capabilitiesOf(ask, id, signal) : undefined
    models.push({ id, capabilities, unready })
  }
  return models
}

/** `undefined`: it may do what its name says. */
async function capabilitiesOf(
  ask: Ask,
  model: string,
  signal: AbortSignal,
): Promise<readonly Capability[] | undefined> {
  const reply = await ask({ method: 'GET', path: `/v2/models/${pathPart(model)}` }, signal)
  return tensorMetadata.safeParse(jsonOrUndefined(reply.text)).success ? [] : undefined
}

async function readMetrics(ask: Ask, signal: AbortSignal): Promise<EngineReadings> {
  // Off unless started with --metrics_enable.
  const samples = await metricsFrom(ask, { path: '/metrics' }, signal)
  const readings = new Map<string, EngineReading>()
  for (const [model, group] of byLabel(samples, 'name')) {
    if (model !== '') readings.set(model, readingOf(group))
  }
  return readings
}

/**
 * Of a graph it counts those in process; of a model those it has received, and, if asked to, those
 * that are being worked on.
 */
function readingOf(samples: readonly Sample[]): EngineReading {
  const received = sumOf(samples, 'ovms_current_requests')
  const active = sumOf(samples, 'ovms_infer_req_active')
  const slots = sumOf(samples, 'ovms_infer_req_queue_size')
  const isSplit = received !== undefined && active !== undefined
  return {
    queuedCount: isSplit ? Math.max(0, received - active) : undefined,
    runningCount: active ?? sumOf(samples, 'ovms_current_graphs') ?? received,
    batchFillRatio:
      active === undefined || slots === undefined || slots <= 0 ? undefined : active / slots,
    counters: { latency: histogramOf(samples, 'ovms_request_time_us', { unitMs: MICROSECOND_MS }) },
  }
}
