/**
 * /mesh/v1: the mesh as this peer sees it, for people and for the `skein` command.
 *
 * Answers carry the words of the code (`core/peer-state.ts`, `scheduler/decision.ts`) unchanged.
 */
import { MeshError } from '../core/errors.ts'
import type { Gateway } from '../node/gateway.ts'
import { invalid, isObject } from './fields.ts'
import { bodyOf } from './inference-routes.ts'
import { parseJson } from './json-body.ts'
import type { Route } from './routes.ts'

/** 30 days: a ticket cannot be taken back. */
const TICKET_VALID_MAX_MS = 30 * 86_400_000

const DECISIONS_DEFAULT = 100
const DECISIONS_MAX = 1000

/** Twice as long as the ids we make; a longer one is cut. */
const ID_SHOWN_LENGTH_MAX = 64

/** Of a field that does not exist; a longer name is cut. */
const FIELD_SHOWN_LENGTH_MAX = 64

export function meshRoutes(gateway: Gateway): readonly Route[] {
  const { self, meshId, version } = gateway
  return [
    {
      method: 'GET',
      path: '/mesh/v1/nodes',
      handle: exchange => exchange.sendJson(200, { meshId, self, version, nodes: gateway.nodes() }),
    },
    {
      method: 'GET',
      path: '/mesh/v1/models',
      handle: exchange => exchange.sendJson(200, { models: gateway.models() }),
    },
    {
      method: 'GET',
      path: '/mesh/v1/decisions',
      handle(exchange, { query }) {
        exchange.sendJson(200, { decisions: gateway.decisions(readLimit(query)) })
      },
    },
    {
      method: 'GET',
      path: '/mesh/v1/decisions/:id',
      handle(exchange, { params }) {
        const { id } = params as { readonly id: string }
        const decision = gateway.decision(id)
        if (decision === undefined) {
          const shown = JSON.stringify(id.slice(0, ID_SHOWN_LENGTH_MAX))
          throw new MeshError(`This peer knows no decision ${shown}.`, {
            code: 'ERR_NOT_FOUND',
            details: { param: 'id' },
            hint: 'Ask the peer that took the request; each keeps its latest decisions only.',
          })
        }
        exchange.sendJson(200, decision)
      },
    },
    {
      method: 'POST',
      path: '/mesh/v1/tickets',
      async handle(exchange, request) {
        const body = bodyOf(request)
        const validForMs = body.length === 0 ? undefined : readValidForMs(parseJson(body))
        const ticket = await gateway.invite({ validForMs })
        // A ticket is a secret: no cache may keep it.
        exchange.sendJson(200, { ticket }, { 'cache-control': 'no-store' })
      },
    },
  ]
}

/** @throws MeshError ERR_INVALID_REQUEST. */
function readLimit(query: unknown): number {
  const limit = isObject(query) ? query['limit'] : undefined
  if (limit === undefined) return DECISIONS_DEFAULT
  const count = typeof limit === 'string' && /^\d{1,4}$/.test(limit) ? Number(limit) : undefined
  if (count !== undefined && count >= 1 && count <= DECISIONS_MAX) return count
  throw invalid('limit', `an integer from 1 to ${DECISIONS_MAX}`, count ?? limit)
}

/** @throws MeshError ERR_INVALID_REQUEST. */
function readValidForMs(body: unknown): number | undefined {
  if (!isObject(body)) throw invalid('body', 'a JSON object', body)
  const unknown = Object.keys(body).find(field => field !== 'validForMs')
  if (unknown !== undefined) {
    const shown = JSON.stringify(unknown.slice(0, FIELD_SHOWN_LENGTH_MAX))
    throw new MeshError(`The body may have the field \`validForMs\` only; found ${shown}.`, {
      code: 'ERR_INVALID_REQUEST',
      details: { param: unknown.slice(0, FIELD_SHOWN_LENGTH_MAX) },
    })
  }
  const { validForMs } = body
  if (validForMs === undefined) return undefined
  const isWithin =
    Number.isSafeInteger(validForMs) &&
    Number(validForMs) >= 1 &&
    Number(validForMs) <= TICKET_VALID_MAX_MS
  if (isWithin) return Number(validForMs)
  throw invalid('validForMs', `an integer from 1 to ${TICKET_VALID_MAX_MS}`, validForMs)
}
