/**
 * Curves and timelines of several runs of one contestant, as one: at each place the mean over the runs.
 */
import type { Curve, RunResult, TimelinePoint } from '../experiment/run-result.ts'
import type { Point } from './plot/line-chart.ts'

/** More than these a drawing cannot show. */
const CURVE_POINTS_MAX = 240

/** Share of values at or below x: the mean of what the runs say. */
export function pooledCurve(curves: readonly Curve[]): readonly Point[] {
  const known = curves.filter(({ values }) => values.length > 0)
  const places = [...new Set(known.flatMap(({ values }) => values))].toSorted((a, b) => a - b)
  return thinned(places).map(x => ({
    x,
    y: known.reduce((sum, curve) => sum + ratioAt(curve, x) / known.length, 0),
  }))
}

/** One bucket of time, over the runs that lasted so long. */
export interface PooledMoment {
  readonly atMs: number
  readonly queued: number
  readonly running: number
  readonly arrived: number
  readonly rejected: number
  /** 0: nothing began in this bucket in any run. */
  readonly ttftP50Ms: number
  readonly ttftP99Ms: number
}

export function pooledTimeline(runs: readonly RunResult[]): readonly PooledMoment[] {
  const length = runs.reduce((most, { timeline }) => Math.max(most, timeline.length), 0)
  return Array.from({ length }, (_, index) => {
    const points = runs.flatMap(({ timeline }) => timeline[index] ?? [])
    const mean = (pick: (point: TimelinePoint) => number) => meanOf(points.map(pick))
    // A bucket without requests has no percentile, which is not the same as one of 0.
    const meanOfSome = (pick: (point: TimelinePoint) => number) =>
      meanOf(points.map(pick).filter(value => value > 0))
    return {
      atMs: points[0]?.atMs ?? 0,
      queued: mean(point => point.queued),
      running: mean(point => point.running),
      arrived: mean(point => point.arrived),
      rejected: mean(point => point.rejected),
      ttftP50Ms: meanOfSome(point => point.ttftP50Ms),
      ttftP99Ms: meanOfSome(point => point.ttftP99Ms),
    }
  })
}

/** 0 of none. */
function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0)
}

/** On the straight line between the two points next to it; 0 before the first. */
function ratioAt({ values, ratios }: Curve, value: number): number {
  const next = firstAbove(values, value)
  if (next === 0) return 0
  const low = values[next - 1] ?? value
  const lowRatio = ratios[next - 1] ?? 0
  const high = values[next]
  if (high === undefined || high <= low) return lowRatio
  const share = value / (high - low) - low / (high - low)
  return lowRatio + ((ratios[next] ?? lowRatio) - lowRatio) * share
}

/** How many values are at or below `value`, in a rising list. */
function firstAbove(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? value) <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** Evenly by place, both ends kept: points are dense where the runs put them. */
function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= CURVE_POINTS_MAX) return values
  const stride = (values.length - 1) / (CURVE_POINTS_MAX - 1)
  return Array.from(
    { length: CURVE_POINTS_MAX },
    (_, index) => values[Math.round(index * stride)] ?? 0,
  )
}
