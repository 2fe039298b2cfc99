/**
 * The requests that have not ended: what a graceful stop waits for.
 */
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Exchange, type ExchangeDeps, type RouteMetrics, routeMetrics } from './exchange.ts'

export class OpenExchanges {
  readonly #deps: ExchangeDeps
  #openCount = 0
  readonly #routes = new Map<string, RouteMetrics>()
  /** The latest response on each connection. */
  readonly #responses = new WeakMap<Socket, ServerResponse>()
  #onIdle = () => {}

  constructor(deps: ExchangeDeps) {
    this.#deps = {
      ...deps,
      onEnd: exchange => {
        this.#openCount -= 1
        deps.onEnd(exchange)
        if (this.#openCount === 0) this.#onIdle()
      },
    }
  }

  open(response: ServerResponse, route: string): Exchange {
    const exchange = new Exchange(response, this.#metricsOf(route), this.#deps)
    this.#openCount += 1
    this.#responses.set(response.req.socket, response)
    return exchange
  }

  /** Whether what arrives still belongs to a request that has got its answer, whole or in part. */
  hasAnswered(socket: Socket): boolean {
    const response = this.#responses.get(socket)
    if (response?.headersSent !== true) return false
    return !(response.writableFinished && response.req.complete)
  }

  /** Resolves when none is open. */
  idle(): Promise<void> {
    if (this.#openCount === 0) return Promise.resolve()
    return new Promise(resolve => {
      this.#onIdle = resolve
    })
  }

  #metricsOf(route: string): RouteMetrics {
    const known = this.#routes.get(route)
    if (known !== undefined) return known
    const metrics = routeMetrics(route, this.#deps.metrics)
    this.#routes.set(route, metrics)
    return metrics
  }
}
