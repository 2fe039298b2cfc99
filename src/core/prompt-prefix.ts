/**
 * The beginning of a prompt as hashes, so that peers can tell which of them has read it before
 * without ever seeing it.
 *
 *     prompt   |block|block|block|block|block|block| …          256 characters each
 *     marks          1     2     3     4           6     8 …    hash of everything up to there
 *
 * Marks stand at a quarter and a half more of each power of two: sixteen of them cover 64 Ki
 * characters, and at most a quarter of what two prompts share lies beyond the last mark they have in
 * common. `root` is the hash up to the end of the first message of the user: it stays the same while
 * a conversation grows, so it names the conversation.
 */
import { addCharacter, EMPTY_TEXT, mixed } from './text-hash.ts'

const BLOCK_CHARACTERS = 256

/** Numbers of blocks at which marks stand. */
const MARK_BLOCKS = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256] as const

/** Longest chain there is. */
export const MARKS_MAX = MARK_BLOCKS.length

export interface PromptPrefix {
  /** Characters of the whole prompt. */
  readonly characterCount: number
  readonly root: number
  /** Unsigned, 32 bits, the shortest prefix first. Empty: the prompt is shorter than a block. */
  readonly marks: readonly number[]
}

/** Share of the prompt that lies before a mark. @param mark Its index. */
export function shareBefore(mark: number, { characterCount }: PromptPrefix): number {
  const blocks = MARK_BLOCKS[mark] ?? 0
  return characterCount === 0 ? 0 : Math.min(1, (blocks * BLOCK_CHARACTERS) / characterCount)
}

/** Reads a prompt piece by piece; what lies beyond the last mark is only counted. */
export class PrefixReader {
  #hash = EMPTY_TEXT
  #characterCount = 0
  #hashedCount = 0
  #root: number | undefined
  readonly #marks: number[] = []

  add(text: string): void {
    this.#characterCount += text.length
    for (let start = 0; start < text.length; ) {
      const blocks = MARK_BLOCKS[this.#marks.length]
      if (blocks === undefined) return
      const missingCount = blocks * BLOCK_CHARACTERS - this.#hashedCount
      const end = Math.min(text.length, start + missingCount)
      this.#hash = hashOnward(this.#hash, text, start, end)
      this.#hashedCount += end - start
      if (end - start === missingCount) this.#marks.push(mixed(this.#hash))
      start = end
    }
  }

  /** The first message of the user ends here. Only the first call counts. */
  endRoot(): void {
    this.#root ??= mixed(this.#hash)
  }

  end(): PromptPrefix {
    return {
      characterCount: this.#characterCount,
      root: this.#root ?? mixed(this.#hash),
      marks: this.#marks,
    }
  }
}

function hashOnward(before: number, text: string, start: number, end: number): number {
  let hash = before
  for (let index = start; index < end; index++) hash = addCharacter(hash, text.charCodeAt(index))
  return hash
}
