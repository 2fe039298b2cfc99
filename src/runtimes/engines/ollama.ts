/**
 * Ollama: many models on disk, those in use in memory, each loaded when it is asked for.
 *
 * It has no metrics: neither its queue nor its speed is told, so all that is known of them is what
 * the mesh measures of its own requests.
 *
 * How long a context may be, it says in three places. What is in memory has the context that was
 * allotted to it (`/api/ps`), and longer prompts are cut without a word. What is not in memory will
 * be allotted what its Modelfile sets (`num_ctx`), or else something by the size of the GPU that
 * cannot be asked for: then the length it was trained for stands, as an upper bound.
 *
 * Models that run at ollama.com are left out: whoever asks for them would leave the mesh.
 *
 * Source: ollama/ollama v0.40: docs/openapi.yaml (`/api/tags`, `/api/ps`, `/api/show`), docs/api.md
 * (load and unload), server/routes.go (`GenerateHandler`, `EmbedHandler`); v0.3 for what was there
 * before: api/types.go.
 */
import { z } from 'zod'
import type { Capability } from '../../core/peer-state.ts'
import { jsonFrom, jsonOf, reasonIn, textFrom, textOf } from './engine-answer.ts'
import type { Ask, EngineProfile, ListedModel } from './engine-profile.ts'

/** It reads a file for each; some hundred models are nothing unusual. */
const SHOWN_AT_ONCE = 8

/** Of more models than that, no details are asked. */
const SHOWN_MAX = 256

/** It stays until it is unloaded. Otherwise it would go after five idle minutes. */
const FOR_EVER = -1

const text = z.string().optional().catch(undefined)
const positive = z.int().positive().optional().catch(undefined)

const tag = z.object({
  name: z.string().min(1),
  digest: text,
  size: positive,
  details: z.object({ quantization_level: text }).optional().catch(undefined),
  remote_host: text,
})

type Tag = z.output<typeof tag>

const tagList = z.object({ models: z.array(tag).nullable() })

/** `context_length` is not there in v0.3. */
const running = z.object({ name: z.string(), context_length: positive })

const runningList = z.object({ models: z.array(running).nullable() })

/** `capabilities` are not there in v0.3. `parameters` is text in lines, each a name and a value. */
const details = z.object({
  capabilities: z.array(z.string()).optional().catch(undefined),
  parameters: text,
  model_info: z.record(z.string(), z.unknown()).default({}),
})

type Details = z.output<typeof details>

const version = z.object({ version: z.string() })

/** Ours for theirs. `insert`, `thinking` and what else there is have no name among ours. */
const CAPABILITIES: Readonly<Record<string, readonly Capability[]>> = {
  completion: ['chat', 'completion'],
  embedding: ['embedding'],
  tools: ['tools'],
  vision: ['vision'],
}

export const ollama: EngineProfile = {
  kind: 'ollama',
  label: 'Ollama',
  port: 11_434,
  writtenFor: '0.40',
  // Not `/api/tags`: SGLang answers that, too. Should SGLang be told to greet alike, it does in JSON.
  detect: {
    path: '/',
    matches: reply => reply.status === 200 && reply.text.trim() === 'Ollama is running',
  },
  openaiPath: '/v1',
  listModels,
  // Its OpenAI list has those at ollama.com, too.
  isListComplete: true,
  checkHealth: async (ask, signal) => {
    await jsonFrom(ask, { method: 'GET', path: '/api/version', schema: version }, signal)
  },
  control: { actions: { load, unload } },
}

async function listModels(ask: Ask, signal: AbortSignal): Promise<readonly ListedModel[]> {
  const tags = await jsonFrom(ask, { method: 'GET', path: '/api/tags', schema: tagList }, signal)
  const loaded = await jsonFrom(
    ask,
    { method: 'GET', path: '/api/ps', schema: runningList },
    signal,
  )
  const contexts = new Map(loaded.models?.map(model => [model.name, model.context_length]))
  const local = (tags.models ?? []).filter(model => !model.remote_host)
  const models: ListedModel[] = []
  for (let start = 0; start < local.length; start += SHOWN_AT_ONCE) {
    const some = local.slice(start, start + SHOWN_AT_ONCE)
    const shown = some.map(model =>
      start < SHOWN_MAX ? show(ask, model.name, signal) : Promise.resolve(undefined),
    )
    for (const [index, found] of (await Promise.all(shown)).entries()) {
      const model = some[index]
      if (model !== undefined) models.push(listed(model, found, contexts))
    }
  }
  return models
}

/** @returns `undefined` if it was removed since it was listed. */
async function show(ask: Ask, model: string, signal: AbortSignal): Promise<Details | undefined> {
  const question = { method: 'POST', path: '/api/show', json: { model } } as const
  const reply = await ask(question, signal)
  if (reply.status === 404) return undefined
  return jsonOf(reply, { ...question, schema: details })
}

function listed(
  { name, digest, size, details: about }: Tag,
  shown: Details | undefined,
  contexts: ReadonlyMap<string, number | undefined>,
): ListedModel {
  return {
    id: name,
    ownedBy: ownerOf(name),
    capabilities: shown?.capabilities?.flatMap(capability => CAPABILITIES[capability] ?? []),
    contextTokens: contexts.get(name) ?? contextOf(shown),
    quantization: about?.quantization_level || undefined,
    digest: digest || undefined,
    // Of the files; in memory the cache comes on top.
    weightsBytes: size,
    unready: contexts.has(name) ? undefined : { state: 'cold' },
  }
}

/** As its own OpenAI list says it: `library` for `llama3.2`, `user` for `hf.co/user/model:Q8_0`. */
function ownerOf(name: string): string {
  return name.split('/').at(-2) ?? 'library'
}

function contextOf(shown: Details | undefined): number | undefined {
  const set = /^num_ctx\s+(\d+)\s*$/m.exec(shown?.parameters ?? '')?.[1]
  const [, trained] =
    Object.entries(shown?.model_info ?? {}).find(([key]) => key.endsWith('.context_length')) ?? []
  const known = [set === undefined ? undefined : Number(set), positive.parse(trained)]
  const lengths = known.filter(length => length !== undefined)
  return lengths.length === 0 ? undefined : Math.min(...lengths)
}

/** A request without a prompt loads; one for vectors without a text does so for what only embeds. */
async function load(ask: Ask, model: string, signal: AbortSignal): Promise<void> {
  const json = { model, keep_alive: FOR_EVER, stream: false }
  const question = { method: 'POST', path: '/api/generate', json } as const
  const reply = await ask(question, signal)
  if (reply.status === 400 && reasonIn(reply.text).includes('does not support generate')) {
    const embed = { model, keep_alive: FOR_EVER, input: [] }
    await textFrom(ask, { method: 'POST', path: '/api/embed', json: embed }, signal)
    return
  }
  textOf(reply, question)
}

/** It goes when the answers that run have ended. */
async function unload(ask: Ask, model: string, signal: AbortSignal): Promise<void> {
  const json = { model, keep_alive: 0, stream: false }
  await textFrom(ask, { method: 'POST', path: '/api/generate', json }, signal)
}
