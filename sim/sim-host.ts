/**
 * One host of the world and the peer that runs on it: the same parts as in production, put
 * together as src/compose.ts does, over simulated ports.
 *
 *     disk: identity.key, mesh.json --> Peer + KnownPeers --> SimNetwork --> Internet
 *
 * The host survives its processes: a peer that starts again has its identity and what was synced.
 */
import type { MemoryStorage } from '../src/consensus/raft/log/memory-storage.ts'
import type { Snapshot } from '../src/consensus/raft/log/storage.ts'
import type { ConsensusOptions } from '../src/consensus/replica/options.ts'
import { assert } from '../src/core/assert.ts'
import type { PeerId } from '../src/core/ids.ts'
import { Random } from '../src/core/random.ts'
import type { MembershipOptions } from '../src/membership/options.ts'
import { type OpenedAgreement, openAgreement } from '../src/node/consensus/open-agreement.ts'
import type { Entropy } from '../src/node/entropy.ts'
import type { NodeStatus, NodeView } from '../src/node/gateway.ts'
import { NO_GPUS } from '../src/node/gpu-source.ts'
import { KnownPeers } from '../src/node/known-peers.ts'
import type { Logger } from '../src/node/log.ts'
import type { Metrics } from '../src/node/metrics.ts'
import { Peer } from '../src/node/peer.ts'
import { type Identity, loadIdentity } from '../src/node/storage/identity.ts'
import { loadMesh, type MeshMemory } from '../src/node/storage/mesh-file.ts'
import { tracingOptions } from '../src/node/tracing/options.ts'
import { laneOptions } from '../src/protocols/options.ts'
import { schedulerOptions } from '../src/scheduler/options.ts'
import { forkRandom } from './chance.ts'
import { SimDisk } from './disk.ts'
import { randomBytes } from './identities.ts'
import { LogDisk } from './log-disk.ts'
import type { GossipQuality } from './network/gossip.ts'
import type { Internet, InternetHost } from './network/internet.ts'
import { SimNetwork } from './network/sim-network.ts'
import { Traffic } from './network/traffic.ts'
import { type ClockFault, NodeClock } from './node-clock.ts'
import { Process } from './process.ts'
import { type EngineSpeed, SimEngine } from './sim-engine.ts'

export interface SimHostDeps {
  readonly internet: Internet
  readonly metrics: Metrics
  readonly logger: Logger
  readonly membership: MembershipOptions
  readonly gossip: GossipQuality
  readonly consensus: ConsensusOptions
  /** What a host that has no log yet begins with. */
  readonly founding: Snapshot
  /** A number that no other process of the world has. */
  readonly nextSerial: () => number
  readonly onStatus: (seen: StatusSeen) => void
  readonly onFatal: (host: SimHost, error: unknown) => void
}

/** A peer tells its host that it sees another one so from now on. */
export interface StatusSeen {
  readonly by: SimHost
  readonly peer: PeerId
  readonly status: NodeStatus
}

export interface SimHostInit {
  readonly index: number
  readonly peerId: PeerId
  readonly seed: number
  readonly models: readonly string[]
  readonly engineSpeed: EngineSpeed
  readonly clockFault: ClockFault
}

/** What a host is doing, by its own doing or that of the faults. */
export type HostState = 'down' | 'up' | 'leaving' | 'vanished'

/** What the disk told. */
interface Recovered {
  readonly identity: Identity
  readonly memory: MeshMemory
  readonly opened: OpenedAgreement
}

interface Running {
  readonly peer: Peer
  readonly storedLog: MemoryStorage
  readonly known: KnownPeers
  readonly network: SimNetwork
  readonly engine: SimEngine
}

/** Of the log: a thousand hosts share one memory. */
const SEGMENT_BYTES = 64 * 1024

const STATUS_EVENT = /^peer-(alive|suspect|dead|left)$/

export class SimHost implements InternetHost {
  readonly index: number
  readonly peerId: PeerId
  readonly address: string
  readonly disk: SimDisk
  /** Where the log is; another one, so that it can fail by itself. */
  readonly logDisk: LogDisk
  readonly traffic = new Traffic()
  readonly clockFault: ClockFault
  readonly #deps: SimHostDeps
  readonly #init: SimHostInit
  #process: Process | undefined
  /** Once the process has read its disk. */
  #running: Running | undefined
  #state: HostState = 'down'
  /** When `state` was last changed. */
  #sinceMs = 0
  #hasLeft = false
  #incarnationMax = 0

  constructor(deps: SimHostDeps, init: SimHostInit) {
    this.#deps = deps
    this.#init = init
    this.index = init.index
    this.peerId = init.peerId
    this.address = addressOf(init.index)
    this.clockFault = init.clockFault
    this.disk = new SimDisk(deps.internet.time, forkRandom(init.seed, 2))
    this.logDisk = new LogDisk(deps.internet.time, forkRandom(init.seed, 3))
  }

  get state(): HostState {
    return this.#state
  }

  /** When that began. */
  get sinceMs(): number {
    return this.#sinceMs
  }

  /** Whether a peer here ever said goodbye. */
  get hasLeft(): boolean {
    return this.#hasLeft
  }

  get isOff(): boolean {
    return this.#state === 'vanished'
  }

  get listening(): SimNetwork | undefined {
    return this.#running?.network
  }

  /** The peer that runs here; `undefined`: none does. */
  get peer(): Peer | undefined {
    return this.#running?.peer
  }

  /** What the peer here has been told is on its disk. */
  get storedLog(): MemoryStorage | undefined {
    return this.#running?.storedLog
  }

  /** Different for every process. `undefined`: none runs. */
  get life(): number | undefined {
    return this.#process?.serial
  }

  /** Things that the process has handled: nothing here changes while it stays. */
  get turnCount(): number {
    return this.#process?.turnCount ?? 0
  }

  /** The highest that a peer here ever had by its own doing. */
  get incarnationMax(): number {
    this.#incarnationMax = Math.max(this.#incarnationMax, this.peer?.incarnation ?? 0)
    return this.#incarnationMax
  }

  get engine(): SimEngine | undefined {
    return this.#running?.engine
  }

  get isPaused(): boolean {
    return this.#process?.isPaused ?? false
  }

  /** Everyone as the peer here sees them. Empty: no peer runs. */
  nodes(): readonly NodeView[] {
    return this.peer?.nodes() ?? []
  }

  /** Something that reaches the process from outside: at once, or when it is not paused any more. */
  act(work: (peer: Peer) => void): void {
    this.#process?.arrival(() => {
      if (this.peer !== undefined) work(this.peer)
    })
  }

  /** Starts a peer with what is on the disk. Needs time to pass. */
  async start(): Promise<void> {
    assert(this.#process === undefined, 'a host runs one peer')
    const wasOff = this.isOff
    const process = new Process(this.#deps.nextSerial(), this.#deps.internet.time)
    this.#process = process
    this.#become('up')
    if (wasOff) this.#deps.internet.returned(this.index)
    const disk = this.disk.for(process)
    const identity = await loadIdentity(disk)
    const memory = await loadMesh(disk)
    assert(memory !== undefined, 'a host has been told of its mesh')
    const opened = await openAgreement({
      self: identity.peerId,
      meshId: memory.meshId,
      files: this.logDisk.for(process),
      founding: this.#deps.founding,
      segmentBytes: SEGMENT_BYTES,
    })
    const running = this.#compose(process, { identity, memory, opened })
    this.#running = running
    await running.known.save()
    Promise.resolve(running.known.start()).catch(error => this.#deps.onFatal(this, error))
    await running.peer.startEngines()
  }

  /** `kill -9`: the kernel closes its connections and refuses new ones. */
  crash(): void {
    this.#end(true)
    this.#become('down')
  }

  /** The power fails or the cable is cut: nobody is told anything. */
  vanish(): void {
    this.#end(false)
    this.#become('vanished')
  }

  /** Handles nothing for this long. */
  pause(durationMs: number): void {
    this.#note(`paused for ${durationMs.toFixed(0)} ms`)
    this.#process?.pause(durationMs)
  }

  /** Stops in good order. Needs time to pass. */
  async leave(): Promise<void> {
    const running = this.#running
    const process = this.#process
    if (running === undefined || this.#state !== 'up') return
    this.#hasLeft = true
    this.#become('leaving')
    await running.known.close()
    await running.peer.close()
    if (this.#process !== process) return
    // What it sent last is with the kernel; nothing reaches it any more.
    this.#forgetProcess()
    this.#become('down')
  }

  #compose(process: Process, { identity, memory, opened }: Recovered): Running {
    const { internet, metrics, logger, membership, gossip, consensus } = this.#deps
    const clock = new NodeClock(internet.time, process, this.clockFault)
    const seed = Math.imul(this.#init.seed, 31) + process.serial
    const entropy = seededEntropy(seed)
    const engine = new SimEngine(this.#init.models, clock, this.#init.engineSpeed)
    const onFatal = (error: unknown) => this.#deps.onFatal(this, error)
    const peer = new Peer(
      {
        identity,
        memory,
        opened,
        clock,
        entropy,
        logger,
        metrics,
        runtimes: [engine],
        gpus: NO_GPUS,
        onEvent: (event, facts) => this.#onEvent(event, facts),
        onFatal,
      },
      {
        name: `host-${this.index}`,
        zone: '',
        labels: {},
        lane: laneOptions.parse({}),
        membership,
        scheduler: schedulerOptions.parse({}),
        consensus,
        tracing: tracingOptions.parse({}),
      },
    )
    const network = new SimNetwork({
      peer: identity.peerId,
      hostIndex: this.index,
      address: this.address,
      process,
      traffic: this.traffic,
      internet,
      events: peer.networkEvents,
      claims: () => peer.claims(),
      wallMs: () => clock.wallMs(),
      instanceId: entropy.bytes(16),
      gossip,
      seed,
    })
    peer.attach(network)
    const known = new KnownPeers({
      memory,
      disk: this.disk.for(process),
      clock,
      logger,
      network,
      incarnation: () => peer.incarnation,
      members: () => peer.addressBook(),
      onAlone: () => this.#note('none of the peers known from before answers'),
    })
    return { peer, storedLog: opened.memory, known, network, engine }
  }

  #onEvent(event: string, facts: Readonly<Record<string, unknown>>): void {
    const status = STATUS_EVENT.exec(event)?.[1] as NodeStatus | undefined
    const peer = facts['peer']
    if (status === undefined || typeof peer !== 'string') return
    this.#deps.onStatus({ by: this, peer, status })
  }

  #end(isTold: boolean): void {
    this.#running?.network.die(isTold)
    this.#forgetProcess()
    this.disk.crash()
    this.logDisk.crash()
  }

  #forgetProcess(): void {
    this.#incarnationMax = this.incarnationMax
    this.#process?.end()
    this.#process = undefined
    this.#running = undefined
  }

  #become(state: HostState): void {
    this.#state = state
    this.#sinceMs = this.#deps.internet.time.nowMs
    this.#note(state)
  }

  #note(line: string): void {
    const { log, time } = this.#deps.internet
    log.write(time.nowMs, `n${this.index} ${line}`)
  }
}

/** 10.x.y.z, a host each. */
function addressOf(index: number): string {
  return `/ip4/10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}/tcp/4001`
}

function seededEntropy(seed: number): Entropy {
  const random = new Random(seed)
  return { bytes: count => randomBytes(random, count) }
}
