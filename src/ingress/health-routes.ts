/**
 * GET /healthz, /readyz and /metrics: for the things that watch a peer.
 */
import type { Gateway } from '../node/gateway.ts'
import type { Metrics } from '../node/metrics.ts'
import type { Route } from './routes.ts'

export function healthRoutes(gateway: Gateway, { registry }: Metrics): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      isOpen: true,
      handle: exchange => exchange.sendJson(200, { status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      handle(exchange) {
        const { isReady, problems } = gateway.readiness()
        const status = isReady ? 'ready' : 'not-ready'
        exchange.sendJson(isReady ? 200 : 503, { status, problems })
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      async handle(exchange) {
        exchange.send(200, { 'content-type': registry.contentType }, await registry.metrics())
      },
    },
  ]
}
