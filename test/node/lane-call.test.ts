/**
 * Engine requests as lane calls: nothing is lost on the way, and no client can choose our headers.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { fromLaneCall, toLaneCall } from '../../src/node/lane-call.ts'
import type { RuntimeRequest } from '../../src/node/runtime.ts'
import { request } from './router-scene.ts'

const { inputTokens: _, outputTokensMax: __, ...plain } = request

describe('an engine request as a lane call', () => {
  test('comes back as it was', () => {
    const requests: fc.Arbitrary<RuntimeRequest> = fc.record({
      endpoint: fc.constantFrom('chat/completions', 'completions', 'embeddings'),
      model: fc.string(),
      isStream: fc.boolean(),
      body: fc.uint8Array(),
      headers: fc.dictionary(fc.constantFrom('traceparent', 'x-request-id'), fc.string(), {
        noNullPrototype: true,
      }),
    })
    fc.assert(
      fc.property(requests, asked => {
        assert.deepEqual(fromLaneCall(toLaneCall(asked)), asked)
      }),
    )
  })

  test('has the model that was scheduled, whatever the headers say', () => {
    const headers = { 'skein-model': 'other', 'skein-stream': '1' }
    const { model, isStream } = fromLaneCall(toLaneCall({ ...plain, headers }))
    assert.deepEqual([model, isStream], [plain.model, plain.isStream])
  })

  test('with a method that is no endpoint is refused', () => {
    for (const method of ['', 'claim', 'constructor']) {
      const call = { ...toLaneCall(plain), method }
      assert.throws(() => fromLaneCall(call), /expected one of chat\/completions/)
    }
  })
})
