/**
 * The setting by which the defaults of the scheduler are judged: real arrivals and sizes on a mixed fleet
 * that is busy, with views that are half a second old.
 */
import type { ScenarioInput } from '../scenario.ts'
import { A100, H100, L40S } from './gpus.ts'

export const AZURE_MIXED: ScenarioInput = {
  name: 'azure-mixed',
  description:
    '256 GPUs of three kinds at 80 % of what they can do, with the arrivals and sizes of an hour of a conversation service; 16 ingresses that hear of nodes every half second.',
  durationMs: 120_000,
  warmUpMs: 20_000,
  gpus: { 'h100-80g': H100, 'a100-80g': A100, 'l40s-48g': L40S },
  topology: {
    cells: [
      {
        count: 4,
        nodes: [
          { count: 16, gpu: 'h100-80g' },
          { count: 24, gpu: 'a100-80g' },
          { count: 24, gpu: 'l40s-48g' },
        ],
      },
    ],
  },
  network: { interCell: { baseRttMs: 1, msPerUnit: 0.01 } },
  ingresses: { count: 16 },
  signals: { updateIntervalMs: 500, refreshMs: 500, delayMinMs: 0, delayMaxMs: 200 },
  workload: {
    arrivals: {
      type: 'trace',
      format: 'azure',
      file: 'azure-llm-2023-conv.csv.gz',
      copies: 16,
      loadRatio: 0.8,
    },
    classes: [{ kind: 'llm', model: 'llama-3.1-8b', share: 1 }],
  },
  faults: { slowdowns: { meanIntervalMs: 120_000, meanDurationMs: 10_000, factor: 3 } },
  strategies: [
    'mesh',
    'prequal',
    'least-queue',
    { name: 'least-queue-fresh', strategy: 'least-queue', isFresh: true },
    'power-of-two',
    'least-work',
    'round-robin',
    'random',
    'clairvoyant',
  ],
}
