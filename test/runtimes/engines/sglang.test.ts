/**
 * What is known of SGLang, against answers and metrics as its releases of 2026 give them, and those
 * of release 0.4.3.
 */
import { assert, describe, test } from 'vitest'
import { CounterHistory } from '../../../src/runtimes/engines/counter-history.ts'
import type { ListedModel } from '../../../src/runtimes/engines/engine-profile.ts'
import { sglang } from '../../../src/runtimes/engines/sglang.ts'
import { type DoubleAnswer, doubleOf, type EngineDouble } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'
import { doubleIn } from './scenario.ts'

const BASE = 'meta-llama/Llama-3.1-8B-Instruct'

const readingOf = async ({ ask }: EngineDouble) =>
  (await sglang.readMetrics?.(ask, soon()))?.get('') ?? assert.fail('SGLang has metrics')

describe('models of SGLang', () => {
  const base: ListedModel = {
    id: BASE,
    ownedBy: 'sglang',
    capabilities: ['chat', 'completion'],
    contextTokens: 131_072,
    parallelMax: 64,
    quantization: 'fp8',
  }

  test('have the context of their base, also if they are adapters', async () => {
    const { ask } = await doubleOf('sglang')
    assert.deepEqual(await sglang.listModels(ask, soon()), [base, { ...base, id: 'sql' }])
  })

  test('of an old release are known by its names', async () => {
    const double = await doubleIn('sglang', 'v0.4.3.json')
    assert.deepEqual(await sglang.listModels(double.ask, soon()), [
      { ...base, contextTokens: 8_192, parallelMax: 48, quantization: undefined },
    ])
  })

  test('embed if they do not generate, and see if they were made for it', async () => {
    const double = await doubleOf('sglang')
    const info = { model_path: BASE, tokenizer_path: BASE }
    const capabilities = async (json: object) => {
      double.set('GET /model_info', { json: { ...info, ...json } })
      return (await sglang.listModels(double.ask, soon()))[0]?.capabilities
    }
    assert.deepEqual(await capabilities({ is_generation: false }), ['embedding'])
    assert.deepEqual(await capabilities({ is_generation: true, has_image_understanding: true }), [
      'chat',
      'completion',
      'vision',
    ])
  })

  const malformed: readonly [question: string, answer: DoubleAnswer][] = [
    ['GET /v1/models', { text: 'not JSON' }],
    ['GET /v1/models', { json: { object: 'list', data: [] } }],
    ['GET /model_info', { json: { model_path: BASE } }],
    ['GET /server_info', { status: 500 }],
    ['GET /v1/loads?include=core', { json: { loads: [{ num_running_reqs: 'many' }] } }],
  ]
  for (const [question, answer] of malformed) {
    test(`are not believed if ${question} is answered with ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('sglang')
      double.set(question, answer)
      const error = await failure(sglang.listModels(double.ask, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.include(error.message, question)
    })
  }
})

describe('SGLang', () => {
  test('is well if its status says so', async () => {
    const double = await doubleOf('sglang')
    await sglang.checkHealth(double.ask, soon())
    double.set('GET /health', { status: 503 })
    assert.equal((await failure(sglang.checkHealth(double.ask, soon()))).code, 'ERR_ENGINE')
  })
})

describe('metrics of SGLang', () => {
  const counters = {
    promptTokens: 100_000,
    outputTokens: 20_000,
    prefixLookups: 100_000,
    prefixHits: 40_000,
    prefillMs: 12_500,
    prefillCount: 100,
    decodeStepMs: 398_000,
    decodeStepCount: 19_900,
    latency: [
      { untilMs: 1_000, count: 20 },
      { untilMs: 10_000, count: 95 },
      { untilMs: Number.POSITIVE_INFINITY, count: 100 },
    ],
  }

  test('are those of all its parts together', async () => {
    assert.deepEqual(await readingOf(await doubleOf('sglang')), {
      queuedCount: 3,
      runningCount: 32,
      waitingTokens: 6_144,
      kvUsedRatio: 0.5,
      batchFillRatio: 0.5,
      prefixHitRatio: undefined,
      counters,
    })
  })

  test('count each request once, whatever its priority and however many ranks tell it', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /v1/loads?include=core', undefined)
    assert.deepEqual(await readingOf(double), {
      queuedCount: 3,
      runningCount: 29,
      waitingTokens: undefined,
      kvUsedRatio: 0.375,
      batchFillRatio: undefined,
      prefixHitRatio: undefined,
      counters,
    })
  })

  test('say of the cache what the loads leave out', async () => {
    const double = await doubleOf('sglang')
    const loads = [{ num_running_reqs: 7, num_waiting_reqs: 0 }]
    double.set('GET /v1/loads?include=core', { json: { loads } })
    const { runningCount, kvUsedRatio } = await readingOf(double)
    assert.deepEqual({ runningCount, kvUsedRatio }, { runningCount: 7, kvUsedRatio: 0.375 })
  })

  test('of an old release are read by its names', async () => {
    const old = await readingOf(await doubleIn('sglang', 'v0.4.3.json'))
    assert.equal(old.queuedCount, 2_826)
    assert.equal(old.runningCount, 162)
    assert.equal(old.kvUsedRatio, 0.28)
    assert.equal(old.prefixHitRatio, 0.007507552643049313)
    assert.equal(old.counters?.decodeStepMs, 866_964)
    assert.equal(old.counters?.decodeStepCount, 7_400)
    assert.equal(old.counters?.prefixLookups, undefined)
    assert.equal(old.counters?.latency, undefined)
  })

  test('that are switched off leave its loads, which say the speed of one stream', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /metrics', undefined)
    assert.deepEqual(await readingOf(double), {
      queuedCount: 3,
      runningCount: 32,
      waitingTokens: 6_144,
      kvUsedRatio: 0.5,
      batchFillRatio: 0.5,
      decodeTokensPerSecond: 100,
    })
  })

  test('say nothing of speed while it does nothing', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /metrics', undefined)
    const loads = [{ num_running_reqs: 0, num_waiting_reqs: 0, gen_throughput: 1_842.5 }]
    double.set('GET /v1/loads?include=core', { json: { loads } })
    assert.deepEqual(await readingOf(double), {
      queuedCount: 0,
      runningCount: 0,
      waitingTokens: undefined,
      kvUsedRatio: undefined,
      batchFillRatio: undefined,
    })
  })

  test('are nothing while it starts', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /metrics', undefined)
    double.set('GET /v1/loads?include=core', { json: { loads: [] } })
    assert.deepEqual(await readingOf(double), {})
  })

  test('after a restart count for nothing of what was before', async () => {
    const double = await doubleIn('sglang', 'v0.4.3.json')
    const history = new CounterHistory()
    history.add({ counters: { promptTokens: 0, prefillMs: 0 } }, 0)
    history.add(await readingOf(double), 1_000)
    assert.isAbove(history.prefillTokensPerSecond, 0)

    double.set('GET /metrics', { text: `sglang:prompt_tokens_total{model_name="${BASE}"} 12\n` })
    history.add(await readingOf(double), 2_000)
    assert.equal(history.prefillTokensPerSecond, 0)
  })

  test('say how to switch them on if there is nothing else', async () => {
    const double = await doubleIn('sglang', 'v0.4.3.json')
    double.set('GET /metrics', undefined)
    const error = await failure(readingOf(double))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.include(error.hint, '--enable-metrics')
  })

  test('are an error if it fails', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /metrics', { status: 500 })
    assert.equal((await failure(readingOf(double))).code, 'ERR_ENGINE')
  })
})

describe('control of SGLang', () => {
  const { actions, loras } = sglang.control ?? assert.fail('SGLang has control')
  const sleep = async ({ ask }: EngineDouble) => actions.sleep?.(ask, BASE, soon())
  const idle = { json: { loads: [{ num_running_reqs: 0, num_waiting_reqs: 0 }] } }

  test('puts it to sleep if it is idle, and wakes it', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /v1/loads?include=core', idle)
    await sleep(double)
    await actions.wake?.(double.ask, BASE, soon())
    assert.deepEqual(
      double.questions.filter(asked => asked.startsWith('POST')),
      ['POST /release_memory_occupation', 'POST /resume_memory_occupation'],
    )
    assert.deepEqual(double.bodies, [{}, {}])
  })

  test('lets it work on if it works for anybody: it would end otherwise', async () => {
    const double = await doubleOf('sglang')
    const error = await failure(sleep(double))
    assert.equal(error.code, 'ERR_MODEL_IN_USE')
    assert.equal(error.details['requests'], 35)
    assert.notInclude(double.questions, 'POST /release_memory_occupation')
  })

  test('lets it work on if it does not say whether it works', async () => {
    const double = await doubleOf('sglang')
    double.set('GET /v1/loads?include=core', undefined)
    assert.equal((await failure(sleep(double))).code, 'ERR_NOT_SUPPORTED')
    assert.notInclude(double.questions, 'POST /release_memory_occupation')
  })

  test('says how to start it if its memory would stay where it is', async () => {
    const double = await doubleIn('sglang', 'v0.4.3.json')
    const woken = actions.wake?.(double.ask, BASE, soon()) ?? Promise.resolve()
    for (const error of [await failure(sleep(double)), await failure(woken)]) {
      assert.equal(error.code, 'ERR_NOT_SUPPORTED')
      assert.include(error.hint, '--enable-memory-saver')
    }
  })

  test('loads an adapter by name and path, unloads it by name, and lists it', async () => {
    const { ask, questions, bodies } = await doubleOf('sglang')
    await actions.load?.(ask, 'sql=/loras/sql', soon())
    await actions.unload?.(ask, 'sql', soon())
    assert.deepEqual(questions, ['POST /load_lora_adapter', 'POST /unload_lora_adapter'])
    assert.deepEqual(bodies, [{ lora_name: 'sql', lora_path: '/loras/sql' }, { lora_name: 'sql' }])
    assert.deepEqual(await loras?.(ask, soon()), ['sql'])
  })

  test('tells why an adapter cannot be loaded', async () => {
    const { ask } = await doubleOf('sglang')
    const load = (model: string) => failure(actions.load?.(ask, model, soon()) ?? Promise.resolve())

    const failed = await load('none=/loras/none')
    assert.equal(failed.code, 'ERR_ENGINE')
    assert.match(failed.message, /Failed to load \/loras\/none$/)

    assert.equal((await load(BASE)).code, 'ERR_INVALID_REQUEST')
  })

  test('says how to start it if it takes no adapters', async () => {
    const double = await doubleOf('sglang')
    const error_message = 'LoRA is not enabled. Please set `--enable-lora` to enable LoRA.'
    double.set('POST /load_lora_adapter', { status: 400, json: { success: false, error_message } })
    const loaded = actions.load?.(double.ask, 'sql=/loras/sql', soon()) ?? Promise.resolve()
    const error = await failure(loaded)
    assert.equal(error.code, 'ERR_NOT_SUPPORTED')
    assert.include(error.hint, '--enable-lora')
  })
})
