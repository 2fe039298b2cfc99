/**
 * Reads the Mooncake traces: an object on each line.
 *
 *     {"timestamp": 40, "input_length": 1200, "output_length": 3, "hash_ids": [151, 152, 153]}
 *
 * The ids are of blocks of 512 tokens, each for all up to its end; the last block may be shorter.
 *
 * Source: Qin et al., "Mooncake: Trading more storage for less computation", FAST 2025;
 * github.com/kvcache-ai/Mooncake.
 */
import { z } from 'zod'
import { BLOCK_TOKENS } from './request.ts'
import { jsonOf, type TraceLine, type TraceRow, wrongLine } from './trace.ts'

const tokens = () => z.int().min(0).max(100_000_000)

const row = z.object({
  timestamp: z.number().min(0).max(1e15),
  input_length: tokens(),
  output_length: tokens(),
  hash_ids: z
    .array(
      z
        .int()
        .min(0)
        .max(2 ** 40),
    )
    .max(200_000),
})

const EXPECTED = 'timestamp, input_length, output_length and hash_ids'

export function readMooncake(lines: readonly TraceLine[], model: string): readonly TraceRow[] {
  return lines.map(line => rowOf(line, model))
}

function rowOf(line: TraceLine, model: string): TraceRow {
  const parsed = row.safeParse(jsonOf(line))
  if (!parsed.success) throw wrongLine(line.number, EXPECTED, line.text)
  const { timestamp, input_length, output_length, hash_ids } = parsed.data
  const blockCount = Math.ceil(input_length / BLOCK_TOKENS)
  if (hash_ids.length !== blockCount) {
    const expected = `${blockCount} hash_ids for ${input_length} tokens, ${BLOCK_TOKENS} each`
    throw wrongLine(line.number, expected, hash_ids.length)
  }
  return {
    atMs: timestamp,
    model,
    inputTokens: Math.max(1, input_length),
    outputTokens: Math.max(1, output_length),
    blocks: hash_ids,
    prefix: undefined,
    tenant: undefined,
    priority: undefined,
  }
}
