/**
 * The presets `small`, `medium` and `large` of InferMesh's simulator, in the words of ours.
 *
 *     240,000 tokens/s, all alike     prefillTokenMs = stepPerSequenceMs = 1 / 240, hardly any stepBaseMs:
 *                                     a token costs the same, read or made, alone or in a batch
 *     1 GB of cache a request         80 sequences on 80 GB
 *     8 ms window                     of batches of images and sound; language models batch at any time
 *     50 ms × 0.8 an image            perUnitMs 40, one after the other, so no gain from a batch
 *     30 ms × 0.9 a piece of sound    perUnitMs 27
 *     MIG 0.125 and 0.25              30,000 and 60,000 tokens/s by themselves
 *     RTT (25 + 0.1 × distance) ± noise in a cube of ±100
 *
 * Such a GPU serves a request of `small` in under a millisecond, and 512 of them are busy for a thousandth of
 * the time: these tell strategies apart by their round trips only. They are here because results were
 * published for them.
 *
 * Source: github.com/redbco/infermesh, docs/SIMULATOR.md.
 */
import { CONTESTANTS, type ScenarioInput } from '../scenario.ts'

const MODEL = 'llm'

const TOKEN_MS = 1 / 240

const LANGUAGE_SPEED = {
  stepBaseMs: 0.001,
  stepPerSequenceMs: TOKEN_MS,
  prefillTokenMs: TOKEN_MS,
  sequencesMax: 80,
}

/** Sixteen at once and eight times as many in a batch. */
const BATCH = { windowMs: 8, batchMax: 128, batchBaseMs: 0.001 }

const H100 = { vramGib: 80, dollarsPerHour: 4, llm: LANGUAGE_SPEED }

const NETWORK = {
  intraCell: { rttMs: 0.4, jitterMs: 0.1 },
  interCell: { baseRttMs: 25, msPerUnit: 0.1, dimensions: 3, extent: 100, noiseRatio: 0.05 },
}

const LANGUAGE_CLASS = {
  kind: 'llm',
  model: MODEL,
  share: 1,
  inputTokens: { type: 'lognormal', mu: 3.8, sigma: 0.6 },
  outputTokens: { type: 'lognormal', mu: 4.6, sigma: 0.7 },
} as const

export const SMALL: ScenarioInput = {
  name: 'small',
  description:
    '512 GPUs in 4 cells, 800 requests a second: the published setting of InferMesh. Its GPUs are so quick that they are idle nearly all the time.',
  seed: 42,
  durationMs: 300_000,
  warmUpMs: 10_000,
  gpus: { 'h100-80g': H100 },
  topology: { cells: [{ count: 4, nodes: [{ count: 128, gpu: 'h100-80g' }] }] },
  network: NETWORK,
  workload: {
    arrivals: { type: 'poisson', requestsPerSecond: 800 },
    classes: [LANGUAGE_CLASS],
  },
  strategies: [...CONTESTANTS],
}

export const MEDIUM: ScenarioInput = {
  name: 'medium',
  description:
    '4,096 GPUs in 16 cells, language, images and sound, 100 tenants of unequal size. InferMesh names no rate for it: as small.',
  seed: 42,
  durationMs: 600_000,
  warmUpMs: 10_000,
  gpus: {
    'h100-80g': {
      ...H100,
      vision: { ...BATCH, perUnitMs: 40 },
      asr: { ...BATCH, perUnitMs: 27 },
    },
  },
  topology: { cells: [{ count: 16, nodes: [{ count: 256, gpu: 'h100-80g' }] }] },
  network: NETWORK,
  workload: {
    arrivals: { type: 'poisson', requestsPerSecond: 800 },
    classes: [
      { ...LANGUAGE_CLASS, share: 0.7 },
      { kind: 'vision', model: 'vision', share: 0.2 },
      { kind: 'asr', model: 'asr', share: 0.1 },
    ],
    tenants: { count: 100, zipfExponent: 1.1 },
  },
}

export const LARGE: ScenarioInput = {
  name: 'large',
  description:
    '131,072 nodes in 128 cells, half of them slices of GPUs, and bursts: 200, 800 and 1,500 requests a second in turn, 643 in the mean.',
  seed: 42,
  runs: 1,
  durationMs: 1_800_000,
  warmUpMs: 10_000,
  gpus: { 'h100-80g': H100 },
  topology: {
    cells: [
      {
        count: 128,
        nodes: [
          { count: 512, gpu: 'h100-80g' },
          { count: 64, gpu: 'h100-80g', mig: { fraction: 0.25, count: 4 } },
          { count: 32, gpu: 'h100-80g', mig: { fraction: 0.125, count: 8 } },
        ],
      },
    ],
  },
  network: NETWORK,
  signals: { refreshMs: 60_000 },
  workload: {
    arrivals: {
      type: 'mmpp',
      requestsPerSecond: 643,
      dwell: 'constant',
      states: [
        { weight: 200, dwellMs: 30_000 },
        { weight: 800, dwellMs: 30_000 },
        { weight: 1_500, dwellMs: 10_000 },
      ],
    },
    classes: [LANGUAGE_CLASS],
  },
  strategies: [
    'mesh',
    {
      name: 'mesh-stale',
      strategy: 'mesh',
      signals: { delayMinMs: 2_000, delayMaxMs: 4_000 },
    },
    // Not those that look at everybody: a choice among 131,072 takes them a twentieth of a second.
    'prequal',
    'power-of-two',
    'round-robin',
  ],
}
