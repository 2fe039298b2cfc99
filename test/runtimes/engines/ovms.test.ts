/**
 * What is known of OpenVINO Model Server, against answers and metrics as its release 2025.3 gives
 * them.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { ovms } from '../../../src/runtimes/engines/ovms.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

const GRAPH = 'meta-llama/Llama-3.1-8B-Instruct'

const readings = async (answer?: DoubleAnswer) => {
  const double = await doubleOf('ovms')
  if (answer !== undefined) double.set('GET /metrics', answer)
  return (await ovms.readMetrics?.(double.ask, soon())) ?? new Map()
}

describe('models of OVMS', () => {
  test('do nothing for a client of OpenAI if they take tensors', async () => {
    const { ask } = await doubleOf('ovms')
    assert.deepEqual(await ovms.listModels(ask, soon()), [
      { id: GRAPH, capabilities: undefined, unready: undefined },
      { id: 'resnet', capabilities: [], unready: undefined },
      { id: 'retired', capabilities: undefined, unready: { state: 'cold' } },
    ])
  })

  const malformed: readonly DoubleAnswer[] = [
    { json: { llama: {} } },
    { json: [] },
    { text: '' },
    { status: 500, json: { error: 'Retrieving all model statuses failed.' } },
  ]
  for (const answer of malformed) {
    test(`are not believed if the status is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('ovms')
      double.set('GET /v1/config', answer)
      assert.ok(hasCode(await failure(ovms.listModels(double.ask, soon())), 'ERR_ENGINE'))
    })
  }
})

describe('metrics of OVMS', () => {
  test('of a graph count the requests in process', async () => {
    const graph = (await readings()).get(GRAPH)
    assert.equal(graph?.runningCount, 6)
    assert.equal(graph?.queuedCount, undefined)
  })

  test('of a model tell what waits, what runs, and how long it takes over all interfaces', async () => {
    assert.deepEqual((await readings()).get('resnet'), {
      queuedCount: 6,
      runningCount: 4,
      batchFillRatio: 0.25,
      counters: {
        latency: [
          { untilMs: 18, count: 6 },
          { untilMs: Number.POSITIVE_INFINITY, count: 7 },
        ],
      },
    })
  })

  test('of a model tell what was received if that is all there is', async () => {
    const found = await readings({ text: 'ovms_current_requests{name="a",version="1"} 3\n' })
    assert.equal(found.get('a')?.runningCount, 3)
    assert.equal(found.get('a')?.queuedCount, undefined)
  })

  test('are none unless they are switched on', async () => {
    assert.equal((await readings({ status: 400, json: { error: 'metrics off' } })).size, 0)
  })
})

test('OVMS is well if it is ready', async () => {
  const double = await doubleOf('ovms')
  await ovms.checkHealth(double.ask, soon())
  double.set('GET /v2/health/ready', { status: 503 })
  assert.ok(hasCode(await failure(ovms.checkHealth(double.ask, soon())), 'ERR_ENGINE'))
})
