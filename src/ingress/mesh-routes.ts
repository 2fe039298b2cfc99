/**
 * /mesh/v1: the mesh as this peer sees it, for people and for the `skein` command.
 *
 * Answers carry the words of the code (`core/peer-state.ts`, `scheduler/decision.ts`) unchanged.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import type { Gateway } from '../node/gateway.ts'
import { bodyOf } from './inference-routes.ts'
import { parseJson } from './json-body.ts'
import type { Route } from './routes.ts'

/** 30 days: a ticket cannot be taken back. */
const TICKET_VALID_MAX_MS = 30 * 86_400_000

const DECISIONS_DEFAULT = 100
const DECISIONS_MAX = 1000

const decisionsQuery = z.object({
  limit: z.coerce.number().int().min(1).max(DECISIONS_MAX).default(DECISIONS_DEFAULT),
})

const ticketRequest = z.strictObject({
  validForMs: z.int().min(1).max(TICKET_VALID_MAX_MS).optional(),
})

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
        const { limit } = checked(decisionsQuery, query)
        exchange.sendJson(200, { decisions: gateway.decisions(limit) })
      },
    },
    {
      method: 'GET',
      path: '/mesh/v1/decisions/:id',
      handle(exchange, { params }) {
        const { id } = params as { readonly id: string }
        const decision = gateway.decision(id)
        if (decision === undefined) {
          throw new MeshError(`This peer knows no decision ${JSON.stringify(id)}.`, {
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
        const { validForMs } = checked(ticketRequest, body.length === 0 ? {} : parseJson(body))
        const ticket = await gateway.invite({ validForMs })
        // A ticket is a secret: no cache may keep it.
        exchange.sendJson(200, { ticket }, { 'cache-control': 'no-store' })
      },
    },
  ]
}

/** @throws MeshError ERR_INVALID_REQUEST that lists every problem. */
function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const param = first?.path.join('.') ?? ''
  throw new MeshError(z.prettifyError(parsed.error), {
    code: 'ERR_INVALID_REQUEST',
    details: param === '' ? {} : { param },
  })
}
