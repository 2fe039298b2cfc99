/**
 * What is known of Ollama, against the answers that release 0.40 documents, and those of release
 * 0.3.
 */
import { assert, describe, test } from 'vitest'
import { ollama } from '../../../src/runtimes/engines/ollama.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'
import { doubleIn } from './scenario.ts'

const LLAMA = 'llama3.2:latest'
const QWEN = 'hf.co/bartowski/Qwen2.5-7B-Instruct-GGUF:Q8_0'
const MINILM = 'all-minilm:latest'

describe('models of Ollama', () => {
  test('have digest and quantisation, and are cold unless they are in memory', async () => {
    const { ask } = await doubleOf('ollama')
    const models = await ollama.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ id, ownedBy, quantization, unready }) => ({
        id,
        ownedBy,
        quantization,
        unready,
      })),
      [
        { id: LLAMA, ownedBy: 'library', quantization: 'Q4_K_M', unready: undefined },
        { id: QWEN, ownedBy: 'bartowski', quantization: 'Q8_0', unready: { state: 'cold' } },
        { id: MINILM, ownedBy: 'library', quantization: 'F16', unready: { state: 'cold' } },
      ],
    )
    assert.deepEqual(
      models.map(({ weightsBytes }) => weightsBytes),
      [2_019_393_189, 8_098_525_888, 45_960_996],
    )
    for (const { digest } of models) assert.match(digest ?? '', /^[0-9a-f]{64}$/)
  })

  test('do what they say they can', async () => {
    const { ask } = await doubleOf('ollama')
    const models = await ollama.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ capabilities }) => capabilities),
      [['chat', 'completion', 'tools'], ['chat', 'completion', 'tools'], ['embedding']],
    )
  })

  test('have the context that was allotted, or else set, or else trained for', async () => {
    const { ask } = await doubleOf('ollama')
    const models = await ollama.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ contextTokens }) => contextTokens),
      [4_096, 16_384, 512],
    )
  })

  test('that run at ollama.com are left out', async () => {
    const { ask } = await doubleOf('ollama')
    const ids = (await ollama.listModels(ask, soon())).map(({ id }) => id)
    assert.notInclude(ids, 'gpt-oss:120b-cloud')
  })

  test('of an old release have the context they were trained for', async () => {
    const { ask } = await doubleIn('ollama', 'v0.3.json')
    const models = await ollama.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ contextTokens, capabilities, unready }) => ({
        contextTokens,
        capabilities,
        unready,
      })),
      [
        { contextTokens: 8_192, capabilities: undefined, unready: undefined },
        { contextTokens: 8_192, capabilities: undefined, unready: { state: 'cold' } },
      ],
    )
  })

  test('that are removed while it lists them are listed without details', async () => {
    const double = await doubleOf('ollama')
    double.set('POST /api/show', { status: 404, json: { error: 'model not found' } })
    const models = await ollama.listModels(double.ask, soon())
    assert.deepEqual(
      models.map(({ contextTokens }) => contextTokens),
      [4_096, undefined, undefined],
    )
  })

  test('are none, also if it says so with null', async () => {
    for (const models of [[], null]) {
      const double = await doubleOf('ollama')
      double.set('GET /api/tags', { json: { models } })
      double.set('GET /api/ps', { json: { models } })
      assert.deepEqual(await ollama.listModels(double.ask, soon()), [])
    }
  })

  test('beyond the first 256 are not asked for details', async () => {
    const double = await doubleOf('ollama')
    const models = Array.from({ length: 300 }, (_, index) => ({ name: `m${index}:latest` }))
    double.set('GET /api/tags', { json: { models } })
    double.set('POST /api/show', { json: { model_info: { 'llama.context_length': 8_192 } } })
    const listed = await ollama.listModels(double.ask, soon())
    assert.equal(listed.length, 300)
    assert.deepEqual(
      listed.map(({ id }) => id),
      models.map(({ name }) => name),
    )
    assert.equal(double.bodies.length, 256)
    assert.deepEqual([listed[255]?.contextTokens, listed[256]?.contextTokens], [8_192, undefined])
  })

  const malformed: readonly [question: string, answer: DoubleAnswer][] = [
    ['GET /api/tags', { text: 'Ollama is running' }],
    ['GET /api/tags', { json: { models: [{ digest: 'a' }] } }],
    ['GET /api/tags', { json: {} }],
    ['GET /api/ps', { json: { models: 'none' } }],
    ['GET /api/ps', { status: 404 }],
    ['POST /api/show', { status: 500, json: { error: 'cannot read the model' } }],
  ]
  for (const [question, answer] of malformed) {
    test(`are not believed if ${question} is answered with ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('ollama')
      double.set(question, answer)
      const error = await failure(ollama.listModels(double.ask, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.include(error.message, question)
    })
  }
})

describe('Ollama', () => {
  test('is well if it says which version it is', async () => {
    const double = await doubleOf('ollama')
    await ollama.checkHealth(double.ask, soon())
    double.set('GET /api/version', { status: 502, text: '<html></html>' })
    assert.equal((await failure(ollama.checkHealth(double.ask, soon()))).code, 'ERR_ENGINE')
  })

  test('has no metrics', () => {
    assert.isUndefined(ollama.readMetrics)
    assert.isUndefined(ollama.control?.loras)
  })

  test('is not SGLang, which can greet as it does, but in JSON', () => {
    const greeting = { status: 200, headers: {}, text: '"Ollama is running"' }
    assert.isFalse(ollama.detect.matches(greeting))
  })
})

describe('control of Ollama', () => {
  const { actions } = ollama.control ?? assert.fail('Ollama has control')

  test('can load and unload, and nothing else', () => {
    assert.deepEqual(Object.keys(actions), ['load', 'unload'])
  })

  test('loads with a request without a prompt, for good', async () => {
    const { ask, questions, bodies } = await doubleOf('ollama')
    await actions.load?.(ask, QWEN, soon())
    assert.deepEqual(questions, ['POST /api/generate'])
    assert.deepEqual(bodies, [{ model: QWEN, keep_alive: -1, stream: false }])
  })

  test('loads what only embeds with a request without a text', async () => {
    const { ask, questions, bodies } = await doubleOf('ollama')
    await actions.load?.(ask, MINILM, soon())
    assert.deepEqual(questions, ['POST /api/generate', 'POST /api/embed'])
    assert.deepEqual(bodies[1], { model: MINILM, keep_alive: -1, input: [] })
  })

  test('unloads by keeping it alive for no time', async () => {
    const { ask, bodies } = await doubleOf('ollama')
    await actions.unload?.(ask, LLAMA, soon())
    assert.deepEqual(bodies, [{ model: LLAMA, keep_alive: 0, stream: false }])
  })

  test('tells what it says of a model that it does not have', async () => {
    const { ask } = await doubleOf('ollama')
    const error = await failure(actions.load?.(ask, 'none', soon()) ?? Promise.resolve())
    assert.equal(error.code, 'ERR_ENGINE')
    assert.match(error.message, /found 404: model 'none' not found$/)
  })
})
