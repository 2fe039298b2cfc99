/**
 * What a scenario says of machines and the network between them.
 *
 * A node is one engine: a GPU, or a slice of one. Cells are places: within one round trips are short,
 * between two they grow with the distance of their coordinates.
 */
import { z } from 'zod'
import { count } from '../../src/core/option-fields.ts'

const ratio = () => z.number().min(0).max(1).meta({ unit: 'ratio' })
const milliseconds = () => z.number().min(0).max(60_000).meta({ unit: 'ms' })
const megabits = () => z.number().gt(0).max(1_000_000).meta({ unit: 'Mbit/s' })

const migSlices = z.strictObject({
  fraction: ratio()
    .gt(0)
    .describe('Share of the GPU: of its memory, cache, speed, power and price.'),
  count: count(1, 16, 'slices').describe('Nodes that one GPU becomes.'),
})

const nodeGroup = z.strictObject({
  count: count(1, 1_000_000, 'GPUs').describe('GPUs of this kind in each cell of the group.'),
  gpu: z.string().min(1).max(64).describe('Name of a profile under `gpus`.'),
  mig: migSlices.optional().describe('Each GPU is cut into slices. Left out: it is whole.'),
  models: z
    .array(z.string().min(1).max(128))
    .min(1)
    .max(64)
    .optional()
    .describe('Models it serves. Left out: all that its profile can run.'),
  coldModels: z
    .array(z.string().min(1).max(128))
    .max(64)
    .default([])
    .describe('Of those, models that are not in memory at first.'),
  speedRatio: z
    .number()
    .min(0.01)
    .max(100)
    .default(1)
    .describe('How fast it is, by what its profile says.'),
})

const cellGroup = z.strictObject({
  count: count(1, 10_000, 'cells').default(1).describe('Cells that are alike.'),
  zone: z.string().max(64).default('').describe('Failure domain, as peers call it.'),
  coordinates: z
    .array(z.number().min(-10_000).max(10_000))
    .max(8)
    .optional()
    .describe('Where it is. Left out: by chance.'),
  nodes: z.array(nodeGroup).min(1).max(64).describe('What stands there.'),
})

export const topology = z.strictObject({
  cells: z.array(cellGroup).min(1).max(1_000).describe('Groups of cells.'),
})

export const network = z.strictObject({
  intraCell: z
    .strictObject({
      rttMs: milliseconds().default(0.4).describe('Mean round trip.'),
      jitterMs: milliseconds().default(0.1).describe('Its standard deviation.'),
      bandwidthMbps: megabits().default(10_000).describe('Of one connection.'),
    })
    .prefault({})
    .describe('Within a cell.'),
  interCell: z
    .strictObject({
      baseRttMs: milliseconds().default(25).describe('Round trip at distance 0.'),
      msPerUnit: milliseconds().default(0.1).describe('For each unit of distance.'),
      dimensions: count(1, 8, 'dimensions').default(3).describe('Of the coordinates.'),
      extent: z.number().min(0).max(10_000).default(100).describe('Greatest coordinate by chance.'),
      noiseRatio: ratio()
        .default(0.05)
        .describe('Standard deviation, as a share of the round trip.'),
      bandwidthMbps: megabits().default(1_000).describe('Of one connection.'),
    })
    .prefault({})
    .describe('Between two cells.'),
})

export type NodeGroup = z.output<typeof nodeGroup>
export type NetworkScenario = z.output<typeof network>
