/**
 * POST /v1/chat/completions, /v1/completions and /v1/embeddings: the OpenAI-compatible way in.
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Gateway, MeshRequest } from '../node/gateway.ts'
import type { Endpoint } from '../node/runtime.ts'
import { requireModel } from './caller.ts'
import type { Exchange } from './exchange.ts'
import { readInferenceRequest } from './inference-request.ts'
import { type RelayDeps, relay } from './relay.ts'
import type { Route } from './routes.ts'
import { urgencyOf, withoutPriority } from './urgency.ts'

const ENDPOINTS: readonly Endpoint[] = ['chat/completions', 'completions', 'embeddings']

/** What the peer itself reads; the engine knows more. */
const BODIES = {
  'chat/completions': z.looseObject({
    model: z.string(),
    messages: z.array(z.looseObject({ role: z.string() })).min(1),
    stream: z.boolean().optional(),
    max_completion_tokens: z.int().min(1).optional(),
    max_tokens: z.int().min(1).optional(),
  }),
  completions: z.looseObject({
    model: z.string(),
    prompt: z.unknown().describe('A text, token ids, or a list of either.'),
    stream: z.boolean().optional(),
    max_tokens: z.int().min(1).optional(),
  }),
  embeddings: z.looseObject({
    model: z.string(),
    input: z.unknown().describe('A text, token ids, or a list of either; not empty.'),
  }),
} as const satisfies Record<Endpoint, z.ZodType>

const NO_BODY = Buffer.alloc(0)

/** Longer than any `traceparent` of the W3C versions so far. */
const TRACEPARENT_LENGTH_MAX = 128

export function inferenceRoutes(deps: RelayDeps): readonly Route[] {
  return ENDPOINTS.map(endpoint => ({
    method: 'POST',
    path: `/v1/${endpoint}`,
    role: 'inference',
    about: {
      summary: 'As of OpenAI; the engine answers. With `stream`, server-sent events.',
      body: BODIES[endpoint],
      answer: z.looseObject({}),
    },
    isInference: true,
    handle(exchange, request) {
      const asked = meshRequestOf(exchange, endpoint, bodyOf(request), deps.gateway)
      return relay(exchange, asked, deps)
    },
  }))
}

/**
 * What the mesh is asked, as far as the caller may ask for it.
 *
 * @throws MeshError ERR_INVALID_REQUEST, ERR_FORBIDDEN.
 */
export function meshRequestOf(
  exchange: Exchange,
  endpoint: Endpoint,
  sent: Buffer,
  { policy }: Pick<Gateway, 'policy'>,
): MeshRequest {
  const { caller } = exchange
  const { priority, ...read } = readInferenceRequest(endpoint, sent)
  requireModel(caller, read.model)
  const urgency = urgencyOf(exchange, priority, policy)
  const headers = engineHeaders(exchange)
  const body = priority === undefined ? sent : withoutPriority(sent)
  return { endpoint, body, headers, caller: caller.quota, ...read, ...urgency }
}

/** The body as the client sent it; empty if it sent none. */
export function bodyOf({ body }: FastifyRequest): Buffer {
  return Buffer.isBuffer(body) ? body : NO_BODY
}

function engineHeaders(exchange: Exchange): Readonly<Record<string, string>> {
  const { traceparent } = exchange.request.headers
  if (typeof traceparent !== 'string' || traceparent.length > TRACEPARENT_LENGTH_MAX) {
    return { 'x-request-id': exchange.id }
  }
  return { 'x-request-id': exchange.id, traceparent }
}
