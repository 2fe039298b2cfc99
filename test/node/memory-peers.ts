/**
 * Whole peers in memory: everything real but the sockets, the clock and the engines.
 */

import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { consensusOptions } from '../../src/consensus/replica/options.ts'
import type { GpuLoad } from '../../src/core/peer-state.ts'
import { Random } from '../../src/core/random.ts'
import { membershipOptions } from '../../src/membership/options.ts'
import { foundingSnapshot, openAgreement } from '../../src/node/consensus/open-agreement.ts'
import { type Entropy, systemEntropy } from '../../src/node/entropy.ts'
import { NO_GPUS } from '../../src/node/gpu-source.ts'
import { createMetrics } from '../../src/node/metrics.ts'
import { Peer } from '../../src/node/peer.ts'
import type { EventRecorder } from '../../src/node/recording/event-recorder.ts'
import type { Identity } from '../../src/node/storage/identity.ts'
import { newMesh } from '../../src/node/storage/mesh-file.ts'
import { tracingOptions } from '../../src/node/tracing/options.ts'
import type { Tracer } from '../../src/node/tracing/tracer.ts'
import { laneOptions } from '../../src/protocols/options.ts'
import { schedulerOptions } from '../../src/scheduler/options.ts'
import { ManualClock } from '../runtimes/manual-clock.ts'
import { FakeRuntime } from './fake-runtime.ts'
import { type MemoryNetwork, MemoryWorld } from './memory-network.ts'
import { silent } from './recorded-network.ts'
import { MemoryLogFiles } from './storage/wal/memory-log-files.ts'
import { turns } from './until.ts'

/** Virtual time for anything that must happen: a minute. */
const SEGMENT_BYTES = 64 * 1024

const STEP_MS = 25
const STEPS_MAX = 60_000 / STEP_MS

export interface TestPeer {
  readonly id: string
  readonly peer: Peer
  readonly runtime: FakeRuntime
  readonly network: MemoryNetwork
  readonly gpus: GpuLoad[]
  /** `<event> <peer>` in the order they happened. */
  readonly events: string[]
}

export interface TestPeerInit {
  readonly models?: readonly string[]
  readonly membership?: object
  readonly scheduler?: object
  readonly identity?: Identity
  /** Begins a mesh, with a roster of its own. */
  readonly isFounder?: boolean
  readonly tracer?: Tracer
  readonly recorder?: EventRecorder
  /** How its engine starts. It is not waited for. */
  readonly starting?: FakeRuntime['starting']
}

export class MemoryPeers {
  readonly clock = new ManualClock()
  readonly world = new MemoryWorld()
  readonly fatal: unknown[] = []
  readonly #memory = newMesh(systemEntropy)
  readonly #seed: number
  #startCount = 0

  /** @param seed Decides the identities, and all choices of chance. */
  constructor(seed = 1) {
    this.#seed = seed * 1_000
  }

  /** Starts a peer, alone. */
  async start(init: TestPeerInit = {}): Promise<TestPeer> {
    const { models = [], membership = {}, scheduler = {}, identity, starting } = init
    const { isFounder = false, tracer, recorder } = init
    this.#startCount += 1
    const used = identity ?? (await identityOf(this.#seed + this.#startCount))
    const random = new Random(this.#seed + this.#startCount)
    const entropy: Entropy = {
      bytes: count => Uint8Array.from({ length: count }, () => random.nextIndex(256)),
    }
    const runtime = new FakeRuntime(models)
    if (starting !== undefined) runtime.starting = starting
    const gpus: GpuLoad[] = []
    const events: string[] = []
    const opened = await openAgreement({
      self: used.peerId,
      meshId: this.#memory.meshId,
      files: new MemoryLogFiles(),
      founding: isFounder
        ? foundingSnapshot({ self: used.peerId, requestId: '0'.repeat(16), wallMs: 0 })
        : undefined,
      segmentBytes: SEGMENT_BYTES,
    })
    const peer = new Peer(
      {
        identity: used,
        memory: this.#memory,
        opened,
        clock: this.clock,
        entropy,
        logger: silent,
        metrics: createMetrics(),
        runtimes: [runtime],
        gpus: { ...NO_GPUS, read: () => gpus },
        tracer,
        recorder,
        onEvent: (event, facts) => events.push(`${event} ${facts['peer']}`),
        onFatal: error => this.fatal.push(error),
      },
      {
        name: 'box',
        zone: '',
        labels: {},
        lane: laneOptions.parse({}),
        membership: membershipOptions.parse(membership),
        scheduler: schedulerOptions.parse(scheduler),
        consensus: consensusOptions.parse({}),
        tracing: tracingOptions.parse({}),
      },
    )
    const network = this.world.start({
      peer: peer.self,
      events: peer.networkEvents,
      claims: () => peer.claims(),
    })
    peer.attach(network)
    const enginesStarted = peer.startEngines()
    if (starting === undefined) await enginesStarted
    await this.until(() => peer.claims().length > 0)
    return { id: peer.self, peer, runtime, network, gpus, events }
  }

  /** Starts peers that all know one another. */
  async startMesh(...inits: readonly TestPeerInit[]): Promise<TestPeer[]> {
    const peers: TestPeer[] = []
    for (const init of inits) {
      const started = await this.start(init)
      const [first] = peers
      if (first !== undefined) await started.network.dial(first.id)
      peers.push(started)
    }
    await this.until(() => peers.every(each => isWhole(each, peers.length)))
    return peers
  }

  /** Lets time pass, in small steps, until the condition is true. */
  async until(condition: () => boolean): Promise<void> {
    for (let left = STEPS_MAX; ; left -= 1) {
      await turns(4)
      if (condition()) return
      if (left === 0) throw new Error(`expected to become true within a minute: ${condition}`)
      this.clock.advance(STEP_MS)
    }
  }

  /** Lets this much time pass, in small steps. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.clock.nowMs() + durationMs
    await this.until(() => this.clock.nowMs() >= endMs)
  }
}

/** Always the same for one number, so that a run can be repeated. */
async function identityOf(seed: number): Promise<Identity> {
  const random = new Random(seed)
  const bytes = Uint8Array.from({ length: 32 }, () => random.nextIndex(256))
  const privateKey = await generateKeyPairFromSeed('Ed25519', bytes)
  return { privateKey, peerId: peerIdFromPrivateKey(privateKey).toString() }
}

/** Whether it sees everyone alive, and is connected to all. */
function isWhole({ peer, network }: TestPeer, count: number): boolean {
  const alive = peer.nodes().filter(({ status }) => status === 'alive')
  return alive.length === count && network.connected.length === count - 1
}

/** What one peer sees of another. */
export function seen(by: TestPeer, other: Pick<TestPeer, 'id'>) {
  return by.peer.nodes().find(({ peer }) => peer === other.id)
}
