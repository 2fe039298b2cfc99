/**
 * OpenAI's endpoints by TorchServe's vLLM handler: the model under the name it has there, failures
 * that come as success, and models of other handlers.
 */
import { assert, describe, onTestFinished, test } from 'vitest'
import { hasCode, MeshError } from '../../../src/core/errors.ts'
import { systemClock } from '../../../src/node/clock.ts'
import type { Endpoint } from '../../../src/node/runtime.ts'
import { translateForTorchserve } from '../../../src/runtimes/kserve/torchserve-translation.ts'
import { EngineClient } from '../../../src/runtimes/openai/engine-client.ts'
import { chatCompletion, readChatStream, readJson } from '../../compliance/read-answer.ts'
import { doubleOf, type EngineDouble } from '../engine-double.ts'
import { answer } from '../openai/fake-engine.ts'
import { failure, soon } from '../openai/under-test.ts'
import { HANDLED } from './torchserve-double.ts'

const limits = { bufferMaxBytes: 65_536, firstByteTimeoutMs: 10_000, chunkTimeoutMs: 10_000 }

const handlerOf = async () => {
  const double = await doubleOf('torchserve')
  double.set('GET /predictions/llama/1.0/v1/models', HANDLED)
  return double
}

async function translated(double: EngineDouble, endpoint: Endpoint, fields: object) {
  const messages = [{ role: 'user', content: 'Hi' }]
  const body = new TextEncoder().encode(
    JSON.stringify({ model: 'llama', messages, max_tokens: 2, ...fields }),
  )
  const isStream = 'stream' in fields
  const request = { endpoint, model: 'llama', isStream, body, headers: {} }
  const deps = {
    ask: double.ask,
    wallMs: () => 0,
    chatTemplate: undefined,
    answerTokensMax: 1,
  }
  return await translateForTorchserve(request, deps, soon())
}

/** As the adapter asks it. */
async function answered(double: EngineDouble, fields: object = {}) {
  const { path, body, answer: read } = await translated(double, 'chat/completions', fields)
  const client = new EngineClient(
    { origin: double.url, connections: 1, connectTimeoutMs: 5_000 },
    systemClock,
  )
  onTestFinished(() => client.close(new MeshError('the test is over', { code: 'ERR_STOPPING' })))
  const headers = ['content-type', 'application/json']
  const { exchange } = await client.open({ method: 'POST', path, headers, body }, limits, soon())
  return await read(exchange)
}

describe('a request to the vLLM handler', () => {
  test('goes to the version that serves, with the name of its weights', async () => {
    const { path, body } = await translated(await handlerOf(), 'completions', { prompt: 'Once' })
    assert.equal(path, '/predictions/llama/1.0/v1/completions')
    assert.include(JSON.parse(new TextDecoder().decode(body)), {
      model: 'meta-llama/Llama-3',
      prompt: 'Once',
      max_tokens: 2,
    })
  })

  test('is answered as the handler answers', async () => {
    const double = await handlerOf()
    const { choices } = chatCompletion.parse(await readJson(await answered(double)))
    assert.equal(choices[0]?.message.content, ' w0 w1')
    const stream = await readChatStream(await answered(double, { stream: true }))
    assert.equal(stream.text, ' w0 w1')
    assert.ok(stream.endsWithDone)
  })

  for (const [code, expected] of [
    [400, 'ERR_INVALID_REQUEST'],
    [500, 'ERR_ENGINE'],
  ] as const) {
    for (const fields of [{}, { stream: true }]) {
      test(`fails as ${expected} on a ${code} within ${JSON.stringify(fields)}`, async () => {
        const double = await handlerOf()
        const report = { object: 'error', message: 'too long', type: 'BadRequestError', code }
        double.engine.misbehaveOnce(response => answer(response, 200, report))
        const error = await failure(answered(double, fields))
        assert.equal(error.code, expected)
        assert.include(error.message, 'too long')
      })
    }
  }

  test('is refused if the model has another handler', async () => {
    const double = await doubleOf('torchserve')
    const broken = { status: 503, json: { code: 503, message: 'Prediction failed' } }
    double.set('GET /predictions/llama/1.0/v1/models', broken)
    const error = await failure(translated(double, 'chat/completions', {}))
    assert.ok(hasCode(error, 'ERR_NOT_SUPPORTED'))
    assert.include(error.hint, 'ts.llm_launcher')
  })

  test('is refused if it is for vectors', async () => {
    const error = await failure(translated(await handlerOf(), 'embeddings', { input: 'a' }))
    assert.ok(hasCode(error, 'ERR_INVALID_REQUEST'))
  })
})
