/**
 * What vLLM says of itself to Prometheus, in the normal form. Triton's vLLM backend says the same
 * in the same words, so it is read here for both.
 *
 * The first engine core (V0) and the present one (V1) name some metrics differently; both are read,
 * and where a release has both names, the present one counts. With data parallelism each part
 * tells its own: counts are added, shares are averaged.
 *
 * Source: vllm-project/vllm v0.11, vllm/v1/metrics/loggers.py (V1; the client library adds
 * `_total` to counters); v0.6.3, vllm/engine/metrics.py (V0); `engine_sleep_state` since v0.12;
 * triton-inference-server/vllm_backend r25.08, src/utils/metrics.py.
 */
import type { EngineCounters, EngineReading } from './engine-profile.ts'
import { histogramOf, meanOf, type Sample, sumOf } from './exposition.ts'

const SECOND_MS = 1_000

export function vllmReading(samples: readonly Sample[]): EngineReading {
  const isAsleep = sumOf(samples, 'vllm:engine_sleep_state', { sleep_state: 'awake' }) === 0
  return {
    queuedCount: sumOf(samples, 'vllm:num_requests_waiting'),
    runningCount: sumOf(samples, 'vllm:num_requests_running'),
    // V0 and early V1: `gpu_cache_usage_perc`. Both are shares of 1 in spite of their names.
    kvUsedRatio:
      meanOf(samples, 'vllm:kv_cache_usage_perc') ?? meanOf(samples, 'vllm:gpu_cache_usage_perc'),
    prefixHitRatio: hitRatioOfV0(samples),
    counters: countersOf(samples),
    unready: isAsleep ? { state: 'sleeping' } : undefined,
  }
}

/** V0 computed it itself, and said -1 as long as it did not know. */
function hitRatioOfV0(samples: readonly Sample[]): number | undefined {
  const ratio = meanOf(samples, 'vllm:gpu_prefix_cache_hit_rate')
  return ratio === undefined || ratio < 0 ? undefined : ratio
}

function countersOf(samples: readonly Sample[]): EngineCounters {
  const total = (...names: readonly string[]) =>
    names.map(name => sumOf(samples, `vllm:${name}`)).find(value => value !== undefined)
  const ms = (name: string) => {
    const seconds = total(`${name}_seconds_sum`)
    return seconds === undefined ? undefined : seconds * SECOND_MS
  }
  const hasStep = total('inter_token_latency_seconds_count') !== undefined
  // V0 and early V1 name the same thing after what it was divided by.
  const step = hasStep ? 'inter_token_latency' : 'time_per_output_token'
  return {
    promptTokens: total('prompt_tokens_total'),
    outputTokens: total('generation_tokens_total'),
    // Early V1 with `gpu_`. Both of a pair are in the same unit, blocks once and tokens now.
    prefixLookups: total('prefix_cache_queries_total', 'gpu_prefix_cache_queries_total'),
    prefixHits: total('prefix_cache_hits_total', 'gpu_prefix_cache_hits_total'),
    prefillMs: ms('time_to_first_token'),
    prefillCount: total('time_to_first_token_seconds_count'),
    decodeStepMs: ms(step),
    decodeStepCount: total(`${step}_seconds_count`),
    latency: histogramOf(samples, 'vllm:e2e_request_latency_seconds'),
  }
}
