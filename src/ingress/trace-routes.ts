/**
 * GET /mesh/v1/traces: what happened to the latest requests that came in at this peer.
 */
import { z } from 'zod'
import type { RequestTraces } from '../node/gateway.ts'
import { notKept } from './not-kept.ts'
import { readLimit } from './read-input.ts'
import type { Route } from './routes.ts'

const LIMITS = { fallback: 100, max: 1_000 } as const

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
        const trace = traces.get(id)
        if (trace === undefined) throw notKept('trace', id)
        exchange.sendJson(200, trace)
      },
    },
  ]
}
