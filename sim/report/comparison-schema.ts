/**
 * The shape of a comparison that is read from a file. What a comparison is stands in
 * `experiment/comparison.ts`; the compiler holds the two together.
 */
import { z } from 'zod'
import type { Comparison } from '../experiment/comparison.ts'
import { SUMMARIES } from '../experiment/run-result.ts'
import { scenario } from '../scenario/scenario.ts'
import { ESTIMATE_NAMES, METRIC_NAMES } from './metric-words.ts'

const count = z.int().min(0)
const text = z.string().max(16_384)
const numbers = z.array(z.number()).max(1_000_000)

const summary = z.object({
  count,
  mean: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  p999: z.number(),
  max: z.number(),
})

const curve = z.object({ values: numbers, ratios: numbers })

const counts = z.object({
  arrived: count,
  completed: count,
  rejected: count,
  failed: count,
  inFlight: count,
  reasons: z.record(text, count),
  bounces: count,
  retries: count,
  hedgesSent: count,
  hedgesWon: count,
})

const timelinePoint = z.object({
  atMs: z.number(),
  arrived: z.number(),
  completed: z.number(),
  rejected: z.number(),
  ttftP50Ms: z.number(),
  ttftP99Ms: z.number(),
  queued: z.number(),
  running: z.number(),
})

const runResult = z.object({
  contestant: text,
  seed: z.number(),
  counts,
  summaries: z.record(z.enum(SUMMARIES), summary),
  curves: z.object({ ttftMs: curve, endToEndMs: curve }),
  metrics: z.record(z.enum(METRIC_NAMES), z.number()),
  timeline: z.array(timelinePoint).max(1_000_000),
  heatMap: z.object({
    bucketMs: z.number(),
    rows: z.array(z.object({ label: text, ratios: numbers })).max(1_000_000),
  }),
  checks: z.array(z.object({ name: text, holds: z.boolean(), found: text })).max(1_000),
  eventCount: count,
  simulatedMs: z.number(),
})

const estimate = z.object({ mean: z.number(), halfWidth: z.number(), runCount: count })

const estimateName = z.enum(ESTIMATE_NAMES)

const contestantResult = z.object({
  name: text,
  runs: z.array(runResult).max(1_000),
  estimates: z.record(estimateName, estimate),
  // JSON leaves out what is undefined.
  rank: count.optional(),
  unrankedBecause: text.optional(),
})

const difference = z.object({
  metric: estimateName,
  contestant: text,
  against: text,
  difference: estimate,
  ratio: z.number(),
  verdict: z.enum(['better', 'worse', 'no significant difference']),
})

export const comparison = z
  .object({
    version: text,
    scenario,
    contestants: z.array(contestantResult).max(1_000),
    differences: z.array(difference).max(100_000),
    cpuSeconds: z.number(),
  })
  .transform(
    (found): Comparison => ({
      ...found,
      contestants: found.contestants.map(each => ({
        ...each,
        rank: each.rank,
        unrankedBecause: each.unrankedBecause,
      })),
    }),
  )
