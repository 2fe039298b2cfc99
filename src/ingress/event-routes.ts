/**
 * GET /mesh/v1/events: what happens in the mesh, as a list or as server-sent events.
 *
 *     read: what is kept --> wait: news | silence | stop --> read: what is new --> ...
 *                              '-- the client is slow: its stream alone waits, and the log tells
 *                                  it afterwards what it missed
 *
 * A stream is resumed by the id of the last event that the client had (`Last-Event-ID`).
 *
 * Source: WHATWG HTML, section 9.2 "Server-sent events", which also advises the comment every
 * 15 s, since some proxies close a connection that is silent.
 */
import type { FastifyRequest } from 'fastify'
import { MeshError } from '../core/errors.ts'
import type { Clock } from '../node/clock.ts'
import type { EventReader, MeshEvent, MeshEvents } from '../node/event-log.ts'
import type { Metrics } from '../node/metrics.ts'
import { AnswerWriter } from './answer-writer.ts'
import { EVENT_STREAM, UNCACHED } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import { invalid, isObject } from './fields.ts'
import type { IngressOptions } from './options.ts'
import type { Route } from './routes.ts'

const KEEP_ALIVE_INTERVAL_MS = 15_000

const KEEP_ALIVE = Buffer.from(': still here\n\n')

const HEAD = {
  status: 200,
  isEvents: true,
  headers: { 'content-type': EVENT_STREAM, ...UNCACHED },
}

export interface EventRoutesDeps {
  readonly events: MeshEvents
  readonly options: IngressOptions
  readonly metrics: Metrics
  readonly clock: Clock
  /** Aborted when the peer stops: then every stream ends. */
  readonly stopping: AbortSignal
}

export function eventRoutes(deps: EventRoutesDeps): readonly Route[] {
  const { events, options } = deps
  let streamCount = 0

  return [
    {
      method: 'GET',
      path: '/mesh/v1/events',
      async handle(exchange, request) {
        const { isStream, sinceId } = readQuestion(request)
        if (!isStream) return exchange.sendJson(200, { events: events.since(sinceId) })
        if (streamCount >= options.eventStreamsMax) throw tooMany(options.eventStreamsMax)
        streamCount += 1
        try {
          await follow(exchange, sinceId, deps)
        } finally {
          streamCount -= 1
        }
      },
    },
  ]
}

function tooMany(eventStreamsMax: number): MeshError {
  return new MeshError(`This peer already streams events to ${eventStreamsMax} clients.`, {
    code: 'ERR_OVERLOADED',
    hint: 'Ask another peer, or for the list with ?follow=false; ingress.eventStreamsMax sets the bound.',
  })
}

/** Resolves when the client is gone or the peer stops. */
async function follow(
  exchange: Exchange,
  sinceId: string | undefined,
  { events, options, metrics, clock, stopping }: EventRoutesDeps,
): Promise<void> {
  const { request, response } = exchange
  const { slowClientTimeoutMs } = options
  const writer = new AnswerWriter(exchange, HEAD, { metrics, slowClientTimeoutMs })
  let wake = () => {}
  const onWake = () => wake()
  const reader = events.read(onWake, sinceId)
  stopping.addEventListener('abort', onWake)
  response.once('close', onWake)

  /** Until something has happened. There was nothing when it is called, in the same turn. */
  const isSilent = () =>
    new Promise<boolean>(resolve => {
      const cancel = clock.wakeAt(clock.nowMs() + KEEP_ALIVE_INTERVAL_MS, () => resolve(true))
      wake = () => {
        cancel()
        resolve(false)
      }
    })

  try {
    // Whoever asks for the head alone has it.
    while (request.method !== 'HEAD' && !stopping.aborted && !response.destroyed) {
      const chunk = nextChunk(reader) ?? ((await isSilent()) ? KEEP_ALIVE : undefined)
      if (chunk !== undefined && !writer.push(chunk)) await writer.drained()
    }
  } finally {
    reader.close()
    stopping.removeEventListener('abort', onWake)
  }
  if (!response.destroyed) writer.end()
}

function nextChunk(reader: EventReader): Uint8Array | undefined {
  const event = reader.next()
  return event === undefined ? undefined : Buffer.from(eventText(event))
}

function eventText(event: MeshEvent): string {
  return `id: ${event.id}\nevent: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`
}

interface Question {
  readonly isStream: boolean
  readonly sinceId: string | undefined
}

/** @throws MeshError ERR_INVALID_REQUEST. */
function readQuestion({ query, headers }: FastifyRequest): Question {
  const { follow: wanted, since } = isObject(query) ? query : {}
  if (wanted !== undefined && wanted !== 'true' && wanted !== 'false') {
    throw invalid('follow', '`true` or `false`', wanted)
  }
  if (since !== undefined && typeof since !== 'string') {
    throw invalid('since', 'the id of one event', since)
  }
  const isStream = wanted === undefined ? !wantsJson(headers.accept) : wanted === 'true'
  // A browser that reconnects asks for the same URL; what it had last stands in the header.
  const lastEventId = headers['last-event-id']
  const sinceId = typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : since
  return { isStream, sinceId: sinceId === '' ? undefined : sinceId }
}

function wantsJson(accept: string | undefined): boolean {
  return accept?.includes('application/json') === true && !accept.includes(EVENT_STREAM)
}
