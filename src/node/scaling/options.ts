/**
 * Options of scaling. What counts as too much is agreed on by the mesh (`settings/scaling`), and so
 * is which models are loaded and unloaded for it (`placements`).
 */
import { z } from 'zod'
import { count, durationMs, httpUrl } from '../../core/option-fields.ts'

export const scalingOptions = z
  .strictObject({
    webhookUrl: httpUrl()
      .nullable()
      .default(null)
      .describe(
        'Where advice to add or remove a replica of a model is posted as JSON, for an autoscaler outside the mesh. `null`: nowhere. Every peer with it posts its own.',
      ),

    intervalMs: durationMs(100, 600_000).default(5_000).describe('How often demand is looked at.'),

    webhookTimeoutMs: durationMs(10, 600_000)
      .default(5_000)
      .describe('How long the receiver may take.'),

    webhookAttemptsMax: count(1, 100, 'attempts')
      .default(5)
      .describe('Times one piece of advice is posted at most, each a longer wait after the last.'),

    actionTimeoutMs: durationMs(1_000, 3_600_000)
      .default(600_000)
      .describe(
        'How long a model may take to be loaded or unloaded for its placement. What has begun goes on after it; it counts as failed.',
      ),
  })
  .describe('Scaling advice, and what is done about it')

export type ScalingOptions = z.output<typeof scalingOptions>
