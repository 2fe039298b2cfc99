/**
 * Makes tickets: an id and an expiry, and the secret that follows from them and the mesh secret.
 */

import { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import { TICKET_ID_BYTES, ticketSecret } from '../protocols/join.ts'
import type { Clock } from './clock.ts'
import { nodeCrypto } from './crypto.ts'
import type { Entropy } from './entropy.ts'
import type { MeshMemory } from './storage/mesh-file.ts'
import { encodeTicket, TICKET_ADDRESSES_MAX } from './ticket.ts'

const HOUR_MS = 3_600_000

/** Long enough to set up the other machine, short enough to be worthless in an old log. */
export const TICKET_VALID_FOR_MS = 24 * HOUR_MS

export interface TicketOfficeDeps {
  readonly memory: MeshMemory
  readonly clock: Clock
  readonly entropy: Entropy
}

export interface TicketRequest {
  readonly peer: PeerId
  /** Where the joiner can reach that peer. */
  readonly addresses: readonly string[]
  readonly validForMs?: number | undefined
}

/** @throws MeshError ERR_UNREACHABLE if there is no address to put into it. */
export function issueTicket(
  { memory, clock, entropy }: TicketOfficeDeps,
  { peer, addresses, validForMs = TICKET_VALID_FOR_MS }: TicketRequest,
): string {
  if (addresses.length === 0) {
    throw new MeshError('expected an address where others reach this peer, found none', {
      code: 'ERR_UNREACHABLE',
      hint: 'Set p2p.announce, or listen on an address of this machine with --p2p-host.',
    })
  }
  const ticketId = entropy.bytes(TICKET_ID_BYTES)
  const expiresAtWallMs = Math.round(clock.wallMs() + validForMs)
  const proof = { ticketId, expiresAtWallMs }
  const secret = ticketSecret({ crypto: nodeCrypto }, memory.meshSecret, proof)
  const reachable = addresses.slice(0, TICKET_ADDRESSES_MAX)
  return encodeTicket({ ...proof, meshId: memory.meshId, secret, peer, addresses: reachable })
}
