/**
 * What is known of llama.cpp's server, against what one of release 0.5.0 answered in each of its
 * states, and one of early 2025 by its documentation.
 */
import { assert, describe, test } from 'vitest'
import { CounterHistory } from '../../../src/runtimes/engines/counter-history.ts'
import type { EngineReading } from '../../../src/runtimes/engines/engine-profile.ts'
import { llamaCpp } from '../../../src/runtimes/engines/llama-cpp.ts'
import { type DoubleAnswer, doubleOf, type EngineDouble } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'
import { become, doubleIn } from './scenario.ts'

const ROUTED = 'skein-tiny-q8_0'

const readingsOf = async ({ ask }: EngineDouble) =>
  (await llamaCpp.readMetrics?.(ask, soon())) ?? assert.fail('llama.cpp has metrics')

const readingOf = async (double: EngineDouble): Promise<EngineReading> =>
  (await readingsOf(double)).get('') ?? assert.fail('it has one model')

describe('models of llama.cpp', () => {
  const served = {
    id: 'skein-tiny',
    ownedBy: 'llamacpp',
    capabilities: undefined,
    contextTokens: 1_024,
    parallelMax: 2,
    quantization: 'Q8_0',
    weightsBytes: 2_725_632,
    unready: undefined,
  }

  test('have the context and the number of its slots', async () => {
    const { ask } = await doubleOf('llama-cpp')
    assert.deepEqual(await llamaCpp.listModels(ask, soon()), [served])
  })

  test('sleep, and are not woken by the question', async () => {
    const double = await doubleIn('llama-cpp', 'sleeping.json')
    const models = await llamaCpp.listModels(double.ask, soon())
    assert.deepEqual(models, [{ ...served, unready: { state: 'sleeping' } }])
    assert.deepEqual(double.questions, ['GET /v1/models', 'GET /props'])
  })

  test('of early 2025 have the context of a slot, not what they were made for', async () => {
    const { ask } = await doubleIn('llama-cpp', 'b4800.json')
    const [model] = await llamaCpp.listModels(ask, soon())
    assert.equal(model?.contextTokens, 8_192)
    assert.equal(model?.parallelMax, 4)
    assert.equal(model?.quantization, undefined)
  })

  test('see, if it was started with a projector for images', async () => {
    const double = await doubleOf('llama-cpp')
    const json = { default_generation_settings: {}, modalities: { vision: true } }
    double.set('GET /props', { json })
    const [model] = await llamaCpp.listModels(double.ask, soon())
    assert.deepEqual(model?.capabilities, ['chat', 'completion', 'vision'])
  })

  test('of a router are ready, cold or failed, and asking loads none', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    const models = await llamaCpp.listModels(double.ask, soon())
    assert.deepEqual(
      models.map(({ id, contextTokens, unready }) => ({ id, contextTokens, unready })),
      [
        { id: 'broken', contextTokens: undefined, unready: { state: 'failed' } },
        { id: 'other-q8_0', contextTokens: undefined, unready: { state: 'cold' } },
        { id: ROUTED, contextTokens: 1_024, unready: undefined },
      ],
    )
    assert.deepEqual(double.questions, [
      'GET /v1/models',
      `GET /props?model=${ROUTED}&autoload=false`,
    ])
  })

  test('of a router that go while it is asked are cold, and have no metrics', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    const json = { error: { code: 400, message: 'model is not loaded' } }
    double.set(`GET /props?model=${ROUTED}&autoload=false`, { status: 400, json })
    const models = await llamaCpp.listModels(double.ask, soon())
    assert.deepEqual(models[2]?.unready, { state: 'cold' })
    assert.equal((await readingsOf(double)).size, 0)
  })

  const states = [
    { status: { value: 'loading' }, unready: { state: 'loading' } },
    { status: { value: 'downloading' }, unready: { state: 'loading', progressRatio: undefined } },
    {
      status: {
        value: 'downloading',
        progress: { 'https://a': { done: 30, total: 60 }, 'https://b': { done: 0, total: 40 } },
      },
      unready: { state: 'loading', progressRatio: 0.3 },
    },
    { status: { value: 'downloaded' }, unready: { state: 'cold' } },
    { status: { value: 'something new' }, unready: { state: 'cold' } },
  ]
  for (const { status, unready } of states) {
    test(`of a router are ${unready.state} if it says ${JSON.stringify(status)}`, async () => {
      const double = await doubleIn('llama-cpp', 'router.json')
      double.set('GET /v1/models', { json: { data: [{ id: 'a', status }] } })
      const [model] = await llamaCpp.listModels(double.ask, soon())
      assert.deepEqual(model?.unready, unready)
    })
  }

  const malformed: readonly DoubleAnswer[] = [
    { text: '<html></html>' },
    { json: { data: null } },
    { json: { data: [{ id: '' }] } },
    { json: { data: [{ id: 'a', status: 'loaded' }] } },
    { status: 500, text: '' },
  ]
  for (const answer of malformed) {
    test(`are not believed if the list is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('llama-cpp')
      double.set('GET /v1/models', answer)
      const error = await failure(llamaCpp.listModels(double.ask, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.include(error.message, 'GET /v1/models')
    })
  }
})

describe('health of llama.cpp', () => {
  test('is good when it serves, also asleep', async () => {
    for (const file of ['answers.json', 'sleeping.json', 'router.json']) {
      const { ask } = await doubleIn('llama-cpp', file)
      await llamaCpp.checkHealth(ask, soon())
    }
  })

  test('is not while it loads, and says so', async () => {
    const { ask } = await doubleIn('llama-cpp', 'loading.json')
    for (const asked of [llamaCpp.checkHealth(ask, soon()), llamaCpp.listModels(ask, soon())]) {
      const error = await failure(asked)
      assert.equal(error.code, 'ERR_ENGINE')
      assert.match(error.message, /found 503: Loading model$/)
    }
  })
})

describe('metrics of llama.cpp', () => {
  test('say what was computed and what was found in the cache', async () => {
    assert.deepEqual(await readingOf(await doubleOf('llama-cpp')), {
      queuedCount: 0,
      runningCount: 0,
      kvUsedRatio: undefined,
      batchFillRatio: 0,
      unready: undefined,
      counters: {
        promptTokens: 32,
        outputTokens: 40,
        prefixLookups: 32,
        prefixHits: 15,
        prefillMs: 79.189,
        decodeStepMs: 26.075,
        decodeStepCount: 40,
      },
    })
  })

  test('say who works and who waits', async () => {
    const { runningCount, queuedCount, batchFillRatio } = await readingOf(
      await doubleIn('llama-cpp', 'busy.json'),
    )
    assert.deepEqual(
      { runningCount, queuedCount, batchFillRatio },
      {
        runningCount: 2,
        queuedCount: 3,
        batchFillRatio: 1,
      },
    )
  })

  test('of early 2025 have the use of the cache, but not what was found in it', async () => {
    const { counters, ...gauges } = await readingOf(await doubleIn('llama-cpp', 'b4800.json'))
    assert.deepEqual(gauges, {
      runningCount: 3,
      queuedCount: 1,
      kvUsedRatio: 0.25,
      batchFillRatio: 0.75,
      unready: undefined,
    })
    assert.equal(counters?.promptTokens, 6_886)
    assert.equal(counters?.prefixLookups, undefined)
    assert.equal(counters?.prefillMs, 27_500)
  })

  test('after a restart count for nothing of what was before', async () => {
    const double = await doubleOf('llama-cpp')
    const history = new CounterHistory()
    history.add(await readingOf(double), 0)
    history.add(await readingOf(await doubleIn('llama-cpp', 'busy.json')), 1_000)
    assert.isAbove(history.prefillTokensPerSecond, 0)

    become(double, 'restarted.json')
    history.add(await readingOf(double), 2_000)
    assert.equal(history.prefillTokensPerSecond, 0)
  })

  test('that are switched off leave the slots, which say who works', async () => {
    const double = await doubleIn('llama-cpp', 'no-metrics.json')
    assert.deepEqual(await readingOf(double), { runningCount: 2, batchFillRatio: 1 })
    assert.deepEqual(double.questions, ['GET /props', 'GET /slots'])
  })

  test('with neither metrics nor slots say how to start it', async () => {
    const error = await failure(readingOf(await doubleIn('llama-cpp', 'no-slots.json')))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.include(error.message, 'does not support slots endpoint')
    assert.include(error.hint, '--metrics')
  })

  test('do not wake it', async () => {
    const double = await doubleIn('llama-cpp', 'sleeping.json')
    assert.deepEqual((await readingOf(double)).unready, { state: 'sleeping' })

    double.set('GET /metrics', { status: 501 })
    assert.deepEqual(await readingOf(double), {
      runningCount: 0,
      queuedCount: 0,
      unready: { state: 'sleeping' },
    })
    assert.notInclude(double.questions, 'GET /slots')
  })

  test('of a router are those of each model that is in memory', async () => {
    const readings = await readingsOf(await doubleIn('llama-cpp', 'router.json'))
    assert.deepEqual([...readings.keys()], [ROUTED])
    assert.equal(readings.get(ROUTED)?.counters?.outputTokens, 10)
  })

  test('of a router with very many models in memory are those of the first of them', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    const data = Array.from({ length: 40 }, (_, index) => ({
      id: `model-${index}`,
      status: { value: 'loaded' },
    }))
    for (const { id } of data) {
      const json = { default_generation_settings: {} }
      double.set(`GET /props?model=${id}&autoload=false`, { json })
      double.set(`GET /metrics?model=${id}&autoload=false`, { text: '' })
    }
    double.set('GET /v1/models', { json: { data } })
    assert.equal((await readingsOf(double)).size, 32)
  })

  for (const answer of [
    { status: 500 },
    { status: 503 },
    { status: 200, text: 'x'.repeat(4_194_305) },
  ]) {
    test(`are an error if it answers ${answer.status} with ${answer.text?.length ?? 0} bytes`, async () => {
      const double = await doubleOf('llama-cpp')
      double.set('GET /metrics', answer)
      assert.equal((await failure(readingOf(double))).code, 'ERR_ENGINE')
    })
  }
})

describe('control of llama.cpp', () => {
  const { actions, loras } = llamaCpp.control ?? assert.fail('llama.cpp has control')
  const load = async ({ ask }: EngineDouble, model: string) => actions.load?.(ask, model, soon())
  const unload = async ({ ask }: EngineDouble, model: string) =>
    actions.unload?.(ask, model, soon())

  test('can load and unload, and nothing else', () => {
    assert.deepEqual(Object.keys(actions), ['load', 'unload'])
  })

  test('loads, and is done when the model is there', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    await load(double, 'other-q8_0')
    assert.deepEqual(double.bodies, [{ model: 'other-q8_0' }])
    assert.deepEqual(double.questions.slice(1), [
      'POST /models/load',
      'GET /props?model=other-q8_0&autoload=true',
    ])
  })

  test('tells that loading failed', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    const error = await failure(load(double, 'broken'))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.match(error.message, /model name=broken failed to load$/)
  })

  test('only waits for what is being loaded already', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    const data = [{ id: 'other-q8_0', status: { value: 'loading' } }]
    double.set('GET /v1/models', { json: { data } })
    await load(double, 'other-q8_0')
    assert.notInclude(double.questions, 'POST /models/load')
    assert.include(double.questions, 'GET /props?model=other-q8_0&autoload=true')
  })

  test('does nothing for what is done', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    await load(double, ROUTED)
    await unload(double, 'other-q8_0')
    assert.deepEqual(double.questions, ['GET /v1/models', 'GET /v1/models'])
  })

  test('unloads', async () => {
    const double = await doubleIn('llama-cpp', 'router.json')
    await unload(double, ROUTED)
    assert.deepEqual(double.questions, ['GET /v1/models', 'POST /models/unload'])
  })

  test('is not there without a router, and says how to start one', async () => {
    for (const act of [load, unload]) {
      const error = await failure(act(await doubleOf('llama-cpp'), 'skein-tiny'))
      assert.equal(error.code, 'ERR_NOT_SUPPORTED')
      assert.include(error.hint, '--models-dir')
    }
  })

  test('knows no model that is not listed', async () => {
    const error = await failure(load(await doubleIn('llama-cpp', 'router.json'), 'none'))
    assert.equal(error.code, 'ERR_MODEL_NOT_FOUND')
  })

  test('names adapters by their files, and wakes nothing for it', async () => {
    const double = await doubleOf('llama-cpp')
    const json = [
      { id: 0, path: '/loras/sql.gguf', scale: 1 },
      { id: 1, path: 'C:\\loras\\law.gguf', scale: 0 },
    ]
    double.set('GET /lora-adapters', { json })
    assert.deepEqual(await loras?.(double.ask, soon()), ['sql.gguf', 'law.gguf'])

    become(double, 'sleeping.json')
    assert.deepEqual(await loras?.(double.ask, soon()), [])
    assert.equal(double.questions.filter(asked => asked === 'GET /lora-adapters').length, 1)
  })
})
