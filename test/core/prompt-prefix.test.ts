/**
 * Prompts that begin alike have marks in common, however they come in pieces; others do not.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  MARKS_MAX,
  PrefixReader,
  type PromptPrefix,
  shareBefore,
} from '../../src/core/prompt-prefix.ts'

const BLOCK = 256

function prefixOf(...pieces: readonly string[]): PromptPrefix {
  const reader = new PrefixReader()
  for (const piece of pieces) reader.add(piece)
  return reader.end()
}

/** No two blocks of it are alike. */
const textOf = (blocks: number, seed = '') =>
  Array.from({ length: blocks }, (_, block) => `${seed}${block}`.padEnd(BLOCK, '.')).join('')

function commonMarks(a: PromptPrefix, b: PromptPrefix): number {
  const length = a.marks.findIndex((mark, index) => mark !== b.marks[index])
  return length < 0 ? a.marks.length : length
}

describe('the beginning of a prompt', () => {
  test('is the same in whatever pieces it comes', () => {
    const pieces = fc.array(fc.string({ maxLength: 700 }), { maxLength: 12 })
    fc.assert(
      fc.property(pieces, parts => {
        assert.deepEqual(prefixOf(...parts), prefixOf(parts.join('')))
      }),
    )
  })

  test('has the marks of what it shares with another, and no more', () => {
    const shared = textOf(9)
    const one = prefixOf(shared, textOf(9, 'one'))
    const other = prefixOf(shared, textOf(9, 'other'))
    // After 1, 2, 3, 4, 6 and 8 blocks; the next stands after 12.
    assert.equal(commonMarks(one, other), 6)
    assert.equal(commonMarks(one, prefixOf(textOf(9, 'x'))), 0)
    assert.equal(shareBefore(5, one), 8 / 18)
  })

  test('covers at least three quarters of what two prompts share, up to its end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 256 }), blocks => {
        const shared = textOf(blocks)
        const one = prefixOf(shared, 'x'.repeat(BLOCK))
        const mark = commonMarks(one, prefixOf(shared, 'y'.repeat(BLOCK))) - 1
        const ofShared = (shareBefore(mark, one) * one.characterCount) / shared.length
        assert.isAtLeast(ofShared, blocks < 3 ? 1 : 2 / 3)
        assert.isAtMost(ofShared, 1)
      }),
    )
  })

  test('is bounded, and what lies beyond is only counted', () => {
    const long = prefixOf(textOf(300))
    const longer = prefixOf(textOf(300), 'more')
    assert.equal(long.marks.length, MARKS_MAX)
    assert.deepEqual(long.marks, longer.marks)
    assert.equal(longer.characterCount, 300 * BLOCK + 4)
  })

  test('shorter than a block has no mark', () => {
    assert.deepEqual(prefixOf('a'.repeat(BLOCK - 1)).marks, [])
    assert.equal(shareBefore(0, prefixOf('')), 0)
  })

  test('names a conversation by its first message, however long it has become', () => {
    const reader = () => {
      const started = new PrefixReader()
      started.add('system')
      started.add('first question')
      started.endRoot()
      return started
    }
    const later = reader()
    later.add('answer')
    later.add('second question')
    later.endRoot()
    assert.equal(later.end().root, reader().end().root)
    assert.notEqual(prefixOf('system', 'another question').root, reader().end().root)
  })
})
