/**
 * What SGLang says of its load, in the normal form.
 *
 * `/v1/loads` is there in present releases without being switched on, costs the engine nothing, and
 * alone says how many tokens wait; `/metrics` is there with `--enable-metrics` and alone has totals.
 * Each says how many requests wait and run.
 *
 * With data parallelism each part tells its own, under `dp_rank`: counts are added, shares averaged.
 * With tensor or pipeline parallelism and `--enable-metrics-for-all-schedulers` every rank tells the
 * same: only the first is read. With priorities the counts are told once in all, and again for each.
 *
 * Source: sgl-project/sglang v0.5 (2026-08): python/sglang/srt/observability/metrics_collector.py,
 * python/sglang/srt/entrypoints/v1_loads.py; v0.4.3 for what was there before:
 * python/sglang/srt/metrics/collector.py.
 */
import { z } from 'zod'
import type { EngineCounters, EngineReading } from './engine-profile.ts'
import { histogramOf, meanOf, parseExposition, type Sample, sumOf } from './exposition.ts'

const SECOND_MS = 1_000

const partLoad = z.object({
  num_running_reqs: z.number(),
  num_waiting_reqs: z.number(),
  num_waiting_uncached_tokens: z.number().optional(),
  token_usage: z.number().optional(),
  max_running_requests: z.number().optional(),
  gen_throughput: z.number().optional(),
})

/** Empty while it starts. */
export const sglangLoads = z.object({ loads: z.array(partLoad) })

export type SglangLoads = z.output<typeof sglangLoads>['loads']

/** Whatever both say, the loads say it of now, the metrics of the last batches. */
export function readingOf(
  loads: SglangLoads | undefined,
  exposition: string | undefined,
): EngineReading {
  const live: EngineReading = loads === undefined || loads.length === 0 ? {} : readingOfLoads(loads)
  if (exposition === undefined) return { ...live, ...speedOf(loads ?? []) }
  const told = readingOfSamples(parseExposition(exposition).filter(isOfTheWhole))
  return {
    ...told,
    runningCount: live.runningCount ?? told.runningCount,
    queuedCount: live.queuedCount ?? told.queuedCount,
    waitingTokens: live.waitingTokens,
    kvUsedRatio: live.kvUsedRatio ?? told.kvUsedRatio,
    batchFillRatio: live.batchFillRatio,
  }
}

function readingOfLoads(loads: SglangLoads): EngineReading {
  const sum = (value: (load: SglangLoads[number]) => number | undefined) => total(loads.map(value))
  const runningCount = sum(load => load.num_running_reqs)
  const runningMax = sum(load => load.max_running_requests)
  const usage = sum(load => load.token_usage)
  return {
    runningCount,
    queuedCount: sum(load => load.num_waiting_reqs),
    waitingTokens: sum(load => load.num_waiting_uncached_tokens),
    kvUsedRatio: usage === undefined ? undefined : usage / loads.length,
    batchFillRatio:
      runningCount === undefined || !runningMax ? undefined : runningCount / runningMax,
  }
}

/** Where there are no totals to make it of. It tells the tokens of all streams together. */
function speedOf(loads: SglangLoads): EngineReading {
  const running = total(loads.map(load => load.num_running_reqs)) ?? 0
  const throughput = total(loads.map(load => load.gen_throughput)) ?? 0
  return running > 0 && throughput > 0 ? { decodeTokensPerSecond: throughput / running } : {}
}

/** `undefined` if one part does not say. */
function total(values: readonly (number | undefined)[]): number | undefined {
  let sum = 0
  for (const value of values) {
    if (value === undefined) return undefined
    sum += value
  }
  return sum
}

function isOfTheWhole({ labels }: Sample): boolean {
  const isFirstRank = [labels['tp_rank'], labels['pp_rank']].every(rank => (rank ?? '0') === '0')
  return isFirstRank && (labels['priority'] ?? '') === ''
}

function readingOfSamples(samples: readonly Sample[]): EngineReading {
  const of = (name: string) => sumOf(samples, `sglang:${name}`)
  const counters = countersOf(samples)
  return {
    runningCount: of('num_running_reqs'),
    queuedCount: of('num_queue_reqs'),
    kvUsedRatio: meanOf(samples, 'sglang:token_usage'),
    // Of the last batch only; the totals say it of the last minute.
    prefixHitRatio:
      counters.prefixHits === undefined ? meanOf(samples, 'sglang:cache_hit_rate') : undefined,
    counters,
  }
}

function countersOf(samples: readonly Sample[]): EngineCounters {
  const of = (name: string) => sumOf(samples, `sglang:${name}`)
  const msOf = (name: string) => {
    const seconds = of(`${name}_seconds_sum`)
    return seconds === undefined ? undefined : seconds * SECOND_MS
  }
  // In v0.4.3 `time_per_output_token`.
  const step =
    of('inter_token_latency_seconds_count') === undefined
      ? 'time_per_output_token'
      : 'inter_token_latency'
  // By where they were found; there from the first that was.
  const prefixHits = of('cached_tokens_total')
  const promptTokens = of('prompt_tokens_total')
  return {
    promptTokens,
    outputTokens: of('generation_tokens_total'),
    prefixLookups: prefixHits === undefined ? undefined : promptTokens,
    prefixHits,
    prefillMs: msOf('time_to_first_token'),
    prefillCount: of('time_to_first_token_seconds_count'),
    decodeStepMs: msOf(step),
    decodeStepCount: of(`${step}_seconds_count`),
    latency: histogramOf(samples, 'sglang:e2e_request_latency_seconds'),
  }
}
