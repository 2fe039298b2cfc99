/**
 * Which peers we are connected to: the admitted connections of each, and which process of that
 * peer is at the other end.
 */
import type { Connection } from '@libp2p/interface'
import type { PeerId } from '../../core/ids.ts'

interface Link {
  readonly instanceId: Uint8Array
  readonly connections: Set<Connection>
}

/** Connections kept to one peer. Two sides that dial at once make two; more is a fault. */
const CONNECTIONS_PER_PEER_MAX = 4

export class Links {
  readonly #links = new Map<PeerId, Link>()

  /** @returns Whether it is the first to that peer. */
  add(peer: PeerId, connection: Connection, instanceId: Uint8Array): boolean {
    const link = this.#links.get(peer)
    if (link === undefined) {
      this.#links.set(peer, { instanceId, connections: new Set([connection]) })
      return true
    }
    link.connections.add(connection)
    if (link.connections.size > CONNECTIONS_PER_PEER_MAX) {
      connection.abort(new Error('more connections than one peer needs'))
    }
    return false
  }

  /** @returns Whether it was the last to that peer. */
  remove(peer: PeerId, connection: Connection): boolean {
    const link = this.#links.get(peer)
    if (link === undefined || !link.connections.delete(connection)) return false
    if (link.connections.size > 0) return false
    this.#links.delete(peer)
    return true
  }

  /** An open connection to the peer, the oldest first. */
  connectionTo(peer: PeerId): Connection | undefined {
    for (const connection of this.#links.get(peer)?.connections ?? []) {
      if (connection.status === 'open') return connection
    }
    return undefined
  }

  /** The process of that peer that we are connected to. */
  instanceOf(peer: PeerId): Uint8Array | undefined {
    return this.#links.get(peer)?.instanceId
  }

  connectionsOf(peer: PeerId): readonly Connection[] {
    return [...(this.#links.get(peer)?.connections ?? [])]
  }

  get size(): number {
    return this.#links.size
  }
}
