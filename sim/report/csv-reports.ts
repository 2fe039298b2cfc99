/**
 * A comparison as four tables: one line per run, per estimate, per difference, per interval of time.
 */
import type { Comparison } from '../experiment/comparison.ts'
import { type RunResult, SUMMARIES, type SummaryName } from '../experiment/run-result.ts'
import { type CsvCell, csvText } from './csv.ts'
import { ESTIMATE_NAMES, METRIC_NAMES } from './metric-words.ts'

export interface CsvReports {
  readonly 'runs.csv': string
  readonly 'estimates.csv': string
  readonly 'differences.csv': string
  readonly 'timeline.csv': string
}

type Rows = readonly (readonly CsvCell[])[]

const COUNT_NAMES = [
  'arrived',
  'completed',
  'rejected',
  'failed',
  'inFlight',
  'bounces',
  'retries',
  'hedgesSent',
  'hedgesWon',
] as const

const SUMMARY_FIELDS = ['count', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const

const TIMELINE_FIELDS = [
  'atMs',
  'arrived',
  'completed',
  'rejected',
  'ttftP50Ms',
  'ttftP99Ms',
  'queued',
  'running',
] as const

export function csvReports(comparison: Comparison): CsvReports {
  return {
    'runs.csv': csvText(runRows(comparison)),
    'estimates.csv': csvText(estimateRows(comparison)),
    'differences.csv': csvText(differenceRows(comparison)),
    'timeline.csv': csvText(timelineRows(comparison)),
  }
}

function runRows({ contestants }: Comparison): Rows {
  const summaryHeads = SUMMARIES.flatMap(name => SUMMARY_FIELDS.map(field => `${name}.${field}`))
  const head = ['contestant', 'seed', ...COUNT_NAMES, 'reasons', ...summaryHeads, ...METRIC_NAMES]
  return [
    [...head, 'checksBroken', 'eventCount', 'simulatedMs'],
    ...contestants.flatMap(({ name, runs }) => runs.map(run => [name, ...runCells(run)])),
  ]
}

function runCells(run: RunResult): readonly CsvCell[] {
  const { seed, counts, summaries, metrics, checks, eventCount, simulatedMs } = run
  const reasons = Object.entries(counts.reasons).map(([reason, count]) => `${reason}: ${count}`)
  const summaryCells = (name: SummaryName) => SUMMARY_FIELDS.map(field => summaries[name][field])
  return [
    seed,
    ...COUNT_NAMES.map(name => counts[name]),
    reasons.toSorted().join('; '),
    ...SUMMARIES.flatMap(summaryCells),
    ...METRIC_NAMES.map(name => metrics[name]),
    checks.filter(({ holds }) => !holds).length,
    eventCount,
    simulatedMs,
  ]
}

function estimateRows({ contestants }: Comparison): Rows {
  return [
    ['contestant', 'rank', 'metric', 'mean', 'halfWidth95', 'runCount'],
    ...contestants.flatMap(({ name, rank, estimates }) =>
      ESTIMATE_NAMES.map(metric => {
        const { mean, halfWidth, runCount } = estimates[metric]
        return [name, rank ?? '', metric, mean, halfWidth, runCount]
      }),
    ),
  ]
}

function differenceRows({ differences }: Comparison): Rows {
  return [
    ['contestant', 'against', 'metric', 'mean', 'halfWidth95', 'runCount', 'ratio', 'verdict'],
    ...differences.map(({ contestant, against, metric, difference, ratio, verdict }) => {
      const { mean, halfWidth, runCount } = difference
      return [contestant, against, metric, mean, halfWidth, runCount, ratio, verdict]
    }),
  ]
}

function timelineRows({ contestants }: Comparison): Rows {
  return [
    ['contestant', 'seed', ...TIMELINE_FIELDS],
    ...contestants.flatMap(({ name, runs }) =>
      runs.flatMap(({ seed, timeline }) =>
        timeline.map(point => [name, seed, ...TIMELINE_FIELDS.map(field => point[field])]),
      ),
    ),
  ]
}
