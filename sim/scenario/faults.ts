/**
 * What goes wrong in a scenario, and when.
 */
import { z } from 'zod'
import { count, durationMs } from '../../src/core/option-fields.ts'

const atMs = () => durationMs(0, 86_400_000).describe('When, from the beginning.')
const forMs = () => durationMs(1, 86_400_000).describe('For how long.')

/** Which nodes: so many, by chance, of a cell or of all. */
const chosen = {
  count: count(1, 1_000_000, 'nodes').default(1).describe('Nodes that it strikes, by chance.'),
  cell: count(0, 1_000_000, 'cell').optional().describe('Only in this cell, counted from 0.'),
}

const planned = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('crash'),
    atMs: atMs(),
    forMs: forMs().optional().describe('Until it is back, empty. Left out: never.'),
    ...chosen,
  }),
  z.strictObject({
    type: z.literal('drain'),
    atMs: atMs(),
    forMs: forMs().optional().describe('Until it takes requests again. Left out: never.'),
    ...chosen,
  }),
  z.strictObject({
    type: z.literal('slow'),
    atMs: atMs(),
    forMs: forMs(),
    factor: z.number().min(1).max(1_000).default(3).describe('How many times slower.'),
    ...chosen,
  }),
  z.strictObject({
    type: z.literal('partition'),
    atMs: atMs(),
    forMs: forMs(),
    cells: z
      .array(count(0, 1_000_000, 'cell'))
      .min(1)
      .max(1_000)
      .describe(
        'Cells that neither reach the others nor are reached by them; each other they reach.',
      ),
  }),
  z
    .strictObject({
      type: z.literal('join'),
      atMs: atMs(),
      ...chosen,
    })
    .describe('Nodes that are not there before.'),
])

/** Each node for itself, again and again: what machines do that nobody has planned. */
const slowdowns = z.strictObject({
  meanIntervalMs: durationMs(1, 86_400_000).describe('Of one node, from one to the next.'),
  meanDurationMs: durationMs(1, 86_400_000).describe('How long one lasts.'),
  factor: z.number().min(1).max(1_000).default(2).describe('How many times slower.'),
})

export const faults = z
  .strictObject({
    planned: z.array(planned).max(10_000).default([]).describe('One after the other.'),
    slowdowns: slowdowns
      .optional()
      .describe('Thermal throttling and neighbours, by chance. Left out: none.'),
    detectMs: durationMs(0, 600_000)
      .default(4_500)
      .describe('Until the others know that a node is gone; the full level finds out by itself.'),
  })
  .prefault({})

export type Faults = z.output<typeof faults>
export type PlannedFault = Faults['planned'][number]
