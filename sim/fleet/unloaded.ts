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
  const prefillSteps = Math.max(1, Math.ceil(inputTokens / speed.prefillChunkTokens))
  const prefillMs = prefillSteps * stepBaseMs + inputTokens * prefillTokenMs
  const furtherTokens = Math.max(0, outputTokens - 1)
  const meanContext = inputTokens + outputTokens / 2
  const stepMs = stepBaseMs + stepPerSequenceMs + stepPerContextTokenMs * meanContext
  return prefillMs + furtherTokens * stepMs
}

/** With the window, which nobody escapes. */
export function unloadedBatchMs(speed: BatchSpeed, { units }: Lengths): number {
  return speed.windowMs + speed.batchBaseMs + speed.perUnitMs * units
}
