/**
 * Options of hedging: asking a second peer while the first is silent for long. The policy
 * (`settings/hedging`) holds before what is set here, but within the budget set here.
 */
import { z } from 'zod'
import { count, durationMs } from '../core/option-fields.ts'

export const hedgeFields = {
  isHedging: z
    .boolean()
    .default(false)
    .describe(
      'A request whose answer does not begin is sent to a second peer too; whoever is first answers. `settings/hedging` of the policy holds before it.',
    ),

  hedgeBudgetRatio: z
    .number()
    .min(0)
    .max(0.01)
    .meta({ unit: 'ratio' })
    .default(0.01)
    .describe('Requests that are hedged at most, of all. The policy may only ask for less.'),

  hedgeSavedMax: count(1, 1_000, 'attempts')
    .default(5)
    .describe('Requests that may be hedged at once. None may before that was earned.'),

  hedgeQuantileRatio: z
    .number()
    .min(0.5)
    .max(0.999)
    .meta({ unit: 'ratio' })
    .default(0.95)
    .describe(
      'Share of a model’s answers that have begun by the time a second peer is asked. `settings/hedging` of the policy holds before it.',
    ),

  hedgeDelayMinMs: durationMs(0, 600_000)
    .default(50)
    .describe('A second peer is never asked sooner.'),
}
