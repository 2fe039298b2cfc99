/**
 * Options of the protocols between peers: one declaration gives the type, the defaults, the
 * bounds and the page in docs/reference/config.md.
 */
import { z } from 'zod'

const KIB = 1024
const MIB = 1024 * KIB

/** A size in bytes. */
const sizeBytes = (minBytes: number, maxBytes: number) =>
  z.int().min(minBytes).max(maxBytes).meta({ unit: 'bytes' })

export const laneOptions = z
  .strictObject({
    frameMaxBytes: sizeBytes(64 * KIB, MIB)
      .default(256 * KIB)
      .describe('Largest frame taken from a peer. A larger one closes the lane.'),

    chunkMaxBytes: sizeBytes(1, 32 * KIB)
      .default(16 * KIB)
      .describe('Most bytes of a body in one frame. Lower lets requests take turns more often.'),

    creditBytes: sizeBytes(KIB, 16 * MIB)
      .default(256 * KIB)
      .describe('How far an answer may be ahead of its reader, each chunk counted with 64 more.'),

    bodyMaxBytes: sizeBytes(KIB, 256 * MIB)
      .default(32 * MIB)
      .describe('Largest request body. A larger one is refused.'),

    inboundBodiesMaxBytes: sizeBytes(KIB, 1024 * MIB)
      .default(64 * MIB)
      .describe('Bodies of all requests of one peer that wait to be served. More are refused.'),

    requestsMax: z
      .int()
      .min(1)
      .max(65_536)
      .meta({ unit: 'requests' })
      .default(4096)
      .describe('Requests open at once on one lane, for each direction. More are refused.'),

    backlogMaxBytes: sizeBytes(64 * KIB, 256 * MIB)
      .default(16 * MIB)
      .describe('What may wait for a peer that does not read. More closes the lane.'),
  })
  .refine(options => options.bodyMaxBytes <= options.inboundBodiesMaxBytes, {
    error: 'bodyMaxBytes must not be larger than inboundBodiesMaxBytes',
    path: ['bodyMaxBytes'],
  })

export type LaneOptions = z.output<typeof laneOptions>
