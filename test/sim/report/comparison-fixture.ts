/**
 * A comparison as an experiment would make it, without the experiment: four contestants, of which `slow`
 * has a broken check and `lossy` lost requests, so neither is ranked.
 */
import { forkRandom } from '../../../sim/chance.ts'
import { assembleComparison } from '../../../sim/experiment/compare.ts'
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import type {
  Counts,
  Curve,
  HeatMap,
  Metrics,
  RunResult,
  Summary,
  SummaryName,
  TimelinePoint,
} from '../../../sim/experiment/run-result.ts'
import {
  contestantsOf,
  type Scenario,
  type ScenarioInput,
  scenario,
} from '../../../sim/scenario/scenario.ts'

export const SCENARIO: ScenarioInput = {
  name: 'Azure conversation, 256 mixed GPUs',
  description: 'Which strategy keeps p99 time to first token lowest at 0.8 load with stale gossip?',
  seed: 11,
  runs: 5,
  durationMs: 120_000,
  warmUpMs: 10_000,
  gpus: {
    h100: { llm: { stepBaseMs: 8, prefillTokenMs: 0.05 } },
    l40s: { vramGib: 48, dollarsPerHour: 1.1, llm: { stepBaseMs: 14, prefillTokenMs: 0.15 } },
  },
  topology: {
    cells: [
      {
        count: 4,
        nodes: [
          { count: 40, gpu: 'h100' },
          { count: 24, gpu: 'l40s' },
        ],
      },
    ],
  },
  ingresses: { count: 16 },
  signals: { delayMinMs: 1, delayMaxMs: 200 },
  workload: {
    arrivals: { type: 'poisson', loadRatio: 0.8 },
    classes: [{ kind: 'llm', model: 'chat-8b', share: 1 }],
  },
  faults: { planned: [{ type: 'crash', atMs: 60_000, forMs: 20_000, count: 8 }] },
  strategies: [
    'mesh',
    { name: 'least-queue, fresh', strategy: 'least-queue', isFresh: true },
    { name: 'slow', strategy: 'round-robin', signals: { delayMaxMs: 2_000 } },
    { name: 'lossy', strategy: 'random' },
  ],
}

const BUCKET_MS = 1_000

/** How each contestant does: times by those of the best, spread, and what goes wrong. */
interface Manner {
  readonly factor: number
  readonly tail: number
  readonly lostRatio: number
  readonly isHonest: boolean
}

const MANNERS: readonly Manner[] = [
  { factor: 1, tail: 1, lostRatio: 0, isHonest: true },
  { factor: 1.05, tail: 1.5, lostRatio: 0, isHonest: true },
  { factor: 2.2, tail: 6, lostRatio: 0, isHonest: false },
  { factor: 1.3, tail: 2.5, lostRatio: 0.02, isHonest: true },
  { factor: 1.02, tail: 1.1, lostRatio: 0, isHonest: true },
]

interface FixtureInit {
  readonly scenario?: Partial<ScenarioInput>
  readonly runs?: number
  /** All counts and times are 0. */
  readonly isEmpty?: boolean
  /** All times are multiplied by this. */
  readonly scale?: number
}

export function comparisonOf(init: FixtureInit = {}): Comparison {
  const parsed = scenario.parse({ ...SCENARIO, ...init.scenario })
  const { runs: runCount = 5 } = init
  const runs = contestantsOf(parsed).flatMap(({ name }, place) =>
    Array.from({ length: runCount }, (_, index) =>
      runOf({ name, place, seed: parsed.seed + index, parsed, init }),
    ),
  )
  return assembleComparison({ version: '0.1.0', scenario: parsed, runs, cpuSeconds: 41.27 })
}

interface RunInit {
  readonly name: string
  readonly place: number
  readonly seed: number
  readonly parsed: Scenario
  readonly init: FixtureInit
}

function runOf({ name, place, seed, parsed, init }: RunInit): RunResult {
  const { isEmpty = false, scale = 1 } = init
  const manner = MANNERS[place % MANNERS.length] as Manner
  const random = forkRandom(seed, place)
  // Common to all contestants of the seed, so that pairs are closer than runs.
  const luck = 0.9 + 0.2 * forkRandom(seed, 1_000).next() + 0.04 * random.next()
  const size = isEmpty ? 0 : manner.factor * luck * scale
  const arrived = isEmpty ? 0 : 24_000 + forkRandom(seed, 2_000).nextIndex(500)
  const summaries: Record<SummaryName, Summary> = {
    ttftMs: summaryOf(180 * size, manner.tail, arrived),
    tpotMs: summaryOf(18 * size, Math.sqrt(manner.tail), arrived),
    endToEndMs: summaryOf(3_900 * size, manner.tail, arrived),
    queueWaitMs: summaryOf(40 * size, manner.tail * 2, arrived),
    slowdown: summaryOf(2.4 * size, manner.tail, arrived),
  }
  return {
    contestant: name,
    seed,
    counts: countsOf(arrived, manner.lostRatio),
    summaries,
    curves: { ttftMs: curveOf(summaries.ttftMs), endToEndMs: curveOf(summaries.endToEndMs) },
    metrics: metricsOf(manner, isEmpty ? 0 : luck, arrived),
    timeline: timelineOf(parsed, summaries.ttftMs, size),
    heatMap: isEmpty ? { bucketMs: BUCKET_MS, rows: [] } : heatMapOf(seed, place),
    checks: [
      { name: 'nothing is lost', holds: true, found: `${arrived} arrived and ended` },
      {
        name: 'busy time is the sum of service',
        holds: manner.isHonest,
        found: `expected 1,234.5 s of service, found ${manner.isHonest ? '1,234.5' : '1,301.2'} s`,
      },
    ],
    eventCount: arrived * 12,
    simulatedMs: parsed.durationMs + 4_000,
  }
}

function summaryOf(p50: number, tail: number, count: number): Summary {
  const p99 = p50 * 4 * tail
  const body = { mean: p50 * 1.3, p50, p90: p50 * 2, p95: p50 * 2.6 * Math.sqrt(tail), p99 }
  return { count, ...body, p999: p99 * 1.8, max: p99 * 2.5 }
}

function curveOf({ count, p50, p90, p95, p99, p999, max }: Summary): Curve {
  if (count === 0) return { values: [], ratios: [] }
  return {
    values: [p50 / 5, p50 / 2, p50, p90, p95, p99, p999, max],
    ratios: [0.02, 0.2, 0.5, 0.9, 0.95, 0.99, 0.999, 1],
  }
}

function countsOf(arrived: number, lostRatio: number): Counts {
  const failed = Math.round(arrived * lostRatio)
  const rejected = Math.round(arrived * 0.004)
  return {
    arrived,
    completed: arrived - failed - rejected,
    rejected,
    failed,
    inFlight: 0,
    reasons: { ERR_OVERLOADED: rejected, 'peer lost': failed },
    bounces: Math.round(arrived / 50),
    retries: Math.round(arrived / 80),
    hedgesSent: 0,
    hedgesWon: 0,
  }
}

function metricsOf({ factor, tail, lostRatio }: Manner, luck: number, arrived: number): Metrics {
  return {
    completionRatio: arrived === 0 ? 0 : 1 - lostRatio,
    admittedPerSecond: arrived / 120,
    goodputPerSecond: (arrived / 120) * (1 - 0.03 * tail),
    goodputRatio: luck === 0 ? 0 : Math.max(0, 1 - 0.03 * tail * luck),
    utilizationMean: 0.79 * Math.min(1, luck),
    utilizationDeviation: 0.04 * tail * luck,
    kvHitRatio: 0.21 * luck,
    herdingIndex: (1 + 0.1 * tail) * luck,
    fairness: Math.min(1, 0.98 * luck),
    gpuBusyHours: 6.8 * luck,
    gpuHours: 8.53,
    dollarsPerThousandTokens: 0.0012 * luck * (factor === 1.05 ? 0.97 : 1),
    busyDollarsPerThousandTokens: 0.00096 * luck,
    energyKwh: 4.1 * luck,
    wastedRatio: lostRatio * luck,
  }
}

function timelineOf(
  { durationMs }: Scenario,
  { p50, p99 }: Summary,
  size: number,
): readonly TimelinePoint[] {
  const length = Math.min(2_000, Math.ceil(durationMs / BUCKET_MS) + 4)
  return Array.from({ length }, (_, index) => {
    const atMs = index * BUCKET_MS
    const isOn = size > 0 && atMs < durationMs
    const wave = 1 + 0.2 * Math.sin(index / 5) + (index > 60 && index < 84 ? 0.6 : 0)
    const none = { arrived: 0, rejected: 0, ttftP50Ms: 0, ttftP99Ms: 0, queued: 0, running: 0 }
    if (!isOn) return { ...none, atMs, completed: 0 }
    return {
      atMs,
      arrived: 200,
      completed: 195,
      rejected: 1,
      ttftP50Ms: p50 * wave,
      ttftP99Ms: p99 * wave * wave,
      queued: Math.round(300 * size * wave),
      running: Math.round(2_000 * Math.min(1.4, wave)),
    }
  })
}

function heatMapOf(seed: number, place: number): HeatMap {
  const random = forkRandom(seed, 3_000 + place)
  return {
    bucketMs: BUCKET_MS,
    rows: Array.from({ length: 32 }, (_, row) => ({
      label: `cell ${Math.floor(row / 8)} / ${row % 8}`,
      ratios: Array.from({ length: 124 }, (__, column) => {
        const isDown = row % 8 === 3 && column >= 60 && column < 80
        const ending = column > 120 ? 0.3 : 1
        return isDown ? 0 : Math.min(1, (0.6 + 0.4 * random.next()) * ending)
      }),
    })),
  }
}

/** Every number of a comparison put through this. */
export function withNumbers(found: Comparison, change: (value: number) => number): Comparison {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'number') return change(value)
    if (Array.isArray(value)) return value.map(changed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, changed(each)]))
  }
  // The scenario keeps what its schema allows; the rest has the same shape as before.
  const contestants = changed(found.contestants) as Comparison['contestants']
  const differences = changed(found.differences) as Comparison['differences']
  return { ...found, contestants, differences }
}
