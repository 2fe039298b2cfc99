/**
 * Which JSON schemas the engine can hold an answer to.
 */
import { assert, describe, test } from 'vitest'
import { hasCode } from '../../../src/core/errors.ts'
import { grammarSchema } from '../../../src/runtimes/embedded/json-schema.ts'

const loose = { field: 'schema', isStrict: false }
const strict = { field: 'schema', isStrict: true }

function refusedField(schema: object, options = loose): unknown {
  try {
    grammarSchema({ ...schema }, options)
  } catch (error) {
    if (hasCode(error, 'ERR_INVALID_REQUEST')) return error.details['param']
    throw error
  }
  return undefined
}

describe('a schema', () => {
  const rewritten = [
    {
      rule: 'keeps properties, and only those, if it names some',
      from: { type: 'object', properties: { a: { type: 'string' } }, required: [] },
      to: { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false },
    },
    {
      rule: 'of an object without properties takes any',
      from: { type: 'object' },
      to: { type: 'object', additionalProperties: true },
    },
    {
      rule: 'with several types becomes alternatives',
      from: { type: ['string', 'null'] },
      to: { oneOf: [{ type: 'string' }, { type: 'null' }] },
    },
    {
      rule: 'may call alternatives anyOf',
      from: { anyOf: [{ const: 1 }, { enum: ['a', 'b'] }] },
      to: { oneOf: [{ const: 1 }, { enum: ['a', 'b'] }] },
    },
    {
      rule: 'may call definitions by their former name',
      from: { $ref: '#/definitions/x', definitions: { x: { type: 'integer' } } },
      to: { $ref: '#/$defs/x', $defs: { x: { type: 'integer' } } },
    },
    {
      rule: 'keeps counts and drops what cannot be held',
      from: { type: 'array', items: { type: 'number', minimum: 3 }, maxItems: 2, title: 't' },
      to: { type: 'array', items: { type: 'number' }, maxItems: 2 },
    },
  ]
  for (const { rule, from, to } of rewritten) {
    test(rule, () => assert.deepEqual(grammarSchema(from, loose) as unknown, to))
  }

  test('is refused, with the place, if it changes the shape in a way no grammar can follow', () => {
    const schema = { type: 'object', properties: { a: { allOf: [] } } }
    assert.equal(refusedField(schema), 'schema.properties.a.allOf')
  })

  test('is refused for a check of values only if the client is strict', () => {
    const schema = { type: 'string', pattern: '^a' }
    assert.isUndefined(refusedField(schema))
    assert.equal(refusedField(schema, strict), 'schema.pattern')
  })

  test('is refused beyond its bounds of depth and size', () => {
    let deep: object = { type: 'string' }
    for (let depth = 0; depth < 40; depth++) deep = { type: 'array', items: deep }
    assert.isDefined(refusedField(deep))

    const many = Array.from({ length: 1_001 }, (_, index) => [`p${index}`, { type: 'string' }])
    assert.isDefined(refusedField({ type: 'object', properties: Object.fromEntries(many) }))
  })
})
