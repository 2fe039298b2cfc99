/**
 * What the mesh has agreed on, as the rest of this peer sees it: drives the replica with the disk,
 * the lanes and the clock, and answers whoever wants something changed.
 *
 *     lanes: long messages ---> Replica ---> lanes
 *     membership: who is alive -'  | '----> LogKeeper --> WriteAheadLog
 *                                  v
 *                            PolicyMachine ---> views, watchers
 *
 * All that arrives in one turn of the event loop is answered at its end, together.
 */
import { encodeCommand, type Operation as PolicyOperation } from '../../consensus/policy/command.ts'
import type { Outcome, PolicyChange } from '../../consensus/policy/outcome.ts'
import type { PolicyState } from '../../consensus/policy/policy-state.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import type { Entry } from '../../consensus/raft/log/entry.ts'
import { NO_NODE, type NodeId } from '../../consensus/raft/node-id.ts'
import type { RaftStatus } from '../../consensus/raft/raw-node.ts'
import type {
  MemberSeen,
  ReplicaEffect,
  ReplicaEvent,
  RequestOutcome,
} from '../../consensus/replica/events.ts'
import type { ConsensusMessage, Operation } from '../../consensus/replica/message.ts'
import type { ConsensusOptions } from '../../consensus/replica/options.ts'
import { Replica } from '../../consensus/replica/replica.ts'
import type { ReplicaStatus } from '../../consensus/replica/status.ts'
import type { PeerId } from '../../core/ids.ts'
import { Random } from '../../core/random.ts'
import {
  confChangeCodec,
  decodeConsensusMessage,
  encodeConsensusMessage,
} from '../../protocols/consensus-codec.ts'
import type { Clock } from '../clock.ts'
import { Driver } from '../driver.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { requestError, stoppingError } from './agreement-errors.ts'
import { LogKeeper, type Store } from './log-keeper.ts'
import { hasVote, requireMajorityAfter } from './majority-guard.ts'
import type { OpenedAgreement } from './open-agreement.ts'
import { operationFault } from './operation-fault.ts'
import { proposalFault } from './proposal-check.ts'

export interface AgreementDeps {
  readonly self: PeerId
  readonly zone: string
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly seed: number
  /** An id that nobody else makes. */
  readonly newRequestId: () => string
  /** Sends a long message. `false`: it cannot be sent now, and is lost. */
  readonly post: (peer: PeerId, message: Uint8Array) => boolean
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly onFatal: (error: unknown) => void
}

/** Hears of changes in the order in which they were made. `undefined`: everything may be new. */
export type PolicyWatcher = (changes: readonly PolicyChange[] | undefined) => void

type Resolve = (outcome: RequestOutcome<Outcome>) => void

type Request = Extract<ReplicaEvent, { type: 'propose' | 'read' | 'operate' }>

const KINDS = { propose: 'change', read: 'read', operate: 'operation' } as const

/** How long a leader that goes waits for another one to take over. */
const HANDOVER_TIMEOUT_MS = 1_000
const HANDOVER_POLL_MS = 20

export class Agreement {
  readonly #deps: AgreementDeps
  readonly #opened: OpenedAgreement
  readonly #replica: Replica<Outcome>
  readonly #driver: Driver<ReplicaEvent, ReplicaEffect<Outcome>>
  readonly #keeper: LogKeeper
  /** Request → who waits for its end. */
  readonly #waiting = new Map<string, readonly Resolve[]>()
  readonly #watchers = new Set<PolicyWatcher>()
  /** Who led last. */
  #leader: PeerId | undefined
  #isFlushScheduled = false
  #isClosed = false
  #hasFailed = false

  constructor(deps: AgreementDeps, opened: OpenedAgreement, options: ConsensusOptions) {
    this.#deps = deps
    this.#opened = opened
    const { self, clock, zone } = deps
    const { machine, memory, log, savedIndex } = opened
    this.#keeper = new LogKeeper(log, savedIndex)
    this.#replica = new Replica(
      {
        ...{ self, machine, directory: machine, log: memory, codec: confChangeCodec },
        ownZone: () => zone,
        random: new Random(deps.seed),
        startMs: clock.nowMs(),
      },
      options,
    )
    this.#driver = new Driver(this.#replica, {
      clock,
      perform: effect => {
        this.#perform(effect)
        this.#scheduleFlush()
        return undefined
      },
      onFatal: deps.onFatal,
    })
    opened.onFatal = error => this.#fail(error)
    // What was committed is applied at once, before anybody asks.
    this.#driver.post({ type: 'flush' })
  }

  get views(): PolicyViews {
    return this.#opened.machine.views
  }

  get state(): PolicyState {
    return this.#opened.machine.state
  }

  status(): ReplicaStatus {
    return this.#replica.status(this.#deps.clock.nowMs())
  }

  raftStatus(): RaftStatus | undefined {
    return this.#replica.raftStatus()
  }

  /** What stands in our log there. `undefined`: nothing yet, or it was compacted away. */
  entry(index: number): Entry | undefined {
    return this.#replica.entry(index)
  }

  isVoter(peer: PeerId): boolean {
    return hasVote(this.status().confState, this.#opened.machine.nodeOf(peer))
  }

  peerOf(node: NodeId): PeerId | undefined {
    return this.#opened.machine.peerOf(node)
  }

  /** Calls `watcher` after each change from now on. The returned function ends that. */
  watch(watcher: PolicyWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  /**
   * Changes the policy. Resolves once the change is agreed on and applied here.
   *
   * @param requestId Of an earlier attempt, to make it once at most.
   * @throws MeshError ERR_NO_QUORUM: whether it will be done is not known. ERR_OVERLOADED,
   * ERR_INVALID_REQUEST, ERR_CONFLICT (no majority would be left): it has not been done.
   */
  async change(
    operation: PolicyOperation,
    { author, requestId = this.#deps.newRequestId() }: { author: string; requestId?: string },
  ): Promise<Outcome> {
    const { machine } = this.#opened
    requireMajorityAfter(operation, this.status().confState, {
      nodeOf: peer => machine.nodeOf(peer),
      isThere: node => this.#replica.isAlive(machine.peerOf(node)),
    })
    const atMs = this.#deps.clock.wallMs()
    const text = encodeCommand({ requestId, author, atMs, operation }, this.state.format)
    const command = new TextEncoder().encode(text)
    const outcome = await this.#request(requestId, { type: 'propose', requestId, command })
    if (outcome.type === 'applied') return outcome.result
    throw requestError(outcome, this.status())
  }

  /** Resolves once everything is applied here that was agreed on before the call. */
  async catchUp(): Promise<void> {
    const requestId = this.#deps.newRequestId()
    const outcome = await this.#request(requestId, { type: 'read', requestId })
    if (outcome.type === 'failed') throw requestError(outcome, this.status())
  }

  /** Asks the leader to hand over. Resolves once it has begun. */
  transferTo(node: NodeId): Promise<void> {
    return this.operate({ type: 'transfer', node })
  }

  /**
   * Asks the leader for something that is no change of the policy. Resolves once it has begun.
   *
   * @throws MeshError ERR_NO_QUORUM, ERR_INVALID_REQUEST if it cannot be done now.
   */
  async operate(operation: Operation): Promise<void> {
    const requestId = this.#deps.newRequestId()
    const outcome = await this.#request(requestId, { type: 'operate', requestId, operation })
    if (outcome.type !== 'failed') return
    const status = this.status()
    if (outcome.reason !== 'not-possible') throw requestError(outcome, status)
    const { machine } = this.#opened
    const { leader } = outcome
    const policy = { settings: machine.voterSettings(), members: machine.members() }
    throw operationFault(operation, { confState: status.confState, ...policy, leader })
  }

  /** @throws MeshError ERR_BAD_FRAME. */
  messageReceived(from: PeerId, bytes: Uint8Array): void {
    const message = decodeConsensusMessage(bytes)
    const refusal = this.#refuse(from, message)
    if (refusal !== undefined) this.#deps.post(from, encodeConsensusMessage(refusal))
    else this.#post({ type: 'message-received', from, message })
  }

  memberSeen(member: MemberSeen): void {
    this.#post({ type: 'member-seen', member })
  }

  memberForgotten(peer: PeerId): void {
    this.#post({ type: 'member-forgotten', peer })
  }

  /** Gives the leader's office to another voter, if there is one to take it. */
  async handOver(): Promise<void> {
    const { clock, logger } = this.#deps
    const { successor } = this.#replica
    const isUnderWay = (this.raftStatus()?.leadTransferee ?? NO_NODE) !== NO_NODE
    if (successor === undefined && !isUnderWay) return
    if (successor !== undefined) {
      this.transferTo(successor).catch((error: unknown) => {
        logger.info('the office of the leader was not handed over', { error })
      })
    }
    const endMs = clock.nowMs() + HANDOVER_TIMEOUT_MS
    while (this.status().role === 'leader' && clock.nowMs() < endMs) {
      await new Promise<void>(resolve => {
        clock.wakeAt(clock.nowMs() + HANDOVER_POLL_MS, resolve)
      })
    }
  }

  /** Stops taking part. What was stored is durable then. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#driver.stop()
    this.#failAll()
    await this.#keeper.close()
  }

  #post(event: ReplicaEvent): void {
    if (this.#isClosed) return
    this.#driver.post(event)
    this.#scheduleFlush()
  }

  #scheduleFlush(): void {
    if (this.#isFlushScheduled || this.#isClosed) return
    this.#isFlushScheduled = true
    this.#deps.clock.atTurnEnd(() => {
      this.#isFlushScheduled = false
      this.#driver.post({ type: 'flush' })
    })
  }

  async #request(requestId: string, event: Request): Promise<RequestOutcome<Outcome>> {
    if (this.#isClosed || this.#hasFailed) throw stoppingError()
    const { clock, metrics } = this.#deps
    const kind = KINDS[event.type]
    const startMs = clock.nowMs()
    const outcome = await new Promise<RequestOutcome<Outcome>>(resolve => {
      const earlier = this.#waiting.get(requestId)
      // The same request made twice at once is one, and both hear of its end.
      this.#waiting.set(requestId, [...(earlier ?? []), resolve])
      if (earlier === undefined) this.#post(event)
    })
    const isFailed = outcome.type === 'failed'
    // A change may have been made all the same: whoever asked must not take it for not done.
    if (this.#isClosed && isFailed && event.type !== 'propose') throw stoppingError()
    metrics.consensus.requests.inc({ kind, outcome: isFailed ? outcome.reason : 'done' })
    if (!isFailed)
      metrics.consensus.requestTime.observe({ kind }, (clock.nowMs() - startMs) / 1_000)
    return outcome
  }

  #send({ to, message }: Extract<ReplicaEffect<Outcome>, { type: 'send' }>): void {
    if (this.#deps.post(to, encodeConsensusMessage(message))) return
    // Of the rest the loss is found out soon enough, but an answer to this may take long.
    if (message.type === 'follow') this.#post({ type: 'message-unsent', to })
  }

  #perform(effect: ReplicaEffect<Outcome>): void {
    const { logger, onEvent } = this.#deps
    switch (effect.type) {
      case 'send':
        this.#send(effect)
        return
      case 'store':
        this.#store(effect).catch((error: unknown) => this.#fail(error))
        return
      case 'save-snapshot': {
        const { snapshot, keepFromIndex } = effect
        const { index } = snapshot.metadata
        this.#keeper
          .saveSnapshot(snapshot, keepFromIndex)
          .then(isWritten => {
            if (isWritten) this.#post({ type: 'snapshot-saved', index })
          })
          .catch((error: unknown) => this.#fail(error))
        return
      }
      case 'answered':
        this.#answer(effect.requestId, effect.outcome)
        return
      case 'applied':
        this.#tellWatchers(effect.result)
        return
      case 'restored':
        for (const watcher of this.#watchers) watcher(undefined)
        return
      case 'role-changed': {
        const { role, term, leader } = effect
        if (leader !== undefined && leader !== this.#leader) {
          this.#leader = leader
          this.#deps.metrics.consensus.leaderChanges.inc()
        }
        logger.info('the part in consensus changed', { role, term, leader })
        onEvent('consensus-role', { role, term, leader })
        return
      }
      case 'configuration-changed': {
        const voters = effect.voters.map(node => this.peerOf(node) ?? `node ${node}`)
        logger.info('the voters changed', { voters })
        onEvent('voters-changed', { voters })
        return
      }
      case 'halted':
        logger.error('nothing more is applied', { reason: effect.reason })
        onEvent('policy-halted', { reason: effect.reason.type })
        return
      case 'state-differs':
        this.#deps.metrics.consensus.differences.inc()
        logger.error('the policy of a peer differs from ours', {
          peer: effect.peer,
          index: effect.mark.index,
        })
        onEvent('policy-differs', { peer: effect.peer, index: effect.mark.index })
        return
      case 'peer-misbehaved':
        logger.warn('a peer sent something that makes no sense', {
          peer: effect.peer,
          found: effect.found,
        })
        return
    }
  }

  async #store(store: Store): Promise<void> {
    const { clock, metrics } = this.#deps
    const startMs = clock.nowMs()
    await this.#keeper.store(store)
    metrics.consensus.storeTime.observe((clock.nowMs() - startMs) / 1_000)
    this.#post({ type: 'stored', batchId: store.batchId })
  }

  #tellWatchers(outcome: Outcome): void {
    if (outcome.status !== 'applied' || outcome.changes.length === 0) return
    for (const watcher of this.#watchers) watcher(outcome.changes)
  }

  /** What the log does not judge, since it has no clock and does not know who sent a command. */
  #refuse(from: PeerId, message: ConsensusMessage): ConsensusMessage | undefined {
    if (message.type !== 'propose' || this.status().role !== 'leader') return undefined
    const { requestId, command } = message
    const wallMs = this.#deps.clock.wallMs()
    const reason = proposalFault({ from, command, wallMs }, this.views)
    if (reason === undefined) return undefined
    return { type: 'refuse', requestId, reason, leader: this.#deps.self }
  }

  #answer(requestId: string, outcome: RequestOutcome<Outcome>): void {
    const waiting = this.#waiting.get(requestId) ?? []
    this.#waiting.delete(requestId)
    for (const resolve of waiting) resolve(outcome)
  }

  #failAll(): void {
    for (const requestId of [...this.#waiting.keys()]) {
      this.#answer(requestId, { type: 'failed', reason: 'no-quorum', leader: undefined })
    }
  }

  /** Who may have forgotten a vote must not vote again. */
  #fail(error: unknown): void {
    if (this.#isClosed || this.#hasFailed) return
    this.#hasFailed = true
    this.#driver.stop()
    this.#failAll()
    this.#deps.onFatal(error)
  }
}
