/**
 * Every way to be refused, with status, OpenAI type and code, and the field at fault.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { assert, describe, test } from 'vitest'
import { MeshError } from '../../src/core/errors.ts'
import type { ModelFacts } from '../../src/core/peer-state.ts'
import { CHAT, DECISION, startIngress } from './fake-gateway.ts'

interface ErrorBody {
  readonly error: Record<'message' | 'type' | 'param' | 'code' | 'skein_code' | 'hint', unknown>
}

const errorOf = async (response: Response) => ((await response.json()) as ErrorBody).error

const badBodies = [
  { path: 'chat/completions', body: '', param: null, says: 'it is empty' },
  { path: 'chat/completions', body: '[]', param: 'body', says: 'found an empty array' },
  {
    path: 'chat/completions',
    body: '{"model": "tiny",\n "messages": [}',
    param: null,
    says: 'at line 2 column 15',
  },
  { path: 'chat/completions', body: { messages: [] }, param: 'model', says: 'found nothing' },
  { path: 'chat/completions', body: { ...CHAT, model: 7 }, param: 'model', says: 'number 7' },
  { path: 'chat/completions', body: { model: 'tiny' }, param: 'messages', says: 'found nothing' },
  {
    path: 'chat/completions',
    body: { ...CHAT, messages: [] },
    param: 'messages',
    says: 'an empty array',
  },
  {
    path: 'chat/completions',
    body: { ...CHAT, messages: [{ content: 'x' }] },
    param: 'messages[0].role',
    says: 'a string',
  },
  {
    path: 'chat/completions',
    body: { ...CHAT, stream: 'yes' },
    param: 'stream',
    says: 'a boolean; found a string',
  },
  {
    path: 'chat/completions',
    body: { ...CHAT, max_tokens: 0 },
    param: 'max_tokens',
    says: 'at least 1',
  },
  { path: 'completions', body: { model: 'tiny' }, param: 'prompt', says: 'found nothing' },
  { path: 'completions', body: { model: 'tiny', prompt: [{}] }, param: 'prompt[0]', says: 'text' },
  { path: 'embeddings', body: { model: 'tiny', input: '' }, param: 'input', says: 'empty string' },
  { path: 'embeddings', body: { model: 'tiny', input: [] }, param: 'input', says: 'empty array' },
  {
    path: 'chat/completions',
    body: { ...CHAT, model: 'm'.repeat(513) },
    param: 'model',
    says: '`model` must be a string of 1 to 512 characters; found a string of length 513.',
  },
]

describe('a bad body', () => {
  for (const { path, body, param, says } of badBodies) {
    test(`${path} refuses ${JSON.stringify(body).slice(0, 80)} and names the field`, async () => {
      await using server = await startIngress()
      const response = await server.post(`/v1/${path}`, body)
      const error = await errorOf(response)
      assert.equal(response.status, 400)
      assert.equal(error.type, 'invalid_request_error')
      assert.equal(error.code, 'invalid_request')
      assert.equal(error.skein_code, 'ERR_INVALID_REQUEST')
      assert.equal(error.param, param)
      assert.include(String(error.message), says)
    })
  }

  test('is refused if its bytes are not UTF-8', async () => {
    let isDispatched = false
    await using server = await startIngress({
      gateway: {
        dispatch() {
          isDispatched = true
          return Promise.reject(new Error('never'))
        },
      },
    })
    const response = await fetch(`${server.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: Buffer.from('{"model": "tiny", "prompt": "caf\xe9"}', 'latin1'),
    })
    const { message } = await errorOf(response)
    assert.equal(response.status, 400)
    assert.equal(message, 'The body must be JSON in UTF-8; found 35 bytes that are not UTF-8.')
    assert.isFalse(isDispatched)
  })

  test('of a ticket is refused field by field', async () => {
    await using server = await startIngress()
    const cases = [
      { body: { validForMs: 0 }, param: 'validForMs', says: 'of at least 1, found 0' },
      { body: { validForMs: 'x' }, param: 'validForMs', says: 'expected a number, found "x"' },
      { body: { uses: 0 }, param: 'uses', says: 'of at least 1, found 0' },
      {
        body: { use: 1 },
        param: 'use',
        says: 'expected one of the known fields: validForMs, uses',
      },
      { body: [], param: 'body', says: 'expected an object, found []' },
    ]
    for (const { body, param, says } of cases) {
      const response = await server.post('/mesh/v1/tickets', body)
      const error = await errorOf(response)
      assert.equal(response.status, 400)
      assert.equal(error.param, param)
      assert.include(String(error.message), says)
    }
  })

  test('is refused by its head alone if it is longer than the limit', async () => {
    await using server = await startIngress({ options: { bodyMaxBytes: 1024 } })
    const response = await server.post('/v1/completions', 'x'.repeat(1025))
    assert.equal(response.status, 413)
    assert.equal((await errorOf(response)).code, 'body_too_large')
  })

  test('is refused at the limit if it does not say its length', async () => {
    await using server = await startIngress({ options: { bodyMaxBytes: 1024 } })
    const response = await fetch(`${server.url}/v1/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: ReadableStream.from(['x'.repeat(600), 'x'.repeat(600)]).pipeThrough(
        new TextEncoderStream(),
      ),
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 413)
  })

  test('passes with exactly as many bytes as the limit', async () => {
    await using server = await startIngress({ options: { bodyMaxBytes: 1024 } })
    const body = JSON.stringify({ model: 'tiny', prompt: '' })
    const response = await server.post('/v1/completions', body.padEnd(1024))
    assert.equal(response.status, 200)
  })
})

describe('a bad head', () => {
  const cases = [
    { path: '/v1/nothing', method: 'GET', status: 404, code: 'not_found' },
    { path: '/', method: 'GET', status: 404, code: 'not_found' },
    { path: '/v1/models/a/b', method: 'GET', status: 404, code: 'model_not_found' },
    { path: '/mesh/v1/decisions/nope', method: 'GET', status: 404, code: 'not_found' },
    { path: '/mesh/v1/decisions?limit=0', method: 'GET', status: 400, code: 'invalid_request' },
    { path: '/mesh/v1/decisions?limit=x', method: 'GET', status: 400, code: 'invalid_request' },
    { path: '/v1/chat/completions', method: 'GET', status: 405, code: 'method_not_allowed' },
    { path: '/v1/models', method: 'DELETE', status: 405, code: 'method_not_allowed' },
    { path: '/v1/chat/completions', method: 'OPTIONS', status: 405, code: 'method_not_allowed' },
    { path: '/v1/models/%zz', method: 'GET', status: 400, code: 'invalid_request' },
    { path: '/v1/embeddings', method: 'POST', status: 415, code: 'unsupported_media_type' },
  ]
  for (const { path, method, status, code } of cases) {
    test(`${method} ${path} is answered with ${status} ${code}`, async () => {
      await using server = await startIngress()
      const response = await fetch(`${server.url}${path}`, { method })
      const error = await errorOf(response)
      assert.equal(response.status, status)
      assert.equal(error.code, code)
      assert.ok(response.headers.get('x-request-id'))
      assert.isNull(response.headers.get('access-control-allow-origin'))
    })
  }

  const limits = [
    { limit: 'abc', found: 'a string of length 3' },
    { limit: '0', found: 'number 0' },
    { limit: '1001', found: 'number 1001' },
    { limit: '1.5', found: 'a string of length 3' },
  ]
  for (const { limit, found } of limits) {
    test(`a limit of ${limit} is refused in words, with the field`, async () => {
      await using server = await startIngress()
      const error = await errorOf(await server.get(`/mesh/v1/decisions?limit=${limit}`))
      assert.equal(error.param, 'limit')
      assert.equal(error.message, `\`limit\` must be an integer from 1 to 1000; found ${found}.`)
    })
  }

  for (const path of ['/v1/models/', '/v1/nothing/', '/mesh/v1/decisions/']) {
    for (const length of [500, 900, 8_000]) {
      test(`a path of ${length} under ${path} is not repeated`, async () => {
        await using server = await startIngress()
        const response = await server.get(`${path}${'m'.repeat(length)}`)
        assert.isBelow(String((await errorOf(response)).message).length, 300)
      })
    }
  }

  test('a wrong method is told the right ones', async () => {
    await using server = await startIngress()
    const response = await server.get('/v1/embeddings')
    assert.equal(response.headers.get('allow'), 'POST')
    const other = await fetch(`${server.url}/v1/models`, { method: 'PUT' })
    assert.equal(other.headers.get('allow'), 'GET, HEAD')
  })

  for (const contentType of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonx',
    'application/json; charset=latin1',
    'application/json;x=y; charset="UTF-16"',
  ]) {
    test(`a POST of ${contentType} is refused, so no web page can send one unasked`, async () => {
      await using server = await startIngress()
      const response = await server.post('/v1/chat/completions', CHAT, {
        'content-type': contentType,
      })
      assert.equal(response.status, 415)
      assert.equal((await errorOf(response)).param, 'content-type')
    })
  }

  for (const contentType of [
    'application/json;charset=UTF-8',
    'Application/JSON; charset="utf-8"',
  ]) {
    test(`a POST of ${contentType} is read`, async () => {
      await using server = await startIngress()
      const headers = { 'content-type': contentType, 'content-encoding': 'identity' }
      assert.equal((await server.post('/v1/chat/completions', CHAT, headers)).status, 200)
    })
  }

  test('a compressed body is refused in words, not read as broken JSON', async () => {
    await using server = await startIngress()
    const headers = { 'content-encoding': 'gzip' }
    const response = await server.post('/v1/chat/completions', CHAT, headers)
    const error = await errorOf(response)
    assert.equal(response.status, 415)
    assert.equal(error.skein_code, 'ERR_UNSUPPORTED_MEDIA_TYPE')
    assert.equal(error.message, 'The content-encoding must be identity; found "gzip".')
  })

  const malformed = [
    { sent: 'NONSENSE\r\n\r\n', status: 400 },
    { sent: `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, status: 431 },
    { sent: 'GET /healthz HTTP/1.1\r\n\r\n', status: 400 },
    { sent: 'GET /readyz HTTP/1.1\r\n\r\n', status: 400 },
    { sent: 'GET /metrics HTTP/1.1\r\nhost:\r\n\r\n', status: 403 },
  ]
  for (const { sent, status } of malformed) {
    test(`${JSON.stringify(sent.slice(0, 30))} is answered with ${status} and JSON`, async () => {
      await using server = await startIngress()
      const answer = await exchangeRaw(server.port, sent)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
      assert.equal(body.error.type.endsWith('_error'), true)
    })
  }

  const foreign = [
    { sent: 'CONNECT example.org:443 HTTP/1.1\r\nhost: localhost\r\n\r\n', status: 405 },
    { sent: 'GET /healthz HTTP/1.1\r\nhost: localhost\r\nexpect: foo\r\n\r\n', status: 417 },
  ]
  for (const { sent, status } of foreign) {
    test(`${sent.slice(0, 7)} with ${status} has an OpenAI error as its body, and is the last`, async () => {
      await using server = await startIngress()
      const answer = await exchangeRaw(server.port, sent)
      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      assert.match(answer, /^connection: close\r$/im)
      const { error } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
      assert.equal(error.type, 'invalid_request_error')
      assert.isString(error.message)
    })
  }

  test('a client that does not finish its head gets 408', async () => {
    await using server = await startIngress({ options: { headersTimeoutMs: 20 } })
    assert.match(await exchangeRaw(server.port, 'GET / HTTP/1.1\r\n'), /^HTTP\/1.1 408 /)
  })
})

/** Sends bytes and reads until the other side says no more. */
async function exchangeRaw(port: number, sent: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  let answer = ''
  socket.setEncoding('utf8').on('data', text => {
    answer += text
    if (answer.includes('\r\n\r\n{')) socket.end()
  })
  socket.write(sent)
  await once(socket, 'close', { signal: AbortSignal.timeout(10_000) })
  return answer
}

describe('a refusal of the mesh', () => {
  const cases = [
    { code: 'ERR_MODEL_NOT_FOUND', status: 404, type: 'invalid_request_error', retryAfter: null },
    { code: 'ERR_OVERLOADED', status: 429, type: 'rate_limit_error', retryAfter: '1' },
    { code: 'ERR_ENGINE', status: 502, type: 'server_error', retryAfter: null },
    { code: 'ERR_MODEL_LOADING', status: 503, type: 'server_error', retryAfter: '5' },
    { code: 'ERR_NO_CAPACITY', status: 503, type: 'server_error', retryAfter: '5' },
    { code: 'ERR_PEER_LOST', status: 503, type: 'server_error', retryAfter: null },
    { code: 'ERR_DEADLINE_EXCEEDED', status: 504, type: 'server_error', retryAfter: null },
  ] as const
  for (const { code, status, type, retryAfter } of cases) {
    test(`${code} becomes ${status} ${type}`, async () => {
      const refusal = new MeshError('It did not work.', {
        code,
        details: { decisionId: DECISION },
        hint: 'Do better.',
      })
      await using server = await startIngress({
        gateway: { dispatch: () => Promise.reject(refusal) },
      })
      const response = await server.post('/v1/chat/completions', CHAT)
      const error = await errorOf(response)
      assert.equal(response.status, status)
      assert.equal(response.headers.get('retry-after'), retryAfter)
      assert.equal(response.headers.get('x-skein-decision'), DECISION)
      assert.equal(error.type, type)
      assert.equal(error.skein_code, code)
      assert.equal(error.hint, 'Do better.')
    })
  }

  test('of a model that is loading says how far it is, and when to come back', async () => {
    const loading = { state: 'loading', progressRatio: 0.4, readyInMs: 11_500 }
    const details = { loading, retryAfterMs: 11_500 }
    const refusal = new MeshError('Not yet.', { code: 'ERR_MODEL_LOADING', details })
    const dispatch = () => Promise.reject(refusal)
    await using server = await startIngress({ gateway: { dispatch } })
    const response = await server.post('/v1/chat/completions', CHAT)
    assert.equal(response.headers.get('retry-after'), '12')
    assert.deepNestedPropertyVal(await response.json(), 'error.details', { loading })
  })

  for (const code of ['ERR_OVERLOADED', 'ERR_NO_CAPACITY', 'ERR_MODEL_NOT_FOUND'] as const) {
    test(`${code} says what to do also where the mesh does not`, async () => {
      await using server = await startIngress({
        gateway: { dispatch: () => Promise.reject(new MeshError('No.', { code })) },
      })
      assert.isString((await errorOf(await server.post('/v1/chat/completions', CHAT))).hint)
    })
  }

  test('of an unknown model has the words of the scheduler when a model is looked up', async () => {
    const view = { id: 'tiny', facts: {} as ModelFacts, peers: [] }
    await using server = await startIngress({ gateway: { models: () => [view] } })
    const error = await errorOf(await server.get('/v1/models/big'))
    const words = 'expected a model that the mesh serves, found "big"; it serves "tiny"'
    assert.equal(error.message, words)
    assert.equal(error.hint, 'GET /v1/models lists those it serves.')
  })

  const waits = [
    { retryAfterMs: 0, header: '1' },
    { retryAfterMs: 1001, header: '2' },
    { retryAfterMs: 30_000, header: '30' },
  ]
  for (const { retryAfterMs, header } of waits) {
    test(`a wait of ${retryAfterMs} ms is Retry-After: ${header}`, async () => {
      const refusal = new MeshError('Full.', { code: 'ERR_NO_CAPACITY', details: { retryAfterMs } })
      await using server = await startIngress({
        gateway: { dispatch: () => Promise.reject(refusal) },
      })
      const response = await server.post('/v1/chat/completions', CHAT)
      assert.equal(response.headers.get('retry-after'), header)
      await response.text()
    })
  }

  test('a bug tells the client only the request id, and the log the cause', async () => {
    await using server = await startIngress({
      gateway: { dispatch: () => Promise.reject(new TypeError('secret internals')) },
    })
    const response = await server.post('/v1/chat/completions', CHAT)
    const text = await response.text()
    assert.equal(response.status, 500)
    assert.notInclude(text, 'secret internals')
    assert.include(text, 'id-1')
    assert.ok(server.logLines.some(line => /secret internals/.test(line) && /"id-1"/.test(line)))
  })

  test('a bug in a route of ours is answered the same way', async () => {
    await using server = await startIngress({
      gateway: {
        models: () => {
          throw new TypeError('secret internals')
        },
      },
    })
    const response = await server.get('/v1/models')
    assert.equal(response.status, 500)
    assert.notInclude(await response.text(), 'secret internals')
  })
})
