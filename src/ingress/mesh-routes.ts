/**
 * /mesh/v1: the mesh as this peer sees it, for people and for the `skein` command.
 *
 * Answers carry the words of the code (`core/peer-state.ts`, `scheduler/decision.ts`) unchanged.
 */
import { z } from 'zod'
import { PEER_ROLES } from '../consensus/policy/kinds/roster.ts'
import type { Gateway } from '../node/gateway.ts'
import { notKept } from './not-kept.ts'
import { readBody, readLimit } from './read-input.ts'
import type { Route } from './routes.ts'

/** 30 days. */
const TICKET_VALID_MAX_MS = 30 * 86_400_000

const LIMITS = { fallback: 100, max: 1_000 } as const

/** As many as a ticket of the policy has. */
const TICKET_USES_MAX = 10_000

const someObject = z.looseObject({})

const nodesAnswer = z.object({
  meshId: z.string(),
  self: z.string(),
  version: z.string(),
  nodes: z.array(
    z.looseObject({
      peer: z.string(),
      isSelf: z.boolean(),
      status: z.enum(['alive', 'suspect', 'dead', 'left']),
      path: z.enum(['self', 'direct', 'none']),
    }),
  ),
})

const modelsAnswer = z.object({
  models: z.array(
    z.object({
      id: z.string(),
      facts: someObject,
      peers: z.array(z.string()),
      unready: z
        .array(someObject)
        .optional()
        .describe('Peers where it cannot answer at once: `peer`, `state`, and how far it is.'),
    }),
  ),
})

const decisionAnswer = z.looseObject({
  id: z.string(),
  model: z.string(),
  outcome: z.string(),
})

const decisionsQuery = z.object({
  limit: z
    .string()
    .optional()
    .describe(`Decisions at most, 1 to ${LIMITS.max}. Default: ${LIMITS.fallback}.`),
})

const ticketBody = z.strictObject({
  validForMs: z
    .int()
    .min(1)
    .max(TICKET_VALID_MAX_MS)
    .optional()
    .describe('How long it may be used. Default: a day.'),
  uses: z
    .int()
    .min(1)
    .max(TICKET_USES_MAX)
    .optional()
    .describe('Peers that may join with it. Default: 32.'),
  role: z.enum(PEER_ROLES).optional().describe('What they become. Default: a member.'),
})

export function meshRoutes(gateway: Gateway): readonly Route[] {
  const { self, meshId, version } = gateway
  return [
    {
      method: 'GET',
      path: '/mesh/v1/nodes',
      role: 'operator',
      about: { summary: 'The peers, as this one sees them.', answer: nodesAnswer },
      handle: exchange => exchange.sendJson(200, { meshId, self, version, nodes: gateway.nodes() }),
    },
    {
      method: 'GET',
      path: '/mesh/v1/models',
      role: 'operator',
      about: { summary: 'The models that live peers serve.', answer: modelsAnswer },
      handle: exchange => exchange.sendJson(200, { models: gateway.models() }),
    },
    {
      method: 'GET',
      path: '/mesh/v1/decisions',
      role: 'operator',
      about: {
        summary: 'The latest decisions of this peer, newest first.',
        query: decisionsQuery,
        answer: z.object({ decisions: z.array(decisionAnswer) }),
      },
      handle(exchange, { query }) {
        exchange.sendJson(200, { decisions: gateway.decisions(readLimit(query, LIMITS)) })
      },
    },
    {
      method: 'GET',
      path: '/mesh/v1/decisions/:id',
      role: 'operator',
      about: { summary: 'One decision.', answer: decisionAnswer },
      handle(exchange, { params }) {
        const { id } = params as { readonly id: string }
        const decision = gateway.decision(id)
        if (decision === undefined) throw notKept('decision', id)
        exchange.sendJson(200, decision)
      },
    },
    {
      method: 'POST',
      path: '/mesh/v1/tickets',
      role: 'admin',
      about: {
        summary: 'Makes a ticket with which other machines can join.',
        body: ticketBody,
        answer: z.object({ ticket: z.string().describe('A secret.') }),
      },
      async handle(exchange, request) {
        const ticket = await gateway.invite(readBody(ticketBody, request))
        // A ticket is a secret: no cache may keep it.
        exchange.sendJson(200, { ticket }, { 'cache-control': 'no-store' })
      },
    },
  ]
}
