/**
 * Clients that go away and clients that do not read, over real sockets.
 */
import { once } from 'node:events'
import { assert, describe, test } from 'vitest'
import {
  answerOf,
  CHAT,
  event,
  eventAnswer,
  jsonAnswer,
  startIngress,
  untilAborted,
} from './fake-gateway.ts'
import { rawClient, readUntil, signalled } from './raw-client.ts'

const STREAM = { ...CHAT, stream: true }

describe('a client that goes away', () => {
  test('before the head cancels the request at once', async () => {
    const started = signalled()
    const cancelled = signalled()
    await using server = await startIngress({
      gateway: {
        dispatch(_request, signal) {
          signal.addEventListener('abort', () => cancelled.resolve())
          started.resolve()
          return untilAborted(signal)
        },
      },
    })
    const socket = await rawClient(server.port, CHAT)
    await started.promise
    socket.destroy()
    await cancelled.promise
  })

  test('for sending only is taken to be gone altogether, as the two look alike', async () => {
    const started = signalled()
    const cancelled = signalled()
    await using server = await startIngress({
      gateway: {
        dispatch(_request, signal) {
          signal.addEventListener('abort', () => cancelled.resolve())
          started.resolve()
          return untilAborted(signal)
        },
      },
    })
    const socket = await rawClient(server.port, CHAT)
    await started.promise
    socket.end()
    await cancelled.promise
    assert.equal(await readUntil(socket, 'never in it'), '')
  })

  test('in the middle of a stream cancels it at once, and is counted', async () => {
    const cancelled = signalled()
    await using server = await startIngress({
      gateway: {
        dispatch: (_request, signal) => Promise.resolve(eventAnswer(endless(signal))),
      },
    })
    async function* endless(signal: AbortSignal) {
      signal.addEventListener('abort', () => cancelled.resolve())
      yield Buffer.from(event('first'))
      await untilAborted(signal)
    }
    const socket = await rawClient(server.port, STREAM)
    await readUntil(socket, 'first')
    socket.destroy()
    await cancelled.promise
    const text = await (await server.get('/metrics')).text()
    assert.include(text, 'route="/v1/chat/completions",code="cancelled"} 1')
    assert.include(text, 'skein_ingress_requests_in_flight 0')
    assert.isFalse(server.logLines.some(line => line.includes('bug')))
  })

  test('before a route of ours could answer does no harm', async () => {
    const asked = signalled()
    const gate = signalled<string>()
    await using server = await startIngress({
      gateway: {
        invite() {
          asked.resolve()
          return gate.promise
        },
      },
    })
    const socket = await rawClient(server.port, {}, '/mesh/v1/tickets')
    await asked.promise
    socket.destroy()
    const cancelled = 'route="/mesh/v1/tickets",code="cancelled"} 1'
    while (!(await (await server.get('/metrics')).text()).includes(cancelled));
    gate.resolve('skein1late')
    assert.equal((await server.get('/healthz')).status, 200)
    assert.isFalse(server.logLines.some(line => line.includes('bug')))
  })

  test('after a whole answer cancels nothing', async () => {
    let isAborted = false
    await using server = await startIngress({
      gateway: {
        dispatch(_request, signal) {
          signal.addEventListener('abort', () => {
            isAborted = true
          })
          return Promise.resolve(jsonAnswer({}))
        },
      },
    })
    const socket = await rawClient(server.port, CHAT)
    await readUntil(socket, '{}')
    socket.destroy()
    await server.ingress.close(1000)
    assert.isFalse(isAborted)
  })
})

describe('a slow client', () => {
  const CHUNK = Buffer.from(`data: ${'x'.repeat(64 * 1024)}\n\n`)
  /** More than the sockets of both sides hold, by far. */
  const CHUNKS = 2000

  /** Counts what is pulled; ends by itself, so that a reader without pace would be seen. */
  async function* counted(pulls: { count: number }) {
    for (; pulls.count < CHUNKS; pulls.count++) yield CHUNK
  }

  test('stops its own stream and nobody else’s', async () => {
    const pulls = { count: 0 }
    await using server = await startIngress({
      gateway: {
        dispatch: request =>
          Promise.resolve(eventAnswer(request.model === 'big' ? counted(pulls) : [event('free')])),
      },
    })
    const socket = await rawClient(server.port, { ...STREAM, model: 'big' })
    await once(socket, 'readable')

    // Each round trip gives the other stream many turns of the event loop.
    let before = -1
    while (pulls.count !== before) {
      before = pulls.count
      for (let round = 0; round < 20; round++) {
        const other = await server.post('/v1/chat/completions', STREAM)
        assert.equal(await other.text(), event('free'))
      }
    }
    assert.isBelow(pulls.count, CHUNKS / 2)

    // It goes on from where it stopped as soon as the client reads.
    for await (const chunk of socket) if (String(chunk).endsWith('0\r\n\r\n')) break
    assert.equal(pulls.count, CHUNKS)
  })

  test('that takes nothing for slowClientTimeoutMs is cut', async () => {
    const pulls = { count: 0 }
    const cancelled = signalled()
    await using server = await startIngress({
      options: { slowClientTimeoutMs: 20 },
      gateway: {
        dispatch(_request, signal) {
          signal.addEventListener('abort', () => cancelled.resolve())
          return Promise.resolve(eventAnswer(counted(pulls)))
        },
      },
    })
    const socket = await rawClient(server.port, STREAM)
    await once(socket, 'readable')
    await cancelled.promise
    assert.isBelow(pulls.count, CHUNKS / 2)
    assert.include(await server.metrics.registry.metrics(), 'skein_ingress_slow_clients_total 1')
    socket.destroy()
  })

  test('is cut also when its whole answer waits in one piece', async () => {
    const body = JSON.stringify('x'.repeat(64 * 1024 * 1024))
    await using server = await startIngress({
      options: { slowClientTimeoutMs: 20 },
      gateway: { dispatch: () => Promise.resolve(answerOf('application/json', [body])) },
    })
    const socket = await rawClient(server.port, CHAT)
    await once(socket, 'readable')
    const cut = 'skein_ingress_slow_clients_total 1'
    while (!(await (await server.get('/metrics')).text()).includes(cut));
    socket.destroy()
  })

  test('is not cut while the engine is what is slow', async () => {
    const gate = signalled()
    async function* paused() {
      yield Buffer.from(event(1))
      await gate.promise
      yield Buffer.from(event(2))
    }
    await using server = await startIngress({
      options: { slowClientTimeoutMs: 1 },
      gateway: { dispatch: () => Promise.resolve(eventAnswer(paused())) },
    })
    const response = await server.post('/v1/chat/completions', STREAM)
    for (let round = 0; round < 20; round++) await (await server.get('/healthz')).text()
    gate.resolve()
    assert.equal(await response.text(), event(1) + event(2))
  })
})
