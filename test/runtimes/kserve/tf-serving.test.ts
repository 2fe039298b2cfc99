/**
 * TensorFlow Serving behind the adapter: its models are seen, and nothing is asked of them that
 * they cannot do.
 */
import { assert, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { doubleOf } from '../engine-double.ts'
import { chatRequest, failure, runtimeFor, soon } from '../openai/under-test.ts'

test('a model of TF Serving is listed and says plainly that it makes no text', async () => {
  const double = await doubleOf('tf-serving')
  const { runtime } = runtimeFor({
    kind: 'tf-serving',
    baseUrl: double.url,
    models: ['half_plus_three', 'loading'],
  })
  await runtime.start(soon())

  const [model] = runtime.models()
  assert.equal(model?.id, 'half_plus_three')
  assert.deepEqual(model?.capabilities, [])
  // Also of one that is still loading: there is nothing to wait for.
  for (const id of ['half_plus_three', 'loading']) {
    const error = await failure(runtime.generate(chatRequest({}, { model: id }), soon()))
    assert.ok(hasCode(error, 'ERR_NOT_SUPPORTED'), `${id}: ${error}`)
    assert.include(error.message, 'TensorFlow Serving')
  }
})
