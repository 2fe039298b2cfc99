/**
 * What is known of LM Studio, against the answers that release 0.4.0 documents, and those of release
 * 0.3.16.
 */
import { assert, describe, test } from 'vitest'
import { lmStudio } from '../../../src/runtimes/engines/lm-studio.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'
import { doubleIn } from './scenario.ts'

const GEMMA = 'gemma-3-270m-it-qat'
const GPT = 'openai/gpt-oss-20b'
const NOMIC = 'text-embedding-nomic-embed-text-v1.5-embedding'

describe('models of LM Studio', () => {
  test('have the least context of their instances, or all if there is none', async () => {
    const { ask } = await doubleOf('lm-studio')
    assert.deepEqual(await lmStudio.listModels(ask, soon()), [
      {
        id: GEMMA,
        ownedBy: 'lmstudio-community',
        capabilities: ['chat', 'completion'],
        contextTokens: 4_096,
        quantization: 'Q4_0',
        weightsBytes: 241_410_208,
        unready: undefined,
      },
      {
        id: GPT,
        ownedBy: 'openai',
        capabilities: ['chat', 'completion', 'tools', 'vision'],
        contextTokens: 131_072,
        quantization: 'MXFP4',
        weightsBytes: 12_109_566_560,
        unready: { state: 'cold' },
      },
      {
        id: NOMIC,
        ownedBy: 'gaianet',
        capabilities: ['embedding'],
        contextTokens: 2_048,
        quantization: undefined,
        weightsBytes: 274_290_560,
        unready: undefined,
      },
    ])
  })

  test('of a release without the present API are those of the one before', async () => {
    const { ask } = await doubleIn('lm-studio', 'v0.json')
    const models = await lmStudio.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ id, contextTokens, unready }) => ({ id, contextTokens, unready })),
      [
        { id: 'qwen2-vl-7b-instruct', contextTokens: 32_768, unready: { state: 'cold' } },
        { id: 'meta-llama-3.1-8b-instruct', contextTokens: 4_096, unready: undefined },
        { id: 'granite-3.0-2b-instruct', contextTokens: 4_096, unready: { state: 'loading' } },
        {
          id: 'text-embedding-nomic-embed-text-v1.5',
          contextTokens: 2_048,
          unready: { state: 'cold' },
        },
      ],
    )
    assert.deepEqual(
      models.map(({ capabilities, quantization }) => [quantization, ...(capabilities ?? [])]),
      [
        ['4bit', 'chat', 'completion', 'vision'],
        ['Q4_K_M', 'chat', 'completion', 'tools'],
        ['Q4_K_M', 'chat', 'completion'],
        ['Q4_0', 'embedding'],
      ],
    )
  })

  test('of a release that refuses the present API with a status are found as well', async () => {
    const double = await doubleIn('lm-studio', 'v0.json')
    double.set('GET /api/v1/models', undefined)
    assert.equal((await lmStudio.listModels(double.ask, soon())).length, 4)
  })

  const malformed: readonly [question: string, answer: DoubleAnswer][] = [
    ['GET /api/v1/models', { text: 'not JSON' }],
    ['GET /api/v1/models', { json: { models: [{ key: '' }] } }],
    ['GET /api/v1/models', { json: { models: [{ key: 'a', type: 'llm' }] } }],
    ['GET /api/v1/models', { json: { object: 'list', data: [] } }],
    ['GET /api/v1/models', { status: 401, json: { error: { message: 'a token is needed' } } }],
  ]
  for (const [question, answer] of malformed) {
    test(`are not believed if ${question} is answered with ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('lm-studio')
      double.set(question, answer)
      const error = await failure(lmStudio.listModels(double.ask, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.include(error.message, question)
    })
  }

  test('are not believed if neither API answers', async () => {
    const double = await doubleIn('lm-studio', 'v0.json')
    double.set('GET /api/v0/models', { json: { error: 'Unexpected endpoint or method.' } })
    assert.equal((await failure(lmStudio.listModels(double.ask, soon()))).code, 'ERR_ENGINE')
  })
})

describe('LM Studio', () => {
  test('is well if it greets', async () => {
    const double = await doubleOf('lm-studio')
    await lmStudio.checkHealth(double.ask, soon())
    double.set('GET /lmstudio-greeting', { json: { lmstudio: 'perhaps' } })
    assert.equal((await failure(lmStudio.checkHealth(double.ask, soon()))).code, 'ERR_ENGINE')
  })

  test('has no metrics', () => {
    assert.isUndefined(lmStudio.readMetrics)
    assert.isUndefined(lmStudio.control?.loras)
  })
})

describe('control of LM Studio', () => {
  const { actions } = lmStudio.control ?? assert.fail('LM Studio has control')

  test('can load and unload, and nothing else', () => {
    assert.deepEqual(Object.keys(actions), ['load', 'unload'])
  })

  test('loads what is not there, and no second instance of what is', async () => {
    const { ask, questions, bodies } = await doubleOf('lm-studio')
    await actions.load?.(ask, GPT, soon())
    await actions.load?.(ask, GEMMA, soon())
    assert.deepEqual(bodies, [{ model: GPT }])
    assert.equal(questions.filter(asked => asked.startsWith('POST')).length, 1)
  })

  test('unloads every instance', async () => {
    const { ask, bodies } = await doubleOf('lm-studio')
    await actions.unload?.(ask, GEMMA, soon())
    assert.deepEqual(bodies, [{ instance_id: GEMMA }, { instance_id: `${GEMMA}:2` }])
  })

  test('knows no model that is not listed', async () => {
    const { ask } = await doubleOf('lm-studio')
    const error = await failure(actions.load?.(ask, 'none', soon()) ?? Promise.resolve())
    assert.equal(error.code, 'ERR_MODEL_NOT_FOUND')
  })

  test('is not there before 0.4, and says so', async () => {
    const { ask } = await doubleIn('lm-studio', 'v0.json')
    for (const act of [actions.load, actions.unload]) {
      const error = await failure(act?.(ask, GEMMA, soon()) ?? Promise.resolve())
      assert.equal(error.code, 'ERR_NOT_SUPPORTED')
      assert.include(error.hint, '0.4.0')
    }
  })
})
