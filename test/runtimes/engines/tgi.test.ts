/**
 * What is known of TGI, against answers and metrics as its release 3.3 gives them, and those of
 * release 1.4.
 */
import { assert, describe, test } from 'vitest'
import { CounterHistory } from '../../../src/runtimes/engines/counter-history.ts'
import { tgi } from '../../../src/runtimes/engines/tgi.ts'
import { type DoubleAnswer, doubleOf, type EngineDouble } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'
import { become, doubleIn } from './scenario.ts'

const readingOf = async ({ ask }: EngineDouble) =>
  (await tgi.readMetrics?.(ask, soon()))?.get('') ?? assert.fail('TGI has metrics')

describe('the model of TGI', () => {
  test('has context and revision, and sees if it was made for it', async () => {
    const { ask } = await doubleOf('tgi')
    assert.deepEqual(await tgi.listModels(ask, soon()), [
      {
        id: 'HuggingFaceTB/SmolVLM-Instruct',
        capabilities: ['chat', 'completion', 'vision'],
        contextTokens: 4_096,
        parallelMax: undefined,
        digest: 'e985a63cdc139290c5f700ff1929f0b5942cced2',
      },
    ])
  })

  test('of an old release says how many it works on', async () => {
    const { ask } = await doubleIn('tgi', 'v1.4.json')
    assert.deepEqual(await tgi.listModels(ask, soon()), [
      {
        id: 'bigscience/blomm-560m',
        capabilities: undefined,
        contextTokens: 2_048,
        parallelMax: 8,
        digest: undefined,
      },
    ])
  })

  const malformed: readonly DoubleAnswer[] = [
    { text: 'not JSON' },
    { json: { model_id: '', max_total_tokens: 1 } },
    { json: { model_id: 'a' } },
    { json: { model_id: 'a', max_total_tokens: 1, router: 'text-embeddings-router' } },
    { status: 502, text: '' },
  ]
  for (const answer of malformed) {
    test(`is not believed if the info is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('tgi')
      double.set('GET /info', answer)
      const error = await failure(tgi.listModels(double.ask, soon()))
      assert.equal(error.code, 'ERR_ENGINE')
      assert.include(error.message, 'GET /info')
    })
  }
})

describe('TGI', () => {
  test('is well if it says so, and tells what is wrong', async () => {
    const double = await doubleOf('tgi')
    await tgi.checkHealth(double.ask, soon())
    const json = { error: 'unhealthy', error_type: 'healthcheck' }
    double.set('GET /health', { status: 503, json })
    const error = await failure(tgi.checkHealth(double.ask, soon()))
    assert.equal(error.code, 'ERR_ENGINE')
    assert.match(error.message, /found 503: unhealthy$/)
  })

  test('has no control', () => {
    assert.isUndefined(tgi.control)
  })
})

describe('metrics of TGI', () => {
  test('are of requests, batches and both of their phases', async () => {
    assert.deepEqual(await readingOf(await doubleOf('tgi')), {
      queuedCount: 4,
      runningCount: 12,
      counters: {
        promptTokens: 108_000,
        outputTokens: 30_000,
        prefillMs: 20_500,
        prefillCount: 216,
        decodeStepMs: 125_000,
        decodeStepCount: 5_000,
        latency: [
          { untilMs: 0.15000000000000002, count: 0 },
          { untilMs: 1_500, count: 50 },
          { untilMs: 6_000, count: 190 },
          { untilMs: Number.POSITIVE_INFINITY, count: 200 },
        ],
      },
    })
  })

  test('after a restart count for nothing of what was before', async () => {
    const double = await doubleOf('tgi')
    const history = new CounterHistory()
    const before = await readingOf(double)
    history.add({ ...before, counters: { ...before.counters, promptTokens: 0, prefillMs: 0 } }, 0)
    history.add(before, 1_000)
    assert.isAbove(history.prefillTokensPerSecond, 0)

    become(double, 'v1.4.json')
    const after = await readingOf(double)
    assert.equal(after.counters?.promptTokens, 19)
    assert.equal(after.counters?.latency, undefined, 'none has ended yet')
    history.add(after, 2_000)
    assert.equal(history.prefillTokensPerSecond, 0)
  })

  test('are an error if it fails, or has none', async () => {
    for (const status of [404, 500]) {
      const double = await doubleOf('tgi')
      double.set('GET /metrics', { status })
      assert.equal((await failure(readingOf(double))).code, 'ERR_ENGINE')
    }
  })
})
