/**
 * GET /mesh/v1/traces: what happened to the latest requests that came in at this peer.
 */
import { z } from 'zod'
import { MeshError } from '../core/errors.ts'
import type { RequestTraces } from '../node/gateway.ts'
import { readLimit } from './read-input.ts'
import type { Route } from './routes.ts'

const LIMITS = { fallback: 100, max: 1_000 } as const

/** Twice as long as the ids we make; a longer one is cut. */
const ID_SHOWN_LENGTH_MAX = 64

const traceAnswer = z.looseObject({
  decisionId: z.string(),
  requestId: z.string().optional().describe('As in the header `x-request-id` of the answer.'),
  traceId: z.string().optional().describe('Of the W3C trace that it is part of.'),
  model: z.string(),
  stages: z.array(
    z.object({
      stage: z.string(),
      detail: z.string().optional(),
      timestampMs: z.number().describe('Wall clock, ms since 1970.'),
    }),
  ),
  outcome: z.enum(['pending', 'answered', 'failed', 'cancelled']),
})

const tracesQuery = z.object({
  limit: z
    .string()
    .optional()
    .describe(`Traces at most, 1 to ${LIMITS.max}. Default: ${LIMITS.fallback}.`),
})

export function traceRoutes(traces: RequestTraces): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/mesh/v1/traces',
      role: 'operator',
      about: {
        summary: 'What happened to the latest requests that came in here, newest first.',
        query: tracesQuery,
        answer: z.object({ traces: z.array(traceAnswer) }),
      },
      handle(exchange, { query }) {
        const limit = readLimit(query, LIMITS)
        exchange.sendJson(200, { traces: traces.recent(limit) })
      },
    },
    {
      method: 'GET',
      path: '/mesh/v1/traces/:id',
      role: 'operator',
      about: { summary: 'What happened to one request, by its decision.', answer: traceAnswer },
      handle(exchange, { params }) {
        const { id } = params as { readonly id: string }
        const found = traces.get(id)
        if (found !== undefined) return exchange.sendJson(200, found)
        const shown = JSON.stringify(id.slice(0, ID_SHOWN_LENGTH_MAX))
        throw new MeshError(`This peer knows no trace of a decision ${shown}.`, {
          code: 'ERR_NOT_FOUND',
          details: { param: 'id' },
          hint: 'Ask the peer that took the request; each keeps its latest traces only.',
        })
      },
    },
  ]
}
