/**
 * Starting and stopping: ports that are taken, answers that are running.
 */
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { connect, createServer } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../src/core/errors.ts'
import type { Clock } from '../../src/node/clock.ts'
import { answerOf, CHAT, event, eventAnswer, startIngress, untilAborted } from './fake-gateway.ts'
import { rawClient, readUntil, signalled } from './raw-client.ts'

describe('listening', () => {
  test('says where', async () => {
    await using server = await startIngress()
    assert.equal(server.url, `http://127.0.0.1:${server.port}`)
  })

  test('on IPv6 gives a URL that works', async () => {
    await using server = await startIngress({ options: { host: '::1' } })
    assert.equal(server.url, `http://[::1]:${server.port}`)
    assert.equal((await server.get('/healthz')).status, 200)
  })

  test('on all addresses gives one that can be opened here', async () => {
    await using server = await startIngress({
      options: { host: '0.0.0.0' },
      deps: { apiKeys: ['key'] },
    })
    assert.equal(server.url, `http://127.0.0.1:${server.port}`)
  })

  test('on a taken port names it and says what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const error = await startIngress({ options: { port } }).catch((caught: unknown) => caught)
    other.close()
    assert.ok(hasCode(error, 'ERR_LISTEN'))
    assert.equal(error.message, `127.0.0.1:${port} is already in use.`)
    assert.include(error.hint, '--http-port')
  })

  test('on an address of nobody here is ERR_LISTEN too', async () => {
    const error = await startIngress({
      options: { host: '203.0.113.1' },
      deps: { apiKeys: ['key'] },
    }).catch((caught: unknown) => caught)
    assert.ok(hasCode(error, 'ERR_LISTEN'))
    assert.include(error.message, 'not an address of this machine')
  })
})

/** Time that stands until it is told. */
function manualClock() {
  const wakes = new Set<() => void>()
  const clock: Clock = {
    nowMs: () => 0,
    wallMs: () => 0,
    wakeAt(_atMs, wake) {
      wakes.add(wake)
      return () => wakes.delete(wake)
    },
    atTurnEnd: run => {
      process.nextTick(run)
    },
  }
  const fire = () => {
    for (const wake of wakes) wake()
  }
  return { clock, fire, wakes }
}

describe('the deadline of a request', () => {
  for (const isObedient of [true, false]) {
    const mesh = isObedient ? 'stops' : 'does not stop'
    test(`answers 504 and aborts, if the mesh ${mesh}`, async () => {
      const { clock, fire } = manualClock()
      const started = signalled()
      let reason: unknown
      await using server = await startIngress({
        deps: { clock },
        gateway: {
          dispatch(_request, signal) {
            started.resolve()
            signal.addEventListener('abort', () => {
              reason = signal.reason
            })
            return isObedient ? untilAborted(signal) : new Promise(() => {})
          },
        },
      })
      const answer = server.post('/v1/chat/completions', { ...CHAT, stream: true })
      await started.promise
      fire()
      assert.equal((await answer).status, 504)
      assert.ok(hasCode(reason, 'ERR_DEADLINE_EXCEEDED'))
    })
  }

  test('does not touch a stream whose head is out', async () => {
    const { clock, fire } = manualClock()
    const gate = signalled()
    async function* events() {
      await gate.promise
      yield Buffer.from(event(1))
    }
    await using server = await startIngress({
      deps: { clock },
      gateway: { dispatch: () => Promise.resolve(eventAnswer(events())) },
    })
    const response = await server.post('/v1/chat/completions', { ...CHAT, stream: true })
    fire()
    gate.resolve()
    assert.equal(await response.text(), event(1))
  })
})

describe('the deadline of a body', () => {
  const head = (length: number) =>
    'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\n' +
    `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`

  test('answers 408 as OpenAI would, closes, and gives the place back', async () => {
    const { clock, fire } = manualClock()
    await using server = await startIngress({ deps: { clock }, options: { requestsMax: 1 } })
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    socket.write(`${head(100)}{"mod`)
    await untilInFlight(server, 1)
    fire()
    const answer = await readUntil(socket, 'never in it')
    assert.match(answer, /^HTTP\/1.1 408 /)
    assert.match(answer, /^connection: close\r$/im)
    const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
    assert.equal(error.code, 'request_timeout')
    assert.include(error.message, 'within 30000 ms')
    await untilInFlight(server, 0)
    socket.destroy()
  })

  test('is forgotten when the body is whole', async () => {
    const { clock, wakes } = manualClock()
    const started = signalled()
    await using server = await startIngress({
      deps: { clock },
      gateway: {
        dispatch(_request, signal) {
          started.resolve()
          return untilAborted(signal)
        },
      },
    })
    const socket = await rawClient(server.port, CHAT)
    await started.promise
    assert.equal(wakes.size, 1, 'that of the answer')
    socket.destroy()
  })

  /** Waits until so many requests are counted in flight. */
  async function untilInFlight(
    { metrics }: Awaited<ReturnType<typeof startIngress>>,
    count: number,
  ) {
    const deadline = AbortSignal.timeout(10_000)
    for (;;) {
      const { values } = await metrics.ingress.requestsInFlight.get()
      if (values[0]?.value === count) return
      deadline.throwIfAborted()
      await setImmediate()
    }
  }
})

describe('closing', () => {
  test('lets a running stream end, refuses the next request and the next connection', async () => {
    const gate = signalled()
    async function* events() {
      yield Buffer.from(event(1))
      await gate.promise
      yield Buffer.from(event(2))
    }
    const server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(eventAnswer(events())) },
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const idle = await getOn(agent, server.port)
    assert.equal(idle.status, 200)
    const stream = await server.post('/v1/chat/completions', { ...CHAT, stream: true })

    const closed = server.ingress.close(60_000)
    const late = await getOn(agent, server.port)
    assert.equal(late.status, 503)
    assert.equal(late.connection, 'close')
    assert.equal(JSON.parse(late.body).error.skein_code, 'ERR_STOPPING')
    const refused = await getOn(agent, server.port).catch((error: unknown) => error)
    assert.instanceOf(refused, Error)

    gate.resolve()
    assert.equal(await stream.text(), event(1) + event(2))
    await closed
    agent.destroy()
  })

  test('sends a complete answer to its last byte', async () => {
    const bytes = 32 * 1024 * 1024
    const server = await startIngress({
      gateway: {
        dispatch: () => Promise.resolve(answerOf('application/json', ['x'.repeat(bytes)])),
      },
    })
    const socket = await rawClient(server.port, CHAT)
    await once(socket, 'readable')
    const closed = server.ingress.close(60_000)
    let length = 0
    for await (const chunk of socket) {
      length += (chunk as Buffer).length
      if (length >= bytes) break
    }
    await closed
    assert.isAtLeast(length, bytes)
  })

  test('cuts and cancels what runs after the deadline', async () => {
    const cancelled = signalled()
    const server = await startIngress({
      gateway: {
        dispatch: (_request, signal) => Promise.resolve(eventAnswer(endless(signal))),
      },
    })
    async function* endless(signal: AbortSignal) {
      signal.addEventListener('abort', () => cancelled.resolve())
      yield Buffer.from(event('first'))
      await untilAborted(signal)
    }
    const socket = await rawClient(server.port, { ...CHAT, stream: true })
    await readUntil(socket, 'first')
    await server.ingress.close(0)
    await cancelled.promise
    socket.destroy()
  })

  test('twice, or without listening, is fine', async () => {
    const server = await startIngress()
    await server.ingress.close(0)
    await server.ingress.close(0)
  })
})

interface Got {
  readonly status: number | undefined
  readonly connection: string | undefined
  readonly body: string
}

function getOn(agent: Agent, port: number): Promise<Got> {
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path: '/v1/models' }, response => {
      let body = ''
      response.setEncoding('utf8').on('data', text => {
        body += text
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, connection: response.headers.connection, body }),
      )
    }).on('error', reject)
  })
}
