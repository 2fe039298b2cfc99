/**
 * GPUs as they serve a language model of 8 billion parameters of the Llama 3 family: what the presets stand
 * on. For your own, `skein sim calibrate` measures.
 *
 * In 16 bits the model has 16.1 GB of weights and 128 KiB of cache for a token. For data-centre GPUs:
 *
 *     stepBaseMs              weights by 77 % of the bandwidth, and 0.5 ms
 *     stepPerContextTokenMs   128 KiB by 60 % of the bandwidth
 *     prefillTokenMs          16.1 GFLOP by half (H100, A100) or 40 % (L40S, L4) of the dense 16-bit peak
 *     kvCacheTokens           what 90 % of the memory has beside the weights and 2 GB, by 128 KiB
 *
 * 77 % is what vLLM reaches on an A100 of 40 GB, 75 tokens a second; by the same formula its 80 GB sister
 * makes 93 and an H100 149. Consumer GPUs run the model in 4 bits (5 GB) with llama.cpp, whose published
 * tables have about 128 tokens a second and 7,000 prompt tokens a second for the 4090, 71 and 2,300 for the
 * 3070; the 3060 is the latter by its bandwidth (0.80) and its compute (0.63). Prices are about those of
 * renting by the hour.
 *
 * Source: data sheets of NVIDIA (bandwidth GB/s, dense 16-bit TFLOP/s: H100 SXM 3350, 989; A100 80 GB SXM
 * 2039, 312; L40S 864, 362; L4 300, 121; 4090 1008; 3060 360); johnmusgrave.com/p/vllm-throughput-latency-sweep-on;
 * github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference.
 */
import type { ScenarioInput } from '../scenario.ts'

type GpuInput = ScenarioInput['gpus'][string]

export const H100: GpuInput = {
  vramGib: 80,
  dollarsPerHour: 3,
  idleWatts: 70,
  busyWatts: 600,
  llm: {
    stepBaseMs: 6.7,
    stepPerSequenceMs: 0.02,
    stepPerContextTokenMs: 0.000065,
    prefillTokenMs: 0.032,
    prefillChunkTokens: 8_192,
    sequencesMax: 256,
    kvCacheTokens: 450_000,
    loadMs: 30_000,
  },
}

export const A100: GpuInput = {
  vramGib: 80,
  dollarsPerHour: 1.8,
  idleWatts: 60,
  busyWatts: 380,
  llm: {
    stepBaseMs: 10.7,
    stepPerSequenceMs: 0.03,
    stepPerContextTokenMs: 0.000107,
    prefillTokenMs: 0.103,
    prefillChunkTokens: 8_192,
    sequencesMax: 256,
    kvCacheTokens: 450_000,
    loadMs: 30_000,
  },
}

export const L40S: GpuInput = {
  vramGib: 48,
  dollarsPerHour: 1,
  idleWatts: 35,
  busyWatts: 330,
  llm: {
    stepBaseMs: 24.7,
    stepPerSequenceMs: 0.03,
    stepPerContextTokenMs: 0.000253,
    prefillTokenMs: 0.111,
    prefillChunkTokens: 4_096,
    sequencesMax: 256,
    kvCacheTokens: 215_000,
    loadMs: 30_000,
  },
}

export const L4: GpuInput = {
  vramGib: 24,
  dollarsPerHour: 0.5,
  idleWatts: 16,
  busyWatts: 72,
  llm: {
    stepBaseMs: 70,
    stepPerSequenceMs: 0.08,
    stepPerContextTokenMs: 0.00073,
    prefillTokenMs: 0.333,
    prefillChunkTokens: 2_048,
    sequencesMax: 64,
    kvCacheTokens: 38_000,
    loadMs: 45_000,
  },
}

export const RTX_4090: GpuInput = {
  vramGib: 24,
  dollarsPerHour: 0.4,
  idleWatts: 20,
  busyWatts: 350,
  llm: {
    stepBaseMs: 7.2,
    stepPerSequenceMs: 0.6,
    stepPerContextTokenMs: 0.000217,
    prefillTokenMs: 0.143,
    prefillChunkTokens: 2_048,
    sequencesMax: 16,
    kvCacheTokens: 120_000,
    loadMs: 15_000,
  },
}

export const RTX_3060: GpuInput = {
  vramGib: 12,
  dollarsPerHour: 0.1,
  idleWatts: 12,
  busyWatts: 165,
  llm: {
    stepBaseMs: 15,
    stepPerSequenceMs: 2.5,
    stepPerContextTokenMs: 0.000607,
    prefillTokenMs: 0.69,
    prefillChunkTokens: 512,
    sequencesMax: 8,
    kvCacheTokens: 40_000,
    loadMs: 20_000,
  },
}
