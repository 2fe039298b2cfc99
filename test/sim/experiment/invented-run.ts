/**
 * Results of runs that nobody ran: a good one, and what a test changes of it.
 */
import {
  type Counts,
  type Metrics,
  type RunResult,
  SUMMARIES,
  type Summary,
} from '../../../sim/experiment/run-result.ts'
import { type Scenario, scenario } from '../../../sim/scenario/scenario.ts'

export interface Invention {
  readonly contestant: string
  readonly seed?: number
  readonly ttftP99Ms?: number
  readonly counts?: Partial<Counts>
  readonly metrics?: Partial<Metrics>
  readonly measuredCount?: number
  readonly checks?: RunResult['checks']
}

const COUNTS: Counts = {
  arrived: 10_000,
  completed: 10_000,
  rejected: 0,
  failed: 0,
  inFlight: 0,
  reasons: {},
  bounces: 0,
  retries: 0,
  hedgesSent: 0,
  hedgesWon: 0,
}

const METRICS: Metrics = {
  completionRatio: 1,
  admittedPerSecond: 100,
  goodputPerSecond: 100,
  goodputRatio: 1,
  utilizationMean: 0.5,
  utilizationDeviation: 0.1,
  kvHitRatio: 0.2,
  herdingIndex: 1,
  fairness: 1,
  gpuBusyHours: 1,
  gpuHours: 2,
  dollarsPerThousandTokens: 0.01,
  busyDollarsPerThousandTokens: 0.005,
  energyKwh: 1,
  wastedRatio: 0,
}

function summary(p99: number, count: number): Summary {
  return {
    count,
    mean: p99 / 4,
    p50: p99 / 8,
    p90: p99 / 2,
    p95: p99 / 1.5,
    p99,
    p999: p99,
    max: p99,
  }
}

export function inventedRun(invention: Invention): RunResult {
  const { contestant, seed = 1, ttftP99Ms = 100, measuredCount = 9_000, checks = [] } = invention
  const summaries = Object.fromEntries(
    SUMMARIES.map(name => [name, summary(ttftP99Ms, measuredCount)]),
  ) as RunResult['summaries']
  const curve = { values: [1, ttftP99Ms], ratios: [0, 1] }
  return {
    contestant,
    seed,
    counts: { ...COUNTS, ...invention.counts },
    summaries,
    curves: { ttftMs: curve, endToEndMs: curve },
    metrics: { ...METRICS, ...invention.metrics },
    timeline: [],
    heatMap: { bucketMs: 1_000, rows: [] },
    checks,
    eventCount: 1,
    simulatedMs: 60_000,
  }
}

export const SMALLEST: Scenario = scenario.parse({
  name: 'smallest',
  gpus: { gpu: { llm: { stepBaseMs: 10, prefillTokenMs: 0.1 } } },
  topology: { cells: [{ nodes: [{ count: 1, gpu: 'gpu' }] }] },
  workload: {
    arrivals: { type: 'poisson', requestsPerSecond: 1 },
    classes: [{ kind: 'llm', model: 'm', share: 1 }],
  },
})
