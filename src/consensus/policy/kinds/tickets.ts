/**
 * Tickets: invitations that are still good. The mesh keeps the hash of a ticket's secret only.
 */
import { z } from 'zod'
import { count } from '../../../core/option-fields.ts'
import { description, hex, labels, ticketId, wallMs } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind } from './kind.ts'
import { PEER_ROLES } from './roster.ts'

const spec = z.strictObject({
  hash: hex(16, 64).describe('Hash of the secret in the ticket. Never shown.'),

  role: z.enum(PEER_ROLES).default('member').describe('What a peer becomes that joins with it.'),

  peerLabels: labels().default({}).describe('Labels in the roster of a peer that joins with it.'),

  expiresAtMs: wallMs().describe('From when on it is refused, by the clock of the admitting peer.'),

  usesLeft: count(0, 10_000, 'peers')
    .default(1)
    .describe('Peers that may still join with it. 0: it is used up.'),

  description: description().default('').describe('Whom it is for.'),
})

export type TicketSpec = z.output<typeof spec>

export const tickets: Kind = {
  meaning: 'Invitations: the hash of the secret, until when and for how many peers they are good.',
  name: ticketId(),
  nameMeaning: 'the id in the ticket, in hex',
  countMax: 1_000,
  versions: firstVersion({ [ANY_NAME]: spec }),
  secretFields: ['hash'],
}
