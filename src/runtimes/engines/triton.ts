/**
 * NVIDIA Triton by its own protocol, KServe v2: many models of many backends in one process.
 *
 * A model generates if it has the text interface of Triton's generate extension, and embeds if it
 * makes one vector of one text. Context, quantisation and hashes Triton does not know.
 *
 * With Triton's OpenAI frontend (port 9000) it is an engine of the kind `openai`.
 *
 * Source: triton-inference-server/server r25.08: docs/protocol/extension_model_repository.md,
 * extension_model_configuration.md, docs/user_guide/model_management.md; states:
 * triton-inference-server/core r25.08, src/model_lifecycle.h.
 */
import { z } from 'zod'
import type { Capability, Unready } from '../../core/peer-state.ts'
import {
  interfaceOf,
  type ModelConfig,
  modelConfig,
  parallelMaxOf,
} from '../kserve/model-interface.ts'
import { translateForTriton } from '../kserve/triton-translation.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import {
  controlIsOff,
  jsonFrom,
  metricsFrom,
  pathPart,
  reasonIn,
  textFrom,
  textOf,
} from './engine-answer.ts'
import type { Ask, EngineProfile, EngineQuestion, ListedModel } from './engine-profile.ts'
import { tritonReadings } from './triton-metrics.ts'

const MODELS_MAX = 1_000

const METRICS_PORT_OFFSET = 2

const serverMetadata = z.object({ name: z.literal('triton'), version: z.string() })

/** A model that was never loaded has neither version nor state. */
const indexEntry = z.object({
  name: z.string().min(1),
  state: z.string().optional(),
  reason: z.string().optional(),
})

type IndexEntry = z.output<typeof indexEntry>

const repositoryIndex = z.array(indexEntry).max(MODELS_MAX)

export const triton: EngineProfile = {
  kind: 'triton',
  label: 'Triton',
  port: 8_000,
  writtenFor: '25.08',
  detect: {
    path: '/v2',
    matches: ({ status, text }) =>
      status === 200 && serverMetadata.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: undefined,
  translate: translateForTriton,
  listModels,
  checkHealth: async (ask, signal) => {
    await textFrom(ask, { method: 'GET', path: '/v2/health/ready' }, signal)
  },
  // Nothing with --allow-metrics=false.
  readMetrics: async (ask, signal) => {
    const place = { path: '/metrics', portOffset: METRICS_PORT_OFFSET }
    return tritonReadings(await metricsFrom(ask, place, signal))
  },
  control: {
    actions: {
      load: (ask, model, signal) => control(ask, { model, verb: 'load' }, signal),
      // The parts of a pipeline hold the memory, not the pipeline.
      unload: (ask, model, signal) =>
        control(ask, { model, verb: 'unload', parameters: { unload_dependents: true } }, signal),
    },
  },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const question: EngineQuestion = { method: 'POST', path: '/v2/repository/index', json: {} }
  const index = await jsonFrom(ask, { ...question, schema: repositoryIndex }, signal)
  const models: ListedModel[] = []
  for (const [id, entry] of bestOf(index)) {
    const unready = unreadyOf(entry)
    const config = unready === undefined ? await configOf(ask, id, signal) : undefined
    models.push({ id, unready, ...(config === undefined ? {} : factsOf(config)) })
  }
  return models
}

/** A model has an entry for each version; one that is ready serves. */
function bestOf(index: readonly IndexEntry[]): ReadonlyMap<string, IndexEntry> {
  const best = new Map<string, IndexEntry>()
  for (const entry of index) {
    if (entry.state === 'READY' || !best.has(entry.name)) best.set(entry.name, entry)
  }
  return best
}

function unreadyOf({ state, reason = '' }: IndexEntry): Unready | undefined {
  if (state === 'READY') return undefined
  if (state === 'LOADING') return { state: 'loading' }
  const isFailed = state === 'UNAVAILABLE' && reason !== '' && reason !== 'unloaded'
  return { state: isFailed ? 'failed' : 'cold' }
}

/** `undefined` if it was unloaded meanwhile. */
async function configOf(
  ask: Ask,
  model: string,
  signal: AbortSignal,
): Promise<ModelConfig | undefined> {
  const reply = await ask({ method: 'GET', path: `/v2/models/${pathPart(model)}/config` }, signal)
  const config = modelConfig.safeParse(jsonOrUndefined(reply.text))
  return reply.status === 200 && config.success ? config.data : undefined
}

function factsOf(config: ModelConfig): Omit<ListedModel, 'id'> {
  const capabilities: Record<'generate' | 'embed' | 'else', readonly Capability[]> = {
    generate: ['completion'],
    embed: ['embedding'],
    else: [],
  }
  return {
    capabilities: capabilities[interfaceOf(config)?.does ?? 'else'],
    parallelMax: parallelMaxOf(config),
  }
}

async function control(
  ask: Ask,
  { model, verb, parameters }: { model: string; verb: 'load' | 'unload'; parameters?: object },
  signal: AbortSignal,
): Promise<void> {
  const path = `/v2/repository/models/${pathPart(model)}/${verb}`
  const json = parameters === undefined ? {} : { parameters }
  const question: EngineQuestion = { method: 'POST', path, json }
  const reply = await ask(question, signal)
  if (reply.status >= 400 && reasonIn(reply.text).includes('explicit model load / unload')) {
    throw controlIsOff(question, 'Start Triton with --model-control-mode=explicit.')
  }
  textOf(reply, question)
}
