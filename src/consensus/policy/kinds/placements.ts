/**
 * Placements: which peers are to hold a model, and how many of them.
 */
import { z } from 'zod'
import { count } from '../../../core/option-fields.ts'
import { labels, listOf, modelName, peerId } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind, type Reference } from './kind.ts'

const REPLICAS_MAX = 2_048

const spec = z
  .strictObject({
    peers: listOf(peerId(), 256)
      .default([])
      .describe('Peers the model is pinned to: each is to hold it, and no other may.'),

    labels: labels()
      .default({})
      .describe('Labels a peer must have to hold the model, all of them. Empty: any peer.'),

    minReplicas: count(0, REPLICAS_MAX, 'peers')
      .default(0)
      .describe(
        'Peers that are to hold the model even when nobody asks for it. If it is above 0, or `maxReplicas` is set, the mesh loads and unloads the model itself.',
      ),

    maxReplicas: count(0, REPLICAS_MAX, 'peers')
      .nullable()
      .default(null)
      .describe('Peers that may hold the model at once. `null`: as many as fit.'),

    priority: z
      .int()
      .min(0)
      .max(1_000)
      .default(100)
      .describe('Which model stays when memory is short: the one with the higher number.'),
  })
  .refine(({ minReplicas, maxReplicas }) => maxReplicas === null || minReplicas <= maxReplicas, {
    error: 'a number of at least `minReplicas`',
    path: ['maxReplicas'],
  })
  .refine(({ peers, minReplicas }) => peers.length === 0 || minReplicas <= peers.length, {
    error: 'at most as many as `peers` has entries',
    path: ['minReplicas'],
  })

export type PlacementSpec = z.output<typeof spec>

/** A pinned peer must be known, so that a mistyped id is found; it may leave all the same. */
function references(_name: string, { peers }: PlacementSpec): readonly Reference[] {
  return peers.map(name => ({ kind: 'roster', name, rule: 'checked' }))
}

export const placements: Kind = {
  meaning: 'Which peers are to hold a model, and how many of them.',
  name: modelName(),
  nameMeaning: 'the model',
  countMax: 4_096,
  versions: firstVersion({ [ANY_NAME]: spec }, references),
}
