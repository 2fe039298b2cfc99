/**
 * How the mesh of a world began: with peers that are all on its roster, the first of which decides
 * alone. Joining is not simulated, since a joiner is a process of its own that only dials.
 */
import { encodeCommand, type Operation } from '../src/consensus/policy/command.ts'
import { policyFormat } from '../src/consensus/policy/format.ts'
import type { Snapshot } from '../src/consensus/raft/log/storage.ts'
import { assert } from '../src/core/assert.ts'
import type { PeerId } from '../src/core/ids.ts'
import { digest, snapshotOf } from '../src/node/consensus/open-agreement.ts'
import { PolicyMachine } from '../src/node/consensus/policy-machine.ts'
import { WALL_START_MS } from './node-clock.ts'

const TICKET = 'a1b2c3d4e5f60718'
const TICKET_HASH = '0123456789abcdef0123456789abcdef'

/** The state of a mesh whose roster has these peers. */
export function foundingOf(peers: readonly PeerId[]): Snapshot {
  const machine = new PolicyMachine({ digest })
  const [founder, ...others] = peers
  assert(founder !== undefined, 'a mesh has a founder')
  const operations: readonly Operation[] = [
    { type: 'found-mesh', peer: founder },
    ...(others.length === 0 ? [] : [ticketFor(others.length)]),
    ...others.map(
      peer => ({ type: 'admit-peer', peer, ticket: TICKET, ticketHash: TICKET_HASH }) as const,
    ),
  ]
  for (const [position, operation] of operations.entries()) apply(machine, position + 1, operation)
  return snapshotOf(machine, { index: operations.length, term: 1 })
}

function ticketFor(usesLeft: number): Operation {
  return {
    type: 'put',
    kind: 'tickets',
    name: TICKET,
    schemaVersion: 1,
    spec: { hash: TICKET_HASH, usesLeft, expiresAtMs: WALL_START_MS + 86_400_000 },
  }
}

function apply(machine: PolicyMachine, index: number, operation: Operation): void {
  const requestId = `founding-${`${index}`.padStart(8, '0')}`
  const command = { requestId, author: 'world', atMs: WALL_START_MS, operation }
  const text = encodeCommand(command, policyFormat)
  const { result } = machine.apply(index, new TextEncoder().encode(text))
  assert(result?.status === 'applied', `the founding is lawful: ${JSON.stringify(result)}`)
}
