/**
 * Schemas that are malformed, or that nothing can follow, and how words of one hold together.
 */
import { assert, describe, test } from 'vitest'
import { grammarSchema } from '../../../src/runtimes/embedded/json-schema.ts'
import { loose, refusalText, refusedField } from './schema-refusal.ts'

const malformed: readonly { field: string; schema: object; says: string }[] = [
  { field: 'enum', schema: { enum: [] }, says: 'at least one value, found an empty array' },
  { field: 'enum', schema: { enum: 'abc' }, says: 'at least one value, found "abc"' },
  { field: 'enum', schema: { enum: null }, says: 'at least one value, found null' },
  { field: 'const', schema: { const: Number.POSITIVE_INFINITY }, says: 'that a double can hold' },
  { field: 'type', schema: { type: [] }, says: '1 to 7 types, found an empty array' },
  { field: 'type', schema: { type: 'text' }, says: '"null", found "text"' },
  { field: 'type', schema: { type: ['string', 5] }, says: '"null", found 5' },
  { field: 'type', schema: { type: null }, says: 'found null' },
  { field: 'anyOf', schema: { anyOf: [] }, says: 'at least one schema, found an empty array' },
  { field: 'oneOf', schema: { oneOf: {} }, says: 'at least one schema, found an object' },
  { field: 'anyOf.0', schema: { anyOf: [7] }, says: 'found 7' },
  { field: 'minLength', schema: { type: 'string', minLength: -1 }, says: 'at least 0, found -1' },
  { field: 'minItems', schema: { type: 'array', minItems: 1.5 }, says: 'found 1.5' },
  { field: 'maxItems', schema: { type: 'array', maxItems: '2' }, says: 'found "2"' },
  { field: 'minimum', schema: { type: 'number', minimum: '2' }, says: 'a number, found "2"' },
  { field: 'items', schema: { type: 'array', items: [{}] }, says: 'found an array' },
  { field: 'prefixItems', schema: { type: 'array', prefixItems: {} }, says: 'found an object' },
  { field: 'properties', schema: { properties: 'abc' }, says: 'found "abc"' },
  { field: 'properties.a', schema: { properties: { a: 'abc' } }, says: 'found "abc"' },
  { field: 'additionalProperties', schema: { additionalProperties: 'no' }, says: 'found "no"' },
  { field: 'required', schema: { type: 'object', required: 'a' }, says: 'names, found "a"' },
  { field: '$defs', schema: { type: 'null', $defs: [] }, says: 'found an empty array' },
]

const contradictory: readonly { field: string; schema: object; says: string }[] = [
  {
    field: 'maxLength',
    schema: { type: 'string', minLength: 5, maxLength: 2 },
    says: 'at least 5, the minLength, found 2',
  },
  { field: 'maxItems', schema: { minItems: 5, maxItems: 2 }, says: 'at least 5' },
  { field: 'maxProperties', schema: { minProperties: 5, maxProperties: 2 }, says: 'at least 5' },
  { field: 'maximum', schema: { type: 'number', minimum: 5, maximum: 2 }, says: 'at least 5' },
  { field: 'enum', schema: { type: 'integer', enum: ['a', 1.5] }, says: 'that type allows' },
  { field: 'enum', schema: { enum: [1, 2], const: 3 }, says: 'that const allows, found none' },
  { field: 'const', schema: { type: ['string', 'null'], const: 3 }, says: 'that type allows' },
  { field: 'enum', schema: { type: 'object', enum: ['a'] }, says: 'that type allows' },
  {
    field: 'anyOf.0.type',
    schema: { type: 'string', anyOf: [{ type: 'integer' }] },
    says: 'a type out of string, found none',
  },
  {
    field: 'anyOf.0.minLength',
    schema: { minLength: 2, anyOf: [{ type: 'string', minLength: 3 }] },
    says: 'found another',
  },
  {
    field: 'anyOf.0.$ref',
    schema: { properties: {}, anyOf: [{ $ref: '#/$defs/a' }], $defs: { a: { type: 'null' } } },
    says: 'no reference, as properties stands beside it',
  },
  {
    field: 'maxProperties',
    schema: { properties: { a: {}, b: {} }, maxProperties: 1 },
    says: 'at least 2, the count of properties that it names, found 1',
  },
  {
    field: 'minProperties',
    schema: { properties: { a: {} }, minProperties: 2 },
    says: 'at most 1',
  },
  {
    field: 'maxItems',
    schema: { type: 'array', prefixItems: [{}, {}], maxItems: 1 },
    says: 'at least 2, the count of prefixItems, found 1',
  },
  {
    field: 'minItems',
    schema: { type: 'array', prefixItems: [{}], items: false, minItems: 2 },
    says: 'at most 1',
  },
  {
    field: 'required',
    schema: { properties: { a: {} }, required: ['a', 'b'] },
    says: 'names out of properties, found "b"',
  },
]

describe('what makes no sense', () => {
  for (const { field, schema, says } of [...malformed, ...contradictory]) {
    test(`is refused, with the place and what was found: ${JSON.stringify(schema)}`, () => {
      assert.equal(refusedField(schema), `schema.${field}`)
      assert.include(refusalText(schema), says)
    })
  }

  const endless = [
    { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } },
    { type: 'null', $defs: { a: { properties: { next: { $ref: '#/$defs/a' } } } } },
    {
      $ref: '#/$defs/a',
      $defs: { a: { type: 'array', minItems: 1, items: { $ref: '#/$defs/a' } } },
    },
  ]
  for (const schema of endless) {
    test(`is refused if no value ends that follows it: ${JSON.stringify(schema)}`, () => {
      assert.include(refusalText(schema), 'no value ever ends')
    })
  }

  const chain = (count: number) => ({
    $ref: '#/$defs/a0',
    $defs: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `a${index}`,
        index === count - 1 ? {} : { properties: { a: { $ref: `#/$defs/a${index + 1}` } } },
      ]),
    ),
  })

  test('is a definition of which none ends, not one that leads far to its end', () => {
    assert.equal(refusalText(chain(249)), '')
    assert.include(refusalText(chain(900)), 'levels in it and its definitions, more than 500')
  })

  test('is told in few words, however long the names are', () => {
    const schema = { properties: { ['x'.repeat(100_000)]: { enum: [] } } }
    assert.isBelow(refusalText(schema).length, 400)
  })
})

describe('words that hold together', () => {
  const cases = [
    {
      rule: 'leave the values that all of them allow, each once',
      from: { type: ['string', 'integer'], enum: ['a', 1, 1, 1.5, null] },
      to: { enum: ['a', 1] },
    },
    { rule: 'may name one value twice', from: { enum: [1, 2], const: 2 }, to: { const: 2 } },
    {
      rule: 'are joined with each alternative that they stand beside',
      from: {
        type: 'object',
        properties: { a: { type: 'null' }, kind: { type: 'string' } },
        anyOf: [{ required: ['a'] }, { properties: { kind: { const: 'b' } } }],
      },
      to: {
        oneOf: [
          {
            type: 'object',
            properties: { a: { type: 'null' }, kind: { type: 'string' } },
            additionalProperties: false,
          },
          {
            type: 'object',
            properties: { a: { type: 'null' }, kind: { const: 'b' } },
            additionalProperties: false,
          },
        ],
      },
    },
    {
      rule: 'allow no items but those listed if items is false',
      from: { type: 'array', prefixItems: [{ type: 'null' }], items: false },
      to: { type: 'array', prefixItems: [{ type: 'null' }], maxItems: 1 },
    },
    {
      rule: 'take definitions under both names',
      from: {
        anyOf: [{ $ref: '#/$defs/a' }, { $ref: '#/definitions/b' }],
        $defs: { a: { type: 'null' } },
        definitions: { b: { type: 'boolean' } },
      },
      to: {
        oneOf: [{ $ref: '#/$defs/a' }, { $ref: '#/$defs/b' }],
        $defs: { b: { type: 'boolean' }, a: { type: 'null' } },
      },
    },
  ]
  for (const { rule, from, to } of cases) {
    test(rule, () => assert.deepEqual(grammarSchema(from, loose) as unknown, to))
  }
})

describe('a character that grammars cannot spell', () => {
  const characters = [
    { text: 'a\u0000b', name: 'U+0000' },
    { text: 'a\u0001b', name: 'U+0001' },
    { text: '\b', name: 'U+0008' },
    { text: '\u001f', name: 'U+001F' },
    { text: 'a\ud800', name: 'U+D800' },
  ]
  for (const { text, name } of characters) {
    test(`is named where it is refused: ${name}`, () => {
      for (const word of ['enum', 'const', 'properties']) {
        const value = { enum: [text], const: text, properties: { [text]: {} } }[word]
        assert.equal(refusedField({ [word]: value }), `schema.${word}`)
        assert.include(refusalText({ [word]: value }), `found ${name}`)
      }
    })
  }

  test('is none of those that JSON escapes and grammars can too', () => {
    assert.isUndefined(refusedField({ enum: ['\t\n\r"\\/', '😀', '\u007f', '\u2028'] }))
  })
})
