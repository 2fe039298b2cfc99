/**
 * For whom a request is meant (RFC 9112, section 3.2): exactly one host, or none is served.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { assert, describe, test } from 'vitest'
import { startIngress } from './fake-gateway.ts'

/** The status that an answer to this begins with. */
async function statusOf(port: number, sent: string): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.setEncoding('utf8').write(sent)
  const [text] = await once(socket, 'data', { signal: AbortSignal.timeout(10_000) })
  socket.destroy()
  return Number(/^HTTP\/1.1 (\d+) /.exec(String(text))?.[1])
}

const get = (target: string, hosts: readonly string[], version = '1.1') =>
  [`GET ${target} HTTP/${version}`, ...hosts.map(host => `host: ${host}`), '', ''].join('\r\n')

describe('on a route that is open to all, a request', () => {
  const cases = [
    { rule: 'without a Host', sent: get('/healthz', []), status: 400 },
    { rule: 'of HTTP/1.0 without a Host', sent: get('/healthz', [], '1.0'), status: 200 },
    { rule: 'with two', sent: get('/healthz', ['localhost', 'evil.example']), status: 400 },
    { rule: 'with one twice', sent: get('/healthz', ['localhost', 'localhost']), status: 400 },
    { rule: 'with an empty one', sent: get('/healthz', ['']), status: 200 },
    { rule: 'with a space in it', sent: get('/healthz', ['a b']), status: 400 },
    { rule: 'with a user in it', sent: get('/healthz', ['localhost@evil']), status: 400 },
    {
      rule: 'with a URL of another host',
      sent: get('http://evil.example/healthz', ['localhost']),
      status: 400,
    },
    {
      rule: 'with a URL of the same host',
      sent: get('http://LOCALHOST:1/healthz', ['localhost:1']),
      status: 200,
    },
    { rule: 'with a URL and no Host', sent: get('http://localhost/healthz', []), status: 400 },
    {
      rule: 'with a URL of another scheme',
      sent: get('ftp://localhost/healthz', ['localhost']),
      status: 400,
    },
  ]
  for (const { rule, sent, status } of cases) {
    test(`${rule} is answered with ${status}`, async () => {
      await using server = await startIngress()
      assert.equal(await statusOf(server.port, sent), status)
    })
  }
})

test('a URL of a foreign host, with Host to match, does not pass for a local one', async () => {
  await using server = await startIngress()
  const sent = get('http://evil.example/v1/models', ['evil.example'])
  assert.equal(await statusOf(server.port, sent), 403)
})
