/**
 * Becomes a member with a ticket: dials one of its addresses and runs the join protocol.
 *
 * A node that only dials does it, and is gone afterwards; the peer itself starts when it knows
 * its mesh. Everything together stays within ten seconds.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { hasCode, MeshError } from '../../core/errors.ts'
import type { Introduction } from '../../protocols/admission.ts'
import { JOIN_PROTOCOL, requestJoin } from '../../protocols/join.ts'
import type { Identity } from '../storage/identity.ts'
import type { MeshMemory } from '../storage/mesh-file.ts'
import type { Ticket } from '../ticket.ts'
import { createNode, DIAL_TIMEOUT_MS } from './create-node.ts'
import { dialError } from './dial-error.ts'
import { frameStream } from './frame-stream.ts'

/** Until we have proved ourselves; the welcome may be longer. */
const FRAME_MAX_BYTES = 8 * 1024

/** Longer than the other side waits for the mesh to agree. */
const EXCHANGE_TIMEOUT_MS = 4_500

/**
 * @param introduction Who we are; its mesh id is the ticket's.
 * @throws MeshError ERR_UNREACHABLE, ERR_TICKET_EXPIRED, ERR_TICKET_REJECTED, ERR_TICKET_USED_UP,
 * ERR_PEER_DENIED, ERR_CONFLICT, ERR_NO_QUORUM, ERR_WRONG_MESH, ERR_VERSION, ERR_CLOCK_SKEW,
 * ERR_IDENTITY_IN_USE.
 */
export async function joinMesh(
  identity: Identity,
  ticket: Ticket,
  introduction: Introduction,
): Promise<Pick<MeshMemory, 'meshId' | 'rosterIndex' | 'peers'>> {
  const { peer, addresses, meshId } = ticket
  if (peer === identity.peerId) throw ownTicket(peer)
  const node = await createNode({ identity, listen: [], announce: [], services: {} })
  try {
    const targets = addresses.map(address => multiaddr(address).encapsulate(`/p2p/${peer}`))
    const connection = await node.dial(targets, { signal: AbortSignal.timeout(DIAL_TIMEOUT_MS) })
    const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)
    const stream = await connection.newStream(JOIN_PROTOCOL, { signal })
    const frames = frameStream(stream, FRAME_MAX_BYTES)
    const pair = { remote: peer, signal, ticket }
    const { rosterIndex, members } = await requestJoin(frames, introduction, pair)
    const others = members.filter(member => member.peer !== peer && member.peer !== identity.peerId)
    return { meshId, rosterIndex, peers: [{ peer, addresses }, ...others] }
  } catch (error) {
    throw explain(ticket, introduction.wallMs(), dialError({ peer, addresses }, error))
  } finally {
    // Nothing is left to be said. A graceful close may wait long for a side that has gone.
    for (const connection of node.getConnections()) connection.abort(new Error('joining is over'))
    await node.stop()
  }
}

function ownTicket(peer: string): MeshError {
  return new MeshError(
    `expected a ticket of another peer, found one that ${peer} made: that is this identity`,
    {
      code: 'ERR_IDENTITY_IN_USE',
      hint: 'Run `skein join` on the other machine; every machine has a data folder of its own.',
    },
  )
}

/** An old ticket often points to a machine that is long gone: say both. */
function explain(ticket: Ticket, wallMs: number, error: MeshError): MeshError {
  if (!hasCode(error, 'ERR_UNREACHABLE') || wallMs <= ticket.expiresAtWallMs) return error
  const expiredAt = new Date(ticket.expiresAtWallMs).toISOString()
  return new MeshError(`${error.message}; the ticket also expired at ${expiredAt}`, {
    code: 'ERR_TICKET_EXPIRED',
    hint: 'Ask for a new ticket (`skein invite`).',
    cause: error,
  })
}
