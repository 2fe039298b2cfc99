/**
 * A stand-in for the `skein` program, as far as the demonstration uses it: `up` takes questions
 * and passes them on, `join` registers there and answers with its own name.
 *
 * With FAKE_PEER_FAILS=two, the peer of that name ends at once and says why.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { environment } from '../../src/node/config/config.ts'
import { DECISION } from './sample-decision.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: '' },
    engine: { type: 'string', default: '' },
    'data-dir': { type: 'string' },
    'p2p-host': { type: 'string' },
    'p2p-port': { type: 'string' },
    'http-port': { type: 'string' },
    json: { type: 'boolean' },
  },
})
const { name, engine } = values
const [command, ticket = ''] = positionals

if (environment()['FAKE_PEER_FAILS'] === name) {
  process.stderr.write(`${name} finds no engine\n`)
  process.exit(3)
}

// Settings of whoever runs the demonstration must not reach its peers.
const leaked = Object.keys(environment()).filter(variable => variable.startsWith('SKEIN_'))
if (leaked.length > 0) throw new Error(`the peer got ${leaked.join(', ')}`)

/** Peer id → its URL, of those that joined. */
const joined = new Map<string, string>()

const FACTS = {
  id: 'toy',
  engine: 'embedded',
  ownedBy: 'skein',
  capabilities: ['chat'],
  contextTokens: 512,
  parallelMax: 1,
  caution: 'A toy: its sentences mean nothing.',
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Passes the question on to the first that answers, as the mesh does when one is lost. */
async function passOn(body: string, response: ServerResponse): Promise<void> {
  for (const [peer, url] of joined) {
    const answer = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body }).catch(
      () => undefined,
    )
    if (answer === undefined) continue
    response.writeHead(200, { 'x-skein-peer': peer, 'x-skein-decision': DECISION.id })
    response.end(await answer.text())
    return
  }
  response.writeHead(503).end('{"error":{"message":"nobody is left"}}')
}

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url) {
    case '/join': {
      const { peer, url } = JSON.parse(await text(request)) as { peer: string; url: string }
      joined.set(peer, url)
      return sendJson(response, {})
    }
    case '/mesh/v1/models':
      return sendJson(response, {
        models: [{ id: 'toy', facts: FACTS, peers: [...joined.keys()] }],
      })
    case '/v1/chat/completions': {
      const body = await text(request)
      if (engine === 'none') return await passOn(body, response)
      const delta = { content: `${name} says honk` }
      response.end(`data: ${JSON.stringify({ choices: [{ delta }] })}\n\ndata: [DONE]\n\n`)
      return
    }
    default:
      return sendJson(response, DECISION)
  }
}

const server = createServer((request, response) => void handle(request, response))
server.listen(0, '127.0.0.1', async () => {
  const { port } = server.address() as AddressInfo
  const http = `http://127.0.0.1:${port}`
  const peerId = `peer-${name}`
  if (command === 'join') {
    const body = JSON.stringify({ peer: peerId, url: http })
    await fetch(`${ticket.slice('skein1'.length)}/join`, { method: 'POST', body })
  }
  const ready = { peerId, http, p2p: [], meshId: 'mesh', ticket: `skein1${http}`, models: [] }
  process.stdout.write(`${JSON.stringify({ event: 'ready', ...ready })}\n`)
})
