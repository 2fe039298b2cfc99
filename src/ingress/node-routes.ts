/**
 * POST /mesh/v1/nodes/{id}:drain and its like: what is done with one peer, by id or by name.
 */
import type { FastifyRequest } from 'fastify'
import type { Operation } from '../consensus/policy/command.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { Gateway } from '../node/gateway.ts'
import { changeAs, newestVersion, requireKinds } from './policy-access.ts'
import { noBody, reasonBody, written } from './policy-schemas.ts'
import { readBody, readRequestId } from './read-input.ts'
import type { Route } from './routes.ts'

const NODE_SHOWN_LENGTH_MAX = 128

/** Who knows which peers there are. */
export type Mesh = Pick<Gateway, 'nodes' | 'policy'>

export function nodeRoutes(gateway: Mesh): readonly Route[] {
  return [
    verb(gateway, 'drain', {
      kind: 'drains',
      summary: 'The peer finishes what it has and gets nothing new.',
      body: reasonBody,
      operation: (peer, request) => {
        const { policy } = gateway
        const target = { kind: 'drains', name: peer, schemaVersion: newestVersion('drains') }
        // Drained already, it stays so for what was said then, unless something else is said now.
        const before = policy.views.spec('drains', peer)
        const { reason = before?.reason ?? '' } = readBody(reasonBody, request)
        const spec = { ...before, reason }
        const labels = policy.get('drains', peer)?.labels ?? {}
        return { type: 'put', ...target, labels, spec }
      },
    }),
    verb(gateway, 'undrain', {
      kind: 'drains',
      summary: 'The peer gets requests again.',
      body: noBody,
      operation: peer => ({ type: 'delete', kind: 'drains', name: peer }),
    }),
    verb(gateway, 'deny', {
      kind: 'denied',
      summary: 'The peer is cut off everywhere, and leaves the roster.',
      body: reasonBody,
      operation: (peer, request) => ({ type: 'deny', peer, ...readBody(reasonBody, request) }),
    }),
    verb(gateway, 'admit', {
      kind: 'denied',
      summary: 'The peer is taken off the deny-list, and may join again with a ticket.',
      body: noBody,
      operation: peer => ({ type: 'delete', kind: 'denied', name: peer }),
    }),
  ]
}

interface Verb {
  /** What it changes. */
  readonly kind: 'drains' | 'denied'
  readonly summary: string
  readonly body: typeof reasonBody | typeof noBody
  readonly operation: (peer: PeerId, request: FastifyRequest) => Operation
}

function verb(gateway: Mesh, name: string, { kind, summary, body, operation }: Verb): Route {
  return {
    method: 'POST',
    path: `/mesh/v1/nodes/*:${name}`,
    role: kind === 'drains' ? 'operator' : 'admin',
    about: { summary, body, answer: written, changes: 'any' },
    async handle(exchange, request) {
      requireKinds(exchange.caller, [kind])
      readBody(body, request)
      const { '*': word } = request.params as { '*': string }
      const peer = resolveNode(gateway, word)
      const { policy } = gateway
      const init = { policy, requestId: readRequestId(request) }
      exchange.sendJson(200, await changeAs(exchange.caller, operation(peer, request), init))
    },
  }
}

/**
 * The peer with that id, or the one with that name.
 *
 * @param param The part of the request that names it.
 * @throws MeshError ERR_NOT_FOUND, or ERR_INVALID_REQUEST if several have the name.
 */
export function resolveNode(gateway: Mesh, word: string, param = 'id'): PeerId {
  const seen = gateway.nodes()
  const ids = ['roster', 'denied', 'drains'].flatMap(kind => gateway.policy.get(kind, word) ?? [])
  if (ids.length > 0 || seen.some(({ peer }) => peer === word)) return word
  const named = seen.filter(({ facts }) => facts?.name === word)
  const [first] = named
  if (first !== undefined && named.length === 1) return first.peer
  const shown = JSON.stringify(word.slice(0, NODE_SHOWN_LENGTH_MAX))
  if (named.length > 1) {
    const peers = named.map(({ peer }) => peer).join(', ')
    throw new MeshError(`expected the id of one peer, found ${shown}, the name of ${peers}`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param },
      hint: 'Use the id of one of them.',
    })
  }
  const meant = didYouMean(
    word,
    seen.flatMap(({ peer, facts }) => [peer, facts?.name ?? peer]),
  )
  throw new MeshError(`expected the id or name of a peer of this mesh, found ${shown}`, {
    code: 'ERR_NOT_FOUND',
    details: { param },
    hint: meant === undefined ? 'GET /mesh/v1/nodes lists them.' : `Did you mean ${meant}?`,
  })
}
