/**
 * A stand-in for the HTTP side of a peer, as far as the commands about the policy use it: fixed
 * answers, and a list of what was asked.
 */
import { policyKinds } from '../../src/consensus/policy/kinds/policy-kinds.ts'
import type { Respond } from './run-skein.ts'

export interface Asked {
  /** `PUT /mesh/v1/policy/aliases/chat`, with the query. */
  readonly route: string
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

export interface FakeMesh {
  readonly respond: Respond
  readonly asked: readonly Asked[]
}

/** Refuses with the usual body. */
export interface Refusing {
  readonly refuse: {
    readonly status: number
    readonly code: string
    readonly message: string
    readonly hint?: string
  }
}

const KINDS = Object.fromEntries(
  Object.keys(policyKinds)
    .toSorted()
    .map(kind => [kind, 0]),
)

export const SUMMARY = { revision: 42, hash: 'c0ffee'.repeat(10), staleForMs: 0, kinds: KINDS }

const LOAD = { models: [], gpus: [], isDraining: false }

function node(peer: string, name: string, isSelf: boolean): object {
  const facts = { version: '1', name, zone: '', labels: {}, addresses: [], models: [] }
  const seen = { status: 'alive', incarnation: 1, ageMs: 0, isConnected: true, path: 'direct' }
  return { peer, isSelf, facts, load: LOAD, ...seen }
}

export const PEERS = {
  gpu1: '12D3KooWAAAAfirst',
  gpu2: '12D3KooWBBBBsecond',
  /** In the roster only: nobody has heard of it for long. */
  gone: '12D3KooWCCCCthird',
} as const

export function resourceOf(
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
  revision = 7,
): object {
  return { kind, name, revision, owner: 'key:ops', labels: {}, schemaVersion: 1, spec }
}

const ROSTER = Object.values(PEERS).map(peer =>
  resourceOf('roster', peer, { role: 'member', admittedBy: 'local', admittedAtMs: 0 }),
)

const ALWAYS: Readonly<Record<string, unknown>> = {
  'GET /mesh/v1/policy': SUMMARY,
  'GET /mesh/v1/nodes': {
    nodes: [node(PEERS.gpu1, 'gpu1', true), node(PEERS.gpu2, 'gpu2', false)],
  },
  'GET /mesh/v1/policy/roster': { revision: 42, items: ROSTER },
  'GET /mesh/v1/policy/keys': { revision: 42, items: [] },
  'GET /mesh/v1/policy/denied': {
    revision: 42,
    items: [resourceOf('denied', '12D3KooWevil', { reason: 'stolen' })],
  },
}

/** `METHOD /path?query` → the body of the answer, or a refusal; 404 to all else. */
export function fakeMesh(answers: Readonly<Record<string, unknown>> = {}): FakeMesh {
  const asked: Asked[] = []
  const all = { ...ALWAYS, ...answers }
  const respond: Respond = async request => {
    const { pathname, search } = new URL(request.url)
    const route = `${request.method} ${pathname}${search}`
    const text = await request.text()
    const body: unknown = text === '' ? undefined : JSON.parse(text)
    asked.push({ route, body, headers: Object.fromEntries(request.headers) })
    const answer = all[route]
    if (answer === undefined) return refusal({ status: 404, code: 'ERR_NOT_FOUND', message: route })
    return isRefusing(answer) ? refusal(answer.refuse) : Response.json(answer)
  }
  return { respond, asked }
}

function isRefusing(answer: unknown): answer is Refusing {
  return typeof answer === 'object' && answer !== null && 'refuse' in answer
}

function refusal({ status, code, message, hint }: Refusing['refuse']): Response {
  return Response.json({ error: { message, skein_code: code, hint } }, { status })
}
