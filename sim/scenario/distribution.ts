/**
 * Distributions that a scenario may name for token counts, times and sizes.
 */
import { z } from 'zod'

const positive = () => z.number().gt(0).max(1e9)

export const distribution = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('constant'),
    value: z.number().min(0).max(1e9).describe('Always this.'),
  }),
  z
    .strictObject({
      type: z.literal('uniform'),
      min: z.number().min(0).max(1e9).describe('Least value.'),
      max: positive().describe('Greatest value; not below `min`.'),
    })
    .refine(({ min, max }) => min <= max, { error: 'expected at least `min`', path: ['max'] }),
  z.strictObject({
    type: z.literal('exponential'),
    mean: positive().describe('Mean value.'),
  }),
  z.strictObject({
    type: z.literal('lognormal'),
    mu: z.number().min(-20).max(20).describe('Mean of the logarithm.'),
    sigma: z.number().min(0).max(5).describe('Standard deviation of the logarithm.'),
  }),
  z.strictObject({
    type: z.literal('poisson'),
    mean: positive().max(1e6).describe('Mean value.'),
  }),
  z.strictObject({
    type: z.literal('discrete'),
    values: z
      .array(
        z.strictObject({
          value: z.number().min(0).max(1e9).describe('A value.'),
          weight: positive().describe('How often, relative to the others.'),
        }),
      )
      .min(1)
      .max(1_000)
      .describe('One of these, by weight.'),
  }),
])

export type Distribution = z.output<typeof distribution>
