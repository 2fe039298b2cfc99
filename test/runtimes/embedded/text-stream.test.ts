/**
 * What reaches a client is whole characters and nothing of a stop sequence, however the tokens
 * cut the text.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import { CharacterJoiner, StopFilter } from '../../../src/runtimes/embedded/text-stream.ts'

/** A tokenizer whose tokens are runs of bytes. */
const detokenize = (tokens: readonly Uint8Array[]) => Buffer.concat(tokens).toString('utf8')

/** Any text, cut into tokens anywhere, within characters too. */
const cutText = fc
  .tuple(fc.string({ unit: 'binary' }), fc.infiniteStream(fc.integer({ min: 1, max: 5 })))
  .map(([text, lengths]) => {
    const bytes = Buffer.from(text.replaceAll('\uFFFD', '?'))
    const tokens: Uint8Array[] = []
    for (let start = 0; start < bytes.length; ) {
      const length = lengths.next().value ?? 1
      tokens.push(bytes.subarray(start, start + length))
      start += length
    }
    return tokens
  })

describe('a character joiner', () => {
  test('gives back every text, and never half a character', () => {
    const law = fc.property(cutText, tokens => {
      const joiner = new CharacterJoiner(detokenize)
      const pieces = tokens.map(token => joiner.push(token))
      pieces.push(joiner.end())

      assert.ok(pieces.every(piece => !piece.includes('\uFFFD')))
      assert.equal(pieces.join(''), detokenize(tokens))
    })
    fc.assert(law)
  })

  test('gives out a character with the token that completes it', () => {
    const joiner = new CharacterJoiner(detokenize)
    const [first, second, third] = [...Buffer.from('€')].map(byte => Uint8Array.of(byte))
    assert.ok(first !== undefined)
    assert.ok(second !== undefined)
    assert.ok(third !== undefined)
    assert.deepEqual([joiner.push(first), joiner.push(second), joiner.push(third)], ['', '', '€'])
  })

  test('gives up on bytes that never become a character', () => {
    const joiner = new CharacterJoiner(detokenize)
    const pieces = [1, 2, 3, 4].map(() => joiner.push(Uint8Array.of(0xff)))
    assert.deepEqual(pieces, ['', '', '', '\uFFFD'.repeat(4)])
  })

  test('ends with a replacement if the answer ends within a character', () => {
    const joiner = new CharacterJoiner(detokenize)
    assert.equal(joiner.push(Uint8Array.of(0xe2, 0x82)), '')
    assert.equal(joiner.end(), '\uFFFD')
  })
})

describe('a stop filter', () => {
  /** What comes out of the pieces, and whether it stopped. */
  function filtered(stops: readonly string[], pieces: readonly string[]) {
    const filter = new StopFilter(stops)
    const shown = pieces.map(piece => filter.push(piece))
    if (!filter.isStopped) shown.push(filter.end())
    return { shown, isStopped: filter.isStopped }
  }

  test('shows nothing of a stop sequence that is spread over pieces', () => {
    const { shown, isStopped } = filtered(['END'], ['one E', 'N', 'D two'])
    assert.deepEqual(shown, ['one ', '', ''])
    assert.ok(isStopped)
  })

  test('shows later what only looked like the start of one', () => {
    const { shown, isStopped } = filtered(['END'], ['one E', 'N', 'less'])
    assert.deepEqual(shown, ['one ', '', 'ENless', ''])
    assert.notOk(isStopped)
  })

  test('stops at the earliest of several', () => {
    assert.deepEqual(filtered(['c', 'b'], ['abc']).shown, ['a'])
  })

  const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 })

  test('shows exactly what comes before its stop sequence, however the text is cut', () => {
    const law = fc.property(fc.array(word), word, (pieces, stop) => {
      const text = pieces.join('')
      const start = text.indexOf(stop)
      const { shown, isStopped } = filtered([stop], pieces)
      assert.equal(shown.join(''), start < 0 ? text : text.slice(0, start))
      assert.equal(isStopped, start >= 0)
    })
    fc.assert(law)
  })

  test('shows nothing of any of several, and all of a text that has none', () => {
    const stopWords = fc.array(word, { maxLength: 4 })
    const law = fc.property(fc.array(word), stopWords, (pieces, stops) => {
      const text = pieces.join('')
      const { shown, isStopped } = filtered(stops, pieces)
      const seen = shown.join('')
      assert.ok(text.startsWith(seen))
      assert.ok(stops.every(stop => !seen.includes(stop)))
      assert.equal(
        isStopped,
        stops.some(stop => text.includes(stop)),
      )
      if (!isStopped) assert.equal(seen, text)
    })
    fc.assert(law)
  })
})
