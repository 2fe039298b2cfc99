/**
 * What is known of Triton, against answers and metrics as its release 25.08 gives them, with the
 * vLLM and the TensorRT-LLM backend.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { triton } from '../../../src/runtimes/engines/triton.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

const readings = async (answer?: DoubleAnswer) => {
  const double = await doubleOf('triton')
  if (answer !== undefined) double.set('GET /metrics', answer)
  return (await triton.readMetrics?.(double.ask, soon())) ?? new Map()
}

describe('models of Triton', () => {
  test('can do what their configuration says, and are as ready as the index says', async () => {
    const { ask } = await doubleOf('triton')
    const models = await triton.listModels(ask, soon())
    assert.deepEqual(models, [
      {
        id: 'vllm_model',
        unready: undefined,
        capabilities: ['completion'],
        parallelMax: undefined,
      },
      { id: 'ensemble', unready: undefined, capabilities: ['completion'], parallelMax: 64 },
      { id: 'tensorrt_llm', unready: undefined, capabilities: [], parallelMax: 64 },
      { id: 'text_embedder', unready: undefined, capabilities: ['embedding'], parallelMax: 16 },
      { id: 'resnet50', unready: { state: 'cold' } },
      { id: 'broken', unready: { state: 'failed' } },
      { id: 'coming', unready: { state: 'loading' } },
    ])
  })

  test('whose configuration is gone by the time it is asked for are listed without', async () => {
    const double = await doubleOf('triton')
    double.set('GET /v2/models/vllm_model/config', { status: 400, json: { error: 'unloaded' } })
    const [first] = await triton.listModels(double.ask, soon())
    assert.deepEqual(first, { id: 'vllm_model', unready: undefined })
  })

  const malformed: readonly DoubleAnswer[] = [
    { json: {} },
    { json: [{ version: '1' }] },
    { text: '[' },
    { status: 400, json: { error: 'no repository' } },
  ]
  for (const answer of malformed) {
    test(`are not believed if the index is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('triton')
      double.set('POST /v2/repository/index', answer)
      assert.ok(hasCode(await failure(triton.listModels(double.ask, soon())), 'ERR_ENGINE'))
    })
  }

  test('of which there are more than fit are refused as a whole', async () => {
    const double = await doubleOf('triton')
    const json = Array.from({ length: 1_001 }, (_, index) => ({ name: `m${index}` }))
    double.set('POST /v2/repository/index', { json })
    assert.ok(hasCode(await failure(triton.listModels(double.ask, soon())), 'ERR_ENGINE'))
  })
})

describe('metrics of Triton', () => {
  test('of a model of vLLM are those of vLLM', async () => {
    const model = (await readings()).get('vllm_model')
    assert.equal(model?.queuedCount, 7)
    assert.equal(model?.runningCount, 5)
    assert.equal(model?.kvUsedRatio, 0.75)
    assert.equal(model?.counters?.promptTokens, 2_220)
  })

  test('of the one pipeline of TensorRT-LLM are those of its step', async () => {
    assert.deepEqual((await readings()).get('ensemble'), {
      queuedCount: 3,
      runningCount: 16,
      kvUsedRatio: 0.25,
      batchFillRatio: 0.25,
      counters: { promptTokens: 5_400, outputTokens: 960, prefillMs: 1_080, prefillCount: 12 },
    })
  })

  test('of two pipelines are told of neither, as nobody knows whose they are', async () => {
    const text = ['a', 'b']
      .flatMap(model => [
        `nv_inference_pending_request_count{model="${model}",version="1"} 1`,
        `nv_trt_llm_request_metrics{model="${model}_step",request_type="waiting"} 9`,
      ])
      .join('\n')
    const found = await readings({ text })
    assert.deepEqual(found.get('a'), { queuedCount: 1, counters: {} })
  })

  test('of all versions of a model are added, and the GPU is no model', async () => {
    const found = await readings({
      text: [
        'nv_inference_pending_request_count{model="a",version="1"} 2',
        'nv_inference_pending_request_count{model="a",version="2"} 4',
        'nv_gpu_utilization{gpu_uuid="GPU-1"} 0.5',
      ].join('\n'),
    })
    assert.deepEqual([...found.keys()], ['a'])
    assert.equal(found.get('a')?.queuedCount, 6)
  })

  test('are none if they are switched off, and an error if the server fails', async () => {
    assert.equal((await readings({ status: 404 })).size, 0)
    assert.ok(hasCode(await failure(readings({ status: 503 })), 'ERR_ENGINE'))
  })

  test('are asked for two ports above', async () => {
    const offsets: unknown[] = []
    const { ask } = await doubleOf('triton')
    await triton.readMetrics?.((question, signal) => {
      offsets.push(question.portOffset)
      return ask(question, signal)
    }, soon())
    assert.deepEqual(offsets, [2])
  })
})

describe('control of Triton', () => {
  const { actions } = triton.control ?? assert.fail('Triton has control')

  test('loads a model, and unloads it with the parts that hold its memory', async () => {
    const { ask, questions, bodies } = await doubleOf('triton')
    await actions.load?.(ask, 'resnet50', soon())
    await actions.unload?.(ask, 'vllm_model', soon())
    assert.deepEqual(questions, [
      'POST /v2/repository/models/resnet50/load',
      'POST /v2/repository/models/vllm_model/unload',
    ])
    assert.deepEqual(bodies, [{}, { parameters: { unload_dependents: true } }])
  })

  test('says how to start it if it may not', async () => {
    const double = await doubleOf('triton')
    const error = 'explicit model load / unload is not allowed if polling is enabled'
    double.set('POST /v2/repository/models/resnet50/load', { status: 503, json: { error } })
    const refused = await failure(
      actions.load?.(double.ask, 'resnet50', soon()) ?? Promise.resolve(),
    )
    assert.ok(hasCode(refused, 'ERR_NOT_SUPPORTED'))
    assert.include(refused.hint, '--model-control-mode=explicit')
  })

  test('passes on why a model cannot be loaded', async () => {
    const double = await doubleOf('triton')
    const json = { error: "failed to load 'resnet50', no version is available" }
    double.set('POST /v2/repository/models/resnet50/load', { status: 400, json })
    const failed = await failure(
      actions.load?.(double.ask, 'resnet50', soon()) ?? Promise.resolve(),
    )
    assert.ok(hasCode(failed, 'ERR_ENGINE'))
    assert.include(failed.message, 'no version is available')
  })
})
