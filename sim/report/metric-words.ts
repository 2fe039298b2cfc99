/**
 * What each estimate is called in reports, in which unit it is, and whether less of it is better.
 */
import type { ContestantResult, Estimate, EstimateName } from '../experiment/comparison.ts'
import { ESTIMATED } from '../experiment/estimates.ts'
import { type MetricName, SUMMARIES, type SummaryName } from '../experiment/run-result.ts'
import type { Quantity } from './figures.ts'

export interface MetricWords {
  readonly label: string
  /** What it is, in a sentence. */
  readonly meaning: string
  readonly quantity: Quantity
  /** `neither`: it describes and does not judge. */
  readonly better: 'less' | 'more' | 'neither'
}

export const STATISTICS = ['mean', 'p50', 'p90', 'p95', 'p99', 'p999'] as const

export type Statistic = (typeof STATISTICS)[number]

export const STATISTIC_LABELS: Readonly<Record<Statistic, string>> = {
  mean: 'mean',
  p50: 'p50',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  p999: 'p99.9',
}

export const SUMMARY_WORDS: Readonly<Record<SummaryName, MetricWords>> = {
  ttftMs: {
    label: 'Time to first token',
    meaning: 'From the arrival of a request until its first token, or its result.',
    quantity: 'ms',
    better: 'less',
  },
  tpotMs: {
    label: 'Time per output token',
    meaning: 'Between two tokens after the first, as the mean of a request.',
    quantity: 'ms',
    better: 'less',
  },
  endToEndMs: {
    label: 'End to end',
    meaning: 'From the arrival of a request until its last token.',
    quantity: 'ms',
    better: 'less',
  },
  queueWaitMs: {
    label: 'Queue wait',
    meaning: 'Until an engine begins with it.',
    quantity: 'ms',
    better: 'less',
  },
  slowdown: {
    label: 'Slowdown',
    meaning: 'End to end, by what it takes on an idle engine.',
    quantity: 'times',
    better: 'less',
  },
}

export const METRIC_WORDS: Readonly<Record<MetricName, MetricWords>> = {
  completionRatio: {
    label: 'Completed',
    meaning: 'Share of admitted requests that were served to the end.',
    quantity: 'ratio',
    better: 'more',
  },
  admittedPerSecond: {
    label: 'Admitted',
    meaning: 'Requests let in. Contestants are compared only if these are alike.',
    quantity: 'perSecond',
    better: 'neither',
  },
  goodputPerSecond: {
    label: 'Goodput',
    meaning: 'Requests served within the objectives.',
    quantity: 'perSecond',
    better: 'more',
  },
  goodputRatio: {
    label: 'Goodput share',
    meaning: 'Share of all that arrived that was served within the objectives.',
    quantity: 'ratio',
    better: 'more',
  },
  utilizationMean: {
    label: 'Utilization',
    meaning: 'Share of their time in which engines worked.',
    quantity: 'ratio',
    better: 'neither',
  },
  utilizationDeviation: {
    label: 'Spread of utilization',
    meaning: 'Standard deviation of utilization over nodes.',
    quantity: 'ratio',
    better: 'neither',
  },
  kvHitRatio: {
    label: 'KV cache hits',
    meaning: 'Share of prompt tokens that were found in a cache.',
    quantity: 'ratio',
    better: 'more',
  },
  herdingIndex: {
    label: 'Herding',
    meaning: '1: picks as even as by chance. More: many at once go to few nodes.',
    quantity: 'count',
    better: 'less',
  },
  fairness: {
    label: 'Fairness',
    meaning: 'Jain’s index over tenants of tokens served by tokens asked for. 1: fair.',
    quantity: 'count',
    better: 'more',
  },
  gpuBusyHours: {
    label: 'GPU time, busy',
    meaning: 'Hours in which GPUs worked.',
    quantity: 'hours',
    better: 'less',
  },
  gpuHours: {
    label: 'GPU time',
    meaning: 'Hours of all GPUs that were there.',
    quantity: 'hours',
    better: 'less',
  },
  dollarsPerThousandTokens: {
    label: 'Cost of 1,000 tokens',
    meaning: 'Of all GPUs that were there, by tokens read and made.',
    quantity: 'dollars',
    better: 'less',
  },
  busyDollarsPerThousandTokens: {
    label: 'Cost of 1,000 tokens, busy',
    meaning: 'Of the time in which GPUs worked, by tokens read and made.',
    quantity: 'dollars',
    better: 'less',
  },
  energyKwh: {
    label: 'Energy',
    meaning: 'Of all GPUs, working and idle.',
    quantity: 'kWh',
    better: 'less',
  },
  wastedRatio: {
    label: 'Wasted work',
    meaning: 'Share of all work that nobody got anything from.',
    quantity: 'ratio',
    better: 'less',
  },
}

export const METRIC_NAMES = Object.keys(METRIC_WORDS) as readonly MetricName[]

export const ESTIMATE_NAMES: readonly EstimateName[] = ESTIMATED.map(({ name }) => name)

const WORDS: ReadonlyMap<string, MetricWords> = new Map<string, MetricWords>([
  ...SUMMARIES.flatMap(summary =>
    STATISTICS.map((statistic): [string, MetricWords] => {
      const words = SUMMARY_WORDS[summary]
      const label = `${words.label}, ${STATISTIC_LABELS[statistic]}`
      return [`${summary}.${statistic}`, { ...words, label }]
    }),
  ),
  ...Object.entries(METRIC_WORDS),
])

export function wordsOf(name: EstimateName): MetricWords {
  return WORDS.get(name) ?? { label: name, meaning: '', quantity: 'count', better: 'neither' }
}

/** Which of these is best, by the mean. Empty if none is, or all are alike. */
export function bestOf(name: EstimateName, estimates: readonly Estimate[]): ReadonlySet<number> {
  const { better } = wordsOf(name)
  const means = estimates.map(({ mean }) => mean)
  const best = better === 'less' ? Math.min(...means) : Math.max(...means)
  const places = means.flatMap((mean, index) => (mean === best ? [index] : []))
  return new Set(better === 'neither' || places.length === means.length ? [] : places)
}

/** Whether an estimate says anything: a time of no requests is 0, and no time. */
export function isMeasured({ runs }: ContestantResult, name: EstimateName): boolean {
  const summary = SUMMARIES.find(each => name.startsWith(`${each}.`))
  return summary === undefined || runs.some(({ summaries }) => summaries[summary].count > 0)
}
