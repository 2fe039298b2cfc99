/**
 * Tenants: those whose keys share quotas and a place in the queue.
 */
import { z } from 'zod'
import { description, PLACEMENT_POLICIES, PRIORITIES, plainName } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind } from './kind.ts'

const spec = z.strictObject({
  priority: z
    .enum(PRIORITIES)
    .default('normal')
    .describe('Place in the queue when not everything can be served at once.'),

  weight: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .describe('Its share of a busy engine, relative to other tenants. Not set: 1.'),

  placementPolicy: z
    .enum(PLACEMENT_POLICIES)
    .optional()
    .describe(
      'Where its requests may run, within what the routing of the model allows. Not set: as that says.',
    ),

  isSuspended: z.boolean().default(false).describe('All its keys are refused, but kept.'),

  description: description().default('').describe('Who that is.'),
})

export type TenantSpec = z.output<typeof spec>

export const tenants: Kind = {
  meaning: 'Those whose keys share quotas and a place in the queue.',
  name: plainName(),
  nameMeaning: 'the tenant; it cannot go while a key or quota names it',
  countMax: 10_000,
  versions: firstVersion({ [ANY_NAME]: spec }),
}
