/**
 * What is decided about a request from its head alone, before a byte of its body is read.
 *
 * In this order, so that a stranger learns as little as possible: is it meant for one host, is the
 * peer stopping, may the caller do this at all, does the method exist, is the body of a kind we read, is there room.
 */
import { MeshError } from '../core/errors.ts'
import type { Metrics } from '../node/metrics.ts'
import type { AccessCheck } from './access.ts'
import { type Caller, LOCAL, requireRole } from './caller.ts'
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

  /**
   * A promise only if the caller's key must be hashed first. Once it is admitted, `release` follows
   * when it ends.
   *
   * @throws MeshError if the request is refused.
   */
  admit(exchange: Exchange, target: Target): Promise<void> | undefined {
    const { authorization } = exchange.request.headers
    const host = requestHost(exchange.request)
    this.#refuseStopping(exchange)
    const isOpen = target !== undefined && !('allow' in target) && target.isOpen === true
    const caller = isOpen ? LOCAL : this.#deps.checkAccess({ host, authorization })
    if (caller instanceof Promise) {
      return caller.then(known => {
        this.#refuseStopping(exchange)
        this.#enter(exchange, target, known)
      })
    }
    this.#enter(exchange, target, caller)
    return undefined
  }

  /** Gives back the place an exchange took, if it did. */
  release(exchange: Exchange): void {
    if (!exchange.isInference) return
    this.#inFlightCount -= 1
    this.#deps.metrics.ingress.requestsInFlight.set(this.#inFlightCount)
  }

  #refuseStopping(exchange: Exchange): void {
    if (!this.#isStopping) return
    exchange.isLast = true
    throw new MeshError('This peer is stopping.', {
      code: 'ERR_STOPPING',
      hint: 'Send the request to another peer of the mesh.',
    })
  }

  #enter(exchange: Exchange, target: Target, caller: Caller): void {
    exchange.admittedAs(caller)
    if (target === undefined) return
    if ('allow' in target) throw methodNotAllowed(exchange, target.allow)
    requireRole(caller, target.role, `${target.method} ${target.path}`)
    checkContentType(target.method, exchange.request.headers)
    // Whoever left while the key was looked at gives back no place.
    if (target.isInference === true && !exchange.response.destroyed) this.#takePlace(exchange)
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
