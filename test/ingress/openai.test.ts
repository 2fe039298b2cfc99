/**
 * The official OpenAI client against the ingress: what it sends is taken, what it gets it
 * understands, and refusals become its own error classes.
 */
import OpenAI, {
  APIConnectionError,
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai'
import { assert, describe, test } from 'vitest'
import { type ErrorCode, MeshError } from '../../src/core/errors.ts'
import type { Gateway, MeshRequest } from '../../src/node/gateway.ts'
import { answerOf, event, eventAnswer, jsonAnswer, startIngress } from './fake-gateway.ts'

const HELLO = ['Hel', 'lo', '!']

const messages = [{ role: 'user' as const, content: 'Say hello' }]

async function startWithClient(gateway: Partial<Gateway>, apiKey = 'right') {
  const server = await startIngress({ gateway, deps: { apiKeys: ['right'] } })
  const client = new OpenAI({ apiKey, baseURL: `${server.url}/v1`, maxRetries: 0 })
  return { client, [Symbol.asyncDispose]: () => server.ingress.close(0) }
}

const chatChunk = (content: string) =>
  event({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'tiny',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
  })

function answer(request: MeshRequest) {
  if (request.endpoint === 'embeddings') {
    const data = [{ object: 'embedding', index: 0, embedding: [0.5, -0.5] }]
    return jsonAnswer({ object: 'list', data, model: 'tiny', usage: {} })
  }
  if (request.isStream) return eventAnswer([...HELLO.map(chatChunk), 'data: [DONE]\n\n'])
  const message = { role: 'assistant', content: HELLO.join('') }
  const choices = [{ index: 0, message, text: HELLO.join(''), finish_reason: 'stop' }]
  return jsonAnswer({ id: 'c-1', object: 'chat.completion', created: 1, model: 'tiny', choices })
}

const dispatch = (request: MeshRequest) => Promise.resolve(answer(request))

describe('the OpenAI client', () => {
  test('gets a chat completion', async () => {
    await using server = await startWithClient({ dispatch })
    const completion = await server.client.chat.completions.create({ model: 'tiny', messages })
    assert.equal(completion.choices[0]?.message.content, 'Hello!')
    assert.equal(completion._request_id, 'id-1')
  })

  test('gets a chat stream', async () => {
    await using server = await startWithClient({ dispatch })
    const stream = await server.client.chat.completions.create({
      model: 'tiny',
      messages,
      stream: true,
    })
    const parts: unknown[] = []
    for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content)
    assert.deepEqual(parts, HELLO)
  })

  test('gets a completion', async () => {
    await using server = await startWithClient({ dispatch })
    const completion = await server.client.completions.create({ model: 'tiny', prompt: 'Say' })
    assert.equal(completion.choices[0]?.text, 'Hello!')
  })

  test('gets embeddings', async () => {
    await using server = await startWithClient({ dispatch })
    const { data } = await server.client.embeddings.create({
      model: 'tiny',
      input: 'x',
      encoding_format: 'float',
    })
    assert.deepEqual(data[0]?.embedding, [0.5, -0.5])
  })

  test('lists models and gets one whose id has a slash', async () => {
    const facts = {
      id: 'org/tiny',
      engine: 'embedded',
      ownedBy: 'org',
      capabilities: ['chat' as const],
      contextTokens: 2048,
      parallelMax: 1,
    }
    await using server = await startWithClient({
      models: () => [{ id: 'org/tiny', facts, peers: ['12D3KooWServer'] }],
    })
    const list = await server.client.models.list()
    assert.deepEqual(
      list.data.map(({ id, owned_by }) => ({ id, owned_by })),
      [{ id: 'org/tiny', owned_by: 'org' }],
    )
    const model = await server.client.models.retrieve('org/tiny')
    assert.deepInclude(model as object, {
      id: 'org/tiny',
      object: 'model',
      skein: {
        peers: ['12D3KooWServer'],
        context_tokens: 2048,
        capabilities: ['chat'],
        caution: null,
      },
    })
    await assertRejects(server.client.models.retrieve('org/other'), NotFoundError)
  })

  const refusals: readonly (readonly [
    ErrorCode,
    abstract new (...args: never[]) => APIError,
    string,
  ])[] = [
    ['ERR_MODEL_NOT_FOUND', NotFoundError, 'model_not_found'],
    ['ERR_INVALID_REQUEST', BadRequestError, 'invalid_request'],
    ['ERR_OVERLOADED', RateLimitError, 'rate_limit_exceeded'],
    ['ERR_ENGINE', InternalServerError, 'engine'],
    ['ERR_NO_CAPACITY', InternalServerError, 'no_capacity'],
  ]
  for (const [code, errorClass, openAiCode] of refusals) {
    test(`sees ${code} as ${errorClass.name}`, async () => {
      await using server = await startWithClient({
        dispatch: () => Promise.reject(new MeshError('Refused.', { code })),
      })
      const create = server.client.chat.completions.create({ model: 'tiny', messages })
      const error = await assertRejects(create, errorClass)
      assert.equal(error.code, openAiCode)
      assert.include(error.message, 'Refused.')
    })
  }

  test('sees a prompt that is too long by the code OpenAI has for it', async () => {
    const refusal = new MeshError('Too long.', {
      code: 'ERR_INVALID_REQUEST',
      details: { code: 'context_length_exceeded', param: 'messages' },
    })
    await using server = await startWithClient({ dispatch: () => Promise.reject(refusal) })
    const create = server.client.chat.completions.create({ model: 'tiny', messages })
    const error = await assertRejects(create, BadRequestError)
    assert.equal(error.code, 'context_length_exceeded')
    assert.equal(error.param, 'messages')
  })

  test('sees a wrong key as AuthenticationError', async () => {
    await using server = await startWithClient({ dispatch }, 'wrong')
    await assertRejects(server.client.models.list(), AuthenticationError)
  })

  test('sees a stream that breaks as an error with our code, after what came before', async () => {
    async function* breaking() {
      yield Buffer.from(chatChunk('Hel'))
      throw new MeshError('The engine broke.', { code: 'ERR_ENGINE' })
    }
    await using server = await startWithClient({
      dispatch: () => Promise.resolve(eventAnswer(breaking())),
    })
    const parts: unknown[] = []
    const read = async () => {
      const stream = await server.client.chat.completions.create({
        model: 'tiny',
        messages,
        stream: true,
      })
      for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content)
    }
    const error = await assertRejects(read(), APIError)
    assert.deepEqual(parts, ['Hel'])
    assert.equal(error.code, 'engine')
  })

  test('sees a JSON answer that breaks as a failure, never as an answer', async () => {
    async function* breaking() {
      yield Buffer.from('{"a":')
      yield Buffer.from('1')
      throw new Error('broken')
    }
    await using server = await startWithClient({
      dispatch: () => Promise.resolve(answerOf('application/json', breaking())),
    })
    const create = server.client.chat.completions.create({ model: 'tiny', messages })
    const error = await create.then(
      () => undefined,
      (caught: unknown) => caught,
    )
    assert.instanceOf(error, Error)
    assert.notInstanceOf(error, RateLimitError)
    if (error instanceof APIError) assert.instanceOf(error, APIConnectionError)
  })
})

async function assertRejects<Failure>(
  promise: PromiseLike<unknown>,
  errorClass: abstract new (...args: never[]) => Failure,
): Promise<Failure> {
  const error = await promise.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  assert.ok(error instanceof errorClass, String(error))
  return error
}
