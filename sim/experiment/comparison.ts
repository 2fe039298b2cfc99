/**
 * What a comparison of contestants came to: plain data for the reports.
 */
import type { Scenario } from '../scenario/scenario.ts'
import type { MetricName, RunResult, SummaryName } from './run-result.ts'

/** A number of each run, over the runs: with the 95 % confidence interval of its mean. */
export interface Estimate {
  readonly mean: number
  /** Half of the interval. 0 if there is one run: then nothing is known of it. */
  readonly halfWidth: number
  readonly runCount: number
}

/** What is estimated: `ttftMs.p99`, or the name of a metric. */
export type EstimateName =
  | `${SummaryName}.${'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999'}`
  | MetricName

/** Two contestants on the same random numbers: the difference of each pair of runs. */
export interface PairedDifference {
  readonly metric: EstimateName
  readonly contestant: string
  readonly against: string
  /** `contestant` less `against`. */
  readonly difference: Estimate
  /** By the mean of `against`; 0 if that is 0. */
  readonly ratio: number
  readonly verdict: 'better' | 'worse' | 'no significant difference'
}

export interface ContestantResult {
  readonly name: string
  readonly runs: readonly RunResult[]
  readonly estimates: Readonly<Record<EstimateName, Estimate>>
  /** Place by p99 time to first token, from 1. `undefined`: it is not ranked. */
  readonly rank: number | undefined
  /** Why it is not ranked. */
  readonly unrankedBecause: string | undefined
}

export interface Comparison {
  /** Version of the package that ran it. */
  readonly version: string
  readonly scenario: Scenario
  readonly contestants: readonly ContestantResult[]
  /** Each ranked contestant with the first that is ranked. */
  readonly differences: readonly PairedDifference[]
  /** Seconds that it took, over all threads. */
  readonly cpuSeconds: number
}
