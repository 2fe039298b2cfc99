/**
 * The HTTP side of a peer: an OpenAI-compatible API, the mesh's own API, health and metrics.
 *
 *     socket --> Node's http --> Fastify --> Admission --> body --> Route --> Exchange --> socket
 *                                routes      refuses by    read     answers
 *                                            the head
 *
 * Everything it needs of the mesh is a `Gateway`. Fastify routes and reads bodies; answers are
 * written by `Exchange` on Node's response, since they are raw bytes and their pace is ours.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Clock } from '../node/clock.ts'
import type { Gateway } from '../node/gateway.ts'
import type { Logger } from '../node/log.ts'
import type { Metrics } from '../node/metrics.ts'
import { createAccessCheck } from './access.ts'
import { Admission, type Target } from './admission.ts'
import { armBodyDeadline } from './body-deadline.ts'
import { eventRoutes } from './event-routes.ts'
import { EventStreams } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import { translateError, unknownPath } from './framework-errors.ts'
import { healthRoutes } from './health-routes.ts'
import { closeServer, createHttpServer, listen } from './http-server.ts'
import { inferenceRoutes } from './inference-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { answerConnect, answerMalformed, refuseExpectation } from './malformed.ts'
import { meshRoutes } from './mesh-routes.ts'
import { modelActionRoutes } from './model-action-routes.ts'
import { modelRoutes } from './model-routes.ts'
import { nodeRoutes } from './node-routes.ts'
import { OpenExchanges } from './open-exchanges.ts'
import { openApiRoute } from './openapi.ts'
import type { IngressOptions } from './options.ts'
import { policyChangeRoutes } from './policy-change-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { raftRoutes } from './raft-routes.ts'
import { type PathEntry, type Place, routeOf, tableOf } from './route-table.ts'
import type { Route } from './routes.ts'
import { schedulerRoutes } from './scheduler-routes.ts'
import { servedRoutes } from './served-routes.ts'
import { traceRoutes } from './trace-routes.ts'

export interface IngressDeps {
  readonly gateway: Gateway
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  readonly newId: () => string
  /** May be empty; then only loopback is served. */
  readonly apiKeys: readonly string[]
}

export interface RoutesDeps extends IngressDeps {
  /** Aborted when the ingress closes: streams that have no end of their own must end. */
  readonly stopping: AbortSignal
}

export interface Ingress {
  /** @throws MeshError ERR_LISTEN. */
  listen(): Promise<{ readonly url: string; readonly port: number }>
  /** Refuses new requests, lets running ones end, and cuts what runs after the deadline. */
  close(deadlineMs: number): Promise<void>
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange
    /** What it is for, once that is known. */
    target: Target
  }
  interface FastifyContextConfig {
    place?: Place
    /** What can be done here, if not what is asked. */
    allow?: string
  }
}

/** Longer ids than any model has; Fastify's own limit of 100 is shorter than some. */
const PATH_PARAM_LENGTH_MAX = 1024

/** What requests to unknown paths are counted under: a label must take few values. */
const UNKNOWN_ROUTE = 'unknown'

/** @throws MeshError ERR_CONFIG if it would be open to the network without an API key. */
export async function createIngress(options: IngressOptions, deps: IngressDeps): Promise<Ingress> {
  const { metrics, clock } = deps
  const { policy } = deps.gateway
  const checkAccess = createAccessCheck({ host: options.host, apiKeys: deps.apiKeys, policy })
  const admission = new Admission({ checkAccess, requestsMax: options.requestsMax, metrics })
  const exchanges = new OpenExchanges({
    ...deps,
    self: deps.gateway.self,
    onEnd: exchange => admission.release(exchange),
  })

  const { app, server } = createApp(options, exchanges)
  app.addHook('onRequest', (request, reply, done) => {
    const { config, url = UNKNOWN_ROUTE } = request.routeOptions
    request.exchange = exchanges.open(reply.raw, url)
    request.target = targetOf(config, request)
    const admitted = () => {
      // Whoever left while its key was looked at is not served.
      if (reply.raw.destroyed) {
        reply.hijack()
        return
      }
      armBodyDeadline(request.exchange, { bodyTimeoutMs: options.bodyTimeoutMs, clock })
      done()
    }
    try {
      const waiting = admission.admit(request.exchange, request.target)
      if (waiting === undefined) admitted()
      else waiting.then(admitted).catch(error => refuse(request.exchange, reply, error))
    } catch (error) {
      refuse(request.exchange, reply, error)
    }
  })
  const stopping = new AbortController()
  const routes = ingressRoutes(options, { ...deps, stopping: stopping.signal })
  for (const entry of tableOf(routes)) addPath(app, entry)
  await app.ready()

  return {
    listen: () => listen(server, options),
    async close(deadlineMs) {
      admission.stop()
      stopping.abort()
      await closeServer(server, { idle: exchanges.idle(), deadlineMs, clock })
      await app.close()
    },
  }
}

/** Everything the ingress answers; docs/reference/http.md explains each. */
export function ingressRoutes(options: IngressOptions, deps: RoutesDeps): readonly Route[] {
  const { gateway, metrics, clock } = deps
  const { policy } = gateway
  const streams = new EventStreams({ ...deps, options })
  const routes = [
    ...inferenceRoutes({ ...deps, options }),
    ...modelRoutes(gateway, Math.floor(clock.wallMs() / 1000)),
    ...meshRoutes(gateway),
    ...traceRoutes(gateway.traces),
    ...servedRoutes({ gateway }),
    ...schedulerRoutes({ gateway, clock, options }),
    ...nodeRoutes(gateway),
    ...modelActionRoutes({ gateway, clock }),
    ...eventRoutes({ events: gateway.events, streams }),
    ...policyRoutes({ policy, streams }),
    ...policyChangeRoutes(policy),
    ...keyRoutes(policy),
    ...raftRoutes(gateway),
    ...healthRoutes(gateway, metrics),
  ]
  return [...routes, openApiRoute(routes, gateway.version)]
}

function targetOf(
  { place, allow }: FastifyRequest['routeOptions']['config'],
  request: FastifyRequest,
): Target {
  if (place !== undefined) return routeOf(place, request)
  return allow === undefined ? undefined : { allow }
}

function createApp(options: IngressOptions, exchanges: OpenExchanges) {
  let server: Server | undefined
  const app = fastify({
    logger: false,
    bodyLimit: options.bodyMaxBytes,
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_PARAM_LENGTH_MAX, ignoreTrailingSlash: true },
    serverFactory(listener) {
      server = createHttpServer(options, listener)
        .on('checkExpectation', (_request, response) =>
          refuseExpectation(exchanges.open(response, UNKNOWN_ROUTE)),
        )
        .on('connect', (_request, socket) => answerConnect(socket as Socket))
      return server
    },
    clientErrorHandler: (error, socket) =>
      answerMalformed(error, socket, exchanges.hasAnswered(socket)),
    frameworkErrors: (error, _request, reply) =>
      refuse(exchanges.open(reply.raw, UNKNOWN_ROUTE), reply, translateError(error, options)),
  })
  app.removeAllContentTypeParsers()
  const jsonTypes = ['application/json', 'application/merge-patch+json']
  app.addContentTypeParser(jsonTypes, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  )
  app.setErrorHandler((error, request, reply) =>
    refuse(request.exchange, reply, translateError(error, options)),
  )
  app.setNotFoundHandler((request, reply) =>
    refuse(request.exchange, reply, unknownPath(request.method, request.url)),
  )
  return { app, server: server as Server }
}

function addPath(app: FastifyInstance, { path, places, allow }: PathEntry): void {
  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    run(request)
  }
  for (const [method, place] of places) {
    app.route({ method, url: path, config: { place }, exposeHeadRoute: true, handler })
  }
  const allowed = new Set(allow.split(', '))
  const others = app.supportedMethods.filter(method => !allowed.has(method))
  // The admission refuses these by the target.
  app.route({ method: others, url: path, config: { allow }, handler })
}

function run(request: FastifyRequest): void {
  const { exchange, target } = request
  // The last of the body came when the client had been told that it came too late.
  if (exchange.response.headersSent) return
  if (target === undefined || !('handle' in target)) {
    exchange.fail(unknownPath(request.method, request.url))
    return
  }
  try {
    target.handle(exchange, request)?.catch((error: unknown) => exchange.fail(error))
  } catch (error) {
    exchange.fail(error)
  }
}

function refuse(exchange: Exchange, reply: FastifyReply, error: unknown): void {
  reply.hijack()
  exchange.fail(error)
}
