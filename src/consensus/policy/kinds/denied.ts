/**
 * The deny-list: peers that are cut off everywhere, whatever ticket they have.
 */
import { z } from 'zod'
import { description, peerId } from './fields.ts'
import { ANY_NAME, firstVersion, type Kind } from './kind.ts'

const spec = z.strictObject({
  reason: description().default('').describe('Why, for whoever finds it here.'),
})

export type DeniedSpec = z.output<typeof spec>

export const denied: Kind = {
  meaning: 'Peers that are cut off everywhere. Who is denied leaves the roster.',
  name: peerId(),
  nameMeaning: 'the id of the peer',
  countMax: 10_000,
  versions: firstVersion({ [ANY_NAME]: spec }),
  evicts: name => [{ kind: 'roster', name }],
}
