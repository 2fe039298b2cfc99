/**
 * The numbers of a run that are estimated and compared, by name, and which way each is better.
 */
import type { EstimateName } from './comparison.ts'
import { type MetricName, type RunResult, SUMMARIES, type SummaryName } from './run-result.ts'

const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99', 'p999'] as const

/** Of two contestants that do the same work. */
const BETTER = {
  completionRatio: 'higher',
  admittedPerSecond: 'higher',
  goodputPerSecond: 'higher',
  goodputRatio: 'higher',
  utilizationMean: 'lower',
  utilizationDeviation: 'lower',
  kvHitRatio: 'higher',
  herdingIndex: 'lower',
  fairness: 'higher',
  gpuBusyHours: 'lower',
  gpuHours: 'lower',
  dollarsPerThousandTokens: 'lower',
  busyDollarsPerThousandTokens: 'lower',
  energyKwh: 'lower',
  wastedRatio: 'lower',
} as const satisfies Record<MetricName, 'higher' | 'lower'>

interface EstimatedNumber {
  readonly name: EstimateName
  readonly isHigherBetter: boolean
  of(run: RunResult): number
}

function ofSummary(summary: SummaryName): readonly EstimatedNumber[] {
  return STATISTICS.map(statistic => ({
    name: `${summary}.${statistic}` as const,
    isHigherBetter: false,
    of: ({ summaries }) => summaries[summary][statistic],
  }))
}

const METRICS = Object.keys(BETTER) as readonly MetricName[]

export const ESTIMATED: readonly EstimatedNumber[] = [
  ...SUMMARIES.flatMap(ofSummary),
  ...METRICS.map(
    (name): EstimatedNumber => ({
      name,
      isHigherBetter: BETTER[name] === 'higher',
      of: ({ metrics }) => metrics[name],
    }),
  ),
]
