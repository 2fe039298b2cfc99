/**
 * One peer put together: membership, scheduler, lanes and engines over a network, and the mesh
 * as the ingress sees it.
 *
 * What it is made of knows nothing of the rest; the wiring stands here. It owns no process and
 * no HTTP: the composition root adds those.
 */
import type { ConsensusOptions } from '../consensus/replica/options.ts'
import type { DecisionId, MeshId, PeerId } from '../core/ids.ts'
import type { PeerFacts } from '../core/peer-state.ts'
import { Random } from '../core/random.ts'
import type { MembershipOptions } from '../membership/options.ts'
import type { LaneOptions } from '../protocols/options.ts'
import { PEER_STATE_LIMITS } from '../protocols/peer-state-codec.ts'
import type { DecisionRecord } from '../scheduler/decision.ts'
import type { SchedulerOptions } from '../scheduler/options.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import { Admission } from './admission/admission.ts'
import type { Clock } from './clock.ts'
import { Agreement } from './consensus/agreement.ts'
import type { OpenedAgreement } from './consensus/open-agreement.ts'
import { Engines } from './engines.ts'
import { type Entropy, newId, newSeed } from './entropy.ts'
import { EventLog } from './event-log.ts'
import { followGpus } from './follow-gpus.ts'
import type {
  Gateway,
  MeshAnswer,
  MeshRequest,
  ModelView,
  NodeView,
  Readiness,
  TicketOptions,
} from './gateway.ts'
import { sayGoodbye } from './goodbye.ts'
import type { GpuSource } from './gpu-source.ts'
import { serveLane } from './lane-service.ts'
import { Lanes } from './lanes.ts'
import { LoadReports } from './load-reports.ts'
import type { Logger } from './log.ts'
import { Mesh } from './mesh.ts'
import { mergeModels, nodeViews } from './mesh-view.ts'
import type { Metrics } from './metrics.ts'
import { feedMetrics } from './metrics-feed.ts'
import { ModelControl } from './model-control.ts'
import type { Network, NetworkEvents } from './network.ts'
import { AgreedPolicy } from './policy/agreed-policy.ts'
import { obeyPolicy } from './policy/obey-policy.ts'
import type { EventRecorder } from './recording/event-recorder.ts'
import { createScheduler } from './recording/recorded-scheduler.ts'
import { ServedDesk } from './recording/served-desk.ts'
import { createRequestPath } from './request-path.ts'
import type { Runtime } from './runtime.ts'
import { SchedulingDesk } from './scheduling-desk.ts'
import { ServingQueues } from './serving-queues.ts'
import type { Identity } from './storage/identity.ts'
import type { KnownPeer, MeshMemory } from './storage/mesh-file.ts'
import type { TracingOptions } from './tracing/options.ts'
import type { RequestTracing } from './tracing/request-tracing.ts'
import type { Tracer } from './tracing/tracer.ts'
import { VERSION } from './version.ts'

/** Of our id in those of events: the end tells peers apart, the beginning is alike in all. */
const RUN_ID_LENGTH = 8

/** How often a stopping peer looks whether its last requests have ended. */
const DRAIN_POLL_MS = 25

export interface PeerOptions {
  readonly name: string
  readonly zone: string
  readonly labels: Readonly<Record<string, string>>
  readonly lane: LaneOptions
  readonly membership: MembershipOptions
  readonly scheduler: SchedulerOptions
  readonly consensus: ConsensusOptions
  readonly tracing: Pick<TracingOptions, 'tracesKept'>
}

export interface PeerDeps {
  readonly identity: Identity
  readonly memory: MeshMemory
  /** What the disk knew of the agreement. */
  readonly opened: OpenedAgreement
  readonly clock: Clock
  readonly entropy: Entropy
  readonly logger: Logger
  readonly metrics: Metrics
  readonly runtimes: readonly Runtime[]
  readonly gpus: GpuSource
  /** Default: none collects. */
  readonly tracer?: Tracer | undefined
  /** Of what the scheduler hears and does. Default: nobody writes it down. */
  readonly recorder?: EventRecorder | undefined
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly onFatal: (error: unknown) => void
}

export class Peer implements Gateway {
  readonly self: PeerId
  readonly meshId: MeshId
  readonly version = VERSION
  readonly events: EventLog
  readonly agreement: Agreement
  readonly admission: Admission
  readonly policy: AgreedPolicy
  readonly scheduling: SchedulingDesk
  readonly traces: RequestTracing
  readonly control: ModelControl
  readonly served: ServedDesk
  readonly #deps: PeerDeps
  readonly #options: PeerOptions
  readonly #engines: Engines
  readonly #scheduler: Scheduler
  readonly #mesh: Mesh
  readonly #lanes: Lanes
  readonly #loadReports: LoadReports
  #network: Network | undefined
  #areEnginesStarting = true
  #isStopping = false

  constructor(deps: PeerDeps, options: PeerOptions) {
    const { identity, memory, clock, entropy, logger, metrics, runtimes, gpus } = deps
    this.#deps = deps
    this.#options = options
    this.self = identity.peerId
    this.meshId = memory.meshId
    const incarnation = Math.max(Math.floor(clock.wallMs()), memory.incarnation + 1)
    const run = `${this.self.slice(-RUN_ID_LENGTH)}-${incarnation}`
    const wallMs = () => clock.wallMs()
    this.events = new EventLog({ run, wallMs })
    const onModelsChanged = () => this.#mesh.changed({ facts: this.#facts() })
    const queues = new ServingQueues({ clock, options: options.scheduler })
    const engineDeps = { gpus, logger, onModelsChanged, queues, tracer: deps.tracer }
    this.#engines = new Engines(runtimes, engineDeps)
    this.control = new ModelControl({
      ...{ self: this.self, engines: this.#engines, lanes: () => this.#lanes },
      peersOf: model => this.models().find(({ id }) => id === model)?.peers ?? [],
    })
    this.served = new ServedDesk({ self: this.self, run, wallMs, lanes: () => this.#lanes })
    this.#scheduler = createScheduler({ ...deps, self: this.self, options: options.scheduler })
    const onEvent: PeerDeps['onEvent'] = (event, facts) => this.tell(event, facts)
    this.#loadReports = new LoadReports(
      {
        ...{ clock, logger, engines: this.#engines, scheduler: this.#scheduler },
        tell: load => this.#mesh.changed({ load }),
      },
      options.membership,
    )
    // What the agreement says as it begins goes out on them.
    this.#lanes = this.#createLanes()
    this.agreement = new Agreement(
      {
        ...{ ...deps, self: this.self, zone: options.zone, onEvent },
        seed: newSeed(entropy),
        newRequestId: () => newId(entropy),
        post: (peer, message) => this.#lanes.postLong(peer, message),
      },
      deps.opened,
      options.consensus,
    )
    this.#mesh = new Mesh(
      {
        ...{ ...deps, onEvent },
        scheduler: this.#scheduler,
        agreement: this.agreement,
        network: () => this.#network,
        seed: newSeed(entropy),
        incarnation,
        post: (peer, message) => this.#lanes.post(peer, message),
        isIdle: peer => this.#lanes.isIdle(peer),
        isBarred: peer => this.admission.isBarred(peer),
      },
      options.membership,
      { facts: this.#facts(), load: this.#engines.load() },
    )
    this.admission = this.#createAdmission()
    const nodes = () => this.nodes()
    this.policy = new AgreedPolicy({ ...deps, agreement: this.agreement, nodes })
    this.scheduling = new SchedulingDesk({
      ...{ clock, scheduler: this.#scheduler, onEvent },
      requestsMax: options.scheduler.requestsMax,
      newId: () => newId(entropy),
    })
    this.traces = this.#createRequestPath(new Random(newSeed(entropy)), onEvent)
    obeyPolicy({
      ...{ self: this.self, clock, agreement: this.agreement },
      ...{ scheduler: this.#scheduler, engines: this.#engines },
      onLoadChanged: () => this.#loadReports.changed(),
    })
    followGpus(gpus, { metrics, onEvent })
    feedMetrics(metrics, {
      lanes: () => this.#lanes.status(),
      gossip: () => this.#network?.gossip(),
      statuses: () => nodes().map(({ status }) => status),
      health: () => this.#mesh,
      agreement: () => this.agreement.status(),
      models: () => this.#engines.load().models,
      engines: () => this.#engines,
      openRequestCount: () => this.#scheduler.openCount,
      openBreakerCount: () => this.#scheduler.openBreakerCount,
    })
  }

  /** Adds to what happened in the mesh. */
  tell(event: string, facts: Readonly<Record<string, unknown>>): void {
    this.events.add(event, facts)
    this.#deps.onEvent(event, facts)
  }

  /** What the network shall tell us. */
  get networkEvents(): NetworkEvents {
    return {
      connected: (peer, greeting) => {
        this.#lanes.connected(peer)
        this.#mesh.connected(peer, greeting).catch(this.#deps.onFatal)
      },
      disconnected: peer => {
        this.#lanes.disconnected(peer)
        this.#mesh.disconnected(peer)
      },
      laneOpened: (peer, channel) => this.#lanes.accept(peer, channel),
      claimHeard: bytes => {
        this.#mesh.claimHeard(bytes).catch(this.#deps.onFatal)
      },
      expelled: this.#deps.onFatal,
    }
  }

  /** Higher at every start, and whenever we refuted that we are dead. */
  get incarnation(): number {
    return this.#mesh.incarnation
  }

  /** Encoded SignedClaims of all peers we know, ours first. */
  claims(): readonly Uint8Array[] {
    return this.#mesh.claims()
  }

  /** The network runs: tell the others where we are. */
  attach(network: Network): void {
    this.#network = network
    this.#mesh.changed({ facts: this.#facts() })
    this.#loadReports.changed()
  }

  /** Resolves when every engine has started or failed. @returns The failures. */
  async startEngines(): Promise<readonly Error[]> {
    const failures = await this.#engines.start()
    this.#areEnginesStarting = false
    this.#loadReports.changed()
    return failures
  }

  /** One line for each engine. */
  engineDescriptions(): readonly string[] {
    return this.#engines.descriptions()
  }

  dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    return this.traces.dispatch(request, signal)
  }

  nodes(): readonly NodeView[] {
    const { self: peer, incarnation } = this
    const gpus = this.#deps.gpus.details()
    const self = { peer, incarnation, facts: this.#facts(), load: this.#engines.load(), gpus }
    return nodeViews(self, this.#mesh.members, this.#deps.clock.nowMs())
  }

  models(): readonly ModelView[] {
    return mergeModels(this.nodes())
  }

  decision(id: DecisionId): DecisionRecord | undefined {
    return this.#scheduler.decision(id)
  }

  decisions(limit: number): readonly DecisionRecord[] {
    return this.#scheduler.recent(limit)
  }

  invite(options: TicketOptions): Promise<string> {
    return this.admission.invite(options)
  }

  readiness(): Readiness {
    const problems = []
    if (this.#isStopping) problems.push('The peer is stopping.')
    if (this.models().length === 0) {
      problems.push(
        this.#areEnginesStarting
          ? 'The engines are starting, and no other peer offers a model yet.'
          : 'No peer that is alive offers a model.',
      )
    }
    return { isReady: problems.length === 0, problems }
  }

  /** Members and where they were last seen. */
  addressBook(): readonly KnownPeer[] {
    return this.#mesh.addressBook()
  }

  /** From now on takes nothing new; resolves when what runs has ended, or at the deadline. */
  async drain(deadlineMs: number): Promise<void> {
    this.#isStopping = true
    this.#engines.drain()
    this.#mesh.changed({ load: this.#engines.load() })
    const { clock } = this.#deps
    const endMs = clock.nowMs() + deadlineMs
    while (this.#lanes.status().openRequestCount > 0 && clock.nowMs() < endMs) {
      await new Promise<void>(resolve => {
        clock.wakeAt(clock.nowMs() + DRAIN_POLL_MS, resolve)
      })
    }
  }

  /** Tells the others, and lets go of everything. */
  async close(): Promise<void> {
    this.#isStopping = true
    this.scheduling.close()
    this.#loadReports.close()
    await this.agreement.handOver()
    const lastClaim = await this.#mesh.leave()
    if (lastClaim !== undefined) await sayGoodbye(lastClaim, { ...this.#deps, lanes: this.#lanes })
    this.#lanes.close()
    try {
      await this.#network?.close()
    } finally {
      await this.#engines.close()
      await this.agreement.close()
    }
  }

  #createAdmission(): Admission {
    const deps = this.#deps
    return new Admission({
      ...{ ...deps, self: this.self, agreement: this.agreement },
      addresses: () => this.#network?.addresses() ?? [],
      contacts: () => this.addressBook(),
      onRemoved: (peer, error) => this.#mesh.expel(peer, error),
      onExpelled: deps.onFatal,
    })
  }

  #createRequestPath(random: Random, onEvent: PeerDeps['onEvent']): RequestTracing {
    const { entropy } = this.#deps
    return createRequestPath(
      {
        ...{ ...this.#deps, self: this.self, served: this.served.requests, onEvent },
        ...{ scheduler: this.#scheduler, engines: this.#engines, lanes: this.#lanes },
        newId: () => newId(entropy),
        onLoadChanged: () => this.#loadReports.changed(),
        views: () => this.agreement.views,
        draw: () => random.next(),
      },
      this.#options.tracing,
    )
  }

  #createLanes(): Lanes {
    const { clock, logger } = this.#deps
    return new Lanes(
      {
        self: this.self,
        clock,
        logger,
        open: peer => {
          const network = this.#network
          if (network === undefined) return Promise.reject(new Error('the network has not started'))
          return network.openLane(peer)
        },
        connect: peer => this.#mesh.connect(peer),
        serve: (call, signal) =>
          serveLane(call, signal, {
            ...{ engines: this.#engines, control: this.control, served: this.served },
            claimHeard: bytes => this.#mesh.claimHeard(bytes),
            onLoadChanged: () => this.#loadReports.changed(),
          }),
        trailer: () => this.#loadReports.trailer(),
        onTrailer: (peer, trailer) => this.#loadReports.received(peer, trailer),
        onMessage: (peer, message) => this.#mesh.messageReceived(peer, message),
        onLongMessage: (peer, message) => this.agreement.messageReceived(peer, message),
        onHeard: peer => this.#mesh.peerHeard(peer),
        onLane: (peer, isOpen) => this.#mesh.laneChanged(peer, isOpen),
      },
      this.#options.lane,
    )
  }

  #facts(): PeerFacts {
    const { name, zone, labels } = this.#options
    // A machine with many interfaces has more than the others take.
    const addresses = (this.#network?.addresses() ?? []).slice(0, PEER_STATE_LIMITS.addressesMax)
    return { version: VERSION, name, zone, labels, addresses, models: this.#engines.models() }
  }
}
