/**
 * What Skein is for: machines that people have, at many sites, over the internet.
 */
import type { ScenarioInput } from '../scenario.ts'
import { A100, L4, RTX_3060, RTX_4090 } from './gpus.ts'

export const EDGE_WAN: ScenarioInput = {
  name: 'edge-wan',
  description:
    '60 GPUs from a 3060 to an A100 at 15 sites, 15 to 150 ms apart; conversations with shared system prompts; machines slow down, leave, join, and one crashes.',
  durationMs: 300_000,
  warmUpMs: 30_000,
  gpus: { 'rtx-3060': RTX_3060, 'rtx-4090': RTX_4090, l4: L4, 'a100-80g': A100 },
  topology: {
    cells: [
      {
        count: 10,
        zone: 'home',
        nodes: [
          { count: 2, gpu: 'rtx-3060' },
          { count: 1, gpu: 'rtx-4090' },
        ],
      },
      {
        count: 4,
        zone: 'branch',
        nodes: [
          { count: 3, gpu: 'l4' },
          { count: 2, gpu: 'rtx-4090' },
        ],
      },
      {
        count: 1,
        zone: 'cloud',
        coordinates: [0, 0, 0],
        nodes: [{ count: 10, gpu: 'a100-80g' }],
      },
    ],
  },
  network: {
    intraCell: { rttMs: 0.8, jitterMs: 0.3, bandwidthMbps: 1_000 },
    interCell: { baseRttMs: 15, msPerUnit: 0.4, noiseRatio: 0.1, bandwidthMbps: 50 },
  },
  ingresses: { count: 15 },
  signals: { delayMinMs: 20, delayMaxMs: 400, lossRatio: 0.01 },
  workload: {
    arrivals: { type: 'diurnal', loadRatio: 0.6, periodMs: 300_000, peakRatio: 1.5 },
    classes: [
      {
        kind: 'llm',
        model: 'llama-3.1-8b',
        share: 1,
        inputTokens: { type: 'lognormal', mu: 4.2, sigma: 1 },
        outputTokens: { type: 'lognormal', mu: 5, sigma: 0.7 },
        outputTokensMax: 2_048,
      },
    ],
    tenants: { count: 20, zipfExponent: 1 },
    sessions: {
      turns: { type: 'exponential', mean: 4 },
      contextTokensMax: 8_192,
      thinkMs: { type: 'lognormal', mu: 9.6, sigma: 0.8 },
      sharedPrefixCount: 30,
      sharedPrefixTokens: { type: 'uniform', min: 200, max: 1_500 },
    },
    priorities: { low: 0.2, normal: 0.7, high: 0.1 },
    slo: { ttftMs: 2_000, tpotMs: 150 },
  },
  faults: {
    planned: [
      // What it had begun to answer is lost. More of that, and nobody completes 99.9 %.
      { type: 'crash', atMs: 40_000, forMs: 60_000, cell: 0 },
      { type: 'slow', atMs: 130_000, forMs: 60_000, factor: 4, count: 3 },
      { type: 'join', atMs: 150_000, count: 3 },
      { type: 'drain', atMs: 200_000, count: 2 },
    ],
    slowdowns: { meanIntervalMs: 300_000, meanDurationMs: 20_000, factor: 2 },
  },
  strategies: [
    'mesh',
    'prequal',
    'sticky',
    'least-queue',
    'power-of-two',
    'round-robin',
    'clairvoyant',
  ],
}
