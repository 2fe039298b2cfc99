/**
 * The network port of one process in the world.
 *
 * Does what src/node/libp2p does as seen from the port: admitted connections (two sides that dial
 * at once make two), lanes opened on the oldest, claims by gossip, a newcomer with our neighbour's
 * identity told from a restart.
 */
import { MeshError } from '../../src/core/errors.ts'
import type { PeerId } from '../../src/core/ids.ts'
import type { GossipStatus, LaneChannel, Network, NetworkEvents } from '../../src/node/network.ts'
import { checkClock } from '../../src/protocols/admission.ts'
import { HELLO_CLAIMS_MAX } from '../../src/protocols/hello.ts'
import type { EventLog } from '../event-log.ts'
import type { Process } from '../process.ts'
import type { ConnectionEnd, EndOwner } from './connection.ts'
import { Dialing, EXCHANGE_TIMEOUT_MS } from './dialing.ts'
import { GossipNode, type GossipQuality } from './gossip.ts'
import type { Internet } from './internet.ts'
import type { Traffic } from './traffic.ts'

/** Connections kept to one peer, as in src/node/libp2p/links.ts. */
const CONNECTIONS_PER_PEER_MAX = 4

/** Bytes of a frame that opens a stream, and of its answer. */
const OPEN_BYTES = 40

type End = ConnectionEnd<SimNetwork>

export interface SimNetworkInit {
  readonly peer: PeerId
  readonly hostIndex: number
  readonly address: string
  readonly process: Process
  readonly traffic: Traffic
  readonly internet: Internet
  readonly events: NetworkEvents
  /** Encoded SignedClaims for greetings, our own first. */
  readonly claims: () => readonly Uint8Array[]
  readonly wallMs: () => number
  /** Different for every process. */
  readonly instanceId: Uint8Array
  readonly gossip: GossipQuality
  readonly seed: number
}

export class SimNetwork implements Network, EndOwner {
  readonly peer: PeerId
  readonly hostIndex: number
  readonly process: Process
  readonly traffic: Traffic
  readonly events: NetworkEvents
  readonly instanceId: Uint8Array
  readonly gossipNode: GossipNode
  readonly log: EventLog
  readonly #init: SimNetworkInit
  /** Peer → its admitted connections, the oldest first. */
  readonly #links = new Map<PeerId, Set<End>>()
  readonly #dials = new Map<PeerId, Promise<void>>()
  #isClosed = false

  constructor(init: SimNetworkInit) {
    this.#init = init
    this.peer = init.peer
    this.hostIndex = init.hostIndex
    this.process = init.process
    this.traffic = init.traffic
    this.events = init.events
    this.instanceId = init.instanceId
    this.log = init.internet.log
    this.gossipNode = new GossipNode(this, init)
  }

  get connected(): readonly PeerId[] {
    return [...this.#links.keys()]
  }

  /** Whether bytes go to the peer and come back, as far as they were sent. */
  isInTouch(peer: PeerId): boolean {
    const end = this.#endTo(peer)
    return end !== undefined && !end.pipe.isHolding && !end.other.pipe.isHolding
  }

  addresses(): readonly string[] {
    return [this.#init.address]
  }

  claims(): readonly Uint8Array[] {
    return this.#init.claims().slice(0, HELLO_CLAIMS_MAX)
  }

  async dial(peer: PeerId, addresses: readonly string[]): Promise<void> {
    if (this.#links.has(peer)) return
    const dialing = this.#dials.get(peer) ?? this.#dial(peer, addresses)
    this.#dials.set(peer, dialing)
    try {
      await dialing
    } finally {
      this.#dials.delete(peer)
    }
  }

  disconnect(peer: PeerId, error?: Error): void {
    const end = this.#endTo(peer)
    if (error === undefined) end?.close()
    else end?.abort(error)
  }

  openLane(peer: PeerId): Promise<LaneChannel> {
    return new Promise((resolve, reject) => {
      const { time } = this.#init.internet
      const end = this.#endTo(peer)
      if (end === undefined) {
        reject(noConnection(peer))
        return
      }
      let isLate = false
      const timeout = time.after(EXCHANGE_TIMEOUT_MS, () => {
        isLate = true
        this.process.arrival(() => reject(noConnection(peer)))
      })
      end.send('lane', OPEN_BYTES, () => {
        const ours = end.openChannel()
        // The answer first: what the listener sends at once comes after it.
        end.other.send('lane', OPEN_BYTES, () => {
          time.cancel(timeout)
          if (isLate) ours.abort(noConnection(peer))
          else resolve(ours)
        })
        end.other.owner.events.laneOpened(this.peer, ours.other)
      })
    })
  }

  async publish(signedClaim: Uint8Array): Promise<void> {
    this.gossipNode.publish(signedClaim)
  }

  gossip(): GossipStatus {
    const { gossip } = this.traffic
    return {
      bytesSent: gossip.payloadBytesSent,
      bytesReceived: gossip.payloadBytesReceived,
      messagesSent: gossip.messagesSent,
      messagesReceived: gossip.messagesReceived,
      rejectedCount: 0,
      neighbourCount: this.gossipNode.neighbourCount,
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const end of this.#ends()) end.close()
  }

  /** A connection has been admitted. */
  admit(end: End, greeting: { claims: readonly Uint8Array[]; rttMs: number }): void {
    const { owner } = end.other
    const known = this.#links.get(owner.peer)
    if (this.#isClosed || (known?.size ?? 0) >= CONNECTIONS_PER_PEER_MAX) {
      end.close()
      return
    }
    if (known === undefined) this.#links.set(owner.peer, new Set([end]))
    else known.add(end)
    this.gossipNode.connectionOpened(end)
    if (known !== undefined) return
    this.log.write(this.#nowMs, `n${this.hostIndex} connected n${owner.hostIndex}`)
    const { instanceId } = owner
    this.events.connected(owner.peer, { instanceId, software: 'sim', features: [], ...greeting })
  }

  /** Whether the clocks of both are near enough, as hello asks. */
  checkWallClock(newcomer: SimNetwork): MeshError | undefined {
    try {
      checkClock(this.#init.wallMs(), newcomer.#init.wallMs())
      return undefined
    } catch (error) {
      if (error instanceof MeshError) return error
      throw error
    }
  }

  /** Whether a process may come in beside those of its peer that are connected. */
  checkInstance(newcomer: SimNetwork): MeshError | undefined {
    for (const end of this.#links.get(newcomer.peer) ?? []) {
      const { owner } = end.other
      if (owner === newcomer) continue
      if (!owner.process.isGone) return inUse(newcomer.peer)
      end.reset()
    }
    return undefined
  }

  closed(end: End): void {
    const { owner } = end.other
    const links = this.#links.get(owner.peer)
    this.gossipNode.connectionClosed(end)
    if (links === undefined || !links.delete(end)) return
    const [next] = links
    if (next !== undefined) {
      this.gossipNode.connectionOpened(next)
      return
    }
    this.#links.delete(owner.peer)
    this.log.write(this.#nowMs, `n${this.hostIndex} disconnected n${owner.hostIndex}`)
    this.events.disconnected(owner.peer)
  }

  /** The process is gone; `isTold`: its kernel closes what it had open. */
  die(isTold: boolean): void {
    this.#isClosed = true
    for (const end of this.#ends()) end.die(isTold)
  }

  resetConnectionsTo(hostIndex: number): void {
    for (const end of this.#ends()) {
      if (end.other.owner.hostIndex !== hostIndex) continue
      end.other.reset()
      end.reset()
    }
  }

  get #nowMs(): number {
    return this.#init.internet.time.nowMs
  }

  #dial(peer: PeerId, addresses: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      new Dialing(this.#init.internet, this, { peer, addresses }, { resolve, reject }).start()
    })
  }

  #endTo(peer: PeerId): End | undefined {
    for (const end of this.#links.get(peer) ?? []) if (end.isOpen) return end
    return undefined
  }

  #ends(): readonly End[] {
    return [...this.#links.values()].flatMap(ends => [...ends])
  }
}

function noConnection(peer: PeerId): MeshError {
  return new MeshError(`expected a connection to ${peer}, found none`, { code: 'ERR_UNREACHABLE' })
}

function inUse(peer: PeerId): MeshError {
  return new MeshError(
    `expected one process with the identity ${peer}, found another one that is connected and alive`,
    { code: 'ERR_IDENTITY_IN_USE' },
  )
}
