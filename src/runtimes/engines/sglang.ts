/**
 * SGLang: one base model for each process, its LoRA adapters listed beside it.
 *
 * Its own paths lost their `get_` in 2025; the old names still answer, the new ones are asked first.
 * `/health` makes a token, which takes a second, unless the engine works anyway or
 * `SGLANG_ENABLE_HEALTH_ENDPOINT_GENERATION=false`; `/health_generate` always does. The former is
 * asked: whoever runs the engine has decided what it means.
 *
 * To sleep it must not work for anybody: its scheduler ends with a failed assertion otherwise, and
 * the process with it. So it is asked first whether it does. Whether it sleeps it does not say.
 *
 * Source: sgl-project/sglang v0.5 (2026-08): python/sglang/srt/entrypoints/http_server.py,
 * python/sglang/srt/entrypoints/openai/protocol.py (`ModelCard`),
 * python/sglang/srt/managers/scheduler_components/weight_updater.py,
 * python/sglang/srt/entrypoints/openai/serving_tokenize.py (`POST /tokenize`); v0.4.3, which has no
 * tokenizer to ask, for what was there before.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import type { Capability } from '../../core/peer-state.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import {
  controlIsOff,
  isMissing,
  jsonFrom,
  jsonOf,
  reasonIn,
  textFrom,
  textOf,
} from './engine-answer.ts'
import type {
  Ask,
  EngineProfile,
  EngineQuestion,
  EngineReadings,
  EngineReply,
  ListedModel,
} from './engine-profile.ts'
import { readingOf, type SglangLoads, sglangLoads } from './sglang-metrics.ts'

const positive = z.int().positive().nullish().catch(undefined)

/** `parent` is set for adapters only. `max_model_len` is not there in v0.4.3. */
const modelCard = z.object({
  id: z.string().min(1),
  owned_by: z.string().optional(),
  max_model_len: positive,
  parent: z.string().nullish(),
})

const modelList = z.object({ object: z.literal('list'), data: z.array(modelCard).min(1) })

/** `has_image_understanding` is not there in v0.4.3. */
const modelInfo = z.object({
  model_path: z.string(),
  tokenizer_path: z.string(),
  is_generation: z.boolean(),
  has_image_understanding: z.boolean().default(false),
})

/** What it was started with: most of it is `null`. */
const serverInfo = z.object({
  quantization: z.string().nullish(),
  context_length: positive,
  max_running_requests: positive,
  enable_memory_saver: z.boolean().default(false),
})

const tokenCount = z.object({ count: z.int().nonnegative() })

const refusedAdapter = z.object({ success: z.literal(false), error_message: z.string() })

const LOADS = { method: 'GET', path: '/v1/loads?include=core' } as const

const SLEEP_HINT = 'Start SGLang with --enable-memory-saver.'
const METRICS_HINT = 'Start SGLang with --enable-metrics.'
const LORA_HINT = 'Start SGLang with --enable-lora.'

export const sglang: EngineProfile = {
  kind: 'sglang',
  label: 'SGLang',
  port: 30_000,
  writtenFor: '0.5',
  // The older name: releases of either age answer it. No other kind has both fields.
  detect: {
    path: '/get_model_info',
    matches: ({ status, text }) =>
      status === 200 && modelInfo.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: '/v1',
  listModels,
  checkHealth: async (ask, signal) => {
    // The body is empty; the status says it all.
    await textFrom(ask, { method: 'GET', path: '/health' }, signal)
  },
  readMetrics,
  control: {
    actions: {
      sleep: async (ask, model, signal) => {
        const question = await memoryQuestion(ask, '/release_memory_occupation', signal)
        await refuseIfBusy(ask, model, signal)
        await textFrom(ask, question, signal)
      },
      wake: async (ask, _model, signal) => {
        const question = await memoryQuestion(ask, '/resume_memory_occupation', signal)
        await textFrom(ask, question, signal)
      },
      load: async (ask, model, signal) => {
        const json = adapterOf(model)
        await orderAdapter(ask, { path: '/load_lora_adapter', json }, signal)
      },
      unload: (ask, model, signal) =>
        orderAdapter(ask, { path: '/unload_lora_adapter', json: { lora_name: model } }, signal),
    },
    loras: async (ask, signal) =>
      (await cardsFrom(ask, signal)).filter(isAdapter).map(({ id }) => id),
  },
  countTokens: async (ask, { model, text }, signal) => {
    const json = { model, prompt: text, add_special_tokens: false }
    const question = { method: 'POST', path: '/tokenize', json, schema: tokenCount } as const
    return (await jsonFrom(ask, question, signal)).count
  },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const cards = await cardsFrom(ask, signal)
  const model = await answerFrom(ask, { path: '/model_info', schema: modelInfo }, signal)
  const server = await answerFrom(ask, { path: '/server_info', schema: serverInfo }, signal)
  const loads = await loadsFrom(ask, signal)
  const parallelMax = sum(loads?.map(load => load.max_running_requests ?? 0) ?? [])
  const contextTokens = cards[0]?.max_model_len ?? server.context_length ?? undefined
  return cards.map(card => ({
    id: card.id,
    ownedBy: card.owned_by,
    capabilities: capabilitiesOf(model),
    contextTokens: card.max_model_len ?? contextTokens,
    parallelMax: parallelMax || (server.max_running_requests ?? undefined),
    quantization: server.quantization ?? undefined,
  }))
}

function capabilitiesOf(model: z.output<typeof modelInfo>): readonly Capability[] {
  if (!model.is_generation) return ['embedding']
  return model.has_image_understanding ? ['chat', 'completion', 'vision'] : ['chat', 'completion']
}

async function cardsFrom(ask: Ask, signal: AbortSignal): Promise<z.output<typeof modelCard>[]> {
  const question = { method: 'GET', path: '/v1/models', schema: modelList } as const
  return (await jsonFrom(ask, question, signal)).data
}

function isAdapter({ parent }: z.output<typeof modelCard>): boolean {
  return typeof parent === 'string'
}

/** Under its present name, or else under the one with `get_`. */
async function answerFrom<Schema extends z.ZodType>(
  ask: Ask,
  { path, schema }: { readonly path: string; readonly schema: Schema },
  signal: AbortSignal,
): Promise<z.output<Schema>> {
  const reply = await ask({ method: 'GET', path }, signal)
  if (!isMissing(reply.status)) {
    return jsonOf(reply, { method: 'GET', path, schema })
  }
  return jsonFrom(ask, { method: 'GET', path: path.replace('/', '/get_'), schema }, signal)
}

/** @returns `undefined` if it is too old for it. */
async function loadsFrom(ask: Ask, signal: AbortSignal): Promise<SglangLoads | undefined> {
  const reply = await ask(LOADS, signal)
  if (isMissing(reply.status)) return undefined
  return jsonOf(reply, { ...LOADS, schema: sglangLoads }).loads
}

async function readMetrics(ask: Ask, signal: AbortSignal): Promise<EngineReadings> {
  const question = { method: 'GET', path: '/metrics' } as const
  const loads = await loadsFrom(ask, signal)
  const reply = await ask(question, signal)
  const isOff = isMissing(reply.status)
  if (isOff && loads === undefined) {
    throw new MeshError('expected /metrics or /v1/loads of SGLang, found neither', {
      code: 'ERR_ENGINE',
      hint: METRICS_HINT,
    })
  }
  const text = isOff ? undefined : textOf(reply, question)
  return new Map([['', readingOf(loads, text)]])
}

/** @throws MeshError ERR_NOT_SUPPORTED if its memory would stay where it is. */
async function memoryQuestion(
  ask: Ask,
  path: string,
  signal: AbortSignal,
): Promise<EngineQuestion> {
  const question: EngineQuestion = { method: 'POST', path, json: {} }
  const server = await answerFrom(ask, { path: '/server_info', schema: serverInfo }, signal)
  if (!server.enable_memory_saver) throw controlIsOff(question, SLEEP_HINT)
  return question
}

/** @throws MeshError ERR_MODEL_IN_USE, or ERR_NOT_SUPPORTED if it does not say. */
async function refuseIfBusy(ask: Ask, model: string, signal: AbortSignal): Promise<void> {
  const loads = await loadsFrom(ask, signal)
  if (loads === undefined) throw controlIsOff(LOADS, 'Use a release of SGLang that has it.')
  const count = sum(loads.map(load => load.num_running_reqs + load.num_waiting_reqs))
  if (count === 0) return
  throw new MeshError(`expected no request on ${model} to put it to sleep, found ${count}`, {
    code: 'ERR_MODEL_IN_USE',
    details: { model, requests: count },
  })
}

async function orderAdapter(
  ask: Ask,
  { path, json }: { readonly path: string; readonly json: object },
  signal: AbortSignal,
): Promise<void> {
  const question: EngineQuestion = { method: 'POST', path, json }
  const reply = await ask(question, signal)
  const problem = adapterProblem(reply)
  if (problem.includes('not enabled')) throw controlIsOff(question, LORA_HINT)
  if (problem !== '') {
    throw new MeshError(`expected success of POST ${path}, found: ${problem}`, {
      code: 'ERR_ENGINE',
      details: { upstream: { status: reply.status } },
    })
  }
  textOf(reply, question)
}

function adapterProblem({ text }: EngineReply): string {
  const refused = refusedAdapter.safeParse(jsonOrUndefined(text))
  return refused.success ? refused.data.error_message : reasonIn(text).replace(/^: /, '')
}

/** An adapter is named as on SGLang's own command line, `--lora-paths name=path`. */
function adapterOf(model: string): object {
  const [, lora_name, lora_path] = /^([^=]+)=(.+)$/.exec(model) ?? []
  if (lora_name !== undefined && lora_path !== undefined) return { lora_name, lora_path }
  throw new MeshError('expected a LoRA adapter as name=path, found no path', {
    code: 'ERR_INVALID_REQUEST',
    hint: 'SGLang loads its base model at its start and only adapters later.',
  })
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
