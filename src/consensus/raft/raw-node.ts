/**
 * The way into the Raft core: events go in, and what is to be done comes out as a `Ready`.
 *
 *     tick, propose, step ... --> core --> ready() --> write, send, apply --> advance()
 *
 * Nothing in here waits, writes, sends, or knows the time. See `ready.ts` for the order in which
 * the work must be done; between `ready` and `advance` events may go on coming in.
 */
import { assert } from '../../core/assert.ts'
import { handleSnapshotReport, handleUnreachable } from './append-response.ts'
import { campaign, campaignKind } from './election.ts'
import type { Entry, Proposal } from './log/entry.ts'
import { isSameHardState } from './log/storage.ts'
import {
  asConfChangeV2,
  type ConfChange,
  type ConfChangeV2,
  type ConfState,
} from './membership/conf-change.ts'
import { createMessage, isResponse, isStorageThread, type Message } from './message.ts'
import { checkMessage } from './message-check.ts'
import { NO_NODE, type NodeId } from './node-id.ts'
import type { Configuration } from './progress/configuration.ts'
import type { Progress } from './progress/progress.ts'
import { Raft, type RaftConfig, type Role } from './raft.ts'
import {
  createReady,
  hasSoftStateChanged,
  type Previous,
  type Ready,
  softStateOf,
  stepsAfter,
} from './ready.ts'
import { applyConfChange } from './reconfiguration.ts'
import { step, stepStorage } from './step.ts'
import type { CampaignRefusal, ForgetRefusal, StepResult } from './step-result.ts'
import { tick } from './tick.ts'
import { successorOf } from './transfer.ts'

export interface RaftStatus {
  readonly id: NodeId
  readonly term: number
  readonly vote: NodeId
  readonly role: Role
  /** `NO_NODE`: none that we know of. */
  readonly leader: NodeId
  readonly leadTransferee: NodeId
  readonly commitIndex: number
  readonly lastApplied: number
  readonly firstIndex: number
  readonly lastIndex: number
  readonly uncommittedBytes: number
  readonly configuration: Configuration
  /** A leader's picture of everyone, itself included; empty on others. */
  readonly progress: ReadonlyMap<NodeId, Progress>
}

export class RawNode {
  readonly #raft: Raft
  #previous: Previous
  /** What we tell ourselves when the `Ready` handed out last is done. */
  #stepsOnAdvance: readonly Message[] = []

  /** @throws MeshError ERR_STORAGE if what is stored contradicts itself. */
  constructor(config: RaftConfig) {
    this.#raft = new Raft(config)
    this.#previous = { softState: softStateOf(this.#raft), hardState: this.#raft.hardState }
  }

  get term(): number {
    return this.#raft.term
  }

  get role(): Role {
    return this.#raft.role
  }

  /** `NO_NODE`: none that we know of. */
  get leader(): NodeId {
    return this.#raft.leader
  }

  get commitIndex(): number {
    return this.#raft.log.commitIndex
  }

  /**
   * What stands in our log from `low` to before `high`, stored or not, as many as fit into
   * `maxBytes` but at least one. `undefined`: `low` was compacted away.
   */
  entries(low: number, high: number, maxBytes: number): readonly Entry[] | undefined {
    return this.#raft.log.entries({ low, high, maxBytes })
  }

  tick(): void {
    tick(this.#raft)
  }

  /** Starts an election now. */
  campaign(): 'ok' | CampaignRefusal {
    return campaign(this.#raft, campaignKind(this.#raft))
  }

  /** Proposes an entry. Taken does not mean committed: the leader may fail. */
  propose(data: Uint8Array): StepResult {
    return this.proposeAll([data])
  }

  /** Proposes entries that stand one behind the other: all are taken, or none. */
  proposeAll(data: readonly Uint8Array[]): StepResult {
    return this.#propose(data.map(each => ({ type: 'normal', data: each })))
  }

  /** Proposes a change of the configuration. It holds when its entry is applied. */
  proposeConfChange(change: ConfChange | ConfChangeV2): StepResult {
    const type = 'changes' in change ? 'conf-change-v2' : 'conf-change'
    return this.#propose([{ type, data: this.#raft.codec.encode(change) }])
  }

  /**
   * To be called when an entry that changes the configuration is applied; without it, the entry
   * has no effect. @returns The configuration from then on.
   */
  applyConfChange(change: ConfChange | ConfChangeV2): ConfState {
    return applyConfChange(this.#raft, 'changes' in change ? change : asConfChangeV2(change))
  }

  /** Takes a message from another node. */
  step(message: Message): StepResult {
    const check = checkMessage(this.#raft, message)
    return check === 'ok' ? step(this.#raft, message) : check
  }

  /** Takes a message that `isLocal`: a response of storage, or one of ours that had to wait. */
  stepLocal(message: Message): StepResult {
    if (isStorageThread(message.from)) {
      stepStorage(this.#raft, message)
      return 'ok'
    }
    const isMember = this.#raft.tracker.progress.has(message.from)
    if (isResponse(message.type) && !isMember) return 'peer-not-found'
    return step(this.#raft, message)
  }

  /**
   * Asks for an index that a linearizable read may be served from once it is applied here. It
   * comes with the same context in `Ready.readStates`, or never, if messages get lost or the
   * leader changes: ask again.
   */
  readIndex(context: Uint8Array): StepResult {
    const { id } = this.#raft
    return step(this.#raft, createMessage({ type: 'MsgReadIndex', to: id, from: id, context }))
  }

  /** Asks the leader to hand over. */
  transferLeader(to: NodeId): StepResult {
    const { id, term } = this.#raft
    return step(this.#raft, createMessage({ type: 'MsgTransferLeader', to: id, from: to, term }))
  }

  /** At a leader: who could take over, if the others can do without us. */
  get successor(): NodeId | undefined {
    return successorOf(this.#raft)
  }

  /** Makes a follower ready to vote for another leader, as if it had heard nothing for long. */
  forgetLeader(): 'ok' | ForgetRefusal {
    const raft = this.#raft
    if (raft.role === 'leader') return 'ok'
    if (raft.options.readMode === 'lease-based') return 'lease-based-reads'
    raft.leader = NO_NODE
    return 'ok'
  }

  /** A message to this node could not be sent. */
  reportUnreachable(id: NodeId): void {
    const progress = this.#followerProgress(id)
    if (progress !== undefined) handleUnreachable(progress)
  }

  /** Whether this node, led by us, has told that it has all entries up to this one. */
  hasStored(id: NodeId, index: number): boolean {
    return (this.#followerProgress(id)?.matchIndex ?? 0) >= index
  }

  /** What has become of the snapshot that was sent to this node. */
  reportSnapshot(id: NodeId, outcome: 'finished' | 'failed'): void {
    const progress = this.#followerProgress(id)
    if (progress !== undefined) handleSnapshotReport(progress, outcome === 'failed')
  }

  /** Whether `ready` would return anything to do. */
  get hasReady(): boolean {
    const raft = this.#raft
    const { unstable } = raft.log
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      unstable.hasNextEntries ||
      raft.log.hasNextCommitted(!raft.options.hasAsyncStorageWrites) ||
      unstable.nextSnapshot() !== undefined ||
      raft.readStates.length > 0 ||
      hasSoftStateChanged(raft, this.#previous) ||
      !isSameHardState(raft.hardState, this.#previous.hardState)
    )
  }

  /** Hands out what is to be done. Each thing is handed out once. */
  ready(): Ready {
    const raft = this.#raft
    const { hasAsyncStorageWrites } = raft.options
    const ready = createReady(raft, this.#previous)
    if (!hasAsyncStorageWrites) {
      assert(this.#stepsOnAdvance.length === 0, 'the last Ready is done before the next')
      this.#stepsOnAdvance = stepsAfter(raft, ready)
    }
    this.#previous = {
      softState: ready.softState ?? this.#previous.softState,
      hardState: ready.hardState ?? this.#previous.hardState,
    }
    raft.readStates = []
    raft.messages = []
    raft.messagesAfterAppend = []
    raft.log.unstable.acceptWriting()
    raft.log.acceptApplying(ready.committedEntries, !hasAsyncStorageWrites)
    return ready
  }

  /** All of the last `Ready` is done. Not with asynchronous writes. */
  advance(): void {
    assert(!this.#raft.options.hasAsyncStorageWrites, 'responses take the place of advance')
    const steps = this.#stepsOnAdvance
    this.#stepsOnAdvance = []
    for (const message of steps) this.stepLocal(message)
  }

  /** Sets when a follower that hears nothing campaigns, until its role or term changes. */
  setRandomizedElectionTicks(ticks: number): void {
    this.#raft.randomizedElectionTicks = ticks
  }

  status(): RaftStatus {
    const { id, term, vote, role, leader, leadTransferee, uncommittedBytes } = this.#raft
    const { log, tracker } = this.#raft
    const { commitIndex, lastApplied, firstIndex, lastIndex } = log
    const progress = role === 'leader' ? [...tracker.progress] : []
    return {
      id,
      term,
      vote,
      role,
      leader,
      leadTransferee,
      commitIndex,
      lastApplied,
      firstIndex,
      lastIndex,
      uncommittedBytes,
      configuration: tracker.configuration,
      progress: new Map(
        progress.map(([member, each]) => [member, each.withLearner(each.isLearner)]),
      ),
    }
  }

  #propose(proposals: readonly Proposal[]): StepResult {
    const { id } = this.#raft
    // They get their place in the log when the leader takes them.
    const entries = proposals.map(proposal => ({ ...proposal, term: 0, index: 0 }))
    return step(this.#raft, createMessage({ type: 'MsgProp', to: id, from: id, entries }))
  }

  #followerProgress(id: NodeId): Progress | undefined {
    const { role, tracker } = this.#raft
    return role === 'leader' ? tracker.progress.get(id) : undefined
  }
}
