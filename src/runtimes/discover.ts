/**
 * Finds the engines that already listen on this machine, by asking the usual ports for their list
 * of models: all at once, with one short deadline.
 *
 * What does not answer with an OpenAI list is not an engine. Another peer of ours also offers one,
 * so whoever signs as such is passed over: a peer must never serve itself through HTTP.
 */
import type { ModelFacts } from '../core/peer-state.ts'
import { jsonOrUndefined } from './openai/json.ts'
import { readModelList } from './openai/model-list.ts'

export interface FoundEngine {
  /** For people, for example `Ollama`. */
  readonly name: string
  /** Base URL to give to the adapter. */
  readonly url: string
  readonly models: readonly string[]
}

export interface EnginePort {
  readonly port: number
  /** Who usually listens there; taken if the list itself does not tell. */
  readonly name: string
}

/** The default ports in the documentation of each. TGI shares 8080 in its examples. */
export const ENGINE_PORTS: readonly EnginePort[] = [
  { port: 11_434, name: 'Ollama' },
  { port: 8_000, name: 'vLLM' },
  { port: 8_080, name: 'llama.cpp' },
  { port: 1_234, name: 'LM Studio' },
  { port: 3_000, name: 'TGI' },
  { port: 30_000, name: 'SGLang' },
]

/** `owned_by` of a model, where it names the engine. */
const OWNER_NAMES: Readonly<Record<string, string>> = {
  library: 'Ollama',
  llamacpp: 'llama.cpp',
  organization_owner: 'LM Studio',
  sglang: 'SGLang',
  vllm: 'vLLM',
}

/** A person waits for it before the first line of output. */
const DEADLINE_MS = 800

const LIST_MAX_BYTES = 1_048_576

/** Sent with every answer of a peer's HTTP side. */
const PEER_HEADER = 'x-skein-peer'

interface ProbeAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body: AsyncIterable<Uint8Array> | null
}

export interface DiscoverDeps {
  /** As the global `fetch`. */
  readonly fetch: (
    url: string,
    init: { readonly signal: AbortSignal; readonly redirect: 'manual' },
  ) => Promise<ProbeAnswer>
  readonly ports?: readonly EnginePort[]
  readonly deadlineMs?: number
}

/** In the order of the ports. Never rejects: what cannot be asked is not there. */
export async function discoverEngines(deps: DiscoverDeps): Promise<readonly FoundEngine[]> {
  const { ports = ENGINE_PORTS, deadlineMs = DEADLINE_MS } = deps
  const signal = AbortSignal.timeout(deadlineMs)
  const probes = await Promise.allSettled(ports.map(port => probe(port, deps.fetch, signal)))
  return probes.flatMap(result => (result.status === 'fulfilled' ? (result.value ?? []) : []))
}

async function probe(
  { port, name }: EnginePort,
  fetch: DiscoverDeps['fetch'],
  signal: AbortSignal,
): Promise<FoundEngine | undefined> {
  const url = `http://127.0.0.1:${port}`
  const answer = await fetch(`${url}/v1/models`, { signal, redirect: 'manual' })
  const isForeign = answer.headers.get(PEER_HEADER) === null
  const text = await readBounded(answer.body)
  if (answer.status !== 200 || !isForeign) return undefined
  const models = readModelList(jsonOrUndefined(text), {
    engine: url,
    embeddingModels: [],
    parallelMax: 0,
  })
  if (models === undefined) return undefined
  return { name: nameOf(models) ?? name, url, models: models.map(model => model.id) }
}

function nameOf(models: readonly ModelFacts[]): string | undefined {
  return models.map(model => OWNER_NAMES[model.ownedBy]).find(name => name !== undefined)
}

/** Reads to the end, so that the connection is not left half read; `undefined` if it is long. */
async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<string | undefined> {
  if (body === null) return undefined
  const chunks: Uint8Array[] = []
  let lengthBytes = 0
  for await (const chunk of body) {
    lengthBytes += chunk.length
    if (lengthBytes > LIST_MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
