/**
 * vLLM: one base model for each process, its LoRA adapters listed beside it.
 *
 * Adapters and further names of the model share its queue and its cache, so what the metrics say is
 * of the whole engine. How weights are quantised and what their hash is, it does not say.
 *
 * Source: vllm-project/vllm v0.11: vllm/entrypoints/openai/api_server.py (paths),
 * vllm/entrypoints/openai/protocol.py (`ModelCard`), docs/features/lora.md,
 * docs/features/sleep_mode.md; `POST /tokenize` (`TokenizeCompletionRequest`, `TokenizeResponse`) is in
 * the same two files, and since v0.15 in vllm/entrypoints/serve/tokenize/protocol.py.
 */
import { z } from 'zod'
import { MeshError } from '../../core/errors.ts'
import { jsonOrUndefined } from '../openai/json.ts'
import {
  controlIsOff,
  isMissing,
  jsonFrom,
  metricsFrom,
  textFrom,
  textOf,
} from './engine-answer.ts'
import type { Ask, EngineProfile, EngineQuestion, ListedModel } from './engine-profile.ts'
import { vllmReading } from './vllm-metrics.ts'

/** `parent` is set for LoRA adapters only. */
const modelCard = z.object({
  id: z.string().min(1),
  owned_by: z.literal('vllm'),
  max_model_len: z.int().positive().nullish(),
  parent: z.string().nullish(),
})

const modelList = z.object({ object: z.literal('list'), data: z.array(modelCard).min(1) })

const sleepState = z.object({ is_sleeping: z.boolean() })

const tokenCount = z.object({ count: z.int().nonnegative() })

const errorReport = z.object({ error: z.object({ message: z.string() }) })

const DEV_MODE_HINT = 'Start vLLM with --enable-sleep-mode and VLLM_SERVER_DEV_MODE=1.'

const LORA_HINT = 'Start vLLM with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=1.'

export const vllm: EngineProfile = {
  kind: 'vllm',
  label: 'vLLM',
  port: 8_000,
  writtenFor: '0.11',
  // Not `/version`: TensorRT-LLM's own server answers that alike.
  detect: {
    path: '/v1/models',
    matches: ({ status, text }) =>
      status === 200 && modelList.safeParse(jsonOrUndefined(text)).success,
  },
  openaiPath: '/v1',
  listModels,
  checkHealth: async (ask, signal) => {
    // The body is empty; the status says it all.
    await textFrom(ask, { method: 'GET', path: '/health' }, signal)
  },
  readMetrics: async (ask, signal) => {
    const samples = await metricsFrom(ask, { path: '/metrics' }, signal)
    return samples.length === 0 ? new Map() : new Map([['', vllmReading(samples)]])
  },
  control: {
    actions: {
      // `wait` lets what runs come to its end; older releases know no such choice.
      sleep: (ask, _model, signal) =>
        order(ask, { path: '/sleep?level=1&mode=wait', hint: DEV_MODE_HINT }, signal),
      wake: (ask, _model, signal) => order(ask, { path: '/wake_up', hint: DEV_MODE_HINT }, signal),
      load: (ask, model, signal) =>
        order(
          ask,
          { path: '/v1/load_lora_adapter', hint: LORA_HINT, json: adapter(model) },
          signal,
        ),
      unload: (ask, model, signal) => {
        const json = { lora_name: model }
        return order(ask, { path: '/v1/unload_lora_adapter', hint: LORA_HINT, json }, signal)
      },
    },
    isSleepTold: true,
    loras: async (ask, signal) =>
      (await cardsOf(ask, signal)).filter(isAdapter).map(({ id }) => id),
  },
  countTokens: async (ask, { model, text }, signal) => {
    const json = { model, prompt: text, add_special_tokens: false }
    const question = { method: 'POST', path: '/tokenize', json, schema: tokenCount } as const
    return (await jsonFrom(ask, question, signal)).count
  },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const cards = await cardsOf(ask, signal)
  const isAsleep = await readIsAsleep(ask, signal)
  const contexts = new Map(cards.map(card => [card.id, card.max_model_len ?? undefined]))
  return cards.map(({ id, owned_by, max_model_len, parent }) => ({
    id,
    ownedBy: owned_by,
    contextTokens: max_model_len ?? contexts.get(parent ?? ''),
    unready: isAsleep ? { state: 'sleeping' as const } : undefined,
  }))
}

async function cardsOf(ask: Ask, signal: AbortSignal): Promise<z.output<typeof modelList>['data']> {
  const question = { method: 'GET' as const, path: '/v1/models', schema: modelList }
  return (await jsonFrom(ask, question, signal)).data
}

function isAdapter({ parent }: z.output<typeof modelCard>): boolean {
  return typeof parent === 'string'
}

/** Only a server in development mode can sleep, and only such a one has the question. */
async function readIsAsleep(ask: Ask, signal: AbortSignal): Promise<boolean> {
  const { status, text } = await ask({ method: 'GET', path: '/is_sleeping' }, signal)
  if (status !== 200) return false
  const state = sleepState.safeParse(jsonOrUndefined(text))
  return state.success && state.data.is_sleeping
}

async function order(
  ask: Ask,
  { path, hint, json }: { path: string; hint: string; json?: object },
  signal: AbortSignal,
): Promise<void> {
  const question: EngineQuestion = { method: 'POST', path, ...(json === undefined ? {} : { json }) }
  const reply = await ask(question, signal)
  // An adapter that is not there is reported as 404 too, but in the words of OpenAI.
  if (isMissing(reply.status) && !reportsError(reply.text)) throw controlIsOff(question, hint)
  textOf(reply, question)
}

function reportsError(text: string): boolean {
  return errorReport.safeParse(jsonOrUndefined(text)).success
}

/** An adapter is named as on vLLM's own command line, `--lora-modules name=path`. */
function adapter(model: string): object {
  const [, lora_name, lora_path] = /^([^=]+)=(.+)$/.exec(model) ?? []
  if (lora_name !== undefined && lora_path !== undefined) return { lora_name, lora_path }
  throw new MeshError('expected a LoRA adapter as name=path, found no path', {
    code: 'ERR_INVALID_REQUEST',
    hint: 'vLLM loads its base model at its start and only adapters later.',
  })
}
