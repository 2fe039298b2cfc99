/**
 * The network port: what a peer asks of whatever carries its bytes to other peers.
 *
 * Production is libp2p (`src/node/libp2p`); the simulator brings its own. A peer appears in
 * `connected` only when it has said hello and the roster names it.
 */
import type { MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { Greeting } from '../protocols/hello.ts'

/** One long-lived, ordered, reliable stream to a peer, on which a lane runs. */
export interface LaneChannel {
  /** Whether we opened it. */
  readonly isDialer: boolean
  /** `false`: the channel is full, wait for `onDrain`. */
  send(bytes: Uint8Array): boolean
  abort(error: Error): void
  /** Called once, before any byte is delivered. */
  attach(listener: LaneChannelListener): void
}

export interface LaneChannelListener {
  readonly onBytes: (bytes: Uint8Array) => void
  readonly onDrain: () => void
  /** `undefined`: closed in good order. */
  readonly onClose: (error: Error | undefined) => void
}

export interface NetworkEvents {
  /** The first connection to the peer has been admitted. */
  connected(peer: PeerId, greeting: Greeting): void
  /** The last connection to the peer is gone. */
  disconnected(peer: PeerId): void
  /** The peer opened a lane to us. */
  laneOpened(peer: PeerId, channel: LaneChannel): void
  /** Encoded SignedClaims, by gossip or greeting. They are checked already. */
  claimHeard(signedClaim: Uint8Array): void
  /** A member that we dialled says that we do not belong to the mesh. */
  expelled(error: MeshError): void
}

export interface GossipStatus {
  readonly bytesSent: number
  readonly bytesReceived: number
  readonly messagesReceived: number
  readonly messagesSent: number
  /** Claims that were no claims of their author. */
  readonly rejectedCount: number
  /** Neighbours in the gossip mesh. 0 while there are other peers means we hear nothing. */
  readonly neighbourCount: number
}

export interface Network {
  /** Multiaddrs that others can dial, without our id; those of the loopback only if no other. */
  addresses(): readonly string[]

  /**
   * Connects and says hello. Resolves when the peer is admitted, at once if it already is.
   *
   * @throws MeshError ERR_UNREACHABLE (`details.isRefused`: nobody listens there), ERR_WRONG_MESH, ERR_VERSION, ERR_CLOCK_SKEW,
   * ERR_IDENTITY_IN_USE; ERR_PEER_DENIED, ERR_NOT_A_MEMBER, ERR_NO_QUORUM: one of us does not find
   * the other on the roster.
   */
  dial(peer: PeerId, addresses: readonly string[]): Promise<void>

  /**
   * Ends the connection, if there is one. With an error at once and whatever is under way is
   * lost, for a peer that does not read any more would keep it open.
   */
  disconnect(peer: PeerId, error?: Error): void

  /** @throws MeshError ERR_UNREACHABLE if there is no connection or it fails. */
  openLane(peer: PeerId): Promise<LaneChannel>

  /** Gossips an encoded SignedClaim. */
  publish(signedClaim: Uint8Array): Promise<void>

  gossip(): GossipStatus

  close(): Promise<void>
}
