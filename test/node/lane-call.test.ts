/**
 * Engine requests as lane calls: nothing is lost on the way, and no client can choose our headers.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { MARKS_MAX } from '../../src/core/prompt-prefix.ts'
import { fromLaneCall, toLaneCall } from '../../src/node/lane-call.ts'
import type { RuntimeRequest } from '../../src/node/runtime.ts'
import type { Standing } from '../../src/node/standing.ts'
import { request } from './router-scene.ts'

const { inputTokens: _, outputTokensMax: __, ...plain } = request

describe('an engine request as a lane call', () => {
  test('comes back as it was', () => {
    const hash = fc.nat(2 ** 32 - 1)
    const prefix = fc.record({
      characterCount: fc.nat(),
      root: hash,
      marks: fc.array(hash, { maxLength: MARKS_MAX }),
    })
    const required = {
      endpoint: fc.constantFrom('chat/completions', 'completions', 'embeddings'),
      model: fc.string(),
      isStream: fc.boolean(),
      body: fc.uint8Array(),
      headers: fc.dictionary(fc.constantFrom('traceparent', 'x-request-id'), fc.string(), {
        noNullPrototype: true,
      }),
    } as const
    const requests: fc.Arbitrary<RuntimeRequest> = fc.oneof(
      fc.record(required),
      fc.record({ ...required, prefix }),
    )
    fc.assert(
      fc.property(requests, asked => {
        assert.deepEqual(fromLaneCall(toLaneCall(asked)), asked)
      }),
    )
  })

  test('says how much may be read before it, and how it stands', () => {
    const standing: Standing = {
      priority: 'high',
      ...{ tenant: 't', weight: 1, inputTokens: 7, outputTokens: 9 },
      ...{ beginWithinMs: undefined, readWaitMaxMs: 250 },
    }
    assert.deepEqual(fromLaneCall(toLaneCall({ ...plain, standing })).standing, standing)
  })

  test('lets no client say how much may be read before it, and believes no nonsense', () => {
    const headers = { 'skein-read-wait-max': '0' }
    const standing: Standing = {
      priority: 'normal',
      ...{ tenant: '', weight: 1, inputTokens: 7, outputTokens: 9 },
    }
    const call = toLaneCall({ ...plain, headers, standing })
    assert.isUndefined(fromLaneCall(call).standing?.readWaitMaxMs)
    for (const text of ['-1', '1e9', 'NaN', '', '99999999999']) {
      const bent = { ...call, headers: { ...call.headers, 'skein-read-wait-max': text } }
      assert.isUndefined(fromLaneCall(bent).standing?.readWaitMaxMs, text)
    }
  })

  test('has the model that was scheduled, whatever the headers say', () => {
    const headers = { 'skein-model': 'other', 'skein-stream': '1', 'skein-prefix': '1.2.3' }
    const { model, isStream, prefix } = fromLaneCall(toLaneCall({ ...plain, headers }))
    assert.deepEqual([model, isStream, prefix], [plain.model, plain.isStream, undefined])
  })

  test('has no beginning of a prompt if the header is none', () => {
    const mark = (2 ** 32).toString(36)
    const texts = ['', '.', '1', 'a.-1', '1.2.Z', `1.2.${mark}`, Array(30).fill('1').join('.')]
    for (const text of [...texts, '1.'.repeat(100_000)]) {
      const call = { ...toLaneCall(plain), headers: { 'skein-prefix': text } }
      assert.notProperty(fromLaneCall(call), 'prefix', text.slice(0, 20))
    }
  })

  test('with a method that is no endpoint is refused', () => {
    for (const method of ['', 'claim', 'constructor']) {
      const call = { ...toLaneCall(plain), method }
      assert.throws(() => fromLaneCall(call), /expected one of chat\/completions/)
    }
  })
})
