/**
 * Which JSON schemas the engine can hold an answer to.
 */
import { assert, describe, test } from 'vitest'
import { grammarSchema, SchemaSize } from '../../../src/runtimes/embedded/json-schema.ts'
import { loose, refusalText, refusedField, strict } from './schema-refusal.ts'

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

    const many = Array.from({ length: 2_000 }, (_, index) => [`p${index}`, { type: 'string' }])
    const object = { type: 'object', properties: Object.fromEntries(many) }
    assert.include(refusalText(object), 'expected at most 2000 parts')
    assert.include(refusalText(object), 'found at least 2001')
  })

  test('is refused with more values than a grammar is soon built of, whether in one place or many', () => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`)
    assert.isUndefined(refusedField({ enum: values(1_000) }))
    const text = refusalText({ enum: values(200_000) })
    assert.equal(text, 'schema.enum: expected at most 1000 enum values in all, found 200000')
    const two = { a: { enum: values(600) }, b: { enum: values(600) } }
    assert.include(refusalText({ type: 'object', properties: two }), 'found 1200')
  })

  test('is refused with values that are no scalars', () => {
    assert.equal(refusedField({ const: [1] }), 'schema.const')
    assert.equal(refusedField({ enum: ['a', {}] }), 'schema.enum')
  })

  test('is refused with more repetitions than a grammar is soon built of', () => {
    const arrays = Array.from({ length: 11 }, (_, index) => [
      `p${index}`,
      { type: 'array', items: { type: 'string' }, maxItems: 1_000 },
    ])
    const object = { type: 'object', properties: Object.fromEntries(arrays) }
    assert.include(refusalText(object), 'found 11000')
  })

  test('may ask for at most more than grammars can hold, if the client is not strict', () => {
    const schema = { type: 'string', maxLength: 5_000 }
    assert.deepEqual(grammarSchema(schema, loose) as unknown, { type: 'string' })
    assert.equal(refusedField(schema, strict), 'schema.maxLength')
    assert.equal(refusedField({ type: 'string', minLength: 5_000 }), 'schema.minLength')
  })

  test('is refused if it refers to what is not there', () => {
    const $defs = { one: { type: 'string' } }
    assert.equal(refusedField({ $ref: '#/$defs/other', $defs }), 'schema.$ref')
    assert.equal(refusedField({ $ref: '#' }), 'schema.$ref')
    assert.equal(refusedField({ $ref: 7 }), 'schema.$ref')
    const besides = { a: { type: 'object', properties: {}, $defs }, b: { $ref: '#/$defs/one' } }
    assert.equal(
      refusedField({ type: 'object', properties: besides }),
      'schema.properties.b.$ref',
      'a definition is known to what is within the schema that has it',
    )
  })
})

describe('the schemas of one request', () => {
  test('share their bounds', () => {
    const size = new SchemaSize()
    const schema = { enum: Array.from({ length: 400 }, (_, index) => index) }
    grammarSchema(schema, { ...loose, size })
    grammarSchema(schema, { ...loose, size })
    assert.throws(() => grammarSchema(schema, { ...loose, size }), 'found 1200')
  })
})

describe('alternatives', () => {
  const reference = (name: string) => ({ $ref: `#/$defs/${name}` })
  const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more })
  const object = (properties: object) => ({ type: 'object', properties })
  const named = (name: string, properties: object) =>
    object({ kind: { const: name }, ...properties })

  const accepted = [
    {
      rule: 'of a list of itself or nothing',
      a: object({ next: { anyOf: [reference('a'), { type: 'null' }] } }),
    },
    { rule: 'of a tree', a: object({ children: list(reference('a')) }) },
    {
      rule: 'told apart by their first value',
      a: {
        anyOf: [
          named('sum', { left: reference('a'), right: reference('a') }),
          named('number', { value: { type: 'number' } }),
        ],
      },
    },
    {
      rule: 'told apart by their first name',
      a: { anyOf: [object({ not: reference('a') }), object({ and: list(reference('a')) })] },
    },
    {
      rule: 'that are many',
      a: { anyOf: Array.from({ length: 500 }, () => ({ type: 'string' })) },
    },
  ]
  for (const { rule, a } of accepted) {
    test(`are taken if they are those ${rule}`, () => {
      assert.isUndefined(refusedField({ ...reference('a'), $defs: { a } }))
    })
  }

  const doubling = Array.from({ length: 12 }, (_, index) => [
    `a${index}`,
    index === 11
      ? { type: 'string' }
      : { anyOf: [reference(`a${index + 1}`), reference(`a${index + 1}`)] },
  ])
  const refusedOnes = [
    { rule: 'double with each reference', a: reference('a0') },
    { rule: 'begin with themselves', a: { anyOf: [reference('a'), { type: 'string' }] } },
    {
      rule: 'double with each bracket',
      a: { anyOf: [list(reference('a')), list(reference('a'), { maxItems: 5 })] },
    },
    {
      rule: 'double with each object, as nothing tells them apart',
      a: { anyOf: [object({ x: reference('a') }), object({ x: reference('a'), y: {} })] },
    },
    {
      rule: 'multiply within each other',
      a: list({
        anyOf: Array.from({ length: 40 }, () =>
          list({ anyOf: Array.from({ length: 40 }, () => ({ type: 'null' })) }),
        ),
      }),
    },
  ]
  for (const { rule, a } of refusedOnes) {
    test(`are refused if they ${rule}`, () => {
      const $defs = { a, ...Object.fromEntries(doubling) }
      assert.include(refusalText({ ...reference('a'), $defs }), 'more than 1000 alternatives')
    })
  }
})
