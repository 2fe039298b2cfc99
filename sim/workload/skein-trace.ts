/**
 * Our own traces, recorded from a mesh: an object on each line, the first of which says what it is.
 *
 *     {"skeinTrace":1}
 *     {"atMs":0,"model":"m","inputTokens":374,"outputTokens":44,"prefix":{"characterCount":1496,"root":9,"marks":[3,5]}}
 *
 * What prompts have in common is known by the marks that ingresses make. For engines, blocks are made of
 * them: two prompts have a block in common if they have the first mark behind its end in common. So
 * what two prompts share between two marks, and behind the last, is taken for different.
 */
import { z } from 'zod'
import { MARKS_MAX, type PromptPrefix } from '../../src/core/prompt-prefix.ts'
import { PRIORITIES } from '../../src/scheduler/admission/priority.ts'
import { MARK_CHARACTERS } from './prompt-content.ts'
import { BLOCK_TOKENS } from './request.ts'
import { jsonOf, type TraceLine, type TraceRow, wrongLine } from './trace.ts'

export const SKEIN_TRACE_VERSION = 1

const hash = () =>
  z
    .int()
    .min(0)
    .max(2 ** 32 - 1)

const tokens = () => z.int().min(0).max(100_000_000)

/** What went by unseen while a trace was recorded. */
const skeinTraceGap = z.strictObject({
  /** Who took the requests in. */
  peer: z.string().max(128),
  reason: z.string().max(1_024),
  /** Requests. `null`: nobody knows. */
  count: z.int().min(0).nullable(),
})

export const skeinTraceHead = z.strictObject({
  skeinTrace: z.literal(SKEIN_TRACE_VERSION),
  /** In which requests were recorded. */
  durationMs: z.number().min(0).max(1e12).optional(),
  requestCount: z.int().min(0).optional(),
  gaps: z.array(skeinTraceGap).max(10_000).optional(),
})

export type SkeinTraceHead = z.output<typeof skeinTraceHead>

export const skeinTraceRow = z.strictObject({
  atMs: z.number().min(0).max(1e12),
  model: z.string().min(1).max(256),
  inputTokens: tokens(),
  outputTokens: tokens(),
  prefix: z
    .strictObject({
      characterCount: z
        .int()
        .min(0)
        .max(2 ** 40),
      root: hash(),
      marks: z.array(hash()).max(MARKS_MAX),
    })
    .optional(),
  tenant: z.string().max(256).optional(),
  priority: z.enum(PRIORITIES).optional(),
  outputTokensMax: tokens().optional(),
  // What was measured, to compare with; nothing is simulated by it.
  ttftMs: z.number().min(0).max(1e9).optional(),
  endToEndMs: z.number().min(0).max(1e9).optional(),
  /** Who served it, and who took it in. */
  peer: z.string().max(128).optional(),
  ingress: z.string().max(128).optional(),
})

export type SkeinTraceRow = z.output<typeof skeinTraceRow>

export function readSkein(lines: readonly TraceLine[]): readonly TraceRow[] {
  const [head, ...rows] = lines
  if (head === undefined || !skeinTraceHead.safeParse(jsonOf(head)).success) {
    throw wrongLine(head?.number ?? 1, `{"skeinTrace":${SKEIN_TRACE_VERSION}}`, head?.text ?? '')
  }
  const blockIds = new BlockIds()
  return rows.map(line => rowOf(line, blockIds))
}

function rowOf(line: TraceLine, blockIds: BlockIds): TraceRow {
  const parsed = skeinTraceRow.safeParse(jsonOf(line))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const at = issue === undefined || issue.path.length === 0 ? '' : ` (${issue.path.join('.')})`
    throw wrongLine(line.number, `a request${at}: ${issue?.message ?? ''}`, line.text)
  }
  const { atMs, model, prefix, tenant, priority } = parsed.data
  const inputTokens = Math.max(1, parsed.data.inputTokens)
  const outputTokens = Math.max(1, parsed.data.outputTokens)
  const blocks = prefix === undefined ? [] : blockIds.of(prefix, inputTokens)
  return { atMs, model, inputTokens, outputTokens, blocks, prefix, tenant, priority }
}

/** Blocks of one prompt at most, for its key below. */
const BLOCKS_MAX = 2 ** 18

class BlockIds {
  /** Mark and block → id. */
  readonly #ids = new Map<number, number>()
  #next = 0

  of({ characterCount, marks }: PromptPrefix, inputTokens: number): readonly number[] {
    const charactersPerToken = characterCount / inputTokens
    const blockCount = Math.min(BLOCKS_MAX, Math.ceil(inputTokens / BLOCK_TOKENS))
    const blocks: number[] = []
    let mark = 0
    for (let block = 0; block < blockCount; block += 1) {
      const endCharacters = (block + 1) * BLOCK_TOKENS * charactersPerToken
      while (mark < marks.length && (MARK_CHARACTERS[mark] as number) < endCharacters) mark += 1
      const hashBehind = marks[mark]
      blocks.push(hashBehind === undefined ? this.#new() : this.#idOf(hashBehind, block))
    }
    return blocks
  }

  #idOf(mark: number, block: number): number {
    const key = mark * BLOCKS_MAX + block
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#new()
    this.#ids.set(key, id)
    return id
  }

  #new(): number {
    this.#next += 1
    return this.#next
  }
}
