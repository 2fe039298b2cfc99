/**
 * What all routes of the ingress share. The table of all routes is in `ingress.ts`.
 */
import type { FastifyRequest } from 'fastify'
import type { Exchange } from './exchange.ts'

export interface Route {
  readonly method: 'GET' | 'POST'
  /** In Fastify's syntax: `:id` is one segment, `*` the rest. */
  readonly path: string
  /** It makes tokens: counts against `requestsMax`. */
  readonly isInference?: boolean
  /** It needs no API key. */
  readonly isOpen?: boolean
  /** Answers through the exchange. What it throws becomes an error answer. */
  readonly handle: (exchange: Exchange, request: FastifyRequest) => Promise<void> | void
}
