/**
 * What prompts have in common is told exactly as production would find it in their text.
 */
import fc from 'fast-check'
import { assert, describe, test } from 'vitest'
import {
  CHARACTERS_PER_TOKEN,
  ContentNames,
  GrowingText,
} from '../../../sim/workload/prompt-content.ts'
import { BLOCK_TOKENS } from '../../../sim/workload/request.ts'
import { PrefixReader, type PromptPrefix } from '../../../src/core/prompt-prefix.ts'

function commonLength(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((value, index) => value !== b[index])
  return differs === -1 ? a.length : differs
}

/** As production reads it: the shared text, and then one that is nobody else's. */
function readPrefix(shared: number, tokens: number, own: string): PromptPrefix {
  const reader = new PrefixReader()
  reader.add('s'.repeat(CHARACTERS_PER_TOKEN * Math.min(shared, tokens)))
  reader.add(own.repeat(CHARACTERS_PER_TOKEN * Math.max(0, tokens - shared)))
  return reader.end()
}

/** Often where marks and blocks end. */
const tokenCount = fc.oneof(
  fc.integer({ min: 1, max: 20_000 }),
  fc.constantFrom(64, 128, 256, 384, 512, 1_024, 1_536, 2_048, 16_384),
)

describe('marks', () => {
  test('are as many as production makes, and as many are alike', () => {
    fc.assert(
      fc.property(tokenCount, tokenCount, tokenCount, (shared, first, second) => {
        const names = new ContentNames()
        const text = names.shared(shared)
        const a = new GrowingText(names, text).prefixOf(shared + first)
        const b = new GrowingText(names, text).prefixOf(shared + second)
        const realA = readPrefix(shared, shared + first, 'a')
        const realB = readPrefix(shared, shared + second, 'b')
        assert.equal(a.characterCount, realA.characterCount)
        assert.equal(a.marks.length, realA.marks.length)
        assert.equal(commonLength(a.marks, b.marks), commonLength(realA.marks, realB.marks))
        assert.notEqual(a.root, b.root)
      }),
    )
  })

  test('and the root stay as they are while a conversation grows', () => {
    fc.assert(
      fc.property(tokenCount, tokenCount, tokenCount, (shared, first, more) => {
        const names = new ContentNames()
        const text = new GrowingText(names, names.shared(shared))
        const before = text.prefixOf(shared + first)
        const after = text.prefixOf(shared + first + more)
        assert.equal(before.root, after.root)
        assert.deepEqual(after.marks.slice(0, before.marks.length), before.marks)
      }),
    )
  })
})

describe('blocks', () => {
  test('are alike exactly where full blocks are of the shared text', () => {
    fc.assert(
      fc.property(tokenCount, tokenCount, tokenCount, (shared, first, second) => {
        const names = new ContentNames()
        const text = names.shared(shared)
        const a = new GrowingText(names, text).blocksOf(shared + first)
        const b = new GrowingText(names, text).blocksOf(shared + second)
        assert.equal(a.length, Math.ceil((shared + first) / BLOCK_TOKENS))
        assert.equal(commonLength(a, b), Math.floor(shared / BLOCK_TOKENS))
        assert.equal(new Set([...a, ...b]).size, a.length + b.length - commonLength(a, b))
      }),
    )
  })

  test('of a turn are those of the turn before, but for its last, shorter one', () => {
    fc.assert(
      fc.property(tokenCount, tokenCount, (first, more) => {
        const names = new ContentNames()
        const text = new GrowingText(names, names.shared(100))
        const before = text.blocksOf(100 + first)
        const after = text.blocksOf(100 + first + more)
        assert.equal(commonLength(before, after), Math.floor((100 + first) / BLOCK_TOKENS))
      }),
    )
  })
})
