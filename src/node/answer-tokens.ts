/**
 * How long an answer was, in tokens, where its engine does not say.
 */
import type { RuntimeRequest } from './runtime.ts'
import type { AnswerSize } from './watched-chunks.ts'

/** About how long a JSON answer is without its text. */
const JSON_ENVELOPE_BYTES = 300

/** Bytes of text for one token, on average over languages that models are trained on. */
const BYTES_PER_TOKEN = 4

/** A stream sends about a token with each chunk; of other answers only the length is known. */
export function estimateTokens(
  { endpoint, isStream }: Pick<RuntimeRequest, 'endpoint' | 'isStream'>,
  { chunkCount, byteCount }: AnswerSize,
): number | undefined {
  if (endpoint === 'embeddings') return undefined
  if (isStream) return chunkCount
  return Math.max(1, Math.round((byteCount - JSON_ENVELOPE_BYTES) / BYTES_PER_TOKEN))
}
