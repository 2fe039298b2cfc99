/**
 * A mesh of two ingresses made of functions, in virtual time: it tells what was served, and serves what
 * is asked of it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { onTestFinished } from 'vitest'
import { type Served, ServedRequests } from '../../../src/node/recording/served-requests.ts'
import type { World } from '../run-skein.ts'

export const MODEL = 'toy'

/** By how much the clock of the second peer is ahead. */
const AHEAD_MS = 5_000

export interface ServedMesh {
  readonly world: World
  /** Lets a request come in at a peer `afterMs` from now, of the time that the command waits. */
  at(afterMs: number, peer: 'a' | 'b', served?: Partial<Served>): void
  /** What is asked of the mesh itself. */
  readonly asked: unknown[]
  readonly requestsOf: Readonly<Record<'a' | 'b', ServedRequests>>
}

const facts = (name: string, zone: string) => ({
  ...{ version: '1', name, zone, labels: {}, addresses: [] },
  models: [
    {
      ...{ id: MODEL, engine: 'embedded', ownedBy: 'test', capabilities: ['chat'] },
      ...{ contextTokens: 512, parallelMax: 4 },
    },
  ],
})

const load = {
  models: [
    {
      ...{
        model: MODEL,
        queuedCount: 0,
        runningCount: 0,
        prefillTokensLeft: 0,
        decodeTokensLeft: 0,
      },
      ...{ prefillTokensPerSecond: 2_000, decodeTokensPerSecond: 50 },
    },
  ],
  gpus: [],
  isDraining: false,
}

const node = (peer: string, zone: string, rttMs: number) => ({
  ...{ peer, isSelf: peer === 'a', status: 'alive', incarnation: 1, load, ageMs: 0, rttMs },
  ...{ facts: facts(peer, zone), isConnected: true, path: 'direct' },
})

/** @param silent A peer that does not tell what it served. */
export function servedMesh({ silent }: { readonly silent?: string } = {}): ServedMesh {
  let nowMs = 0
  const due: { atMs: number; run: () => void }[] = []
  const requestsOf = {
    a: new ServedRequests({ self: 'a', run: 'a-1', wallMs: () => 1_000 + nowMs }),
    b: new ServedRequests({ self: 'b', run: 'b-1', wallMs: () => 1_000 + AHEAD_MS + nowMs }),
  }
  const asked: unknown[] = []
  const serve = (peer: 'a' | 'b', served: Partial<Served> = {}) =>
    requestsOf[peer].end(requestsOf[peer].begin(), { ...SERVED, ...served })
  const pageOf = (url: URL): Response => {
    const peer = url.searchParams.get('peer') ?? ''
    if (peer === silent) {
      const error = {
        message: 'that peer is of an older version',
        skein_code: 'ERR_INVALID_REQUEST',
      }
      return Response.json({ error }, { status: 400 })
    }
    const after = url.searchParams.get('after') ?? undefined
    const salt = url.searchParams.get('salt') ?? undefined
    const limit = Number(url.searchParams.get('limit'))
    return Response.json(requestsOf[peer as 'a' | 'b'].read({ after, limit, salt }))
  }
  const respond = async (request: Request): Promise<Response> => {
    const url = new URL(request.url)
    switch (url.pathname) {
      case '/mesh/v1/nodes':
        return Response.json({ nodes: [node('a', 'east', 0), node('b', 'west', 30)] })
      case '/mesh/v1/decisions':
        return Response.json({ decisions: [] })
      case '/mesh/v1/served':
        return pageOf(url)
      default: {
        const body = (await request.json()) as { messages: { content: string }[] }
        asked.push(body)
        const inputTokens = body.messages[0]?.content.split(' ').length ?? 0
        const ttftMs = 20 + inputTokens / 2
        serve('a', { inputTokens, outputTokens: 24, ttftMs, endToEndMs: ttftMs + 23 * 20 })
        nowMs += 1_000
        return new Response('data: [DONE]\n\n')
      }
    }
  }
  const wait = async (durationMs: number, signal: AbortSignal) => {
    signal.throwIfAborted()
    nowMs += durationMs
    const ready = due.filter(({ atMs }) => atMs <= nowMs)
    for (const each of ready) {
      due.splice(due.indexOf(each), 1)
      each.run()
    }
  }
  return {
    world: { respond, wait, nowMs: () => nowMs, wallMs: () => 1_000 + nowMs },
    at: (afterMs, peer, change) =>
      due.push({ atMs: nowMs + afterMs, run: () => serve(peer, change) }),
    ...{ asked, requestsOf },
  }
}

const SERVED: Omit<Served, 'atWallMs'> = {
  ...{ model: MODEL, endpoint: 'chat/completions', inputTokens: 30.4, outputTokens: 9 },
  ...{ outputTokensMax: 64, prefix: { characterCount: 90, root: 7, marks: [] } },
  ...{ tenant: 'acme', priority: 'normal', peer: 'a', ttftMs: 12.3456, endToEndMs: 200 },
}

export async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(`${tmpdir()}/skein-sim-`)
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}
