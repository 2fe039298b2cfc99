/**
 * Long prompts most of which somebody has read before: what knowing the prefixes is worth.
 */
import type { ScenarioInput } from '../scenario.ts'
import { H100 } from './gpus.ts'

export const MOONCAKE: ScenarioInput = {
  name: 'mooncake',
  description:
    '16 H100 with the Mooncake trace: prompts of 15,000 tokens in the mean, of which two thirds have been read before by some node.',
  durationMs: 600_000,
  warmUpMs: 120_000,
  gpus: { 'h100-80g': H100 },
  topology: { cells: [{ count: 2, nodes: [{ count: 8, gpu: 'h100-80g' }] }] },
  network: { interCell: { baseRttMs: 1, msPerUnit: 0.01 } },
  ingresses: { count: 8 },
  workload: {
    arrivals: {
      type: 'trace',
      format: 'mooncake',
      file: 'mooncake-fast25-synthetic.jsonl.gz',
      loadRatio: 0.8,
    },
    classes: [{ kind: 'llm', model: 'llama-3.1-8b', share: 1 }],
    slo: { ttftMs: 5_000, tpotMs: 100 },
  },
  strategies: [
    'mesh',
    'sticky',
    'prequal',
    'least-queue',
    'least-work',
    'round-robin',
    'clairvoyant',
  ],
}
