/**
 * GET /mesh/v1/served: what the mesh served of late, as counts and hashes, ingress by ingress.
 */
import { z } from 'zod'
import type { Gateway } from '../node/gateway.ts'
import { SERVED_LIMITS, servedPage } from '../node/recording/served-requests.ts'
import { type Mesh, resolveNode } from './node-routes.ts'
import { readLimit, readQuery } from './read-input.ts'
import type { Route } from './routes.ts'
import { untilClosed } from './until-closed.ts'

const servedQuery = z.object({
  peer: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('Who took them in, by id or name. Default: this one.'),
  after: z
    .string()
    .max(256)
    .optional()
    .describe('`next` of the page before. Default: the oldest that is kept.'),
  limit: z
    .string()
    .optional()
    .describe(`Requests at most, 1 to ${SERVED_LIMITS.max}. Default: ${SERVED_LIMITS.fallback}.`),
  salt: z
    .string()
    .min(16)
    .max(128)
    .optional()
    .describe(
      'A secret of your own, with which tenants and prompts are hashed. Default: they are left out.',
    ),
})

export interface ServedRoutesDeps {
  readonly gateway: Mesh & Pick<Gateway, 'self' | 'served'>
}

export function servedRoutes({ gateway }: ServedRoutesDeps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/mesh/v1/served',
      role: 'operator',
      about: {
        summary: 'The requests that a peer took in and the mesh served, of late, the oldest first.',
        query: servedQuery,
        answer: servedPage,
      },
      async handle(exchange, request) {
        const { peer: word, after, salt } = readQuery(servedQuery, request)
        const limit = readLimit(request.query, SERVED_LIMITS)
        const peer = word === undefined ? gateway.self : resolveNode(gateway, word, 'peer')
        const query = { after, limit, salt }
        exchange.sendJson(200, await gateway.served.read(peer, query, untilClosed(exchange)))
      },
    },
  ]
}
