/**
 * The beginning of a prompt on its way: with the request to the peer that serves it, back with that
 * peer's load, and what engines count into the next estimate and the metrics.
 */
import { assert, describe, test } from 'vitest'
import { fromLaneCall } from '../../src/node/lane-call.ts'
import { answerOf, MODEL, textOf } from './fake-runtime.ts'
import { failure, request, STAY, scene } from './router-scene.ts'
import { rejection } from './until.ts'

const prefix = { characterCount: 900, root: 7, marks: [1, 2, 3] }

describe('the beginning of a prompt', () => {
  test('is told to the peer that serves it', async () => {
    const { router, calls } = scene({ others: ['far'] })
    await textOf(await router.dispatch({ ...request, prefix }, STAY))
    const [sent] = calls
    assert.isDefined(sent)
    assert.deepEqual(fromLaneCall(sent.call).prefix, prefix)
  })

  test('is told with the load of the peer that has read it', async () => {
    const { router, engines, runtime } = scene({ hasEngine: true })
    const told = () => engines.load().models.find(({ model }) => model === MODEL)?.hotPrefixes
    runtime.answer = async () => Promise.reject(failure('ERR_ENGINE'))
    await rejection(router.dispatch({ ...request, prefix }, STAY))
    assert.isUndefined(told())
    runtime.answer = async () => answerOf('hello')
    await textOf(await router.dispatch({ ...request, prefix }, STAY))
    assert.deepEqual(told(), prefix.marks)
  })
})

describe('what an engine counts', () => {
  const usage = {
    usage: {
      prompt_tokens: 1_000,
      completion_tokens: 9,
      prompt_tokens_details: { cached_tokens: 600 },
    },
  }

  test('corrects what is expected of the next prompt and answer', async () => {
    const options = { inputSmoothingRatio: 1, outputSmoothingRatio: 1 }
    const { router, runtime, scheduler } = scene({ hasEngine: true, options })
    runtime.answer = async () => answerOf(JSON.stringify(usage))
    for (let left = 2; left > 0; left--) {
      await textOf(await router.dispatch({ ...request, inputTokens: 500 }, STAY))
    }
    assert.equal(scheduler.decision('decision-1')?.inputTokens, 500)
    assert.equal(scheduler.decision('decision-2')?.inputTokens, 1_000)
    assert.equal(scheduler.decision('decision-2')?.outputTokensExpected, 9)
  })

  test('is the hit rate that the metrics show, of engines that tell', async () => {
    const { router, runtime, metrics } = scene({ hasEngine: true })
    const counted = async () => {
      const { values } = await metrics.scheduler.promptTokens.get()
      return values.map(({ labels, value }) => [labels.cache, value])
    }
    await textOf(await router.dispatch(request, STAY))
    assert.deepEqual(await counted(), [])
    runtime.answer = async () => answerOf(JSON.stringify(usage))
    await textOf(await router.dispatch(request, STAY))
    assert.deepEqual(await counted(), [
      ['hit', 600],
      ['miss', 400],
    ])
  })
})
