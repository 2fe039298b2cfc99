/**
 * The canonical text (RFC 8785) and the merge patch (RFC 7396, whose appendix A gives the cases).
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  canonicalText,
  hasSameText,
  JSON_DEPTH_MAX,
  type JsonObject,
  jsonFault,
  readJson,
  utf8Bytes,
} from '../../../src/consensus/policy/canonical.ts'
import { mergePatch } from '../../../src/consensus/policy/merge-patch.ts'

/** The same value with the fields of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).reverse()
  return Object.fromEntries(fields.map(([key, part]) => [key, reordered(part)]))
}

const json = () => fc.jsonValue().filter(value => jsonFault(value) === undefined)

describe('the canonical text', () => {
  test('does not depend on the order of fields', () => {
    assert.equal(
      canonicalText({ b: 1, a: [{ d: null, c: 'x' }] }),
      '{"a":[{"c":"x","d":null}],"b":1}',
    )
    fc.assert(
      fc.property(json(), value => {
        assert.equal(canonicalText(reordered(value)), canonicalText(value))
      }),
    )
  })

  test('is read back as the value it was written from', () => {
    fc.assert(
      fc.property(json(), value => {
        const text = canonicalText(value)
        assert.equal(canonicalText(JSON.parse(text)), text)
      }),
    )
  })

  test('sorts by code unit, whatever the language of the machine', () => {
    assert.equal(
      canonicalText({ ä: 1, z: 2, Z: 3, '10': 4, '9': 5 }),
      '{"10":4,"9":5,"Z":3,"z":2,"ä":1}',
    )
  })
})

describe('two values', () => {
  test('have the same text if and only if they are told to have', () => {
    const parts = fc.constantFrom<unknown>(0, -0, 1, '0', '', null, false)
    const { value } = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 3 },
        parts,
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 2 }),
      ),
    }))
    fc.assert(
      fc.property(value, value, (a, b) => {
        assert.equal(hasSameText(a, b), canonicalText(a) === canonicalText(b))
        assert.isTrue(hasSameText(a, reordered(a)))
      }),
    )
  })
})

describe('a value without a canonical text', () => {
  const cases = [
    { value: { a: undefined }, path: 'a', rule: 'an undefined field' },
    { value: { a: [1, Number.NaN] }, path: 'a[1]', rule: 'a number that is none' },
    { value: Number.POSITIVE_INFINITY, path: '', rule: 'an infinite number' },
    { value: { a: new Array(1) }, path: 'a[0]', rule: 'a place in a list that has nothing' },
    { value: { 'a b': 1n }, path: '["a b"]', rule: 'an integer that JSON has not' },
  ]
  for (const { value, path, rule } of cases) {
    test(`is told by its place: ${rule}`, () => assert.equal(jsonFault(value)?.path, path))
  }

  test('may be nested to the bound and not beyond', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    assert.isUndefined(jsonFault(nested(JSON_DEPTH_MAX)))
    assert.include(jsonFault(nested(JSON_DEPTH_MAX + 1))?.expected, String(JSON_DEPTH_MAX))
  })

  test('is found in text too: a number beyond all numbers, a key that validators drop', () => {
    assert.isFalse(readJson('{"a":1e999}').isJson)
    assert.isFalse(readJson('{"__proto__":{"a":1}}').isJson)
    assert.isFalse(readJson('{').isJson)
    assert.isFalse(readJson('['.repeat(200_000) + ']'.repeat(200_000)).isJson)
  })
})

test('the length in UTF-8 is that of the encoder', () => {
  const letter = fc.constantFrom(
    'a',
    '\u007f',
    '\u0080',
    'é',
    '\u07ff',
    '\u0800',
    '€',
    '\uffff',
    '😀',
  )
  fc.assert(
    fc.property(fc.string({ unit: letter }), text => {
      assert.equal(utf8Bytes(text), new TextEncoder().encode(text).length)
    }),
  )
  assert.equal(utf8Bytes('aé€😀'), 1 + 2 + 3 + 4)
})

describe('a merge patch', () => {
  const cases: readonly { target: JsonObject; change: JsonObject; result: JsonObject }[] = [
    { target: { a: 'b' }, change: { a: 'c' }, result: { a: 'c' } },
    { target: { a: 'b' }, change: { b: 'c' }, result: { a: 'b', b: 'c' } },
    { target: { a: 'b' }, change: { a: null }, result: {} },
    { target: { a: 'b', b: 'c' }, change: { a: null }, result: { b: 'c' } },
    { target: { a: ['b'] }, change: { a: 'c' }, result: { a: 'c' } },
    { target: { a: 'c' }, change: { a: ['b'] }, result: { a: ['b'] } },
    { target: { a: { b: 'c' } }, change: { a: { b: 'd', c: null } }, result: { a: { b: 'd' } } },
    { target: { a: [{ b: 'c' }] }, change: { a: [1] }, result: { a: [1] } },
    { target: { e: null }, change: { a: 1 }, result: { e: null, a: 1 } },
    { target: {}, change: { a: { bb: { ccc: null } } }, result: { a: { bb: {} } } },
  ]
  for (const { target, change, result } of cases) {
    test(`${JSON.stringify(change)} makes ${JSON.stringify(result)} of ${JSON.stringify(target)}`, () => {
      assert.deepEqual(mergePatch(target, change), result)
    })
  }
})
