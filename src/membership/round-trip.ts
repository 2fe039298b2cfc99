/**
 * The round trip to one peer, smoothed, and how long an answer may take before it is late.
 *
 * Source: Jacobson, "Congestion Avoidance and Control", SIGCOMM 1988, appendix A, as in RFC 6298:
 * the mean, and four mean deviations above it.
 */

const MEAN_WEIGHT = 1 / 8
const DEVIATION_WEIGHT = 1 / 4

export interface RoundTrip {
  readonly meanMs: number
  readonly deviationMs: number
}

/** @param before `undefined`: this is the first sample. */
export function measured(before: RoundTrip | undefined, sampleMs: number): RoundTrip {
  if (before === undefined) return { meanMs: sampleMs, deviationMs: sampleMs / 2 }
  const { meanMs, deviationMs } = before
  return {
    meanMs: meanMs + MEAN_WEIGHT * (sampleMs - meanMs),
    deviationMs: deviationMs + DEVIATION_WEIGHT * (Math.abs(sampleMs - meanMs) - deviationMs),
  }
}

/** When an answer is late, between the two bounds. The upper one while nothing was measured. */
export function patienceMs(
  roundTrip: RoundTrip | undefined,
  { minMs, maxMs }: { readonly minMs: number; readonly maxMs: number },
): number {
  if (roundTrip === undefined) return maxMs
  return Math.min(maxMs, Math.max(minMs, roundTrip.meanMs + 4 * roundTrip.deviationMs))
}
