/**
 * The roster: the peers that belong to the mesh. They enter by a ticket and leave by a command;
 * only role, labels and description may be written.
 */
import { z } from 'zod'
import { actor, description, peerId, wallMs } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind } from './kind.ts'

export const PEER_ROLES = ['member', 'observer'] as const

/** The peer that founds a mesh. Index 1 of a log is its first leader's, so no other peer gets it. */
export const FOUNDER_NODE_ID = 1

const spec = z.strictObject({
  role: z
    .enum(PEER_ROLES)
    .default('member')
    .describe('A `member` may vote and serve; an `observer` follows and never votes.'),

  nodeId: z
    .int()
    .min(FOUNDER_NODE_ID)
    .describe(
      'The peer in the log’s own terms: the index of its admission, 1 for the founder. Never used again.',
    ),

  admittedBy: actor().describe('Who let it in.'),

  admittedAtMs: wallMs().describe('When that was, by the clock of who let it in.'),

  ticket: z.string().max(64).nullable().default(null).describe('Id of the ticket it came with.'),

  description: description().default('').describe('What machine that is.'),
})

export type RosterSpec = z.output<typeof spec>

export const roster: Kind = {
  meaning: 'The peers that belong to the mesh.',
  name: peerId(),
  nameMeaning: 'the id of the peer',
  countMax: 2_048,
  versions: firstVersion({ [ANY_NAME]: spec }),
  ownCommand: {
    fields: ['nodeId', 'admittedBy', 'admittedAtMs', 'ticket'],
    hint: 'A peer is admitted by joining with a ticket: `skein invite`, then `skein join`.',
  },
}
