/**
 * The measure for a hop: a one-hop proxy on fastify and undici, as one would write it with care.
 *
 *     node bench/fastify-proxy.ts --engine http://127.0.0.1:PORT     prints {"event":"ready",…}
 *
 * Bodies stream both ways and nothing is parsed, over one undici pool with keep-alive. It proxies
 * and no more: no model is looked up, nobody is authenticated, nothing is counted.
 */

import { parseArgs } from 'node:util'
import fastify from 'fastify'
import { Pool } from 'undici'

/** Enough for every stream of the benchmarks at once. */
const CONNECTIONS_MAX = 2048

const { values } = parseArgs({ options: { engine: { type: 'string' } } })
if (values.engine === undefined) throw new Error('--engine URL is needed')

const pool = new Pool(values.engine, { connections: CONNECTIONS_MAX, pipelining: 1 })
const app = fastify({ logger: false })

// Hands over the body as the stream it is.
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

/** Headers that concern one hop only, RFC 9110, section 7.6.1. */
const HOP_HEADERS = ['connection', 'host', 'keep-alive', 'transfer-encoding', 'upgrade', 'expect']

app.all('/*', async (request, reply) => {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && !HOP_HEADERS.includes(name)) headers[name] = value
  }
  const abort = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abort.abort()
  })
  const answer = await pool.request({
    path: request.url,
    method: request.method as 'GET' | 'POST',
    headers,
    body: request.method === 'GET' ? null : request.raw,
    signal: abort.signal,
  })
  reply.code(answer.statusCode)
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !HOP_HEADERS.includes(name)) reply.header(name, value)
  }
  return reply.send(answer.body)
})

await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
const port = typeof address === 'object' ? address?.port : undefined
console.log(JSON.stringify({ event: 'ready', port }))
process.on('SIGTERM', () => process.exit(0))
