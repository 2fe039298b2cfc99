/**
 * What a prompt has in common with others, without any text.
 *
 * Engines see it as blocks of `BLOCK_TOKENS`, each with an id that stands for all up to its end. The
 * last, shorter block is nobody else's, as in engines, which keep only full ones.
 *
 *     shared system prompt        conversation
 *     |  block  |  block  |  block  |  block  |  bl         ids 1 2 | 7 8 | 9, and 1 2 7 8 10 … a turn later
 *
 * Ingresses see it as the marks that production makes of its characters; a token is taken for four.
 * Each mark is the hash of a number that stands for the text and the place in it, so two prompts have a
 * mark in common exactly if they have all up to it in common.
 */
import { assert } from '../../src/core/assert.ts'
import { MARKS_MAX, type PromptPrefix, shareBefore } from '../../src/core/prompt-prefix.ts'
import { mixed } from '../../src/core/text-hash.ts'
import { BLOCK_TOKENS } from './request.ts'

export const CHARACTERS_PER_TOKEN = 4

/** Longer than the text before any mark, and a power of two, so that shares of it are exact. */
const LONG_TEXT = { characterCount: 2 ** 24, root: 0, marks: [] }

/** Characters before each mark. */
export const MARK_CHARACTERS: readonly number[] = Array.from(
  { length: MARKS_MAX },
  (_, mark) => shareBefore(mark, LONG_TEXT) * LONG_TEXT.characterCount,
)

const MARK_TOKENS = MARK_CHARACTERS.map(characters => characters / CHARACTERS_PER_TOKEN)

const MIXED_MARK_TOKENS = MARK_TOKENS.map(tokens => mixed(tokens))

const ROOT_PLACE = mixed(1)

/**
 * Hash of a text up to a mark. No two of less than a million texts and any marks are alike, since
 * `mixed` maps different words to different ones.
 */
export function markOf(text: number, mark: number): number {
  return mixed(text ^ (MIXED_MARK_TOKENS[mark] ?? 0))
}

export function rootOf(text: number): number {
  return mixed(text ^ ROOT_PLACE)
}

/** How many marks a prompt of so many tokens has. */
export function markCountOf(tokens: number): number {
  let count = 0
  while (count < MARK_TOKENS.length && (MARK_TOKENS[count] as number) <= tokens) count += 1
  return count
}

/** Text that others may have at their beginning. */
export interface SharedText {
  /** Stands for it; no other text has the same. */
  readonly text: number
  readonly tokens: number
  /** Of its full blocks. */
  readonly blocks: readonly number[]
}

/** Gives out names for texts and blocks, one after the other. */
export class ContentNames {
  #texts = 0
  #blocks = 0

  text(): number {
    this.#texts += 1
    return this.#texts
  }

  block(): number {
    this.#blocks += 1
    return this.#blocks
  }

  shared(tokens: number): SharedText {
    const blocks = Array.from({ length: Math.floor(tokens / BLOCK_TOKENS) }, () => this.block())
    return { text: this.text(), tokens, blocks }
  }
}

export const NOTHING_SHARED: SharedText = { text: 0, tokens: 0, blocks: [] }

/** A text that begins with a shared one and grows at its end. */
export class GrowingText {
  readonly #names: ContentNames
  readonly #shared: SharedText
  readonly #text: number
  readonly #root: number
  /** Of all full blocks so far. */
  readonly #blocks: number[]
  readonly #marks: number[] = []

  constructor(names: ContentNames, shared: SharedText) {
    this.#names = names
    this.#shared = shared
    this.#text = names.text()
    this.#root = rootOf(this.#text)
    this.#blocks = [...shared.blocks]
  }

  /** @param tokens Not less than the time before. */
  blocksOf(tokens: number): readonly number[] {
    const fullCount = Math.floor(tokens / BLOCK_TOKENS)
    assert(fullCount >= this.#blocks.length, 'a text only grows')
    while (this.#blocks.length < fullCount) this.#blocks.push(this.#names.block())
    const blocks = this.#blocks.slice()
    if (tokens > fullCount * BLOCK_TOKENS) blocks.push(this.#names.block())
    return blocks
  }

  prefixOf(tokens: number): PromptPrefix {
    const markCount = markCountOf(tokens)
    for (let mark = this.#marks.length; mark < markCount; mark += 1) {
      const isShared = (MARK_TOKENS[mark] as number) <= this.#shared.tokens
      this.#marks.push(markOf(isShared ? this.#shared.text : this.#text, mark))
    }
    const characterCount = tokens * CHARACTERS_PER_TOKEN
    return { characterCount, root: this.#root, marks: this.#marks.slice() }
  }
}
