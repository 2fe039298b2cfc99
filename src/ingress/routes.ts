/**
 * What all routes of the ingress share. The table of all routes is in `ingress.ts`.
 */
import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Role } from './caller.ts'
import type { Exchange } from './exchange.ts'

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type Method = (typeof METHODS)[number]

/** What `GET /mesh/v1/openapi.json` says of a route. */
export interface RouteAbout {
  readonly summary: string
  /** An object; each field is a parameter. */
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Of the usual answer. A text: its content type. */
  readonly answer: z.ZodType | string
  /** It changes the policy, once for each Idempotency-Key; `one`: a resource, conditionally. */
  readonly changes?: 'any' | 'one'
  /** Of the usual answer. Default: 200. */
  readonly status?: number
}

export interface Route {
  readonly method: Method
  /**
   * `:id` is one segment, `*` the rest. A verb may follow after a colon, also after `*`:
   * `/mesh/v1/models/*:pin`.
   */
  readonly path: string
  /** What an API key of the policy must allow. */
  readonly role: Role
  readonly about: RouteAbout
  /** It makes tokens: counts against `requestsMax`. */
  readonly isInference?: boolean
  /** It needs no API key. */
  readonly isOpen?: boolean
  /** Answers through the exchange. What it throws becomes an error answer. */
  readonly handle: (exchange: Exchange, request: FastifyRequest) => Promise<void> | void
}
