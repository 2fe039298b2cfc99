/**
 * GET /mesh/v1/events: what happens in the mesh, as a list or as server-sent events.
 *
 * A stream is resumed by the id of the last event that the client had (`Last-Event-ID`).
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { MeshEvent, MeshEvents } from '../node/event-log.ts'
import { EVENT_STREAM, type EventStreams } from './event-stream.ts'
import { invalid, isObject } from './fields.ts'
import type { Route } from './routes.ts'

export interface EventRoutesDeps {
  readonly events: MeshEvents
  readonly streams: EventStreams
}

const eventsQuery = z.object({
  follow: z.enum(['true', 'false']).optional().describe('`false`: a list instead of a stream.'),
  since: z.string().optional().describe('Id of the last event that is known already.'),
})

export function eventRoutes({ events, streams }: EventRoutesDeps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/mesh/v1/events',
      role: 'operator',
      about: {
        summary: 'What happens in the mesh, as server-sent events or as a list.',
        query: eventsQuery,
        answer: EVENT_STREAM,
      },
      async handle(exchange, request) {
        const { isStream, sinceId } = readQuestion(request)
        if (!isStream) return exchange.sendJson(200, { events: events.since(sinceId) })
        await streams.follow(exchange, onNews => {
          const reader = events.read(onNews, sinceId)
          const next = () => {
            const event = reader.next()
            return event === undefined ? undefined : eventText(event)
          }
          return { next, close: () => reader.close() }
        })
      },
    },
  ]
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
