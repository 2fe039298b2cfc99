/**
 * Answers on their way to the client: whole, streamed, failed.
 */
import { assert, describe, test } from 'vitest'
import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import type { PromptPrefix } from '../../src/core/prompt-prefix.ts'
import type { MeshRequest } from '../../src/node/gateway.ts'
import {
  answerOf,
  CHAT,
  DECISION,
  event,
  eventAnswer,
  jsonAnswer,
  SELF,
  SERVER,
  startIngress,
} from './fake-gateway.ts'
import { rawClient, readUntil, signalled } from './raw-client.ts'

const STREAM = { ...CHAT, stream: true }

describe('a request', () => {
  test('reaches the mesh as the bytes the client sent, with what was read of it', async () => {
    const seen: MeshRequest[] = []
    await using server = await startIngress({
      gateway: {
        dispatch(sent) {
          seen.push(sent)
          return Promise.resolve(jsonAnswer({}))
        },
      },
    })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const body = `{"model":"org/tiny", "messages":[{"role":"user","content":"${'x'.repeat(40)}"}],
      "max_tokens": 7, "unheard_of": {"kept": true}}`
    const response = await server.post('/v1/chat/completions', body, {
      traceparent,
      'x-request-id': 'mine',
      authorization: 'Bearer secret',
    })

    assert.equal(response.headers.get('x-request-id'), 'mine')
    const [request] = seen
    assert.equal(Buffer.from(request?.body ?? []).toString(), body)
    const rest = { body: undefined, onDecided: undefined, prefix: undefined }
    assert.deepEqual({ ...request, ...rest } as unknown, {
      ...rest,
      endpoint: 'chat/completions',
      model: 'org/tiny',
      isStream: false,
      headers: { traceparent, 'x-request-id': 'mine' },
      caller: undefined,
      inputTokens: 10,
      wideTokens: 0,
      outputTokensMax: 7,
    })
  })

  test('tells how its prompt begins, the same for all that begin so', async () => {
    const seen: (PromptPrefix | undefined)[] = []
    await using server = await startIngress({
      gateway: {
        dispatch(request) {
          seen.push(request.prefix)
          return Promise.resolve(jsonAnswer({}))
        },
      },
    })
    const system = { role: 'system', content: 'Be exact. '.repeat(60) }
    const chat = (...contents: readonly string[]) => ({
      messages: [system, ...contents.map(content => ({ role: 'user', content }))],
    })
    const parts = [{ type: 'text', text: 'first' }]
    const bodies = [chat('first'), chat('first', 'second'), chat('other')]
    const [message] = chat('first').messages.slice(-1)
    const inParts = { messages: [system, { ...message, content: parts }] }
    for (const body of [...bodies, inParts, { ...chat('first'), tools: [{ type: 'function' }] }]) {
      await server.post('/v1/chat/completions', { model: 'tiny', ...body })
    }
    await server.post('/v1/completions', { model: 'tiny', prompt: 'one '.repeat(100) })
    await server.post('/v1/completions', { model: 'tiny', prompt: ['one', 'two'] })
    await server.post('/v1/embeddings', { model: 'tiny', input: 'one' })

    const [first, next, other, sameInParts, withTools, plain, several, embedding] = seen
    assert.equal(first?.marks.length, 2)
    assert.deepEqual(next?.marks, first?.marks)
    assert.equal(next?.root, first?.root)
    assert.deepEqual(other?.marks, first?.marks)
    assert.notEqual(other?.root, first?.root)
    assert.deepEqual(sameInParts, first)
    assert.notDeepEqual(withTools?.marks, first?.marks)
    assert.deepEqual([plain?.characterCount, plain?.marks.length], [400, 1])
    assert.deepEqual([several, embedding], [undefined, undefined])
  })

  const sizes = [
    { path: 'completions', body: { prompt: 'x'.repeat(41) }, inputTokens: 11 },
    { path: 'completions', body: { prompt: [1, 2, 3] }, inputTokens: 3 },
    { path: 'embeddings', body: { input: ['xxxx', 'yyyy'] }, inputTokens: 2 },
    { path: 'embeddings', body: { input: [[1, 2], [3]] }, inputTokens: 3 },
    { path: 'embeddings', body: { input: 'é' }, inputTokens: 1, wideTokens: 0.5 },
    {
      path: 'chat/completions',
      body: {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'x'.repeat(8) },
              { type: 'image_url', image_url: { url: `data:,${'A'.repeat(10_000)}` } },
            ],
          },
        ],
      },
      inputTokens: 2,
    },
    {
      path: 'chat/completions',
      body: { messages: [{ role: 'user', content: 'xxxx你好' }], tools: ['привет'] },
      inputTokens: 7,
      wideTokens: 5,
    },
  ]
  for (const { path, body, inputTokens, wideTokens = 0 } of sizes) {
    test(`of ${JSON.stringify(body).slice(0, 60)} counts as ${inputTokens} tokens`, async () => {
      let seen = {}
      await using server = await startIngress({
        gateway: {
          dispatch(request) {
            seen = { inputTokens: request.inputTokens, wideTokens: request.wideTokens }
            return Promise.resolve(jsonAnswer({}))
          },
        },
      })
      await server.post(`/v1/${path}`, { model: 'tiny', ...body })
      assert.deepEqual(seen, { inputTokens, wideTokens })
    })
  }
})

describe('a whole answer', () => {
  test('has its length and says who made it and why', async () => {
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(jsonAnswer({ answer: 42 })) },
    })
    const response = await server.post('/v1/chat/completions', CHAT)
    assert.deepEqual(await response.json(), { answer: 42 })
    assert.equal(response.headers.get('content-length'), '13')
    assert.equal(response.headers.get('x-skein-peer'), SERVER)
    assert.equal(response.headers.get('x-skein-decision'), DECISION)
    assert.equal(response.headers.get('x-request-id'), 'id-1')
    assert.match(response.headers.get('x-skein-latency-ms') ?? '', /^\d+\.\d$/)
  })

  test('of several chunks arrives whole', async () => {
    await using server = await startIngress({
      gateway: {
        dispatch: () => Promise.resolve(answerOf('application/json', ['{"a":', '1', '', '}'])),
      },
    })
    const response = await server.post('/v1/chat/completions', CHAT)
    assert.deepEqual(await response.json(), { a: 1 })
    assert.isNull(response.headers.get('content-length'))
  })

  test('keeps the status of the engine', async () => {
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(answerOf('application/json', ['{}'], 422)) },
    })
    assert.equal((await server.post('/v1/chat/completions', CHAT)).status, 422)
  })

  test('that fails after its first chunk is still an error with a status', async () => {
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(answerOf('application/json', failingAfter('{'))) },
    })
    const response = await server.post('/v1/chat/completions', CHAT)
    assert.equal(response.status, 502)
  })

  test('that fails after its head was sent is cut, so that nobody takes it for whole', async () => {
    await using server = await startIngress({
      gateway: {
        dispatch: () => Promise.resolve(answerOf('application/json', failingAfter('{', '"a"'))),
      },
    })
    const failure = await server
      .post('/v1/chat/completions', CHAT)
      .then(response => response.text())
      .catch((error: unknown) => error)
    assert.instanceOf(failure, Error)
  })
})

async function* failingAfter(...chunks: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk)
  throw new MeshError('The engine broke.', { code: 'ERR_ENGINE' })
}

test('an answer whose head HTTP does not allow is an error, and is cancelled', async () => {
  const cancelled = signalled()
  await using server = await startIngress({
    gateway: {
      dispatch(_request, signal) {
        signal.addEventListener('abort', () => cancelled.resolve())
        return Promise.resolve(answerOf('text/event-stream\nx: y', []))
      },
    },
  })
  const response = await server.post('/v1/chat/completions', JSON.stringify(STREAM))
  assert.equal(response.status, 500)
  await cancelled.promise
})

describe('a stream', () => {
  test('passes event by event, its head before the first of them', async () => {
    const gate = signalled()
    async function* events() {
      await gate.promise
      yield Buffer.from(event(1))
      yield Buffer.from('data: [DONE]\n\n')
    }
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(eventAnswer(events())) },
    })

    const response = await server.post('/v1/chat/completions', STREAM)
    assert.equal(response.headers.get('content-type'), 'text/event-stream')
    assert.equal(response.headers.get('cache-control'), 'no-cache')
    assert.equal(response.headers.get('x-accel-buffering'), 'no')
    gate.resolve()
    assert.equal(await response.text(), 'data: 1\n\ndata: [DONE]\n\n')
  })

  test('of which all is there at once leaves in one chunk', async () => {
    const events = Array.from({ length: 50 }, (_, index) => event(index))
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.resolve(eventAnswer(events)) },
    })
    const socket = await rawClient(server.port, STREAM)
    const text = await readUntil(socket, '\r\n0\r\n\r\n')
    socket.destroy()
    const body = text.slice(text.indexOf('\r\n\r\n') + 4)
    assert.equal(body, `${events.join('').length.toString(16)}\r\n${events.join('')}\r\n0\r\n\r\n`)
  })

  test('that fails before its head is a status', async () => {
    await using server = await startIngress({
      gateway: {
        dispatch: () => Promise.reject(new MeshError('Lost.', { code: 'ERR_PEER_LOST' })),
      },
    })
    const response = await server.post('/v1/chat/completions', STREAM)
    assert.equal(response.status, 503)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('x-skein-peer'), SELF)
  })

  for (const [sent, gap] of [
    ['data: 1\n\n', ''],
    ['data: 1\r\n\r\n', ''],
    ['data: 1', '\n\n'],
  ] as const) {
    test(`that fails after ${JSON.stringify(sent)} ends with one error event and no [DONE]`, async () => {
      await using server = await startIngress({
        gateway: { dispatch: () => Promise.resolve(eventAnswer(failingAfter(sent))) },
      })
      const response = await server.post('/v1/chat/completions', STREAM)
      const text = await response.text()
      assert.equal(response.status, 200)
      assert.equal(text.slice(0, sent.length + gap.length), sent + gap)
      const rest = text.slice(sent.length + gap.length)
      const { error } = JSON.parse(rest.slice('data: '.length)) as { error: { code: string } }
      assert.equal(error.code, 'engine')
      assert.notInclude(text, '[DONE]')
    })
  }

  test('does not wait for another', async () => {
    const gate = signalled()
    async function* held() {
      yield Buffer.from(event('held'))
      await gate.promise
    }
    let isFirst = true
    await using server = await startIngress({
      gateway: {
        dispatch() {
          const chunks = isFirst ? held() : [event('free')]
          isFirst = false
          return Promise.resolve(eventAnswer(chunks))
        },
      },
    })
    const first = await server.post('/v1/chat/completions', STREAM)
    const others = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await server.post('/v1/chat/completions', STREAM)
        return await response.text()
      }),
    )
    assert.deepEqual(others, Array(50).fill(event('free')))
    gate.resolve()
    assert.equal(await first.text(), event('held'))
  })
})

describe('the decision about a request', () => {
  const decisionOf = ({ headers }: Response) => [
    headers.get('x-skein-decision'),
    headers.get('x-skein-peer'),
  ]
  const failures: readonly { what: string; error: Error; status: number }[] = [
    { what: 'ERR_ENGINE', error: engineFailure('ERR_ENGINE'), status: 502 },
    { what: 'ERR_PEER_LOST', error: engineFailure('ERR_PEER_LOST'), status: 503 },
    { what: 'a bug', error: new TypeError('bug'), status: 500 },
  ]
  for (const { what, error, status } of failures) {
    test(`is named with its peer where the first bytes of an answer end with ${what}`, async () => {
      async function* breaking() {
        yield Buffer.from('{"a":')
        throw error
      }
      await using server = await startIngress({
        gateway: { dispatch: async () => answerOf('application/json', breaking()) },
      })
      const response = await server.post('/v1/chat/completions', CHAT)
      assert.equal(response.status, status)
      assert.deepEqual(decisionOf(response), [DECISION, SERVER])
    })
  }

  test('is named where no answer ever came, with the peer if one was chosen', async () => {
    for (const peer of [undefined, SERVER]) {
      await using server = await startIngress({
        options: { requestTimeoutMs: 1 },
        gateway: {
          dispatch(request) {
            request.onDecided?.(DECISION, peer)
            return new Promise(() => {})
          },
        },
      })
      const response = await server.post('/v1/chat/completions', CHAT)
      assert.equal(response.status, 504)
      assert.deepEqual(decisionOf(response), [DECISION, peer ?? SELF])
    }
  })
})

function engineFailure(code: ErrorCode): MeshError {
  return new MeshError('The answer broke off.', { code })
}
