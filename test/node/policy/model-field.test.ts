/**
 * Another model's name in a request, and not a byte else.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { withModel } from '../../../src/node/policy/model-field.ts'

const changed = (text: string, model = 'new') =>
  Buffer.from(withModel(Buffer.from(text), model)).toString('utf8')

describe('the name of a model', () => {
  const cases = [
    ['{"model":"a"}', '{"model":"new"}'],
    [
      '{ "n": 12345678901234567890, "model" : "a" }',
      '{ "n": 12345678901234567890, "model" : "new" }',
    ],
    ['{"messages":[{"model":"a"}],"model":"a"}', '{"messages":[{"model":"a"}],"model":"new"}'],
    ['{"x":{"model":"a"},"model":"a"}', '{"x":{"model":"a"},"model":"new"}'],
    ['{"a":"model","b":"x","model":"a"}', '{"a":"model","b":"x","model":"new"}'],
    ['{"a":"\\"model\\":\\"x\\"","model":"a\\"b"}', '{"a":"\\"model\\":\\"x\\"","model":"new"}'],
    ['{"mod\\u0065l":"a","model":"b"}', '{"mod\\u0065l":"new","model":"new"}'],
    ['{"model":\n\t"a","é":"ü"}', '{"model":\n\t"new","é":"ü"}'],
  ] as const
  for (const [before, after] of cases) {
    test(`in ${before} is exchanged`, () => assert.equal(changed(before), after))
  }

  test('is all that differs, whatever else the request has', () => {
    const request = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.string())
    fc.assert(
      fc.property(request, fc.nat(8), ([fields, model, other], indent) => {
        const before = { ...fields, model }
        const text = changed(JSON.stringify(before, undefined, indent), other)
        assert.equal(text, JSON.stringify({ ...before, model: other }, undefined, indent))
      }),
    )
  })
})
