/**
 * GET /mesh/v1/policy and below: what the mesh has agreed on, from this peer's copy.
 *
 * Who must not read what is older than a change made elsewhere asks with `?linearizable`: then a
 * majority is asked first how far things are.
 */
import type { FastifyRequest } from 'fastify'
import { MeshError } from '../core/errors.ts'
import type { Change, PolicyControl, PolicyNews, PolicyReader } from '../node/policy/policy-port.ts'
import { EVENT_STREAM, type EventSource, type EventStreams } from './event-stream.ts'
import { invalid } from './fields.ts'
import { requireKind } from './policy-access.ts'
import {
  AUDIT_DEFAULT,
  AUDIT_MAX,
  auditTrail,
  listing,
  listQueryForm,
  logQueryForm,
  readQueryForm,
  resource,
  summary,
  watchQueryForm,
} from './policy-schemas.ts'
import { etag, readQuery } from './read-input.ts'
import type { Route } from './routes.ts'

export interface PolicyRoutesDeps {
  readonly policy: PolicyControl
  readonly streams: EventStreams
}

/** A name in a path is repeated to whoever sent it. */
const NAME_SHOWN_LENGTH_MAX = 128

export function policyRoutes({ policy, streams }: PolicyRoutesDeps): readonly Route[] {
  const route = (path: string, rest: Omit<Route, 'method' | 'path' | 'role'>): Route => ({
    method: 'GET',
    path,
    role: 'operator',
    ...rest,
  })
  return [
    route('/mesh/v1/policy', {
      about: {
        summary: 'What kinds there are, and how many of each.',
        query: readQueryForm,
        answer: summary,
      },
      async handle(exchange, request) {
        if (readQuery(readQueryForm, request).linearizable) await policy.catchUp()
        exchange.sendJson(200, policy.summary())
      },
    }),
    route('/mesh/v1/policy:watch', {
      about: {
        summary: 'Each change as it is agreed on, as server-sent events.',
        query: watchQueryForm,
        answer: EVENT_STREAM,
      },
      async handle(exchange, request) {
        const from = readFrom(request)
        await requireReached(from, policy)
        const { revision } = from
        await streams.follow(exchange, onNews => changeSource(policy.watch(onNews, revision)))
      },
    }),
    route('/mesh/v1/policy:log', {
      about: {
        summary: 'Who changed what and when, newest first.',
        query: logQueryForm,
        answer: auditTrail,
      },
      handle(exchange, request) {
        const { limit = String(AUDIT_DEFAULT) } = readQuery(logQueryForm, request)
        const count = Number(limit)
        if (count < 1 || count > AUDIT_MAX) {
          throw invalid('limit', `an integer from 1 to ${AUDIT_MAX}`, count)
        }
        exchange.sendJson(200, { records: policy.auditTrail(count) })
      },
    }),
    route('/mesh/v1/policy/:kind', {
      about: {
        summary: 'The resources of one kind, by name.',
        query: listQueryForm,
        answer: listing,
      },
      async handle(exchange, request) {
        const { kind } = request.params as { kind: string }
        requireKind(kind)
        const { linearizable, label } = readQuery(listQueryForm, request)
        const labels = readLabels(label)
        if (linearizable) await policy.catchUp()
        exchange.sendJson(200, { revision: policy.revision, items: policy.list(kind, { labels }) })
      },
    }),
    route('/mesh/v1/policy/:kind/*', {
      about: { summary: 'One resource.', query: readQueryForm, answer: resource },
      async handle(exchange, request) {
        const { kind, '*': name } = request.params as { kind: string; '*': string }
        requireKind(kind)
        if (readQuery(readQueryForm, request).linearizable) await policy.catchUp()
        const found = policy.get(kind, name)
        if (found === undefined) throw unknownName(kind, name)
        const tag = { etag: etag(found.revision) }
        if (request.headers['if-none-match'] === tag.etag) exchange.send(304, tag, '')
        else exchange.sendJson(200, found, tag)
      },
    }),
  ]
}

function unknownName(kind: string, name: string): MeshError {
  const shown = name.slice(0, NAME_SHOWN_LENGTH_MAX)
  return new MeshError(`expected ${kind}/${shown} to exist, found nothing`, {
    code: 'ERR_NOT_FOUND',
    details: { param: 'name' },
    hint: `GET /mesh/v1/policy/${kind} lists what there is.`,
  })
}

/** @throws MeshError ERR_INVALID_REQUEST. */
function readLabels(given: string | readonly string[] = []): Readonly<Record<string, string>> {
  const pairs = typeof given === 'string' ? [given] : given
  return Object.fromEntries(
    pairs.map(pair => {
      const at = pair.indexOf('=')
      if (at < 1) throw invalid('label', '`name=value`', pair)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}

interface From {
  /** What the watcher knows. `undefined`: what there is now. */
  readonly revision: number | undefined
  readonly param: 'from' | 'last-event-id'
}

/** A browser that reconnects asks for the same URL; what it had last stands in the header. */
function readFrom(request: FastifyRequest): From {
  const { from } = readQuery(watchQueryForm, request)
  const lastEventId = request.headers['last-event-id']
  const isBack = typeof lastEventId === 'string' && lastEventId !== ''
  const param = isBack ? 'last-event-id' : 'from'
  const text = isBack ? lastEventId : from
  if (text === undefined) return { revision: undefined, param }
  if (/^\d{1,15}$/.test(text)) return { revision: Number(text), param }
  throw invalid(param, 'the revision that an event of this stream had as id', text)
}

/**
 * Nothing would be told before that revision is reached, perhaps never. Whoever comes from another
 * peer may know more than we have heard of yet, so first we hear of all there is.
 *
 * @throws MeshError ERR_INVALID_REQUEST, ERR_NO_QUORUM.
 */
async function requireReached({ revision = 0, param }: From, policy: PolicyControl): Promise<void> {
  if (revision <= policy.revision) return
  await policy.catchUp()
  if (revision <= policy.revision) return
  throw new MeshError(
    `\`${param}\` must be a revision up to ${policy.revision}, the newest; found ${revision}.`,
    {
      code: 'ERR_INVALID_REQUEST',
      details: { param },
      hint: 'GET /mesh/v1/policy has the newest revision; without one the stream begins there.',
    },
  )
}

function changeSource(reader: PolicyReader): EventSource {
  return {
    next: () => {
      const news = reader.next()
      return news === undefined ? undefined : newsText(news)
    },
    close: () => reader.close(),
  }
}

function newsText(news: PolicyNews): string {
  if (news.type === 'compacted') {
    const { revision } = news
    return `id: ${revision}\nevent: compacted\ndata: ${JSON.stringify({ revision })}\n\n`
  }
  // The id goes with the last of a revision: who comes back after half of one gets it whole.
  const id = news.isLastOfRevision ? `id: ${news.change.revision}\n` : ''
  return `${id}data: ${JSON.stringify(news.change satisfies Change)}\n\n`
}
