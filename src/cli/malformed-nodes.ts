/**
 * Tells of the peers in a list of nodes that could not be read: one of another version, or one at
 * fault, is no reason to show none of the others.
 */
import type { Io } from './io.ts'
import { safeText } from './table.ts'
import type { MalformedNode } from './wire.ts'

export function complainOfMalformed(io: Io, nodes: readonly MalformedNode[]): void {
  for (const { peer, field } of nodes) {
    io.complain(
      `${safeText(peer)} is left out: its \`${safeText(field)}\` is missing or another thing`,
    )
  }
}
