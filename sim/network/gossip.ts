/**
 * The gossip topic as gossipsub gives it: each process pushes what is new to it to a few
 * neighbours, its own claims to everyone it is connected to.
 *
 *     publish --> every connection        first receipt --> claimHeard, and on to the neighbours
 *
 * Messages travel on the connections, behind what was sent before, and may be lost, come twice or
 * overtake one another on different ways. A copy that would arrive after another one is counted
 * but not delivered, as gossipsub drops it by its id: so a message costs about one event per peer.
 *
 * Simpler than gossipsub: neighbours are agreed at once by both sides, GRAFT and PRUNE cost no
 * bytes, and what a lost message's IHAVE would bring later stays lost. The ids in heartbeats are
 * counted as bytes.
 *
 * Source: libp2p/specs gossipsub v1.1; parameters of src/node/gossip-options.ts.
 */
import type { Random } from '../../src/core/random.ts'
import { gossipOptions } from '../../src/node/gossip-options.ts'
import { forkRandom, isHit, shuffled } from '../chance.ts'
import type { ConnectionEnd } from './connection.ts'
import type { Internet } from './internet.ts'
import type { SimNetwork } from './sim-network.ts'

const { degree, degreeMin, degreeMax, heartbeatIntervalMs } = gossipOptions.parse({})

/** Topic, length and field tags of a message in its RPC. */
const RPC_BYTES = 58

/** An id is told to this many others in three heartbeats, with its tags. */
const LAZY_PEERS_MIN = 6
const LAZY_PEERS_RATIO = 0.25
const LAZY_HEARTBEATS = 3
const LAZY_ID_BYTES = 22

export interface GossipQuality {
  /** Share of copies that are dropped on the way, as by a full outbound buffer. */
  readonly lossRatio: number
  /** Share of first receipts that the topic delivers once more. */
  readonly duplicateRatio: number
}

export const GOSSIP_QUALITY: GossipQuality = { lossRatio: 0.001, duplicateRatio: 0.001 }

type End = ConnectionEnd<SimNetwork>

class GossipMessage {
  readonly bytes: Uint8Array
  /** Host → serial of the process there that has received it. */
  readonly #receivedBy: Int32Array
  /** Host → when the first copy on its way arrives. */
  readonly #arrivesMs: Float64Array

  constructor(bytes: Uint8Array, hostCount: number) {
    this.bytes = bytes
    this.#receivedBy = new Int32Array(hostCount).fill(-1)
    this.#arrivesMs = new Float64Array(hostCount).fill(Number.POSITIVE_INFINITY)
  }

  hasReached({ hostIndex, process }: SimNetwork): boolean {
    return this.#receivedBy[hostIndex] === process.serial
  }

  reaches({ hostIndex, process }: SimNetwork): void {
    this.#receivedBy[hostIndex] = process.serial
  }

  /** @returns Whether no copy gets there sooner. */
  isFirstAt({ hostIndex }: SimNetwork, atMs: number): boolean {
    const first = this.#arrivesMs[hostIndex]
    if (first === undefined || first <= atMs) return false
    this.#arrivesMs[hostIndex] = atMs
    return true
  }

  /** A copy that was on its way has not been taken; others may be first again. */
  missed({ hostIndex }: SimNetwork): void {
    this.#arrivesMs[hostIndex] = Number.POSITIVE_INFINITY
  }
}

export class GossipNode {
  readonly #network: SimNetwork
  readonly #internet: Internet
  readonly #quality: GossipQuality
  readonly #random: Random
  /** Of each peer the one connection that gossip uses. */
  readonly #ends = new Map<SimNetwork, End>()
  readonly #neighbours = new Set<End>()
  #heartbeatAtMs = 0

  constructor(
    network: SimNetwork,
    init: {
      readonly internet: Internet
      readonly gossip: GossipQuality
      readonly seed: number
    },
  ) {
    this.#network = network
    this.#internet = init.internet
    this.#quality = init.gossip
    this.#random = forkRandom(init.seed, 1)
  }

  get neighbourCount(): number {
    return this.#neighbours.size
  }

  connectionOpened(end: End): void {
    const { owner } = end.other
    if (this.#ends.has(owner)) return
    this.#ends.set(owner, end)
    this.#maybeGraft(end)
  }

  connectionClosed(end: End): void {
    if (this.#ends.get(end.other.owner) === end) this.#ends.delete(end.other.owner)
    this.#neighbours.delete(end)
  }

  publish(bytes: Uint8Array): void {
    const message = new GossipMessage(bytes, this.#internet.hostCount)
    message.reaches(this.#network)
    this.#countIds()
    for (const end of this.#ends.values()) this.#push(message, end)
  }

  #receive(message: GossipMessage, from: End): void {
    const { hostIndex, events } = this.#network
    if (message.hasReached(this.#network)) return
    message.reaches(this.#network)
    this.#internet.log.event(this.#internet.time.nowMs, {
      kind: 'gossip',
      node: hostIndex,
      bytes: message.bytes,
    })
    this.#heartbeat()
    this.#countIds()
    for (const end of this.#neighbours) if (end !== from) this.#push(message, end)
    events.claimHeard(message.bytes)
    if (isHit(this.#random, this.#quality.duplicateRatio)) events.claimHeard(message.bytes)
  }

  #push(message: GossipMessage, end: End): void {
    const { time } = this.#internet
    const { owner } = end.other
    const bytes = message.bytes.length + RPC_BYTES
    this.#network.traffic.sent('gossip', bytes)
    if (!end.isOpen || isHit(this.#random, this.#quality.lossRatio)) return
    const arrive = () => this.#arrive(message, end.other)
    const atMs = end.pipe.transit(bytes)
    if (atMs === undefined) end.pipe.hold(bytes, arrive)
    else if (!message.hasReached(owner) && message.isFirstAt(owner, atMs)) time.at(atMs, arrive)
    else owner.traffic.received('gossip', bytes)
  }

  #arrive(message: GossipMessage, at: End): void {
    const { owner } = at
    if (!at.isOpen || owner.process.isGone) message.missed(owner)
    at.receive('gossip', message.bytes.length + RPC_BYTES, () =>
      owner.gossipNode.#receive(message, at),
    )
  }

  /** The ids of a message ride on the next heartbeats to some who are no neighbours. */
  #countIds(): void {
    const others = this.#ends.size - this.#neighbours.size
    const lazy = Math.min(others, Math.max(LAZY_PEERS_MIN, Math.ceil(others * LAZY_PEERS_RATIO)))
    const bytes = Math.max(0, lazy) * LAZY_HEARTBEATS * LAZY_ID_BYTES
    this.#network.traffic.rode('sent', bytes)
    // Everyone tells as many ids as it is told.
    this.#network.traffic.rode('received', bytes)
  }

  /** Repairs the neighbourhood, at most as often as gossipsub does. */
  #heartbeat(): void {
    const { nowMs } = this.#internet.time
    if (nowMs < this.#heartbeatAtMs) return
    this.#heartbeatAtMs = nowMs + heartbeatIntervalMs
    if (this.#neighbours.size < degreeMin) {
      for (const end of shuffled(this.#random, [...this.#ends.values()])) this.#maybeGraft(end)
    }
    if (this.#neighbours.size > degreeMax) this.#prune()
  }

  #maybeGraft(end: End): void {
    if (!end.isOpen || this.#neighbours.size >= degree || this.#neighbours.has(end)) return
    const theirs = end.other.owner.gossipNode
    if (theirs.#neighbours.size >= degreeMax || theirs.#ends.get(this.#network) !== end.other)
      return
    this.#neighbours.add(end)
    theirs.#neighbours.add(end.other)
  }

  #prune(): void {
    const order = shuffled(this.#random, [...this.#neighbours])
    for (const end of order.slice(degree)) {
      this.#neighbours.delete(end)
      end.other.owner.gossipNode.#neighbours.delete(end.other)
    }
  }
}
