/**
 * Refusals of requests whose body still comes: one answer, then the end of the connection, which
 * is read on for a bounded while so that the answer gets through.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { assert, describe, test } from 'vitest'
import { OpenExchanges } from '../../src/ingress/open-exchanges.ts'
import { systemClock } from '../../src/node/clock.ts'
import { createLogger } from '../../src/node/log.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { SELF, startIngress } from './fake-gateway.ts'
import { readUntil } from './raw-client.ts'

const head = (path: string, ...headers: readonly string[]) =>
  [
    `POST ${path} HTTP/1.1`,
    'host: localhost',
    'content-type: application/json',
    ...headers,
    '',
    '',
  ].join('\r\n')

/** Goes on sending if it likes, although the other side has ended. */
async function openClient(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  await once(socket, 'connect')
  return socket
}

/** Resolves when it is, with whether that was a reset. */
function closed(socket: Socket): Promise<boolean> {
  socket.on('error', () => {})
  return new Promise((resolve, reject) => {
    const deadline = AbortSignal.timeout(10_000)
    deadline.onabort = () => reject(deadline.reason)
    socket.once('close', resolve)
  })
}

/** Everything until the other side ends. */
async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', part => {
    text += part
  })
  await once(socket, 'end', { signal: AbortSignal.timeout(10_000) })
  return text
}

const countOf = (answers: string) => answers.split('HTTP/1.1 ').length - 1

describe('a request that is refused before its body came', () => {
  const cases = [
    {
      rule: 'too long',
      sent: head('/v1/completions', 'content-length: 99999999999'),
      status: 413,
    },
    {
      rule: 'of no length and by a wrong method',
      sent: head('/v1/models', 'transfer-encoding: chunked'),
      status: 405,
    },
  ]
  for (const { rule, sent, status } of cases) {
    test(`${rule}, gets one ${status}, and the end of the connection at once`, async () => {
      const clock = new ManualClock()
      await using server = await startIngress({ deps: { clock } })
      const socket = await openClient(server.port)
      socket.write(sent)
      const answers = await readAll(socket)
      assert.match(answers, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(answers, /^connection: close\r$/im)
      assert.equal(countOf(answers), 1)

      clock.advance(2_000)
      socket.end()
      await closed(socket)
    })
  }

  test('is read on, so that its client is not met by a reset before the answer', async () => {
    await using server = await startIngress({ deps: { clock: new ManualClock() } })
    const socket = await openClient(server.port)
    socket.write(head('/v1/completions', 'content-length: 99999999999'))
    await readAll(socket)
    socket.end(Buffer.alloc(1024 ** 2))
    assert.isFalse(await closed(socket))
  })

  test('is cut if its client never ends', async () => {
    const clock = new ManualClock()
    await using server = await startIngress({ deps: { clock } })
    const socket = await openClient(server.port)
    socket.write(head('/v1/completions', 'content-length: 99999999999'))
    await readAll(socket)
    clock.advance(2_000)
    const end = closed(socket)
    // Writing finds out.
    const writing = setInterval(() => socket.write('x'), 5)
    await end
    clearInterval(writing)
  })

  test('is cut if its client sends without end', async () => {
    await using server = await startIngress({ deps: { clock: new ManualClock() } })
    const socket = await openClient(server.port)
    socket.write(head('/v1/completions', 'content-length: 99999999999'))
    const chunk = Buffer.alloc(1024 ** 2, 'x')
    const writeOn = () => {
      while (!socket.destroyed && socket.write(chunk));
    }
    socket.resume().on('drain', writeOn)
    const end = closed(socket)
    writeOn()
    await end
    assert.isBelow(socket.bytesWritten, 64 * 1024 ** 2)
  })

  test('is the last of its connection: what follows is not served', async () => {
    let isServed = false
    await using server = await startIngress({
      options: { bodyMaxBytes: 1024 },
      gateway: {
        models: () => {
          isServed = true
          return []
        },
      },
    })
    const socket = await openClient(server.port)
    const second = 'GET /v1/models HTTP/1.1\r\nhost: localhost\r\n\r\n'
    socket.write(head('/v1/completions', 'content-length: 1025'))
    assert.equal(countOf(await readAll(socket)), 1)
    socket.end(`${'x'.repeat(1025)}${second}`)
    await closed(socket)
    assert.isFalse(isServed)
  })

  test('keeps its connection if little of it is to come', async () => {
    await using server = await startIngress()
    const socket = await openClient(server.port)
    socket.write(head('/v1/models', 'content-length: 3'))
    assert.match(await readUntil(socket, 'not_allowed'), /^HTTP\/1.1 405 /)
    socket.write('abcGET /healthz HTTP/1.1\r\nhost: localhost\r\n\r\n')
    assert.match(await readUntil(socket, 'alive'), /^HTTP\/1.1 200 /)
    socket.destroy()
  })
})

test('a request counts as answered until the rest of it has come', async () => {
  const exchanges = new OpenExchanges({
    self: SELF,
    metrics: createMetrics(),
    logger: createLogger('silent', { write: () => {}, wallMs: () => 0 }),
    clock: systemClock,
    newId: () => 'id',
    onEnd: () => {},
  })
  const server = createServer((_, response) => exchanges.open(response, '/').sendJson(200, {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const accepted = once(server, 'connection')
  const socket = await openClient(port)
  const [served] = (await accepted) as [Socket]

  socket.write(head('/', 'content-length: 3'))
  await readUntil(socket, '{}')
  assert.isTrue(exchanges.hasAnswered(served))

  socket.write(`abc${head('/', 'content-length: 0')}`)
  await readUntil(socket, '{}')
  assert.isFalse(exchanges.hasAnswered(served))
  socket.destroy()
  server.close()
})
