/**
 * llama.cpp's own server, with one model or, as a router, with many.
 *
 *     llama-server -m model.gguf        one process, one model            /v1/models, /props, /metrics
 *     llama-server --models-dir dir     a router before a child for each  the same, with ?model=
 *
 * While it loads its only model it answers 503 to everything. What it puts to sleep
 * (`--sleep-idle-seconds`) is woken by any question but those about health, properties, models and
 * metrics, and a router loads whatever model it is asked about unless told otherwise: what is asked
 * here does neither.
 *
 * Source: ggml-org/llama.cpp v0.5.0: tools/server/README.md, server-context.cpp, server-http.cpp,
 * server-models.cpp, and a server of that release, asked; b4800 for what was there before:
 * examples/server/README.md. It listens on 8080; a later release moves to 9931 (pull request 26508).
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { Unready } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import {
  controlIsOff,
  jsonFrom,
  jsonOf,
  pathPart,
  reasonIn,
  textFrom,
  textOf,
} from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineQuestion,
  EngineReading,
  EngineReadings,
  ListedModel,
} from './engine-profile.ts'
import { parseExposition } from './exposition.ts'
import { readingOf } from './llama-cpp-metrics.ts'

/** A router holds four at once unless told otherwise. */
const LOADED_MAX = 32

const positive = z.int().positive().optional().catch(undefined)

/** `role` is a router's. What is switched on is told since pull request 15630 (2025-08). */
const properties = z.object({
  default_generation_settings: z.object({ n_ctx: positive }),
  role: z.literal('router').optional().catch(undefined),
  total_slots: positive,
  model_ftype: z.string().optional(),
  modalities: z.object({ vision: z.boolean().optional() }).optional(),
  endpoint_metrics: z.boolean().optional(),
  is_sleeping: z.boolean().default(false),
})

type Properties = z.output<typeof properties>

/** By URL, of those that are still to come. */
const downloads = z.record(z.string(), z.object({ done: z.number(), total: z.number() }))

/** `status` is a router's. */
const modelEntry = z.object({
  id: z.string().min(1),
  owned_by: z.string().optional(),
  meta: z
    .object({
      n_ctx: positive,
      n_ctx_train: positive,
      ftype: z.string().optional(),
      size: positive,
    })
    .nullish()
    .transform(meta => meta ?? undefined),
  status: z
    .object({
      value: z.string(),
      failed: z.boolean().default(false),
      progress: downloads.optional().catch(undefined),
    })
    .optional(),
})

type ModelEntry = z.output<typeof modelEntry>
type Status = NonNullable<ModelEntry['status']>

const modelList = z.object({ data: z.array(modelEntry) })

const slotList = z.array(z.object({ is_processing: z.boolean() }))

const adapterList = z.array(z.object({ path: z.string() }))

const tokenList = z.object({ tokens: z.array(z.int()) })

const ROUTER_HINT =
  'Start llama-server without a model, with --models-dir or --models-preset: only then it loads and unloads models.'

export const llamaCpp: EngineProfile = {
  kind: 'llama-cpp',
  label: 'llama.cpp',
  port: 8_080,
  writtenFor: '0.5.0',
  detect: {
    path: '/props',
    // While it loads, and if we have no key for it, its name in the header is all it says.
    matches: ({ status, headers, text }) =>
      headers['server'] === 'llama.cpp' ||
      (status === 200 && properties.safeParse(jsonOrUndefined(text)).success),
  },
  openaiPath: '/v1',
  listModels,
  checkHealth: async (ask, signal) => {
    await textFrom(ask, { method: 'GET', path: '/health' }, signal)
  },
  readMetrics,
  control: {
    actions: { load, unload },
    loras: readAdapters,
  },
  // A router asks the child that has the model, and is told not to load it for that.
  countTokens: async (ask, { model, text }, signal) => {
    const json = { model, content: text, add_special: false }
    const path = '/tokenize?autoload=false'
    const question = { method: 'POST', path, json, schema: tokenList } as const
    return (await jsonFrom(ask, question, signal)).tokens.length
  },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const entries = await entriesFrom(ask, signal)
  const models = entries.map(async entry => {
    if (!isRunning(entry)) return listed(entry, undefined)
    const said = await propertiesOf(ask, entry, signal)
    return said === undefined ? listed(gone(entry), undefined) : listed(entry, said)
  })
  return Promise.all(models)
}

function listed(
  { id, owned_by, meta, status }: ModelEntry,
  said: Properties | undefined,
): ListedModel {
  return {
    id,
    ownedBy: owned_by,
    capabilities: said?.modalities?.vision ? ['chat', 'completion', 'vision'] : undefined,
    // One request has one slot's share, which may be far less than the model was made for.
    contextTokens: meta?.n_ctx ?? said?.default_generation_settings.n_ctx ?? meta?.n_ctx_train,
    parallelMax: said?.total_slots,
    quantization: meta?.ftype ?? said?.model_ftype,
    weightsBytes: meta?.size,
    unready: said?.is_sleeping ? { state: 'sleeping' } : unreadyOf(status),
  }
}

function unreadyOf(status: Status | undefined): Unready | undefined {
  switch (status?.value) {
    case undefined:
    case 'loaded':
      return undefined
    case 'loading':
      return { state: 'loading' }
    case 'downloading':
      return { state: 'loading', progressRatio: progressOf(status) }
    case 'sleeping':
      return { state: 'sleeping' }
    default:
      return { state: status?.failed ? 'failed' : 'cold' }
  }
}

function progressOf({ progress }: Status): number | undefined {
  const parts = Object.values(progress ?? {})
  const total = parts.reduce((sum, part) => sum + part.total, 0)
  return total > 0 ? parts.reduce((sum, part) => sum + part.done, 0) / total : undefined
}

async function readMetrics(ask: Ask, signal: AbortSignal): Promise<EngineReadings> {
  const own = await jsonFrom(ask, { method: 'GET', path: '/props', schema: properties }, signal)
  if (own.role !== 'router') return new Map([['', await readingFrom(ask, '', own, signal)]])
  const running = (await entriesFrom(ask, signal)).filter(isRunning).slice(0, LOADED_MAX)
  const readings = running.map(async entry => {
    const said = await propertiesOf(ask, entry, signal)
    if (said === undefined) return []
    return [[entry.id, await readingFrom(ask, queryOf(entry), said, signal)]] as const
  })
  return new Map((await Promise.all(readings)).flat())
}

async function readingFrom(
  ask: Ask,
  query: string,
  said: Properties,
  signal: AbortSignal,
): Promise<EngineReading> {
  const unready: Unready | undefined = said.is_sleeping ? { state: 'sleeping' } : undefined
  const question: EngineQuestion = { method: 'GET', path: `/metrics${query}` }
  const isOff = said.endpoint_metrics === false
  const reply = isOff ? undefined : await ask(question, signal)
  if (reply !== undefined && reply.status !== 501) {
    const samples = parseExposition(textOf(reply, question))
    return { ...readingOf(samples, said.total_slots), unready }
  }
  // Asking for its slots would wake it, and none is in use.
  if (said.is_sleeping) return { queuedCount: 0, runningCount: 0, unready }
  return readSlots(ask, query, signal)
}

/** What there is to know without `--metrics`: who works, not who waits. */
async function readSlots(ask: Ask, query: string, signal: AbortSignal): Promise<EngineReading> {
  const question: EngineQuestion = { method: 'GET', path: `/slots${query}` }
  const reply = await ask(question, signal)
  if (reply.status === 501) {
    throw new MeshError(`expected metrics or slots, found neither${reasonIn(reply.text)}`, {
      code: 'ERR_ENGINE',
      hint: 'Start llama-server with --metrics.',
    })
  }
  const slots = jsonOf(reply, { ...question, schema: slotList })
  const runningCount = slots.filter(slot => slot.is_processing).length
  return {
    runningCount,
    batchFillRatio: slots.length === 0 ? undefined : runningCount / slots.length,
  }
}

async function readAdapters(ask: Ask, signal: AbortSignal): Promise<readonly string[]> {
  const entries = (await entriesFrom(ask, signal)).filter(isRunning).slice(0, LOADED_MAX)
  const names = entries.map(async entry => {
    const said = await propertiesOf(ask, entry, signal)
    if (said === undefined || said.is_sleeping) return []
    const path = `/lora-adapters${queryOf(entry)}`
    const adapters = await jsonFrom(ask, { method: 'GET', path, schema: adapterList }, signal)
    return adapters.map(adapter => adapter.path.replace(/^.*[\\/]/, ''))
  })
  return (await Promise.all(names)).flat()
}

/** The first question returns at once, the second when the model is there. */
async function load(ask: Ask, model: string, signal: AbortSignal): Promise<void> {
  const question = { method: 'POST', path: '/models/load', json: { model } } as const
  const { value } = await statusOf(ask, { model, question }, signal)
  // A router refuses to load what runs.
  if (isDown(value)) await textFrom(ask, question, signal)
  const path = `/props?model=${pathPart(model)}&autoload=true`
  if (isDown(value) || value === 'loading') await textFrom(ask, { method: 'GET', path }, signal)
}

async function unload(ask: Ask, model: string, signal: AbortSignal): Promise<void> {
  const question = { method: 'POST', path: '/models/unload', json: { model } } as const
  const { value } = await statusOf(ask, { model, question }, signal)
  if (!isDown(value)) await textFrom(ask, question, signal)
}

function isDown(value: string): boolean {
  return value === 'unloaded' || value === 'downloaded'
}

/** @throws MeshError ERR_NOT_SUPPORTED, ERR_MODEL_NOT_FOUND, ERR_ENGINE */
async function statusOf(
  ask: Ask,
  { model, question }: { readonly model: string; readonly question: EngineQuestion },
  signal: AbortSignal,
): Promise<Status> {
  const entry = (await entriesFrom(ask, signal)).find(({ id }) => id === model)
  if (entry === undefined) {
    throw new MeshError(`expected a model that llama-server lists, found ${model}`, {
      code: 'ERR_MODEL_NOT_FOUND',
    })
  }
  if (entry.status === undefined) throw controlIsOff(question, ROUTER_HINT)
  return entry.status
}

async function entriesFrom(ask: Ask, signal: AbortSignal): Promise<readonly ModelEntry[]> {
  const question = { method: 'GET', path: '/v1/models', schema: modelList } as const
  return (await jsonFrom(ask, question, signal)).data
}

/** @returns `undefined` if a router has just unloaded it. */
async function propertiesOf(
  ask: Ask,
  entry: ModelEntry,
  signal: AbortSignal,
): Promise<Properties | undefined> {
  const question = { method: 'GET', path: `/props${queryOf(entry)}`, schema: properties } as const
  const reply = await ask(question, signal)
  const isGone = entry.status !== undefined && reply.status >= 400
  return isGone ? undefined : jsonOf(reply, question)
}

function gone(entry: ModelEntry): ModelEntry {
  return { ...entry, status: { value: 'unloaded', failed: false } }
}

/** Its child process answers questions about it. */
function isRunning({ status }: ModelEntry): boolean {
  return status === undefined || status.value === 'loaded' || status.value === 'sleeping'
}

function queryOf({ id, status }: ModelEntry): string {
  return status === undefined ? '' : `?model=${pathPart(id)}&autoload=false`
}
