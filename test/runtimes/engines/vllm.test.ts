/**
 * What is known of vLLM, against answers and metrics as its release 0.11 gives them, and those of
 * its first engine core.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { vllm } from '../../../src/runtimes/engines/vllm.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

const BASE = 'meta-llama/Llama-3.1-8B-Instruct'

const reading = async (answer?: DoubleAnswer) => {
  const double = await doubleOf('vllm')
  if (answer !== undefined) double.set('GET /metrics', answer)
  return (await vllm.readMetrics?.(double.ask, soon()))?.get('')
}

describe('models of vLLM', () => {
  test('have the context of their base, also if they are adapters', async () => {
    const { ask } = await doubleOf('vllm')
    const models = await vllm.listModels(ask, soon())
    assert.deepEqual(
      models.map(({ id, contextTokens, unready }) => ({ id, contextTokens, unready })),
      [
        { id: BASE, contextTokens: 131_072, unready: undefined },
        { id: 'sql-lora', contextTokens: 131_072, unready: undefined },
      ],
    )
  })

  test('are asleep if the server says so, and awake if it cannot sleep', async () => {
    const double = await doubleOf('vllm')
    const states = async () => (await vllm.listModels(double.ask, soon())).map(each => each.unready)

    double.set('GET /is_sleeping', { json: { is_sleeping: true } })
    assert.deepEqual(await states(), [{ state: 'sleeping' }, { state: 'sleeping' }])

    double.set('GET /is_sleeping', undefined)
    assert.deepEqual(await states(), [undefined, undefined])
  })

  const malformed: readonly DoubleAnswer[] = [
    { text: 'not JSON' },
    { json: { object: 'list', data: [] } },
    { json: { object: 'list', data: [{ id: '', owned_by: 'vllm' }] } },
    { json: { object: 'list', data: [{ id: 'a', owned_by: 'vllm', max_model_len: -1 }] } },
    { status: 500, text: '' },
  ]
  for (const answer of malformed) {
    test(`are not believed if the list is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('vllm')
      double.set('GET /v1/models', answer)
      const error = await failure(vllm.listModels(double.ask, soon()))
      assert.ok(hasCode(error, 'ERR_ENGINE'))
    })
  }
})

describe('metrics of vLLM', () => {
  test('are those of all its parts together', async () => {
    assert.deepEqual(await reading(), {
      queuedCount: 3,
      runningCount: 20,
      kvUsedRatio: 0.375,
      prefixHitRatio: undefined,
      unready: undefined,
      counters: {
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
          { untilMs: 5_000, count: 95 },
          { untilMs: Number.POSITIVE_INFINITY, count: 100 },
        ],
      },
    })
  })

  test('of the first engine core are read by its names', async () => {
    const old = await reading({ file: 'metrics-v0.txt' })
    assert.equal(old?.queuedCount, 5)
    assert.equal(old?.runningCount, 2)
    assert.equal(old?.kvUsedRatio, 0.125)
    assert.equal(old?.prefixHitRatio, undefined, '-1 is no ratio')
    assert.equal(old?.counters?.decodeStepMs, 2_900)
    assert.equal(old?.counters?.decodeStepCount, 290)
    assert.equal(old?.counters?.prefixLookups, undefined)
    assert.equal(old?.counters?.latency, undefined)
  })

  test('tell a hit rate if the first engine core knows it', async () => {
    const old = await reading({ text: 'vllm:gpu_prefix_cache_hit_rate{model_name="a"} 0.5\n' })
    assert.equal(old?.prefixHitRatio, 0.5)
  })

  test('tell that it sleeps', async () => {
    const text = [
      'vllm:engine_sleep_state{engine="0",sleep_state="awake"} 0',
      'vllm:engine_sleep_state{engine="0",sleep_state="weights_offloaded"} 1',
    ].join('\n')
    assert.deepEqual((await reading({ text }))?.unready, { state: 'sleeping' })
  })

  test('begin at nothing after a restart', async () => {
    const fresh = await reading({ text: 'vllm:prompt_tokens_total{model_name="a"} 0\n' })
    assert.equal(fresh?.counters?.promptTokens, 0)
  })

  test('are none if they are switched off, and an error if the server fails', async () => {
    assert.equal(await reading({ status: 404 }), undefined)
    assert.equal((await failure(reading({ status: 500 }))).code, 'ERR_ENGINE')
  })
})

describe('control of vLLM', () => {
  const { actions, loras } = vllm.control ?? assert.fail('vLLM has control')

  test('puts it to sleep once what runs has ended, and wakes it', async () => {
    const { ask, questions } = await doubleOf('vllm')
    await actions.sleep?.(ask, BASE, soon())
    await actions.wake?.(ask, BASE, soon())
    assert.deepEqual(questions, ['POST /sleep', 'POST /wake_up'])
  })

  test('says how to start it if it cannot sleep', async () => {
    const double = await doubleOf('vllm')
    double.set('POST /sleep', undefined)
    const error = await failure(actions.sleep?.(double.ask, BASE, soon()) ?? Promise.resolve())
    assert.ok(hasCode(error, 'ERR_NOT_SUPPORTED'))
    assert.include(error.hint, 'VLLM_SERVER_DEV_MODE')
  })

  test('loads an adapter by name and path, and unloads it by name', async () => {
    const { ask, bodies } = await doubleOf('vllm')
    await actions.load?.(ask, 'sql-lora=/adapters/sql', soon())
    await actions.unload?.(ask, 'sql-lora', soon())
    assert.deepEqual(bodies, [
      { lora_name: 'sql-lora', lora_path: '/adapters/sql' },
      { lora_name: 'sql-lora' },
    ])
  })

  test('refuses an adapter without a path', async () => {
    const { ask } = await doubleOf('vllm')
    const load = async () => actions.load?.(ask, 'sql-lora', soon())
    assert.ok(hasCode(await failure(load()), 'ERR_INVALID_REQUEST'))
  })

  test('tells an adapter that is not there from control that is not there', async () => {
    const double = await doubleOf('vllm')
    const unload = async () => actions.unload?.(double.ask, 'no-such', soon())

    const missing = await failure(unload())
    assert.ok(hasCode(missing, 'ERR_ENGINE'))
    assert.include(missing.message, 'cannot be found')

    double.set('POST /v1/unload_lora_adapter', { status: 404, json: { detail: 'Not Found' } })
    assert.ok(hasCode(await failure(unload()), 'ERR_NOT_SUPPORTED'))
  })

  test('lists the adapters', async () => {
    const { ask } = await doubleOf('vllm')
    assert.deepEqual(await loras?.(ask, soon()), ['sql-lora'])
  })
})

test('vLLM is well if it says so with an empty body', async () => {
  const double = await doubleOf('vllm')
  await vllm.checkHealth(double.ask, soon())
  double.set('GET /health', { status: 503 })
  assert.ok(hasCode(await failure(vllm.checkHealth(double.ask, soon())), 'ERR_ENGINE'))
})
