/**
 * The state of one Raft node, and what every role does with it: send, and start a term over.
 *
 * The rules live beside it, one file each: `election.ts`, `proposals.ts`, `replication.ts`,
 * `append-response.ts`, `receive.ts`, `read-index.ts`, `transfer.ts`, `reconfiguration.ts`; and
 * `step.ts` says which one a message goes to. `raw-node.ts` is the way in.
 *
 *     follower --timeout--> pre-candidate --majority--> candidate --majority--> leader
 *         ^                      |                          |                     |
 *         '--- a leader or a higher term is heard, or the election is lost ------'
 *
 * Messages wait in two queues. Those in `messagesAfterAppend` promise something that a crash must
 * not undo (a vote, stored entries), so they may leave only after everything handed out until then
 * is in storage; that holds for what a node says to itself, too.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014;
 * Ongaro, "Consensus: Bridging Theory and Practice", 2014; behaviour of etcd-io/raft.
 */
import { assert } from '../../core/assert.ts'
import { MeshError } from '../../core/errors.ts'
import type { Random } from '../../core/random.ts'
import { RaftLog } from './log/raft-log.ts'
import type { HardState, LogStorage } from './log/storage.ts'
import type { ConfChange, ConfChangeV2 } from './membership/conf-change.ts'
import { restore } from './membership/restore.ts'
import { createMessage, type Message, type MessageInit, type MessageType } from './message.ts'
import { NO_NODE, type NodeId } from './node-id.ts'
import type { RaftOptions } from './options.ts'
import { ProgressTracker } from './progress/progress-tracker.ts'
import { ReadQueue } from './read-queue.ts'

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader'

/** What a node may forget over a crash. */
export interface SoftState {
  readonly leader: NodeId
  readonly role: Role
}

/** A read may be served from the state at `index` or later. */
export interface ReadState {
  readonly index: number
  /** As given to `readIndex`. */
  readonly context: Uint8Array
}

/** How changes of the configuration stand in the log. The core knows only the empty one. */
export interface ConfChangeCodec {
  encode(change: ConfChange | ConfChangeV2): Uint8Array
  /** @returns The change as a `ConfChangeV2`; `undefined` if the bytes are none. */
  decode(data: Uint8Array, type: 'conf-change' | 'conf-change-v2'): ConfChangeV2 | undefined
}

export interface RaftConfig {
  readonly id: NodeId
  readonly options: RaftOptions
  readonly storage: LogStorage
  readonly codec: ConfChangeCodec
  readonly random: Random
  /** Up to here the application has applied the log and kept the result. 0: the snapshot. */
  readonly appliedIndex?: number
}

/** Must not go out before our own state is in storage. */
const AFTER_APPEND: ReadonlySet<MessageType> = new Set([
  'MsgAppResp',
  'MsgVoteResp',
  'MsgPreVoteResp',
])

/** Carry a term of their own: of the election that is asked about. */
const WITH_OWN_TERM: ReadonlySet<MessageType> = new Set([
  'MsgVote',
  'MsgVoteResp',
  'MsgPreVote',
  'MsgPreVoteResp',
])

/** Asked of whoever leads when they arrive, so they belong to no term. */
const WITHOUT_TERM: ReadonlySet<MessageType> = new Set(['MsgProp', 'MsgReadIndex'])

export class Raft {
  readonly id: NodeId
  readonly options: RaftOptions
  readonly log: RaftLog
  readonly tracker: ProgressTracker
  readonly codec: ConfChangeCodec
  readonly reads: ReadQueue
  readonly #random: Random

  /** Raft paper, figure 2: `currentTerm` and `votedFor`. */
  term = 0
  vote = NO_NODE
  role: Role = 'follower'
  leader = NO_NODE
  /** Who is to lead next, while leadership is handed over. */
  leadTransferee = NO_NODE

  /** No change of the configuration is proposed before the one at this index is applied. */
  pendingConfIndex = 0
  /** Payload of our entries that are not known to be applied. */
  uncommittedBytes = 0

  electionElapsedTicks = 0
  heartbeatElapsedTicks = 0
  randomizedElectionTicks = 0

  messages: Message[] = []
  messagesAfterAppend: Message[] = []
  readStates: ReadState[] = []

  constructor({ id, options, storage, codec, random, appliedIndex = 0 }: RaftConfig) {
    assert(id > NO_NODE, 'a node has a positive id')
    this.id = id
    this.options = options
    this.codec = codec
    this.#random = random
    this.log = new RaftLog(storage, options.applyingMaxBytes)
    this.reads = new ReadQueue(options.pendingReadsMax)
    this.tracker = new ProgressTracker({
      countMax: options.inflightMaxCount,
      bytesMax: options.inflightMaxBytes,
    })
    const { hardState, confState } = storage.initialState()
    this.tracker.adopt(restore(this.tracker, confState, { lastIndex: this.log.lastIndex }))
    this.#load(hardState)
    if (appliedIndex > 0) this.log.appliedTo(appliedIndex, 0)
    this.reset(this.term)
  }

  get hardState(): HardState {
    return { term: this.term, vote: this.vote, commit: this.log.commitIndex }
  }

  /** Whether it may lead: a voter, and not waiting for a snapshot to be applied. */
  get isPromotable(): boolean {
    const own = this.tracker.progress.get(this.id)
    return own !== undefined && !own.isLearner && this.log.unstable.snapshot === undefined
  }

  get hasCommittedInTerm(): boolean {
    return this.log.term(this.log.commitIndex) === this.term
  }

  /** Puts a message in its queue, with our id and term unless it has its own. */
  send(init: MessageInit): void {
    const hasOwnTerm = WITH_OWN_TERM.has(init.type)
    assert(hasOwnTerm === (init.term !== undefined), 'only a vote names its term')
    const term = WITHOUT_TERM.has(init.type) ? 0 : this.term
    const message = createMessage(init, { from: this.id, term })
    if (AFTER_APPEND.has(message.type)) {
      this.messagesAfterAppend.push(message)
      return
    }
    assert(message.to !== this.id, 'a message goes to another node')
    this.messages.push(message)
  }

  /** Starts over in a term, the present or a later one, without a role or a leader. */
  reset(term: number): void {
    assert(term >= this.term, 'terms never fall')
    if (term > this.term) {
      this.term = term
      this.vote = NO_NODE
    }
    this.leader = NO_NODE
    this.leadTransferee = NO_NODE
    this.electionElapsedTicks = 0
    this.heartbeatElapsedTicks = 0
    const { electionTicks } = this.options
    this.randomizedElectionTicks = electionTicks + this.#random.nextIndex(electionTicks)

    const { lastIndex } = this.log
    this.tracker.resetVotes()
    this.tracker.resetProgress(id => ({
      matchIndex: id === this.id ? lastIndex : 0,
      nextIndex: lastIndex + 1,
    }))
    this.pendingConfIndex = 0
    this.uncommittedBytes = 0
    this.reads.reset()
  }

  /** By chance, from 0 to before `count`. */
  nextIndex(count: number): number {
    return this.#random.nextIndex(count)
  }

  becomeFollower(term: number, leader: NodeId): void {
    this.reset(term)
    this.leader = leader
    this.role = 'follower'
  }

  /** A trial: neither the term nor the vote changes. */
  becomePreCandidate(): void {
    assert(this.role !== 'leader', 'a leader does not campaign')
    this.tracker.resetVotes()
    this.leader = NO_NODE
    this.role = 'pre-candidate'
  }

  becomeCandidate(): void {
    assert(this.role !== 'leader', 'a leader does not campaign')
    this.reset(this.term + 1)
    this.vote = this.id
    this.role = 'candidate'
  }

  #load({ term, vote, commit }: HardState): void {
    const { commitIndex, lastIndex } = this.log
    // An empty one was never written.
    if (term === 0 && vote === NO_NODE && commit === 0) return
    if (commit < commitIndex || commit > lastIndex) {
      throw new MeshError(
        `expected a commit index from ${commitIndex} to ${lastIndex}, where the log ends, found ${commit}`,
        { code: 'ERR_STORAGE', hint: 'The log of this node is damaged; let it join anew.' },
      )
    }
    this.term = term
    this.vote = vote
    this.log.commitTo(commit)
  }
}
