/**
 * What Triton says of its models to Prometheus, in the normal form.
 *
 * Triton itself counts requests; the backends that make tokens say more, each in words of its own.
 * TensorRT-LLM tells it under the name of one step of its pipeline while clients ask for another,
 * so it is taken as said of each model, as long as there is one pipeline.
 *
 * Source: triton-inference-server/server r25.08, docs/user_guide/metrics.md (`nv_inference_*`);
 * triton-inference-server/tensorrtllm_backend v0.20, README.md, "Triton Metrics" (`nv_trt_llm_*`)
 * and tools/llm_bench (`nv_llm_*`); `vllm:*` see there.
 */
import type { EngineCounters, EngineReading, EngineReadings } from './engine-profile.ts'
import { byLabel, type Sample, sumOf } from './exposition.ts'
import { vllmReading } from './vllm-metrics.ts'

export function tritonReadings(samples: readonly Sample[]): EngineReadings {
  const isPipeline = (sample: Sample) => /^nv_(?:trt_)?llm_/.test(sample.name)
  const pipeline = pipelineReading(samples.filter(isPipeline))
  const own = samples.filter(sample => !isPipeline(sample))
  const readings = new Map<string, EngineReading>()
  for (const [model, group] of byLabel(own, 'model')) {
    if (model === '') continue
    const isOfVllm = group.some(({ name }) => name.startsWith('vllm:'))
    readings.set(model, mergedOf(serverReading(group), isOfVllm ? vllmReading(group) : pipeline))
  }
  return readings
}

/** What Triton itself says of a model. */
function serverReading(samples: readonly Sample[]): EngineReading {
  const counters: EngineCounters = {
    // For decoupled models, with --metrics-config histogram_latencies=true.
    prefillMs: sumOf(samples, 'nv_inference_first_response_histogram_ms_sum'),
    prefillCount: sumOf(samples, 'nv_inference_first_response_histogram_ms_count'),
  }
  return { queuedCount: sumOf(samples, 'nv_inference_pending_request_count'), counters }
}

/** What TensorRT-LLM says, if Triton runs one pipeline of it; of several it cannot be told apart. */
function pipelineReading(samples: readonly Sample[]): EngineReading {
  if (byLabel(samples, 'model').size !== 1) return {}
  const requests = (request_type: string) =>
    sumOf(samples, 'nv_trt_llm_request_metrics', { request_type })
  const blocks = (kv_cache_block_type: string) =>
    sumOf(samples, 'nv_trt_llm_kv_cache_block_metrics', { kv_cache_block_type })
  const running = requests('scheduled')
  return {
    queuedCount: requests('waiting'),
    runningCount: running,
    kvUsedRatio: blocks('fraction') ?? ratioOf(blocks('used'), blocks('max')),
    batchFillRatio: ratioOf(running, requests('max')),
    counters: {
      promptTokens: sumOf(samples, 'nv_llm_input_token_len_sum'),
      outputTokens: sumOf(samples, 'nv_llm_output_token_len_sum'),
    },
  }
}

function ratioOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole
}

/** Later ones know better; what they do not say, earlier ones may. */
function mergedOf(...readings: readonly EngineReading[]): EngineReading {
  const counters = Object.assign({}, ...readings.map(reading => told(reading.counters ?? {})))
  return Object.assign({}, ...readings.map(told), { counters })
}

function told(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
