/**
 * Bytes beyond ASCII are found without a look at the text, and densities are believed within bounds.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { plausibleDensity, wideBytesOf } from '../../src/core/token-density.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text).length
const wideOf = (text: string) => wideBytesOf(text, bytesOf(text))

const letters = (first: string, last: string) =>
  fc
    .array(fc.integer({ min: first.codePointAt(0) ?? 0, max: last.codePointAt(0) ?? 0 }), {
      maxLength: 40,
    })
    .map(codes => String.fromCodePoint(...codes))

const ascii = letters(' ', '~')

describe('bytes of other scripts', () => {
  test('are none in ASCII', () => {
    fc.assert(fc.property(ascii, text => assert.equal(wideOf(text), 0)))
  })

  test('are all of a text in one of them', () => {
    for (const script of [letters('а', 'я'), letters('一', '龥'), letters('😀', '😿')]) {
      fc.assert(fc.property(script, text => assert.equal(wideOf(text), bytesOf(text))))
    }
  })

  test('are exact beside ASCII in scripts of two bytes, and in pictures', () => {
    for (const script of [letters('а', 'я'), letters('😀', '😿')]) {
      const mixed = fc.tuple(script, ascii)
      fc.assert(
        fc.property(mixed, ([other, plain]) => assert.equal(wideOf(other + plain), bytesOf(other))),
      )
    }
  })

  test('are at most a third too many beside ASCII in scripts of three, and never more than all', () => {
    const text = fc.tuple(letters('一', '龥'), ascii)
    fc.assert(
      fc.property(text, ([other, plain]) => {
        assert.isAtLeast(wideOf(other + plain), bytesOf(other))
        assert.isAtMost(wideOf(other + plain), Math.ceil((bytesOf(other) * 4) / 3))
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), any => {
        assert.isAtLeast(wideOf(any), 0)
        assert.isAtMost(wideOf(any), bytesOf(any))
      }),
    )
  })
})

describe('a density', () => {
  const either = (asciiTokensPerByte: number, wideTokensPerByte = 0.3) => ({
    asciiTokensPerByte,
    wideTokensPerByte,
  })

  test('that a tokenizer can have is believed', () => {
    for (const told of [either(0.25), either(0.05), either(1, 1.25)])
      assert.equal(plausibleDensity(told), told)
    assert.isUndefined(plausibleDensity(undefined))
  })

  test('that none can have is not', () => {
    const numbers = [0, -1, 0.049, 1.251, 1e9, Number.NaN, Number.POSITIVE_INFINITY]
    for (const number of numbers) {
      assert.isUndefined(plausibleDensity(either(number)))
      assert.isUndefined(plausibleDensity(either(0.25, number)))
    }
  })
})
