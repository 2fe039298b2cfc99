/**
 * What llama.cpp's server says of its load, in the normal form.
 *
 * Its gauges of speed cover the time since whoever asked last, so two who ask spoil them for each
 * other; speed is taken from its totals instead, which grow when an answer ends.
 *
 * Source: ggml-org/llama.cpp v0.5.0: tools/server/server-task.cpp
 * (`server_task_result_metrics::to_metrics`); b4800 for what was there before:
 * examples/server/server.cpp.
 */
import type { EngineReading } from './engine-profile.ts'
import { type Sample, sumOf } from './exposition.ts'

const SECOND_MS = 1_000

/** @param slotCount Requests that it works on at once. `undefined`: it does not say. */
export function readingOf(
  samples: readonly Sample[],
  slotCount: number | undefined,
): EngineReading {
  const of = (name: string) => sumOf(samples, `llamacpp:${name}`)
  const msOf = (name: string) => times(of(name), SECOND_MS)
  const runningCount = of('requests_processing')
  const computed = of('prompt_tokens_total')
  // Former releases do not say what they found in their cache.
  const cached = of('prompt_tokens_cached_total')
  const promptTokens = computed === undefined ? undefined : computed + (cached ?? 0)
  return {
    runningCount,
    queuedCount: of('requests_deferred'),
    // Until pull request 13660 (2025-05).
    kvUsedRatio: of('kv_cache_usage_ratio'),
    batchFillRatio: times(runningCount, 1 / (slotCount ?? Number.NaN)),
    counters: {
      promptTokens,
      outputTokens: of('tokens_predicted_total'),
      prefixLookups: cached === undefined ? undefined : promptTokens,
      prefixHits: cached,
      prefillMs: msOf('prompt_seconds_total'),
      // The time of each answer from its first token to its last, added up.
      decodeStepMs: msOf('tokens_predicted_seconds_total'),
      decodeStepCount: of('tokens_predicted_total'),
    },
  }
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined || Number.isNaN(factor) ? undefined : value * factor
}
