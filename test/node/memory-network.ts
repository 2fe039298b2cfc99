/**
 * Networks in memory: peers of one process, joined by function calls, whose links a test cuts.
 *
 * Everything one side does reaches the other in a microtask of its own, in order, so nothing is
 * called back from within itself, as with real streams. There is no time here and no chance.
 */
import { MeshError } from '../../src/core/errors.ts'
import type { PeerId } from '../../src/core/ids.ts'
import type {
  GossipStatus,
  LaneChannel,
  LaneChannelListener,
  Network,
  NetworkEvents,
} from '../../src/node/network.ts'
import type { Greeting } from '../../src/protocols/hello.ts'

export interface MemoryPeer {
  readonly peer: PeerId
  readonly events: NetworkEvents
  /** Encoded SignedClaims for greetings. */
  readonly claims: () => readonly Uint8Array[]
}

const later = (run: () => void): void => queueMicrotask(run)

/** One end of a stream. */
class MemoryChannel implements LaneChannel {
  readonly isDialer: boolean
  other: MemoryChannel | undefined
  /** What came before anybody listened. */
  readonly #early: ((listener: LaneChannelListener) => void)[] = []
  #listener: LaneChannelListener | undefined
  #isClosed = false

  constructor(isDialer: boolean) {
    this.isDialer = isDialer
  }

  send(bytes: Uint8Array): boolean {
    const { other } = this
    if (!this.#isClosed) later(() => other?.deliver(listener => listener.onBytes(bytes)))
    return true
  }

  abort(error: Error): void {
    this.close(error)
    later(() => this.other?.close(new Error('the other side gave the stream up')))
  }

  attach(listener: LaneChannelListener): void {
    this.#listener = listener
    for (const deliver of this.#early.splice(0)) deliver(listener)
  }

  deliver(event: (listener: LaneChannelListener) => void): void {
    if (this.#isClosed) return
    if (this.#listener === undefined) this.#early.push(event)
    else event(this.#listener)
  }

  close(error: Error | undefined): void {
    this.deliver(listener => listener.onClose(error))
    this.#isClosed = true
  }
}

/** Where all networks of a test meet. */
export class MemoryWorld {
  readonly #networks = new Map<PeerId, MemoryNetwork>()
  /** Pairs that cannot reach each other. */
  readonly #cuts = new Set<string>()

  start(peer: MemoryPeer): MemoryNetwork {
    const network = new MemoryNetwork(peer, this)
    this.#networks.set(peer.peer, network)
    return network
  }

  /** Ends the connection between two peers, and lets none be made until `heal`. */
  cut(a: PeerId, b: PeerId): void {
    this.#cuts.add(pairOf(a, b))
    this.#networks.get(a)?.drop(b)
    this.#networks.get(b)?.drop(a)
  }

  /** Ends the streams between two peers; the connection stays. */
  breakStreams(a: PeerId, b: PeerId): void {
    this.#networks.get(a)?.breakStreams(b)
  }

  heal(a: PeerId, b: PeerId): void {
    this.#cuts.delete(pairOf(a, b))
  }

  /** The network of a peer that answers; `undefined` if none does. */
  reach(from: PeerId, to: PeerId): MemoryNetwork | undefined {
    return this.#cuts.has(pairOf(from, to)) ? undefined : this.#networks.get(to)
  }

  remove(peer: PeerId): void {
    this.#networks.delete(peer)
  }
}

const pairOf = (a: PeerId, b: PeerId) => [a, b].toSorted().join(' ')

export class MemoryNetwork implements Network {
  readonly peer: MemoryPeer
  readonly #world: MemoryWorld
  /** Peer → the streams to it. */
  readonly #links = new Map<PeerId, Set<MemoryChannel>>()
  /** Peers dialled, in order, whether they answered or not. */
  readonly dials: PeerId[] = []
  /** Streams opened, in order. */
  readonly opens: PeerId[] = []
  publishedCount = 0
  #receivedCount = 0

  constructor(peer: MemoryPeer, world: MemoryWorld) {
    this.peer = peer
    this.#world = world
  }

  get connected(): readonly PeerId[] {
    return [...this.#links.keys()]
  }

  addresses(): readonly string[] {
    return [`/memory/${this.peer.peer}`]
  }

  async dial(peer: PeerId): Promise<void> {
    this.dials.push(peer)
    if (this.#links.has(peer)) return
    const other = this.#world.reach(this.peer.peer, peer)
    if (other === undefined) throw unreachable(peer)
    this.link(other)
    other.link(this)
  }

  disconnect(peer: PeerId): void {
    this.#world.reach(this.peer.peer, peer)?.drop(this.peer.peer)
    this.drop(peer)
  }

  async openLane(peer: PeerId): Promise<LaneChannel> {
    this.opens.push(peer)
    const other = this.#world.reach(this.peer.peer, peer)
    if (other === undefined || !this.#links.has(peer)) throw unreachable(peer)
    const [ours, theirs] = [new MemoryChannel(true), new MemoryChannel(false)]
    ours.other = theirs
    theirs.other = ours
    this.#links.get(peer)?.add(ours)
    other.#links.get(this.peer.peer)?.add(theirs)
    later(() => other.peer.events.laneOpened(this.peer.peer, theirs))
    return ours
  }

  async publish(signedClaim: Uint8Array): Promise<void> {
    this.publishedCount += 1
    for (const peer of this.connected) {
      const other = this.#world.reach(this.peer.peer, peer)
      later(() => other?.hear(signedClaim))
    }
  }

  gossip(): GossipStatus {
    return {
      bytesSent: 0,
      bytesReceived: 0,
      messagesSent: this.publishedCount,
      messagesReceived: this.#receivedCount,
      rejectedCount: 0,
      neighbourCount: this.#links.size,
    }
  }

  async close(): Promise<void> {
    this.#world.remove(this.peer.peer)
    for (const peer of this.connected) {
      this.#world.reach(this.peer.peer, peer)?.drop(this.peer.peer)
      this.drop(peer)
    }
  }

  hear(signedClaim: Uint8Array): void {
    this.#receivedCount += 1
    this.peer.events.claimHeard(signedClaim)
  }

  link(other: MemoryNetwork): void {
    const { peer, claims } = other.peer
    this.#links.set(peer, new Set())
    const greeting: Greeting = {
      instanceId: new Uint8Array(16),
      software: 'test',
      features: [],
      claims: claims(),
      rttMs: 1,
    }
    later(() => this.peer.events.connected(peer, greeting))
  }

  breakStreams(peer: PeerId): void {
    const channels = this.#links.get(peer) ?? []
    for (const channel of channels) channel.abort(new Error('the stream broke'))
  }

  /** The connection to that peer is gone. */
  drop(peer: PeerId): void {
    const channels = this.#links.get(peer)
    if (channels === undefined) return
    this.#links.delete(peer)
    for (const channel of channels) later(() => channel.close(new Error('the connection is gone')))
    later(() => this.peer.events.disconnected(peer))
  }
}

function unreachable(peer: PeerId): MeshError {
  return new MeshError(`expected ${peer} to answer, found nobody`, { code: 'ERR_UNREACHABLE' })
}
