/**
 * POST /v1/chat/completions, /v1/completions and /v1/embeddings: the OpenAI-compatible way in.
 */
import type { FastifyRequest } from 'fastify'
import type { Endpoint } from '../node/runtime.ts'
import type { Exchange } from './exchange.ts'
import { readInferenceRequest } from './inference-request.ts'
import { type RelayDeps, relay } from './relay.ts'
import type { Route } from './routes.ts'

const ENDPOINTS: readonly Endpoint[] = ['chat/completions', 'completions', 'embeddings']

const NO_BODY = Buffer.alloc(0)

/** Longer than any `traceparent` of the W3C versions so far. */
const TRACEPARENT_LENGTH_MAX = 128

export function inferenceRoutes(deps: RelayDeps): readonly Route[] {
  return ENDPOINTS.map(endpoint => ({
    method: 'POST',
    path: `/v1/${endpoint}`,
    isInference: true,
    handle(exchange, request) {
      const body = bodyOf(request)
      const read = readInferenceRequest(endpoint, body)
      return relay(exchange, { endpoint, body, headers: engineHeaders(exchange), ...read }, deps)
    },
  }))
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
