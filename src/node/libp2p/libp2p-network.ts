/**
 * The network port by libp2p: admitted connections, one lane stream to each peer, gossip.
 *
 *     connection opens --hello--> admitted --identify--> gossipsub opens its streams
 *           |                        '--> NetworkEvents.connected, lanes may open
 *           '--no hello in time, or refused--> closed
 *
 * The dialer says hello as soon as the connection is open; the listener answers, and serves
 * nothing else but join until then (see admission-gate.ts). Both ask the door first whether the
 * other is on the roster.
 */
import type { GossipSub } from '@libp2p/gossipsub'
import { type Identify, identify } from '@libp2p/identify'
import type { Connection, ServiceMap, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Libp2p } from 'libp2p'
import { MeshError } from '../../core/errors.ts'
import type { MeshId, PeerId } from '../../core/ids.ts'
import { isExpulsion, refuse } from '../../protocols/admission.ts'
import type { FrameStream } from '../../protocols/frame-stream.ts'
import {
  answerHello,
  type Greeter,
  type Greeting,
  HELLO_PROTOCOL,
  sayHello,
} from '../../protocols/hello.ts'
import { answerJoin, type Candidate, JOIN_PROTOCOL } from '../../protocols/join.ts'
import type { Door } from '../admission/admission.ts'
import { notAMemberError } from '../admission/expulsion.ts'
import type { Clock } from '../clock.ts'
import type { GossipOptions } from '../gossip-options.ts'
import type { Logger } from '../log.ts'
import type { GossipStatus, LaneChannel, Network, NetworkEvents } from '../network.ts'
import type { Identity } from '../storage/identity.ts'
import { reachableAddresses } from './addresses.ts'
import { AdmissionGate } from './admission-gate.ts'
import { createNode, DIAL_TIMEOUT_MS } from './create-node.ts'
import { dialError } from './dial-error.ts'
import { frameStream } from './frame-stream.ts'
import { ClaimsTopic, createGossip } from './gossip.ts'
import { checkInstance } from './instance-check.ts'
import { laneChannel } from './lane-channel.ts'
import { Links } from './links.ts'

export const LANE_PROTOCOL = '/skein/lane/1.0.0'

/** Before a stranger has proved anything, we read no more than this. */
const STRANGER_FRAME_MAX_BYTES = 8 * 1024

/** For one exchange of hello or join. */
const EXCHANGE_TIMEOUT_MS = 5_000

const ADMISSION = { admissionTimeoutMs: 10_000, pendingMax: 64 }

/** How long a refused peer has to read why. */
const LAST_WORD_MS = 1_000

export interface NetworkInit {
  readonly identity: Identity
  readonly meshId: MeshId
  readonly greeter: Greeter
  readonly door: Door
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly gossip: GossipOptions
  readonly clock: Clock
  readonly logger: Logger
  readonly isGenuine: (signedClaim: Uint8Array) => Promise<boolean>
}

interface Services extends ServiceMap {
  identify: Identify
  gossip: GossipSub
}

export class Libp2pNetwork implements Network {
  readonly #init: NetworkInit
  readonly #events: NetworkEvents
  readonly #gate: AdmissionGate
  readonly #links = new Links()
  /** Dials under way, so that one peer is never dialled twice at once. */
  readonly #dials = new Map<PeerId, Promise<void>>()
  #node!: Libp2p<Services>
  #claims!: ClaimsTopic

  private constructor(init: NetworkInit, events: NetworkEvents) {
    this.#init = init
    this.#events = events
    this.#gate = new AdmissionGate(init.clock, ADMISSION)
  }

  /** @throws MeshError ERR_LISTEN. */
  static async start(init: NetworkInit, events: NetworkEvents): Promise<Libp2pNetwork> {
    const network = new Libp2pNetwork(init, events)
    await network.#start()
    return network
  }

  addresses(): readonly string[] {
    return reachableAddresses(this.#node.getMultiaddrs().map(address => address.toString()))
  }

  async dial(peer: PeerId, addresses: readonly string[]): Promise<void> {
    if (this.#links.connectionTo(peer) !== undefined) return
    const dialing = this.#dials.get(peer) ?? this.#dial(peer, addresses)
    this.#dials.set(peer, dialing)
    try {
      await dialing
    } finally {
      this.#dials.delete(peer)
    }
  }

  disconnect(peer: PeerId, reason?: Error): void {
    // There may be two, if both sides dialled at one moment.
    for (const connection of this.#links.connectionsOf(peer)) {
      if (reason !== undefined) {
        connection.abort(reason)
        continue
      }
      connection.close().catch((error: unknown) => {
        this.#init.logger.info('a connection did not close in good order', { peer, error })
      })
    }
  }

  async openLane(peer: PeerId): Promise<LaneChannel> {
    const connection = this.#links.connectionTo(peer)
    if (connection === undefined) {
      throw new MeshError(`expected a connection to ${peer}, found none`, {
        code: 'ERR_UNREACHABLE',
      })
    }
    try {
      const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)
      return laneChannel(await connection.newStream(LANE_PROTOCOL, { signal }), true)
    } catch (error) {
      throw dialError({ peer, addresses: [connection.remoteAddr.toString()] }, error)
    }
  }

  publish(signedClaim: Uint8Array): Promise<void> {
    return this.#claims.publish(signedClaim)
  }

  gossip(): GossipStatus {
    return this.#claims.status()
  }

  async close(): Promise<void> {
    await this.#node.stop()
  }

  async #start(): Promise<void> {
    const { identity, listen, announce, meshId, gossip } = this.#init
    this.#node = await createNode<Services>({
      identity,
      listen,
      announce,
      services: {
        identify: components =>
          identify({ runOnConnectionOpen: false })({
            peerId: components.peerId,
            privateKey: components.privateKey,
            peerStore: components.peerStore,
            addressManager: components.addressManager,
            events: components.events,
            logger: components.logger,
            nodeInfo: components.nodeInfo,
            registrar: this.#gate.guardRegistrar(components.registrar),
          }),
        gossip: createGossip(meshId, gossip, this.#gate),
      },
    })
    this.#claims = new ClaimsTopic(this.#node.services.gossip, meshId, {
      isGenuine: this.#init.isGenuine,
      onClaim: bytes => this.#events.claimHeard(bytes),
    })
    this.#node.addEventListener('connection:open', ({ detail }) => this.#gate.opened(detail))
    this.#node.addEventListener('connection:close', ({ detail }) => this.#onClosed(detail))
    await this.#serve()
  }

  async #serve(): Promise<void> {
    const one = { maxInboundStreams: 1, maxOutboundStreams: 2 }
    await this.#node.handle(HELLO_PROTOCOL, (stream, at) => this.#onHello(stream, at), one)
    await this.#node.handle(JOIN_PROTOCOL, (stream, at) => this.#onJoin(stream, at), one)
    const lane = this.#gate.guard((stream, connection) => {
      this.#events.laneOpened(connection.remotePeer.toString(), laneChannel(stream, false))
    })
    // Paused before the gate may make it wait, or its first bytes would have no listener.
    await this.#node.handle(
      LANE_PROTOCOL,
      (stream, connection) => {
        stream.pause()
        return lane(stream, connection)
      },
      { maxInboundStreams: 4, maxOutboundStreams: 4 },
    )
  }

  async #dial(peer: PeerId, addresses: readonly string[]): Promise<void> {
    const id = peerIdFromString(peer)
    const targets = addresses.map(address => multiaddr(address).encapsulate(`/p2p/${peer}`))
    try {
      const signal = AbortSignal.timeout(DIAL_TIMEOUT_MS)
      await this.#node.peerStore.merge(id, { multiaddrs: targets })
      await this.#greet(await this.#node.dial(targets, { signal }))
    } catch (error) {
      if (isExpulsion(error)) this.#events.expelled(error)
      throw dialError({ peer, addresses }, error)
    }
  }

  async #greet(connection: Connection): Promise<void> {
    if (this.#gate.isAdmitted(connection)) return
    const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)
    const remote = connection.remotePeer.toString()
    try {
      await this.#init.door.recognise(remote)
      const stream = await connection.newStream(HELLO_PROTOCOL, { signal })
      const frames = frameStream(stream, STRANGER_FRAME_MAX_BYTES)
      const greeting = await sayHello(frames, this.#init.greeter, signal)
      this.#admit(connection, greeting)
    } catch (error) {
      connection.abort(error instanceof Error ? error : new Error(String(error)))
      throw error
    }
  }

  async #onHello(stream: Stream, connection: Connection): Promise<void> {
    const remote = connection.remotePeer.toString()
    await this.#answer(stream, connection, async (frames, signal) => {
      const admit = async (instanceId: Uint8Array) => {
        await this.#init.door.recognise(remote)
        await checkInstance(this.#links, remote, instanceId)
      }
      const greeting = await answerHello(frames, this.#init.greeter, { signal, admit })
      this.#admit(connection, greeting)
    })
  }

  async #onJoin(stream: Stream, connection: Connection): Promise<void> {
    const remote = connection.remotePeer.toString()
    await this.#answer(stream, connection, async (frames, signal) => {
      const admit = async (candidate: Candidate) => {
        await checkInstance(this.#links, remote, candidate.instanceId)
        return await this.#init.door.admit(remote, candidate)
      }
      await answerJoin(frames, this.#init.greeter, { remote, signal, admit })
      this.#init.logger.info('admitted a peer for its ticket', { peer: remote })
    })
  }

  /** Runs one inbound exchange; tells the other side why if it fails, and lets it go. */
  async #answer(
    stream: Stream,
    connection: Connection,
    exchange: (frames: FrameStream, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const frames = frameStream(stream, STRANGER_FRAME_MAX_BYTES)
    const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS)
    try {
      await exchange(frames, signal)
    } catch (error) {
      await this.#turnAway({ frames, connection, error, protocol: stream.protocol })
    }
  }

  async #turnAway(at: {
    frames: FrameStream
    connection: Connection
    error: unknown
    protocol: string
  }): Promise<void> {
    const { connection, error, frames } = at
    const facts = { peer: connection.remotePeer.toString(), protocol: at.protocol, error }
    this.#init.logger.info('an exchange with a peer failed', facts)
    if (this.#gate.isAdmitted(connection)) {
      frames.abort(error instanceof Error ? error : new Error(String(error)))
      return
    }
    // The other side closes when it has read why. If we did, a byte of its that is still under
    // way would make TCP discard what it has not read yet.
    const closed = new Promise<void>(resolve => {
      connection.addEventListener('close', () => resolve(), { once: true })
      const { clock } = this.#init
      clock.wakeAt(clock.nowMs() + LAST_WORD_MS, resolve)
    })
    try {
      if (error instanceof MeshError) {
        await refuse(frames, error, AbortSignal.timeout(LAST_WORD_MS))
        await closed
      }
    } finally {
      connection.abort(new Error('not admitted'))
    }
  }

  #admit(connection: Connection, greeting: Greeting): void {
    const peer = connection.remotePeer.toString()
    // Its end has been told already: a link added now would stay for ever.
    if (connection.status !== 'open') throw closedMeanwhile(peer)
    // It may have been cut off during the greeting; whoever did looked at the links only.
    if (!this.#init.door.isMember(peer)) throw notAMemberError(peer)
    this.#gate.admit(connection)
    const isFirst = this.#links.add(peer, connection, greeting.instanceId)
    // Tells gossipsub which protocols the other side speaks; it then opens its own streams.
    this.#node.services.identify.identify(connection).catch((error: unknown) => {
      if (connection.status !== 'open') return
      this.#init.logger.warn('identify failed', { peer, error })
      connection.abort(error instanceof Error ? error : new Error(String(error)))
    })
    if (isFirst) this.#events.connected(peer, greeting)
  }

  #onClosed(connection: Connection): void {
    this.#gate.closed(connection)
    const peer = connection.remotePeer.toString()
    if (this.#links.remove(peer, connection)) this.#events.disconnected(peer)
  }
}

function closedMeanwhile(peer: PeerId): MeshError {
  return new MeshError(`expected an open connection to ${peer}, found that it closed meanwhile`, {
    code: 'ERR_PEER_LOST',
  })
}
