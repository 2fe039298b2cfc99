/**
 * LM Studio: many models on disk, those in use in memory, each loaded when it is asked for.
 *
 * Since 0.4 its own API says more and can load and unload (`/api/v1`); before, it only listed
 * (`/api/v0`). A path that it does not know it answers with an error and status 200. It has no
 * metrics: all that is known of its queue and its speed is what the mesh measures of its own requests.
 *
 * Source: lmstudio-ai/docs: 1_developer/2_rest/{index,list,load,unload}.md (0.4.0),
 * 1_developer/2_rest/endpoints.md (`/api/v0`, 0.3.6, `capabilities` since 0.3.16);
 * lmstudio-ai/lms: src/createClient.ts (`/lmstudio-greeting`).
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { Capability, Unready } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import { controlIsOff, isMissing, jsonFrom, jsonOf, reasonIn, textFrom } from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineQuestion,
  EngineReply,
  ListedModel,
} from './engine-profile.ts'

const greeting = z.object({ lmstudio: z.literal(true) })

const text = z.string().optional().catch(undefined)
const positive = z.int().positive().optional().catch(undefined)

const instance = z.object({
  id: z.string(),
  config: z.object({ context_length: positive }).optional().catch(undefined),
})

const model = z.object({
  type: z.string(),
  publisher: text,
  key: z.string().min(1),
  quantization: z.object({ name: text }).nullish().catch(undefined),
  size_bytes: positive,
  loaded_instances: z.array(instance),
  max_context_length: positive,
  capabilities: z
    .object({
      vision: z.boolean().default(false),
      trained_for_tool_use: z.boolean().default(false),
    })
    .optional()
    .catch(undefined),
})

type Model = z.output<typeof model>

const modelList = z.object({ models: z.array(model) })

/** Of `/api/v0`. */
const oldModel = z.object({
  id: z.string().min(1),
  type: z.string(),
  publisher: text,
  quantization: text,
  state: z.string(),
  max_context_length: positive,
  loaded_context_length: positive,
  capabilities: z.array(z.string()).optional().catch(undefined),
})

type OldModel = z.output<typeof oldModel>

const oldModelList = z.object({ object: z.literal('list'), data: z.array(oldModel) })

const LIST = { method: 'GET', path: '/api/v1/models' } as const
const OLD_LIST = { method: 'GET', path: '/api/v0/models', schema: oldModelList } as const

const CONTROL_HINT = 'LM Studio loads and unloads for others since 0.4.0.'

export const lmStudio: EngineProfile = {
  kind: 'lm-studio',
  label: 'LM Studio',
  port: 1_234,
  writtenFor: '0.4.0',
  detect: { path: '/lmstudio-greeting', matches: isGreeting },
  openaiPath: '/v1',
  listModels: async (ask, signal) => {
    const models = await modelsFrom(ask, signal)
    if (models !== undefined) return models.map(listed)
    return (await jsonFrom(ask, OLD_LIST, signal)).data.map(oldListed)
  },
  // Its OpenAI list names second instances, which come and go.
  isListComplete: true,
  checkHealth: async (ask, signal) => {
    const question = { method: 'GET', path: '/lmstudio-greeting', schema: greeting } as const
    await jsonFrom(ask, question, signal)
  },
  control: { actions: { load, unload } },
}

function isGreeting({ status, text: body }: EngineReply): boolean {
  return status === 200 && greeting.safeParse(jsonOrUndefined(body)).success
}

/** @returns `undefined` if it is older than its present API. */
async function modelsFrom(ask: Ask, signal: AbortSignal): Promise<readonly Model[] | undefined> {
  const reply = await ask(LIST, signal)
  if (isUnknown(reply)) return undefined
  return jsonOf(reply, { ...LIST, schema: modelList }).models
}

function isUnknown({ status, text: body }: EngineReply): boolean {
  return isMissing(status) || reasonIn(body).includes('Unexpected endpoint')
}

function listed({
  type,
  publisher,
  key,
  quantization,
  size_bytes: weightsBytes,
  loaded_instances: instances,
  max_context_length,
  capabilities,
}: Model): ListedModel {
  // Whoever asks gets any of them, so what fits into all counts.
  const contexts = instances.flatMap(({ config }) => config?.context_length ?? [])
  return {
    id: key,
    ownedBy: publisher,
    capabilities: capabilitiesOf({
      isEmbedding: type === 'embedding',
      hasVision: capabilities?.vision === true,
      hasTools: capabilities?.trained_for_tool_use === true,
    }),
    contextTokens: contexts.length === 0 ? max_context_length : Math.min(...contexts),
    quantization: quantization?.name,
    weightsBytes,
    unready: instances.length === 0 ? { state: 'cold' } : undefined,
  }
}

function oldListed(old: OldModel): ListedModel {
  return {
    id: old.id,
    ownedBy: old.publisher,
    capabilities: capabilitiesOf({
      isEmbedding: old.type === 'embeddings',
      hasVision: old.type === 'vlm',
      hasTools: old.capabilities?.includes('tool_use') === true,
    }),
    contextTokens: old.loaded_context_length ?? old.max_context_length,
    quantization: old.quantization,
    unready: unreadyOf(old.state),
  }
}

function unreadyOf(state: string): Unready | undefined {
  if (state === 'loaded') return undefined
  return { state: state === 'loading' ? 'loading' : 'cold' }
}

interface Abilities {
  readonly isEmbedding: boolean
  readonly hasVision: boolean
  readonly hasTools: boolean
}

function capabilitiesOf({ isEmbedding, hasVision, hasTools }: Abilities): readonly Capability[] {
  if (isEmbedding) return ['embedding']
  return [
    'chat',
    'completion',
    ...(hasTools ? (['tools'] as const) : []),
    ...(hasVision ? (['vision'] as const) : []),
  ]
}

/** Asked twice, it would load a second instance. */
async function load(ask: Ask, key: string, signal: AbortSignal): Promise<void> {
  const question = { method: 'POST', path: '/api/v1/models/load', json: { model: key } } as const
  if ((await controlled(ask, { key, question }, signal)).loaded_instances.length > 0) return
  await textFrom(ask, question, signal)
}

/** Every instance of it. */
async function unload(ask: Ask, key: string, signal: AbortSignal): Promise<void> {
  const question = { method: 'POST', path: '/api/v1/models/unload' } as const
  for (const { id } of (await controlled(ask, { key, question }, signal)).loaded_instances) {
    await textFrom(ask, { ...question, json: { instance_id: id } }, signal)
  }
}

/** @throws MeshError ERR_NOT_SUPPORTED, ERR_MODEL_NOT_FOUND, ERR_ENGINE */
async function controlled(
  ask: Ask,
  { key, question }: { readonly key: string; readonly question: EngineQuestion },
  signal: AbortSignal,
): Promise<Model> {
  const models = await modelsFrom(ask, signal)
  if (models === undefined) throw controlIsOff(question, CONTROL_HINT)
  const found = models.find(candidate => candidate.key === key)
  if (found !== undefined) return found
  throw new MeshError(`expected a model that LM Studio lists, found ${key}`, {
    code: 'ERR_MODEL_NOT_FOUND',
  })
}
