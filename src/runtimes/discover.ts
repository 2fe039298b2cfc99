/**
 * Finds the engines that already listen on this machine, by asking the usual ports of all kinds
 * what they are: all at once, with one short deadline.
 *
 * What no profile knows again is not an engine, and one without an OpenAI API is none that clients
 * of the mesh could use. Another peer of ours also has that API, so whoever signs as such is passed
 * over: a peer must never serve itself through HTTP.
 */
import { detectEngine } from './engines/detect.ts'
import type { Ask, EngineProfile } from './engines/engine-profile.ts'
import { PROFILES } from './engines/profiles.ts'
import { jsonOrUndefined } from './openai/json.ts'
import { ID_LENGTH_MAX, readModelList } from './openai/model-list.ts'

export interface FoundEngine {
  /** For people, for example `Ollama`. */
  readonly name: string
  /** Base URL to give to the adapter. */
  readonly url: string
  readonly models: readonly string[]
}

/**
 * Where the documentation of each has it listen. TGI shares 8080 in its examples, and has 3000 in
 * its container.
 */
export const ENGINE_PORTS: readonly number[] = [11_434, 8_000, 8_080, 1_234, 3_000, 30_000]

/** A person waits for it before the first line of output. */
const DEADLINE_MS = 800

const REPLY_MAX_BYTES = 1_048_576

interface ProbeAnswer {
  readonly status: number
  readonly headers: Iterable<readonly [string, string]>
  readonly body: AsyncIterable<Uint8Array> | null
}

export interface DiscoverDeps {
  /** As the global `fetch`. */
  readonly fetch: (
    url: string,
    init: { readonly method: string; readonly signal: AbortSignal; readonly redirect: 'manual' },
  ) => Promise<ProbeAnswer>
  readonly ports?: readonly number[]
  readonly deadlineMs?: number
}

/** In the order of the ports. Never rejects: what cannot be asked is not there. */
export async function discoverEngines(deps: DiscoverDeps): Promise<readonly FoundEngine[]> {
  const { fetch, ports = ENGINE_PORTS, deadlineMs = DEADLINE_MS } = deps
  const signal = AbortSignal.timeout(deadlineMs)
  const probes = await Promise.allSettled(ports.map(port => probe(port, fetch, signal)))
  return probes.flatMap(result => (result.status === 'fulfilled' ? (result.value ?? []) : []))
}

async function probe(
  port: number,
  fetch: DiscoverDeps['fetch'],
  signal: AbortSignal,
): Promise<FoundEngine | undefined> {
  const url = `http://127.0.0.1:${port}`
  const ask: Ask = async ({ method, path }) => {
    const answer = await fetch(`${url}${path}`, { method, signal, redirect: 'manual' })
    const headers = Object.fromEntries(answer.headers)
    return { status: answer.status, headers, text: await readBounded(answer.body) }
  }
  const { profile, isPeer } = await detectEngine(PROFILES, ask, signal)
  if (profile?.openaiPath === undefined || isPeer) return undefined
  const models = await listedBy(profile, ask, signal)
  return { name: profile.label, url, models }
}

/** Only to tell people; the adapter looks again. */
async function listedBy(
  profile: EngineProfile,
  ask: Ask,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [own, listed] = await Promise.allSettled([
    profile.listModels(ask, signal),
    ask({ method: 'GET', path: `${profile.openaiPath}/models` }, signal),
  ])
  const known = own.status === 'fulfilled' ? own.value : []
  const text = listed.status === 'fulfilled' ? listed.value.text : undefined
  const others = readModelList(jsonOrUndefined(text)) ?? []
  const ids = new Set([...known, ...others].map(({ id }) => id))
  return [...ids].filter(id => id.length <= ID_LENGTH_MAX)
}

/** Reads to the end, so that the connection is not left half read; empty if it is too long. */
async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  if (body === null) return ''
  const chunks: Uint8Array[] = []
  let lengthBytes = 0
  for await (const chunk of body) {
    lengthBytes += chunk.length
    if (lengthBytes > REPLY_MAX_BYTES) return ''
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
