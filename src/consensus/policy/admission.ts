/**
 * Commands about the peers themselves: founding, joining, leaving, and being cut off.
 *
 * That a joiner holds its ticket is proved to the peer it joins at; here the ticket is judged: that
 * it is one of ours, in time by the clock of that peer, and not used up. All peers judge alike, so a
 * ticket for one peer admits one, wherever two try it at once.
 */
import type { JsonObject } from './canonical.ts'
import type { Operation } from './command.ts'
import { FOUNDER_NODE_ID, type RosterSpec } from './kinds/roster.ts'
import type { TicketSpec } from './kinds/tickets.ts'
import { invalid, type Refusal } from './outcome.ts'
import type { Resource } from './resource.ts'
import type { Transaction } from './transaction.ts'
import { judgeContent, writeResource } from './write-resource.ts'

type Of<Type extends Operation['type']> = Extract<Operation, { readonly type: Type }>

/** Version of the schemas that these commands write. */
const SCHEMA_VERSION = 1

export function foundMesh(
  transaction: Transaction,
  { peer, labels = {} }: Of<'found-mesh'>,
): Refusal | undefined {
  const count = transaction.table.count('roster')
  if (count > 0) {
    const reason = `expected a mesh without peers, found ${count}`
    return { code: 'conflict', reason, hint: 'Join it with a ticket.' }
  }
  return enroll(transaction, {
    peer,
    labels,
    nodeId: FOUNDER_NODE_ID,
    role: 'member',
    ticket: null,
  })
}

export function admitPeer(
  transaction: Transaction,
  { peer, ticket, ticketHash }: Of<'admit-peer'>,
): Refusal | undefined {
  const { table, atMs, index } = transaction
  if (table.get({ kind: 'denied', name: peer }) !== undefined) {
    return {
      code: 'peer-denied',
      reason: `expected a peer that is not denied, found ${peer}, which is`,
      hint: `An admin can take it off the deny-list: \`skein policy delete denied ${peer}\`.`,
    }
  }
  const found = table.get({ kind: 'tickets', name: ticket })?.resource
  if (found === undefined) return ticketRefusal('ticket-unknown', 'found none of this id')
  const spec = ticketSpec(found)
  if (spec.hash !== ticketHash) return ticketRefusal('ticket-rejected', 'found another secret')
  // A joiner that missed the answer asks again; it is not charged twice.
  if (table.get({ kind: 'roster', name: peer }) !== undefined) return undefined
  if (atMs >= spec.expiresAtMs) {
    return ticketRefusal('ticket-expired', `found one that ended ${atMs - spec.expiresAtMs} ms ago`)
  }
  if (spec.usesLeft === 0) return ticketRefusal('ticket-used-up', 'found one without uses left')
  const used: JsonObject = { ...found.spec, usesLeft: spec.usesLeft - 1 }
  table.put({ ...found, spec: used, revision: index })
  const { role, peerLabels: labels } = spec
  return enroll(transaction, { peer, labels, nodeId: index, role, ticket })
}

export function leave(transaction: Transaction, { peer }: Of<'leave'>): Refusal | undefined {
  return writeResource(transaction, { type: 'delete', kind: 'roster', name: peer })
}

/** The deny-list evicts whom it names from the roster, see `kinds/denied.ts`. */
export function deny(transaction: Transaction, { peer, reason }: Of<'deny'>): Refusal | undefined {
  const spec: JsonObject = { reason: reason ?? '' }
  const target = { kind: 'denied', name: peer, schemaVersion: SCHEMA_VERSION }
  return writeResource(transaction, { type: 'put', ...target, spec })
}

/** Of the first version's form, which later ones must keep for what admission reads. */
function ticketSpec({ spec }: Resource): TicketSpec {
  return spec as unknown as TicketSpec
}

function ticketRefusal(code: Refusal['code'], found: string): Refusal {
  return {
    code,
    reason: `expected a ticket that is good for one more peer, ${found}`,
    hint: 'Ask for a new one: `skein invite` on a peer of the mesh.',
  }
}

interface Enrolment extends Pick<RosterSpec, 'nodeId' | 'role' | 'ticket'> {
  readonly peer: string
  readonly labels: Readonly<Record<string, string>>
}

function enroll(
  { table, format, author, atMs, index }: Transaction,
  { peer, labels, ...facts }: Enrolment,
): Refusal | undefined {
  const judgement = judgeContent(format, {
    kind: 'roster',
    name: peer,
    owner: author,
    labels,
    schemaVersion: SCHEMA_VERSION,
    spec: { ...facts, admittedBy: author, admittedAtMs: atMs },
  })
  if (!judgement.isValid) return invalid(judgement.problems)
  table.put({ ...judgement.resource, revision: index })
  return undefined
}
