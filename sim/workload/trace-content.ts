/**
 * What the prompts of a trace have in common when the trace is laid over itself.
 *
 * What many requests of a trace begin with is a system prompt, and stays the same in all copies. All else
 * belongs to one conversation, and in another copy to another conversation: it gets other names there.
 */
import type { PromptPrefix } from '../../src/core/prompt-prefix.ts'
import { mixed } from '../../src/core/text-hash.ts'
import {
  CHARACTERS_PER_TOKEN,
  MARK_CHARACTERS,
  markCountOf,
  markOf,
  rootOf,
} from './prompt-content.ts'
import { BLOCK_TOKENS } from './request.ts'
import type { TraceRow } from './trace.ts'

/** What so many of the requests begin with is no conversation. */
const COMMON_RATIO = 0.01
const COMMON_MIN = 50

export class TraceContent {
  readonly #commonBlocks: ReadonlySet<number>
  readonly #commonMarks: ReadonlySet<number>
  /** Above all ids of the trace. */
  readonly #idSpan: number

  constructor(rows: readonly TraceRow[]) {
    const least = Math.max(COMMON_MIN, COMMON_RATIO * rows.length)
    this.#commonBlocks = commonOf(rows, ({ blocks }) => blocks, least)
    this.#commonMarks = commonOf(rows, ({ prefix }) => prefix?.marks ?? [], least)
    let highest = 0
    for (const { blocks } of rows) for (const block of blocks) highest = Math.max(highest, block)
    this.#idSpan = highest + 1
  }

  /** @param copy From 0, in which all stays as the trace has it. */
  blocksOf({ blocks }: TraceRow, copy: number): readonly number[] {
    if (copy === 0 || blocks.length === 0) return blocks
    const moved = copy * this.#idSpan
    return blocks.map(block => (this.#commonBlocks.has(block) ? block : block + moved))
  }

  prefixOf(row: TraceRow, copy: number): PromptPrefix | undefined {
    if (row.prefix !== undefined) return this.#recorded(row.prefix, copy)
    if (row.blocks.length === 0) return undefined
    return this.#ofBlocks(row.inputTokens, this.blocksOf(row, copy))
  }

  #recorded(prefix: PromptPrefix, copy: number): PromptPrefix {
    if (copy === 0) return prefix
    const moved = mixed(copy)
    return {
      characterCount: prefix.characterCount,
      root: mixed(prefix.root ^ moved),
      marks: prefix.marks.map(mark => (this.#commonMarks.has(mark) ? mark : mixed(mark ^ moved))),
    }
  }

  /** A block stands for all up to its end, so a mark within it for no less. */
  #ofBlocks(inputTokens: number, blocks: readonly number[]): PromptPrefix {
    const marks: number[] = []
    const markCount = markCountOf(inputTokens)
    for (let mark = 0; mark < markCount; mark += 1) {
      const characters = MARK_CHARACTERS[mark] as number
      const block = Math.ceil(characters / CHARACTERS_PER_TOKEN / BLOCK_TOKENS) - 1
      marks.push(markOf((blocks[block] ?? 0) + 1, mark))
    }
    const own = blocks.find(block => !this.#commonBlocks.has(block)) ?? blocks.at(-1) ?? 0
    return { characterCount: inputTokens * CHARACTERS_PER_TOKEN, root: rootOf(own + 1), marks }
  }
}

function commonOf(
  rows: readonly TraceRow[],
  namesOf: (row: TraceRow) => readonly number[],
  least: number,
): ReadonlySet<number> {
  const counts = new Map<number, number>()
  for (const row of rows) {
    for (const name of namesOf(row)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const common = new Set<number>()
  for (const [name, count] of counts) if (count >= least) common.add(name)
  return common
}
