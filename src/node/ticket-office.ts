/**
 * Gives out tickets: the secret goes into the ticket, its hash into the policy, so every peer of
 * the mesh knows the ticket, and it can be taken back.
 */
import type { Operation } from '../consensus/policy/command.ts'
import type { Outcome } from '../consensus/policy/outcome.ts'
import { MeshError } from '../core/errors.ts'
import type { MeshId, PeerId } from '../core/ids.ts'
import { TICKET_ID_BYTES, TICKET_SECRET_BYTES, ticketHash } from '../protocols/join.ts'
import type { PolicyCopy } from './admission/policy-copy.ts'
import type { Clock } from './clock.ts'
import { nodeCrypto } from './crypto.ts'
import type { Entropy } from './entropy.ts'
import type { TicketOptions } from './gateway.ts'
import { refusalError } from './policy/refusal-error.ts'
import { encodeTicket, TICKET_ADDRESSES_MAX } from './ticket.ts'

const HOUR_MS = 3_600_000

/** Long enough to set up the other machines, short enough to be worthless in an old log. */
export const TICKET_VALID_FOR_MS = 24 * HOUR_MS

/** A site is set up with one line; a ticket that got about does not let a crowd in. */
export const TICKET_USES = 32

const SCHEMA_VERSION = 1

export interface TicketOfficeDeps {
  readonly self: PeerId
  readonly meshId: MeshId
  readonly agreement: Pick<PolicyCopy, 'change'>
  readonly clock: Clock
  readonly entropy: Entropy
  /** Where joiners can reach us. */
  readonly addresses: () => readonly string[]
}

/**
 * @throws MeshError ERR_UNREACHABLE if there is no address to put into it, ERR_NO_QUORUM,
 * ERR_CONFLICT if there are too many that are good.
 */
export async function issueTicket(
  deps: TicketOfficeDeps,
  { validForMs = TICKET_VALID_FOR_MS, uses = TICKET_USES, role = 'member' }: TicketOptions,
): Promise<string> {
  const { self, meshId, agreement, clock, entropy } = deps
  const addresses = deps.addresses().slice(0, TICKET_ADDRESSES_MAX)
  if (addresses.length === 0) throw noAddress()
  const ticketId = entropy.bytes(TICKET_ID_BYTES)
  const secret = entropy.bytes(TICKET_SECRET_BYTES)
  const expiresAtWallMs = Math.round(clock.wallMs() + validForMs)
  const author = `peer:${self}`
  const put: Operation = {
    type: 'put',
    kind: 'tickets',
    name: hex(ticketId),
    schemaVersion: SCHEMA_VERSION,
    spec: {
      hash: hex(ticketHash(nodeCrypto, secret)),
      role,
      expiresAtMs: expiresAtWallMs,
      usesLeft: uses,
    },
    expected: 'absent',
  }
  let outcome = await agreement.change(put, { author })
  if (isFull(outcome)) {
    await agreement.change({ type: 'purge-expired', kinds: ['tickets'] }, { author })
    outcome = await agreement.change(put, { author })
  }
  if (outcome.status === 'refused') throw refusalError(outcome)
  return encodeTicket({ meshId, ticketId, secret, expiresAtWallMs, peer: self, addresses })
}

function isFull(outcome: Outcome): boolean {
  return outcome.status === 'refused' && outcome.code === 'too-many'
}

function noAddress(): MeshError {
  return new MeshError('expected an address where others reach this peer, found none', {
    code: 'ERR_UNREACHABLE',
    hint: 'Set p2p.announce, or listen on an address of this machine with --p2p-host.',
  })
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
