/**
 * A world: hosts on a network, in virtual time, all from one seed.
 *
 *     const world = new World({ seed: 3 })
 *     await world.startHosts(5)           // five peers, each of which knows the first
 *     world.hosts[2]?.crash()
 *     await world.pass(30_000)
 *     world.hosts[0]?.nodes()             // what that peer sees
 *
 * Between calls of `pass` nothing moves, so a scenario acts whenever it likes. Whatever it chooses
 * by chance it takes from `world.random`.
 */
import type { Snapshot } from '../src/consensus/raft/log/storage.ts'
import { type ConsensusOptions, consensusOptions } from '../src/consensus/replica/options.ts'
import { hasCode } from '../src/core/errors.ts'
import type { PeerId } from '../src/core/ids.ts'
import type { Random } from '../src/core/random.ts'
import { type MembershipOptions, membershipOptions } from '../src/membership/options.ts'
import type { Logger } from '../src/node/log.ts'
import { createMetrics } from '../src/node/metrics.ts'
import type { Disk } from '../src/node/storage/disk.ts'
import { type MeshMemory, newMesh, saveMesh } from '../src/node/storage/mesh-file.ts'
import { between, forkRandom } from './chance.ts'
import { EventLog } from './event-log.ts'
import { foundingOf } from './founding.ts'
import { type IdentityFile, identityFile, randomBytes } from './identities.ts'
import { GOSSIP_QUALITY, type GossipQuality } from './network/gossip.ts'
import { Internet } from './network/internet.ts'
import type { LinkQuality } from './network/link.ts'
import { ENGINE_SPEED, type EngineSpeed } from './sim-engine.ts'
import { SimHost, type StatusSeen } from './sim-host.ts'
import { VirtualTime } from './virtual-time.ts'

/** Drift of ordinary crystals: 50 parts in a million either way. */
const DRIFT_MAX_RATIO = 50e-6

/** Wall clocks as NTP leaves them. */
const WALL_SKEW_MAX_MS = 50

/** A start reads and writes the disk a few times. */
const START_MAX_MS = 1_000

export interface WorldInit {
  readonly seed: number
  /** Membership options that differ from the defaults. */
  readonly membership?: Partial<MembershipOptions>
  readonly gossip?: GossipQuality
  /** Consensus options that differ from the defaults. */
  readonly consensus?: Partial<ConsensusOptions>
  /** Hosts that are on the roster from the beginning and may vote: the first ones. One unless given. */
  readonly rosterCount?: number
  /** How fast the engine of a host is, by its index. */
  readonly engineSpeed?: (index: number) => EngineSpeed
  /** How far clocks may run too fast or too slow; that of ordinary crystals unless given. */
  readonly driftMaxRatio?: number
  /** Of the direction between two hosts; LAN unless given. */
  readonly quality?: (from: number, to: number) => LinkQuality
  /** Keeps every event as a line, for two runs to be compared. */
  readonly keepsLog?: boolean
  /** Receives what the nodes log. */
  readonly logger?: Logger
}

const ignore = () => {}
const SILENT: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export class World {
  readonly seed: number
  readonly time = new VirtualTime()
  readonly log: EventLog
  readonly internet: Internet
  /** For whatever the scenario chooses. */
  readonly random: Random
  readonly #init: WorldInit
  readonly #memory: MeshMemory
  /** One for all: nobody reads it, and a thousand would fill the memory. */
  readonly #metrics = createMetrics()
  readonly #membership: MembershipOptions
  readonly #consensus: ConsensusOptions
  #founding: Snapshot | undefined
  readonly #hosts: SimHost[] = []
  readonly #byPeer = new Map<PeerId, SimHost>()
  readonly #watchers: ((seen: StatusSeen) => void)[] = []
  #hostCount = 0
  #serial = 0
  #failure: unknown

  constructor(init: WorldInit) {
    const { seed, keepsLog = false, quality } = init
    this.#init = init
    this.seed = seed
    this.log = new EventLog(keepsLog)
    this.random = forkRandom(seed, 0)
    this.#membership = membershipOptions.parse(init.membership ?? {})
    this.#consensus = consensusOptions.parse(init.consensus ?? {})
    this.internet = new Internet({ time: this.time, log: this.log, seed, quality })
    const random = forkRandom(seed, 1)
    this.#memory = newMesh({ bytes: count => randomBytes(random, count) })
    this.time.checkAlways(() => {
      if (this.#failure !== undefined) throw this.#failure
    })
  }

  get hosts(): readonly SimHost[] {
    return this.#hosts
  }

  get nowMs(): number {
    return this.time.nowMs
  }

  get membership(): MembershipOptions {
    return this.#membership
  }

  /** The host that a peer runs on, or ran on last. */
  hostOf(peer: PeerId): SimHost | undefined {
    return this.#byPeer.get(peer)
  }

  /** Calls `watcher` whenever a peer sees another one otherwise. */
  watch(watcher: (seen: StatusSeen) => void): void {
    this.#watchers.push(watcher)
  }

  /** Ends the run: `pass` throws it. */
  fail(error: unknown): void {
    this.#failure ??= error
  }

  /** Lets time pass. @throws what a checker, or a peer that cannot go on, throws. */
  pass(durationMs: number): Promise<void> {
    return this.time.advance(durationMs)
  }

  /** Lets time pass until the condition holds. @returns Whether it did within that time. */
  async passUntil(condition: () => boolean, deadlineMs: number, stepMs = 100): Promise<boolean> {
    const endMs = this.nowMs + deadlineMs
    while (!condition()) {
      if (this.nowMs >= endMs) return false
      await this.pass(Math.min(stepMs, endMs - this.nowMs))
    }
    return true
  }

  /** Adds a host that knows where `contacts` are, and is not started yet. */
  async addHost(contacts: readonly SimHost[], models: readonly string[] = []): Promise<SimHost> {
    const index = this.#hostCount
    this.#hostCount += 1
    const random = forkRandom(this.seed, 1_000 + index)
    const { driftMaxRatio = DRIFT_MAX_RATIO } = this.#init
    const key = await this.#identity(index)
    this.#founding ??= await this.#found()
    const host = new SimHost(
      {
        internet: this.internet,
        metrics: this.#metrics,
        logger: this.#init.logger ?? SILENT,
        membership: this.#membership,
        consensus: this.#consensus,
        founding: this.#founding,
        gossip: this.#init.gossip ?? GOSSIP_QUALITY,
        nextSerial: () => this.#nextSerial(),
        onStatus: seen => this.#onStatus(seen),
        onFatal: (on, error) => this.#onFatal(on, error),
      },
      {
        index,
        peerId: key.peerId,
        seed: Math.imul(this.seed, 7_919) + index,
        models,
        engineSpeed: this.#init.engineSpeed?.(index) ?? ENGINE_SPEED,
        clockFault: {
          wallSkewMs: between(random, -WALL_SKEW_MAX_MS, WALL_SKEW_MAX_MS),
          driftRatio: between(random, -driftMaxRatio, driftMaxRatio),
        },
      },
    )
    this.#hosts.push(host)
    this.#byPeer.set(host.peerId, host)
    this.internet.add(host)
    host.disk.place(key.name, key.bytes)
    const peers = contacts.map(({ peerId, address }) => ({ peer: peerId, addresses: [address] }))
    const setUp: Disk = {
      read: async name => host.disk.file(name),
      write: async (name, bytes) => host.disk.place(name, bytes),
    }
    await saveMesh(setUp, { ...this.#memory, peers })
    return host
  }

  /** Starts the peer of a host, as time passes. */
  launch(host: SimHost): void {
    host.start().catch((error: unknown) => this.#onFatal(host, error))
  }

  /** Starts the peer of a host and lets the little time pass that it needs. */
  async start(host: SimHost): Promise<void> {
    this.launch(host)
    await this.passUntil(() => host.peer !== undefined, START_MAX_MS, 1)
  }

  /** Stops the peer of a host in good order, as time passes. */
  leave(host: SimHost): void {
    host.leave().catch((error: unknown) => this.#onFatal(host, error))
  }

  /** Adds hosts and starts them, each of which knows the first. */
  async startHosts(count: number): Promise<readonly SimHost[]> {
    const started: SimHost[] = []
    for (let left = count; left > 0; left -= 1) {
      const host = await this.addHost(this.#hosts.slice(0, 1), [`model-${this.#hosts.length}`])
      await this.start(host)
      started.push(host)
    }
    return started
  }

  #identity(index: number): Promise<IdentityFile> {
    return identityFile(Math.imul(this.seed, 104_729) + index)
  }

  async #found(): Promise<Snapshot> {
    const indexes = Array.from({ length: this.#init.rosterCount ?? 1 }, (_, index) => index)
    const keys = await Promise.all(indexes.map(index => this.#identity(index)))
    return foundingOf(keys.map(({ peerId }) => peerId))
  }

  /** A process whose disk is broken must end; any other that cannot go on ends the run. */
  #onFatal(host: SimHost, error: unknown): void {
    if (host.logDisk.isBroken && hasCode(error, 'ERR_STORAGE')) {
      this.time.after(0, () => {
        if (host.life !== undefined) host.crash()
      })
    } else this.fail(error)
  }

  #nextSerial(): number {
    this.#serial += 1
    return this.#serial
  }

  #onStatus(seen: StatusSeen): void {
    const other = this.hostOf(seen.peer)
    const name = other === undefined ? seen.peer : `n${other.index}`
    this.log.write(this.nowMs, `n${seen.by.index} sees ${name} ${seen.status}`)
    for (const watcher of this.#watchers) watcher(seen)
  }
}
