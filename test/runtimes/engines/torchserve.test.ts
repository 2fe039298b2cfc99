/**
 * What is known of TorchServe, against answers as its release 0.12 gives them.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { torchserve } from '../../../src/runtimes/engines/torchserve.ts'
import { type DoubleAnswer, doubleOf } from '../engine-double.ts'
import { failure, soon } from '../openai/under-test.ts'

const FIRST_PAGE = 'GET /models?limit=100&next_page_token=0'

describe('models of TorchServe', () => {
  test('are gathered from all pages, and are ready if a worker is', async () => {
    const { ask } = await doubleOf('torchserve')
    assert.deepEqual(await torchserve.listModels(ask, soon()), [
      { id: 'llama', capabilities: [], parallelMax: 1, unready: undefined },
      { id: 'resnet18', capabilities: [], parallelMax: 16, unready: { state: 'loading' } },
      { id: 'noop', capabilities: [], parallelMax: undefined, unready: { state: 'cold' } },
    ])
  })

  test('end at a bound, even if the pages do not', async () => {
    const double = await doubleOf('torchserve')
    const page = { json: { nextPageToken: '0', models: [{ modelName: 'noop' }] } }
    double.set(FIRST_PAGE, page)
    const models = await torchserve.listModels(double.ask, soon())
    assert.deepEqual(
      models.map(({ id }) => id),
      ['noop'],
    )
    assert.equal(double.questions.filter(question => question === FIRST_PAGE).length, 10)
  })

  const malformed: readonly (readonly [string, DoubleAnswer])[] = [
    [FIRST_PAGE, { json: { models: 'many' } }],
    [FIRST_PAGE, { status: 403, json: { code: 403, message: 'Token Authorization failed' } }],
    ['GET /models/llama', { json: [] }],
    ['GET /models/llama', { json: { modelName: 'llama' } }],
  ]
  for (const [question, answer] of malformed) {
    test(`are not believed if ${question} says ${JSON.stringify(answer)}`, async () => {
      const double = await doubleOf('torchserve')
      double.set(question, answer)
      assert.ok(hasCode(await failure(torchserve.listModels(double.ask, soon())), 'ERR_ENGINE'))
    })
  }
})

test('what TorchServe says of a model is what waits for it', async () => {
  const { ask } = await doubleOf('torchserve')
  const readings = await torchserve.readMetrics?.(ask, soon())
  assert.deepEqual(readings?.get('llama'), { queuedCount: 4, unready: undefined })
  assert.deepEqual(readings?.get('noop'), { queuedCount: 0, unready: { state: 'cold' } })
})

test('of many models of TorchServe only the first are asked what waits for them', async () => {
  const double = await doubleOf('torchserve')
  const names = Array.from({ length: 17 }, (_, index) => `m${index}`)
  const models = names.map(modelName => ({ modelName }))
  double.set('GET /models?limit=100&next_page_token=0', { json: { models } })
  for (const modelName of names) double.set(`GET /models/${modelName}`, { json: [{ modelName }] })
  const readings = await torchserve.readMetrics?.(double.ask, soon())
  assert.deepEqual([...(readings?.keys() ?? [])], names.slice(0, 16))
})

test('a model of TorchServe is loaded by giving it a worker, and unloaded by taking all', async () => {
  const { ask } = await doubleOf('torchserve')
  const asked: unknown[] = []
  const listening: typeof ask = (question, signal) => {
    asked.push({ ...question })
    return ask(question, signal)
  }
  await torchserve.control?.actions.load?.(listening, 'noop', soon())
  await torchserve.control?.actions.unload?.(listening, 'llama', soon())
  assert.deepEqual(asked, [
    { method: 'PUT', path: '/models/noop?min_worker=1&synchronous=true', portOffset: 1 },
    {
      method: 'PUT',
      path: '/models/llama?min_worker=0&max_worker=0&synchronous=true',
      portOffset: 1,
    },
  ])
})

test('TorchServe is not well if a model lacks its workers', async () => {
  const double = await doubleOf('torchserve')
  await torchserve.checkHealth(double.ask, soon())
  double.set('GET /ping', { status: 500, json: { status: 'Unhealthy' } })
  assert.ok(hasCode(await failure(torchserve.checkHealth(double.ask, soon())), 'ERR_ENGINE'))
})
