/**
 * Settings that hold for the whole mesh, one resource each. What is not there has its defaults.
 */
import { z } from 'zod'
import { count, durationMs } from '../../../core/option-fields.ts'
import { voterReplaceAfterMs, votersMax } from '../../../core/voter-fields.ts'
import { ratio } from './fields.ts'
import { firstVersion, type Kind } from './kind.ts'

const breaker = z.strictObject({
  failuresMax: count(1, 1_000, 'failures')
    .default(5)
    .describe('Failures in a row after which a peer gets no requests for that model.'),

  openMs: durationMs(100, 3_600_000)
    .default(60_000)
    .describe('How long it gets none before it is tried again.'),

  probesMax: count(1, 100, 'requests')
    .default(3)
    .describe('Requests it is tried with, all of which must succeed.'),
})

const scaling = z
  .strictObject({
    queueWeight: ratio().default(0.6).describe('Weight of the queue in the demand.'),
    latencyWeight: ratio().default(0.4).describe('Weight of the latency in the demand.'),
    queueReference: count(1, 100_000, 'requests')
      .default(50)
      .describe('Waiting requests that count as a demand of 1.'),
    slaMs: durationMs(1, 3_600_000)
      .default(2_000)
      .describe('Latency that counts as a demand of 1.'),
    scaleUpRatio: ratio(100).default(1).describe('Demand above which a replica is added.'),
    scaleDownRatio: ratio(100).default(0.3).describe('Demand below which a replica is taken away.'),
    holdMs: durationMs(0, 86_400_000)
      .default(60_000)
      .describe('How long the demand must stay there before anything is done.'),
    cooldownMs: durationMs(0, 86_400_000)
      .default(300_000)
      .describe('How long nothing more is done after something was, so that its effect is seen.'),
    replicasMin: count(0, 2_048, 'peers').default(1).describe('Replicas that always stay.'),
  })
  .refine(({ scaleUpRatio, scaleDownRatio }) => scaleDownRatio < scaleUpRatio, {
    error: 'a number below `scaleUpRatio`',
    path: ['scaleDownRatio'],
  })

const hedging = z.strictObject({
  isEnabled: z
    .boolean()
    .default(false)
    .describe('A request without an answer for long is sent to a second peer too.'),

  delayQuantile: z
    .number()
    .min(0.5)
    .max(0.999)
    .default(0.95)
    .describe('Share of requests that have an answer by the time a second peer is asked.'),

  budgetRatio: ratio()
    .default(0.05)
    .describe(
      'Extra requests, relative to all, at most. No ingress goes above its own `scheduler.hedgeBudgetRatio`.',
    ),
})

const voters = z.strictObject({
  countMax: votersMax().describe(
    'Voters at most; the mesh has fewer while it has fewer stable members.',
  ),

  isAutomatic: z
    .boolean()
    .default(true)
    .describe('The mesh chooses its voters itself. Otherwise only by command.'),

  replaceAfterMs: voterReplaceAfterMs().describe(
    'How long a voter may be gone before another takes its place.',
  ),
})

export interface SettingSpecs {
  readonly breaker: z.output<typeof breaker>
  readonly scaling: z.output<typeof scaling>
  readonly hedging: z.output<typeof hedging>
  readonly voters: z.output<typeof voters>
}

export type SettingName = keyof SettingSpecs

/** What holds where nothing is set. */
export const settingDefaults: SettingSpecs = {
  breaker: breaker.parse({}),
  scaling: scaling.parse({}),
  hedging: hedging.parse({}),
  voters: voters.parse({}),
}

const NAMES = ['breaker', 'scaling', 'hedging', 'voters'] as const satisfies SettingName[]

export const settings: Kind = {
  meaning: 'What holds for the whole mesh. What is not set has its defaults.',
  name: z.enum(NAMES),
  nameMeaning: 'which of them',
  countMax: NAMES.length,
  versions: firstVersion({ breaker, scaling, hedging, voters }),
}
