/**
 * Drains: peers that finish what they have and get nothing new.
 */
import { z } from 'zod'
import { description, peerId, wallMs } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind, type Reference } from './kind.ts'

const spec = z.strictObject({
  reason: description().default('').describe('Why, for whoever finds it here.'),

  moveStreamsAtMs: wallMs()
    .nullable()
    .default(null)
    .describe('When answers that still run are moved to other peers. `null`: they may end there.'),
})

export type DrainSpec = z.output<typeof spec>

/** A peer that leaves takes its drain with it. */
function references(name: string): readonly Reference[] {
  return [{ kind: 'roster', name, rule: 'owned' }]
}

export const drains: Kind = {
  meaning: 'Peers that finish what they have and get nothing new.',
  name: peerId(),
  nameMeaning: 'the id of the peer; it must be in the roster, and takes its drain with it',
  countMax: 2_048,
  versions: firstVersion({ [ANY_NAME]: spec }, references),
}
