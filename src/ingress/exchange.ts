/**
 * One HTTP request and its answer: the id, the headers every answer carries, the metrics.
 *
 * Every answer of the ingress leaves through here, so that none lacks its request id and none is
 * counted twice. Fastify routes and reads the body; it never writes.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { assert } from '../core/assert.ts'
import { hasCode } from '../core/errors.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { Clock } from '../node/clock.ts'
import type { Logger } from '../node/log.ts'
import type { Metrics } from '../node/metrics.ts'
import type { Caller } from './caller.ts'
import { errorAnswer, isMeshError } from './error-answer.ts'
import { hasLongRest, lingerAfterAnswer } from './linger.ts'

export interface ExchangeDeps {
  readonly self: PeerId
  readonly metrics: Metrics
  readonly logger: Logger
  readonly clock: Clock
  readonly newId: () => string
  /** Called once per exchange, when its connection is free again or gone. */
  readonly onEnd: (exchange: Exchange) => void
}

export type Headers = Readonly<Record<string, string>>

/** What a client may name its request. Anything else is replaced, not refused. */
const REQUEST_ID = /^[\w.:-]{1,128}$/

const CODE_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx', 'cancelled'] as const

type CodeClass = (typeof CODE_CLASSES)[number]

/** The metrics of one route with their labels bound: binding costs more than counting. */
export interface RouteMetrics {
  readonly route: string
  readonly requests: Readonly<Record<CodeClass, { inc(): void }>>
  readonly requestTime: { observe(seconds: number): void }
}

export function routeMetrics(route: string, { ingress }: Metrics): RouteMetrics {
  const children = CODE_CLASSES.map(code => [code, ingress.requests.labels(route, code)] as const)
  return {
    route,
    requests: Object.fromEntries(children) as RouteMetrics['requests'],
    requestTime: ingress.requestTime.labels(route),
  }
}

export class Exchange {
  readonly id: string
  readonly startMs: number
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Set if it takes one of the `requestsMax` places. */
  isInference = false
  /** Set for exchanges whose connection shall not be used again. */
  isLast = false
  /** What its answer says of the decision about it, whatever the answer will be. */
  #decision: Headers = {}
  #caller: Caller | undefined
  readonly #deps: ExchangeDeps
  readonly #route: RouteMetrics

  constructor(response: ServerResponse, route: RouteMetrics, deps: ExchangeDeps) {
    this.request = response.req
    this.response = response
    this.startMs = deps.clock.nowMs()
    this.#deps = deps
    this.#route = route
    const given = this.request.headers['x-request-id']
    this.id = typeof given === 'string' && REQUEST_ID.test(given) ? given : deps.newId()
    response.once('close', () => this.#end())
  }

  /** Whose request it is. Only of one that was admitted. */
  get caller(): Caller {
    assert(this.#caller !== undefined, 'only what was admitted is handled')
    return this.#caller
  }

  admittedAs(caller: Caller): void {
    this.#caller = caller
  }

  /** @param peer Who was chosen, if anyone. */
  decided(decisionId: DecisionId, peer: PeerId | undefined): void {
    const chosen = peer === undefined ? {} : { 'x-skein-peer': peer }
    this.#decision = { 'x-skein-decision': decisionId, ...chosen }
  }

  /** Writes the status and the headers; the body is the caller's. */
  begin(status: number, headers: Headers): void {
    const { clock, self } = this.#deps
    if (this.isLast && !this.request.complete) lingerAfterAnswer(this.request, clock)
    this.response.writeHead(status, {
      'x-request-id': this.id,
      'x-skein-peer': self,
      'x-skein-latency-ms': (clock.nowMs() - this.startMs).toFixed(1),
      ...this.#decision,
      ...headers,
      ...(this.isLast ? { connection: 'close' } : {}),
    })
  }

  /** Answers with a whole body, if the client is still there. */
  send(status: number, headers: Headers, body: string | Buffer): void {
    if (this.response.destroyed) return
    this.begin(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })
    this.response.end(body)
  }

  sendJson(status: number, value: unknown, headers: Headers = {}): void {
    this.send(status, { 'content-type': 'application/json', ...headers }, JSON.stringify(value))
  }

  /** Answers with an error, if no head was written yet. */
  fail(error: unknown): void {
    this.report(error)
    if (this.response.headersSent || this.response.destroyed) return
    if (hasCode(error, 'ERR_BODY_TOO_LARGE') || hasLongRest(this.request)) this.isLast = true
    const { status, headers, body } = errorAnswer(error, this.id)
    this.sendJson(status, body, headers)
  }

  /** Logs an error: bugs loudly, refusals for whoever looks for them. */
  report(error: unknown): void {
    const { logger } = this.#deps
    const facts = { requestId: this.id, route: this.#route.route, error }
    if (isMeshError(error)) logger.debug('request failed', { ...facts, code: error.code })
    else logger.error('request failed by a bug', facts)
  }

  #end(): void {
    const { clock, onEnd } = this.#deps
    const { requests, requestTime } = this.#route
    requestTime.observe((clock.nowMs() - this.startMs) / 1000)
    requests[this.#codeClass()].inc()
    onEnd(this)
  }

  #codeClass(): CodeClass {
    const { response } = this
    if (!response.writableFinished) return 'cancelled'
    return CODE_CLASSES[Math.floor(response.statusCode / 100) - 1] ?? '5xx'
  }
}
