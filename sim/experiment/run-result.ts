/**
 * What one run of one contestant came to: plain data, so that it can be sent between threads, kept in a
 * file and compared.
 */

/** Of a measured time, in ms; of requests that came after the warm-up. `count` 0: all else is 0. */
export interface Summary {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

export const SUMMARIES = ['ttftMs', 'tpotMs', 'endToEndMs', 'queueWaitMs', 'slowdown'] as const

export type SummaryName = (typeof SUMMARIES)[number]

/** Share of values at or below each of some points, both rising. */
export interface Curve {
  readonly values: readonly number[]
  readonly ratios: readonly number[]
}

/** Of all requests of the run, the warm-up included: nothing may be lost between these. */
export interface Counts {
  readonly arrived: number
  readonly completed: number
  /** Turned away: no room, or no time. */
  readonly rejected: number
  /** Lost by a fault, and nobody took it up again. */
  readonly failed: number
  /** Neither, when the run ended. */
  readonly inFlight: number
  /** Why requests were turned away or lost: error code, or reason → how many. */
  readonly reasons: Readonly<Record<string, number>>
  readonly bounces: number
  readonly retries: number
  readonly hedgesSent: number
  readonly hedgesWon: number
}

/** Numbers that are compared between contestants; each is one number per run. */
export interface Metrics {
  /** Completed, of those that were not rejected. */
  readonly completionRatio: number
  /** Admitted requests in a second. */
  readonly admittedPerSecond: number
  /** Requests within the objectives, a second; and of all that arrived. */
  readonly goodputPerSecond: number
  readonly goodputRatio: number
  /** Share of their time in which engines worked, weighed by nothing. */
  readonly utilizationMean: number
  /** Standard deviation of it over nodes. */
  readonly utilizationDeviation: number
  /** Prompt tokens found in caches, of all. */
  readonly kvHitRatio: number
  /** 1: picks as even as by chance. Above: many at once go to few nodes. */
  readonly herdingIndex: number
  /** Jain's index over tenants of tokens served by tokens asked for. 1: fair. */
  readonly fairness: number
  /** Hours of GPUs that were busy, and that were there. */
  readonly gpuBusyHours: number
  readonly gpuHours: number
  /** Dollars for a thousand tokens read or made: of all GPUs that were there, and of busy time. */
  readonly dollarsPerThousandTokens: number
  readonly busyDollarsPerThousandTokens: number
  readonly energyKwh: number
  /** Work that nobody got anything from, by all work. */
  readonly wastedRatio: number
}

export type MetricName = keyof Metrics

/** One point of the run, of `bucketMs`. */
export interface TimelinePoint {
  readonly atMs: number
  readonly arrived: number
  readonly completed: number
  readonly rejected: number
  readonly ttftP50Ms: number
  readonly ttftP99Ms: number
  /** At its end, over all nodes. */
  readonly queued: number
  readonly running: number
}

/** How busy groups of nodes were over time: one row per group, one column per bucket, 0 to 1. */
export interface HeatMap {
  readonly bucketMs: number
  readonly rows: readonly { readonly label: string; readonly ratios: readonly number[] }[]
}

/** One thing that must hold if the run is to be believed. */
export interface HonestyCheck {
  readonly name: string
  readonly holds: boolean
  /** What was expected and found. */
  readonly found: string
}

export interface RunResult {
  readonly contestant: string
  readonly seed: number
  readonly counts: Counts
  readonly summaries: Readonly<Record<SummaryName, Summary>>
  readonly curves: { readonly ttftMs: Curve; readonly endToEndMs: Curve }
  readonly metrics: Metrics
  readonly timeline: readonly TimelinePoint[]
  readonly heatMap: HeatMap
  readonly checks: readonly HonestyCheck[]
  /** Events and machine steps that were run. */
  readonly eventCount: number
  /** Simulated, to the end of the last request. */
  readonly simulatedMs: number
}
