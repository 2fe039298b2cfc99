/**
 * Routing: how a peer is chosen for a model's requests, and where they may run at all.
 */
import { z } from 'zod'
import { count } from '../../../core/option-fields.ts'
import { labels, modelName, PLACEMENT_POLICIES } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind } from './kind.ts'

/** Name of the resource that holds for every model without one of its own. */
export const DEFAULT_ROUTING = 'default'

const STRATEGIES = [
  'mesh',
  'round-robin',
  'random',
  'least-queue',
  'least-work',
  'power-of-two',
  'prequal',
  'sticky',
] as const

const weight = () => z.number().min(0).max(100)

const scoreWeights = z.strictObject({
  workLeft: weight().default(1).describe('Factor of the wait for the work a peer still has to do.'),
  service: weight().default(1).describe('Factor of the time the request itself will take.'),
  network: weight().default(1).describe('Factor of the round trip to the peer.'),
  cold: weight().default(1).describe('Factor of the time to load the model first.'),
  cost: weight()
    .default(0)
    .describe('Factor of what a provider asks for the request. At 1 a cent is as bad as a second.'),
})

const peerWeight = z.strictObject({
  labels: labels().default({}).describe('Labels that a peer has, all of them. Empty: every peer.'),
  weight: weight()
    .default(1)
    .describe(
      'Share of requests relative to other peers, about: their score is divided by it. The first entry that fits counts. 0: none.',
    ),
})

const spec = z.strictObject({
  strategy: z
    .enum(STRATEGIES)
    .default('mesh')
    .describe('How one of the peers that could serve is chosen.'),

  placementPolicy: z
    .enum(PLACEMENT_POLICIES)
    .default('local-first')
    .describe(
      'Where requests may run: the machines of the mesh first and cloud engines only when none can, one of the two only, or whichever is fastest or cheapest.',
    ),

  weights: scoreWeights.prefault({}).describe('How much each term of a peer’s score counts.'),

  peerWeights: z
    .array(peerWeight)
    .max(64)
    .default([])
    .describe('Peers that are to get more or less than their share.'),

  attemptsMax: count(1, 16, 'attempts')
    .nullable()
    .default(null)
    .describe('Peers one request is sent to at most. `null`: as each ingress is configured.'),
})

export type RoutingSpec = z.output<typeof spec>

export const routing: Kind = {
  meaning: 'How a peer is chosen for a model’s requests, and where they may run.',
  name: modelName(),
  nameMeaning: 'the model, or `default` for every model without an entry of its own',
  countMax: 1_024,
  versions: firstVersion({ [ANY_NAME]: spec }),
}
