/**
 * Options of what is tried again elsewhere.
 */
import { z } from 'zod'
import { count } from '../core/option-fields.ts'

export const budgetFields = {
  retryBudgetRatio: z
    .number()
    .min(0)
    .max(1)
    .meta({ unit: 'ratio' })
    .default(0.1)
    .describe('Requests that may be sent to another peer after one failed, of all requests.'),

  retryFloorPerSecond: z
    .number()
    .min(0)
    .max(1_000)
    .meta({ unit: 'attempts/s' })
    .default(1)
    .describe('As many more may be, however few requests there are.'),

  retrySavedMax: count(1, 10_000, 'attempts')
    .default(100)
    .describe('As many may be at once; a node that starts may too.'),

  bouncesMax: count(0, 16, 'attempts')
    .default(2)
    .describe(
      'Peers that may turn one request away as full, stopping or without the model, before it is refused. No retry budget is spent on those.',
    ),
}
