/**
 * The arithmetic of the benchmarks: percentiles, medians, ratios.
 *
 * Percentiles are nearest-rank: the smallest sample that at least the given share of all samples
 * does not exceed, so every figure printed is one that was really measured.
 */

/** Both `undefined` if there is no sample. */
export interface Percentiles {
  readonly p50: number | undefined
  readonly p99: number | undefined
}

export function percentiles(samples: readonly number[]): Percentiles {
  const sorted = ascending(samples)
  return { p50: atShare(sorted, 0.5), p99: atShare(sorted, 0.99) }
}

/** One percentile of a few samples. `undefined` if there is none. */
export function nearestRank(samples: readonly number[], share: number): number | undefined {
  return atShare(ascending(samples), share)
}

/** A typed array sorts numbers without calling back, which matters for a million samples. */
function ascending(samples: readonly number[]): Float64Array {
  return Float64Array.from(samples).sort()
}

function atShare(sorted: Float64Array, share: number): number | undefined {
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]
}

/** The middle of the values that exist; the mean of the two middle ones if they are even in number. */
export function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter(value => value !== undefined).toSorted((a, b) => a - b)
  const low = sorted[Math.ceil(sorted.length / 2) - 1]
  const high = sorted[Math.floor(sorted.length / 2)]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** `undefined` if either is missing, or the lower one is not positive and the ratio says nothing. */
export function ratio(
  numerator: number | undefined,
  denominator: number | undefined,
): number | undefined {
  if (numerator === undefined || denominator === undefined || denominator <= 0) return undefined
  return numerator / denominator
}
