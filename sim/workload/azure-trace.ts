/**
 * Reads the Azure LLM inference traces of 2023: a table with a line for each request.
 *
 *     TIMESTAMP,ContextTokens,GeneratedTokens
 *     2023-11-16 18:15:46.6805900,374,44
 *
 * They say nothing of what prompts have in common.
 *
 * Source: Patel et al., "Splitwise: Efficient generative LLM inference using phase splitting", ISCA 2024;
 * github.com/Azure/AzurePublicDataset.
 */
import { type TraceLine, type TraceRow, wrongLine } from './trace.ts'

const HEAD = 'TIMESTAMP,ContextTokens,GeneratedTokens'

const ROW = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d(?:\.\d{1,9})?),(\d{1,9}),(\d{1,9})$/

export function readAzure(lines: readonly TraceLine[], model: string): readonly TraceRow[] {
  const [head, ...rows] = lines
  if (head?.text.replace('\uFEFF', '') !== HEAD) throw wrongLine(1, HEAD, head?.text ?? '')
  let beginMs: number | undefined
  return rows.map(line => {
    const { minuteMs, secondMs, inputTokens, outputTokens } = fieldsOf(line)
    // Counted from 1970, a tenth of a microsecond would be lost.
    beginMs ??= minuteMs
    return {
      ...{ atMs: minuteMs - beginMs + secondMs, model, inputTokens, outputTokens, blocks: [] },
      ...{ prefix: undefined, tenant: undefined, priority: undefined },
    }
  })
}

interface Fields {
  /** The beginning of the minute; a date knows no parts of a millisecond. */
  readonly minuteMs: number
  readonly secondMs: number
  readonly inputTokens: number
  readonly outputTokens: number
}

function fieldsOf({ text, number }: TraceLine): Fields {
  const match = ROW.exec(text)
  if (match === null) throw wrongLine(number, 'a time and two counts, as the head says', text)
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0, input = 0, output = 0] =
    match.slice(1).map(Number)
  return {
    minuteMs: Date.UTC(year, month - 1, day, hours, minutes),
    secondMs: seconds * 1_000,
    inputTokens: Math.max(1, input),
    outputTokens: Math.max(1, output),
  }
}
