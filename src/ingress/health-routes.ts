/**
 * GET /healthz, /readyz and /metrics: for the things that watch a peer.
 *
 * What asks whether a peer is alive and ready (a load balancer, the kubelet) has no key to send, and
 * must not take a peer for broken since somebody has made the first admin's key. So these two are
 * open; they name no peer and no model.
 */
import { z } from 'zod'
import type { Gateway } from '../node/gateway.ts'
import type { Metrics } from '../node/metrics.ts'
import type { Route } from './routes.ts'

const alive = z.object({ status: z.literal('alive') })

const readiness = z.object({ status: z.literal('ready'), problems: z.array(z.string()) })

export function healthRoutes(gateway: Gateway, { registry }: Metrics): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/healthz',
      role: 'inference',
      about: { summary: 'Whether the process answers at all.', answer: alive },
      isOpen: true,
      handle: exchange => exchange.sendJson(200, { status: 'alive' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      role: 'inference',
      about: { summary: 'Whether it can serve; else 503 with the reasons.', answer: readiness },
      isOpen: true,
      handle(exchange) {
        const { isReady, problems } = gateway.readiness()
        const status = isReady ? 'ready' : 'not-ready'
        exchange.sendJson(isReady ? 200 : 503, { status, problems })
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      role: 'operator',
      about: { summary: 'Metrics for Prometheus.', answer: 'text/plain' },
      async handle(exchange) {
        exchange.send(200, { 'content-type': registry.contentType }, await registry.metrics())
      },
    },
  ]
}
