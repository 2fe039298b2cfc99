/**
 * What is decided about a request from its head alone, before a byte of its body is read.
 *
 * In this order, so that a stranger learns as little as possible: is it meant for one host, is the
 * peer stopping, may the caller do this at all, does the method exist, is the body of a kind we read, is there room.
 */
import { MeshError } from '../core/errors.ts'
import type { Metrics } from '../node/metrics.ts'
import type { AccessCheck } from './access.ts'
import { checkContentType } from './content-type.ts'
import type { Exchange } from './exchange.ts'
import { requestHost } from './request-host.ts'
import type { Route } from './routes.ts'

/** What stands at the path of a request. `undefined`: nothing. */
export type Target = Route | { readonly allow: string } | undefined

/** When to come back after a 429 of our own: a place gets free with every answer that ends. */
const RETRY_AFTER_MS = 1000

export interface AdmissionDeps {
  readonly checkAccess: AccessCheck
  readonly requestsMax: number
  readonly metrics: Metrics
}

export class Admission {
  readonly #deps: AdmissionDeps
  #inFlightCount = 0
  #isStopping = false

  constructor(deps: AdmissionDeps) {
    this.#deps = deps
  }

  /** From now on every request is refused. */
  stop(): void {
    this.#isStopping = true
  }

  /** @throws MeshError if the request is refused. Else `release` follows when it ends. */
  admit(exchange: Exchange, target: Target): void {
    const { headers } = exchange.request
    const host = requestHost(exchange.request)
    if (this.#isStopping) {
      exchange.isLast = true
      throw new MeshError('This peer is stopping.', {
        code: 'ERR_STOPPING',
        hint: 'Send the request to another peer of the mesh.',
      })
    }
    if (target === undefined || 'allow' in target || target.isOpen !== true) {
      this.#deps.checkAccess({ host, authorization: headers.authorization })
    }
    if (target === undefined) return
    if ('allow' in target) throw methodNotAllowed(exchange, target.allow)
    if (target.method === 'POST') checkContentType(headers)
    if (target.isInference === true) this.#takePlace(exchange)
  }

  /** Gives back the place an exchange took, if it did. */
  release(exchange: Exchange): void {
    if (!exchange.isInference) return
    this.#inFlightCount -= 1
    this.#deps.metrics.ingress.requestsInFlight.set(this.#inFlightCount)
  }

  #takePlace(exchange: Exchange): void {
    const { requestsMax, metrics } = this.#deps
    if (this.#inFlightCount >= requestsMax) {
      throw new MeshError(`This peer already has ${requestsMax} requests in flight.`, {
        code: 'ERR_OVERLOADED',
        details: { retryAfterMs: RETRY_AFTER_MS },
        hint: 'Try again later or at another peer; ingress.requestsMax sets the bound.',
      })
    }
    exchange.isInference = true
    this.#inFlightCount += 1
    metrics.ingress.requestsInFlight.set(this.#inFlightCount)
  }
}

function methodNotAllowed({ request }: Exchange, allow: string): MeshError {
  return new MeshError(`${request.method} is not allowed here; ${allow} is.`, {
    code: 'ERR_METHOD_NOT_ALLOWED',
    details: { allow },
  })
}
