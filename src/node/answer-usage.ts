/**
 * What an engine says an answer cost: `usage` of the OpenAI API, which stands in the answer itself
 * or in the last event of a stream. Read from the end of the answer once it has passed, so that no
 * chunk is looked at on its way.
 *
 * Source: OpenAI API reference, "The chat completion object", `usage`, and `stream_options`.
 */
export interface AnswerUsage {
  readonly inputTokens?: number | undefined
  /** Of these, found in the prefix cache. */
  readonly cachedTokens?: number | undefined
  readonly outputTokens?: number | undefined
}

/** Of the end of an answer; `usage` and what follows it are shorter. */
const LOOKED_AT_BYTES = 4_096

const FIELDS = {
  inputTokens: /"prompt_tokens"\s*:\s*(\d{1,12})/,
  cachedTokens: /"cached_tokens"\s*:\s*(\d{1,12})/,
  outputTokens: /"completion_tokens"\s*:\s*(\d{1,12})/,
} as const

/** @param end The last chunks, in order. */
export function readUsage(end: readonly Uint8Array[]): AnswerUsage {
  const tails = end.map(chunk => chunk.subarray(-LOOKED_AT_BYTES))
  const text = Buffer.concat(tails).toString('latin1').slice(-LOOKED_AT_BYTES)
  const start = text.lastIndexOf('"usage"')
  if (start < 0) return {}
  const usage = text.slice(start)
  const read = (field: RegExp) => {
    const [, digits] = field.exec(usage) ?? []
    return digits === undefined ? undefined : Number(digits)
  }
  return {
    inputTokens: read(FIELDS.inputTokens),
    cachedTokens: read(FIELDS.cachedTokens),
    outputTokens: read(FIELDS.outputTokens),
  }
}
