/**
 * What is known of TensorFlow Serving, against answers and metrics as its release 2.19 gives them.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { tfServing } from '../../../src/runtimes/engines/tf-serving.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

describe('models of TF Serving', () => {
  test('are those that the options name, as ready as their best version', async () => {
    const { ask } = await doubleOf('tf-serving')
    const named = ['half_plus_three', 'loading', 'broken', 'not-there']
    const models = await tfServing.listModels(ask, soon(), named)
    assert.deepEqual(
      models.map(({ id, unready }) => [id, unready?.state]),
      [
        ['half_plus_three', undefined],
        ['loading', 'loading'],
        ['broken', 'failed'],
        ['not-there', 'cold'],
      ],
    )
    assert.ok(
      models.every(({ capabilities }) => capabilities?.length === 0),
      'none answers a client of OpenAI',
    )
  })

  test('are none if none is named', async () => {
    const { ask } = await doubleOf('tf-serving')
    assert.deepEqual(await tfServing.listModels(ask, soon()), [])
  })

  const malformed: readonly DoubleAnswer[] = [
    { json: { model_version_status: [{ state: 'ASLEEP' }] } },
    { text: 'OK' },
    { status: 500, json: { error: 'out of memory' } },
  ]
  for (const answer of malformed) {
    test(`are not believed if the status is ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('tf-serving')
      double.set('GET /v1/models/loading', answer)
      const list = tfServing.listModels(double.ask, soon(), ['loading'])
      assert.ok(hasCode(await failure(list), 'ERR_ENGINE'))
    })
  }
})

describe('metrics of TF Serving', () => {
  test('tell how long requests take', async () => {
    const { ask } = await doubleOf('tf-serving')
    const readings = await tfServing.readMetrics?.(ask, soon())
    assert.deepEqual(readings?.get('half_plus_three'), {
      counters: {
        latency: [
          { untilMs: 0.01, count: 0 },
          { untilMs: 18, count: 20 },
          { untilMs: Number.POSITIVE_INFINITY, count: 30 },
        ],
      },
    })
  })

  test('are none unless its monitoring configuration switches them on', async () => {
    const double = await doubleOf('tf-serving')
    double.set('GET /monitoring/prometheus/metrics', undefined)
    assert.equal((await tfServing.readMetrics?.(double.ask, soon()))?.size, 0)
  })
})

test('TF Serving is well if it refuses in its own words', async () => {
  const double = await doubleOf('tf-serving')
  await tfServing.checkHealth(double.ask, soon())
  double.set('GET /v1/models', { status: 502, text: 'Bad Gateway' })
  assert.ok(hasCode(await failure(tfServing.checkHealth(double.ask, soon())), 'ERR_ENGINE'))
})

test('nothing can be done to a model of TF Serving', () => {
  assert.equal(tfServing.control, undefined)
})
