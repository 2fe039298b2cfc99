/**
 * How long a request takes on an engine that does nothing else: what slowdown is measured by.
 */
import type { BatchSpeed, LanguageSpeed } from '../scenario/hardware.ts'
import type { SimRequest } from '../workload/request.ts'

type Lengths = Pick<SimRequest, 'inputTokens' | 'outputTokens' | 'units'>

export function unloadedLanguageMs(
  speed: LanguageSpeed,
  { inputTokens, outputTokens }: Lengths,
): number {
  const { stepBaseMs, stepPerSequenceMs, stepPerContextTokenMs, prefillTokenMs } = speed
  const { prefillChunkTokens } = speed
  const aloneMs = stepBaseMs + stepPerSequenceMs
  const chunks = Math.max(1, Math.ceil(inputTokens / prefillChunkTokens))
  // Each chunk looks back at those before it.
  const readTokens = (prefillChunkTokens * chunks * (chunks - 1)) / 2
  const prefillMs =
    chunks * aloneMs + inputTokens * prefillTokenMs + readTokens * stepPerContextTokenMs
  const furtherTokens = Math.max(0, outputTokens - 1)
  const meanContext = inputTokens + outputTokens / 2
  return prefillMs + furtherTokens * (aloneMs + stepPerContextTokenMs * meanContext)
}

/** With the window, which nobody escapes. */
export function unloadedBatchMs(speed: BatchSpeed, { units }: Lengths): number {
  return speed.windowMs + speed.batchBaseMs + speed.perUnitMs * units
}
