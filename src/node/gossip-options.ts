/**
 * Options of the gossip that carries each peer's state.
 *
 * Source of the defaults: libp2p/specs gossipsub v1.1, table of parameters; the heartbeat and
 * the data limits as Ethereum's consensus clients run them.
 */
import { z } from 'zod'
import { bytes, count } from '../core/option-fields.ts'

const peers = (min: number, max: number) => count(min, max, 'peers')
export const gossipOptions = z
  .strictObject({
    degree: peers(1, 32).default(6).describe('Neighbours that each message is pushed to.'),
    degreeMin: peers(1, 32).default(4).describe('Fewer neighbours than this: find more.'),
    degreeMax: peers(1, 64).default(12).describe('More neighbours than this: let some go.'),
    heartbeatIntervalMs: z
      .int()
      .min(100)
      .max(10_000)
      .meta({ unit: 'ms' })
      .default(700)
      .describe('Time between two repairs of the neighbourhood.'),
    messageMaxBytes: bytes(4_096, 4_194_304)
      .default(262_144)
      .describe('Longest message taken from a neighbour. Holds one peer with all its models.'),
    outboundMaxBytes: bytes(65_536, 67_108_864)
      .default(8_388_608)
      .describe('Bytes kept for a neighbour that reads slowly. More are dropped.'),
    idontwantMinBytes: bytes(512, 1_048_576)
      .default(16_384)
      .describe('From this size on, neighbours are told that we have a message already.'),
  })
  .refine(({ degreeMin, degree, degreeMax }) => degreeMin <= degree && degree <= degreeMax, {
    error: 'degreeMin must not be above degree, nor degree above degreeMax',
    path: ['degree'],
  })

export type GossipOptions = z.output<typeof gossipOptions>
