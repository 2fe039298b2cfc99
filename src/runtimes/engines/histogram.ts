/**
 * What lies between two readings of a cumulative histogram, and its quantiles.
 *
 * Source: Prometheus, `histogram_quantile` (prometheus/docs, querying/functions.md): linear within
 * a bucket; what is beyond the last bound counts as that bound.
 */
import type { HistogramBucket } from './engine-profile.ts'

type Buckets = readonly HistogramBucket[]

/** @returns `undefined` if the later one is not a continuation: other bounds, or fewer counted. */
export function bucketsBetween(before: Buckets, after: Buckets): Buckets | undefined {
  if (before.length !== after.length) return undefined
  const between = after.map(({ untilMs, count }, index) => {
    const earlier = before[index]
    const grown = earlier?.untilMs === untilMs ? count - earlier.count : -1
    return { untilMs, count: grown }
  })
  return between.every(({ count }) => count >= 0) ? between : undefined
}

/** How many it has counted. */
export function totalOf(buckets: Buckets): number {
  return buckets.at(-1)?.count ?? 0
}

/** @returns `undefined` if nothing was counted. */
export function quantileMs(buckets: Buckets, ratio: number): number | undefined {
  const rank = totalOf(buckets) * ratio
  if (rank <= 0) return undefined
  const index = buckets.findIndex(bucket => bucket.count >= rank)
  const { untilMs, count } = buckets[index] ?? { untilMs: 0, count: 0 }
  const below = buckets[index - 1] ?? { untilMs: 0, count: 0 }
  if (untilMs === Number.POSITIVE_INFINITY) return below.untilMs
  return below.untilMs + ((untilMs - below.untilMs) * (rank - below.count)) / (count - below.count)
}
