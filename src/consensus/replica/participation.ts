/**
 * How a replica takes part: in Raft as long as the configuration names it, else as an observer
 * that follows the log. The rest of the replica need not know which.
 *
 *     observer --named in the configuration and up to date, or spoken to by Raft--> Raft
 *     Raft --not spoken to for some time--> observer
 *
 * A node that was removed while it was away is spoken to by nobody, and would ask for votes for
 * ever: it learns of its removal by following. One that was not removed takes part again as soon
 * as it has seen that it misses nothing. Not to vote meanwhile harms no promise.
 *
 * The change happens only while nothing is on its way to the disk: the log in memory is whole then.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import type { Random } from '../../core/random.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { Snapshot } from '../raft/log/storage.ts'
import type { ConfState } from '../raft/membership/conf-change.ts'
import type { Message } from '../raft/message.ts'
import { NO_NODE, type NodeId } from '../raft/node-id.ts'
import type { ConfChangeCodec, ReadState } from '../raft/raft.ts'
import type { RawNode } from '../raft/raw-node.ts'
import { configurationAfter } from './configuration-after.ts'
import type { Directory } from './directory.ts'
import type { HaltReason, ReplicaRole } from './events.ts'
import type { ConsensusMessage, StateMark } from './message.ts'
import { ObserverPart } from './observer-part.ts'
import type { ConsensusOptions } from './options.ts'
import { changeOf, RaftPart, type StoreBatch, tickMs } from './raft-part.ts'

/** Election timeouts without a word after which a node looks around whether it was removed. */
const STRANDED_PATIENCE = 4

/** The same for one whose own configuration does not name it, which may be about to. */
const REMOVED_PATIENCE = 1

/** Those who know that the leader is dead stand one after the other, or they would split the votes. */
const SUCCESSION_MAX_MS = 200

/**
 * Election timeouts for which a leader may store nothing that it is given, or lead without applying
 * anything, before it looks for a better one; and from one attempt to the next.
 */
const UNFIT_PATIENCE = 2

/** A peer that could not tick for long makes up for this many ticks at most. */
const LATE_TICKS_MAX = 2

interface Applied {
  readonly appliedIndex: number
  readonly confState: ConfState
  /** Why nothing is applied any more. */
  readonly halted: HaltReason | undefined
}

export interface ParticipationDeps {
  readonly self: PeerId
  readonly directory: Directory
  readonly log: MemoryStorage
  readonly codec: ConfChangeCodec
  readonly random: Random
  readonly sendRaft: (message: Message) => void
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  /** Whom an observer can follow now. */
  readonly sources: () => readonly PeerId[]
  readonly store: (batch: StoreBatch, onStored: (nowMs: number) => void) => void
  /** Since when the disk owes an answer. `undefined`: nothing is on its way to it. */
  readonly storingSinceMs: () => number | undefined
  /** @returns Whether all were applied; else none will be any more. */
  readonly apply: (entries: readonly Entry[]) => boolean
  readonly restore: (snapshot: Snapshot) => void
  readonly onRead: (read: ReadState) => void
  readonly applied: () => Applied
  readonly mark: () => StateMark | undefined
}

export class Participation {
  readonly #deps: ParticipationDeps
  readonly #options: ConsensusOptions
  #raft: RaftPart | undefined
  #observer: ObserverPart | undefined
  #tickAtMs = NEVER
  /** When we stand for election, unless somebody else has been elected. */
  #standAtMs = NEVER
  /** When a leader last spoke to us, or we led. */
  #spokenToAtMs = 0
  /** Not earlier do we hand our office over, should we be unfit for it. */
  #resignAtMs = NEVER

  constructor(deps: ParticipationDeps, options: ConsensusOptions) {
    this.#deps = deps
    this.#options = options
  }

  /** Once everything else is in place: what was committed is applied. */
  begin(nowMs: number): void {
    if (this.#isNamed) this.#join(nowMs)
    else this.#observe(nowMs)
  }

  get wakeAtMs(): number {
    return Math.min(this.#tickAtMs, this.#standAtMs, this.#observer?.wakeAtMs ?? NEVER)
  }

  /** `NO_NODE`: the roster does not name us, as far as we have applied it. */
  get node(): NodeId {
    return this.#deps.directory.nodeOf(this.#deps.self) ?? NO_NODE
  }

  get role(): ReplicaRole {
    return this.#raft?.raw.role ?? 'observer'
  }

  get term(): number {
    return this.#raft?.raw.term ?? this.#observer?.term ?? 0
  }

  get leader(): PeerId | undefined {
    if (this.#raft === undefined) return this.#observer?.leader
    return this.#deps.directory.peerOf(this.#raft.raw.leader)
  }

  get commitIndex(): number {
    return this.#raft?.raw.commitIndex ?? this.#observer?.commitIndex ?? 0
  }

  get raw(): RawNode | undefined {
    return this.#raft?.raw
  }

  get observer(): ObserverPart | undefined {
    return this.#observer
  }

  /**
   * A peer is known to be dead. If it led, nobody need wait for an election timeout to be sure.
   * Should only we think so, the others refuse, and its next heartbeat sets us right.
   */
  memberLost(peer: PeerId, nowMs: number): void {
    this.#observer?.sourceLost(peer, nowMs)
    if (this.#raft === undefined || this.role !== 'follower' || peer !== this.leader) return
    this.#raft.raw.forgetLeader()
    this.#standAtMs = nowMs + this.#deps.random.next() * SUCCESSION_MAX_MS
  }

  tick(nowMs: number): void {
    this.#tickRaft(nowMs)
    this.#stand(nowMs)
    this.#observer?.tick(nowMs)
    this.#resignIfUnfit(nowMs)
    // Who has no vote never finds out that its leader is silent: the core does not ask.
    const isWaiting = this.#raft !== undefined && this.role !== 'leader'
    // Who led until now begins to wait now.
    if (this.role === 'leader') this.#spokenToAtMs = nowMs
    const patience = this.#isNamed ? STRANDED_PATIENCE : REMOVED_PATIENCE
    const patienceMs = patience * this.#options.electionTimeoutMs
    if (!isWaiting || nowMs - this.#spokenToAtMs < patienceMs || this.#isStoring) return
    // Alone there is nobody to learn it from.
    if (this.#deps.sources().length > 0) this.#observe(nowMs)
  }

  /** Hands out what Raft has to say. */
  flush(nowMs: number): void {
    if (this.#observer?.isUpToDate && this.#isNamed && !this.#isStoring) this.#join(nowMs)
    this.#raft?.flush()
  }

  /** @returns Whether it was for us, and could be taken. */
  receive(message: Message, nowMs: number): boolean {
    if (message.to !== this.node) return false
    // Admitted again while we took part under the number of before: that part has to end first.
    if (this.#raft !== undefined && this.#raft.node !== message.to) return false
    if (this.#raft === undefined && this.#isStoring) return false
    const { raw } = this.#raft ?? this.#join(nowMs)
    raw.step(message)
    // Others who were removed ask for votes too, and anybody refuses theirs.
    if (raw.leader === message.from) this.#spokenToAtMs = nowMs
    return true
  }

  /** The entry that is being applied changes the configuration. @returns The new one. */
  reconfigure(entry: Entry): ConfState {
    const change = changeOf(this.#deps.codec, entry)
    if (this.#raft !== undefined) return this.#raft.raw.applyConfChange(change)
    return configurationAfter(this.#deps.applied().confState, change)
  }

  get #isStoring(): boolean {
    return this.#deps.storingSinceMs() !== undefined
  }

  /**
   * A leader whose disk hangs still has its entries agreed on by the others, but applies none and
   * takes fewer and fewer; so does one that applies nothing any more. As long as the others are no
   * majority without it, nobody else could do better.
   */
  #resignIfUnfit(nowMs: number): void {
    const patienceMs = UNFIT_PATIENCE * this.#options.electionTimeoutMs
    const raw = this.#raft?.raw
    if (raw?.role !== 'leader') {
      this.#resignAtMs = nowMs + patienceMs
      return
    }
    const storingForMs = nowMs - (this.#deps.storingSinceMs() ?? nowMs)
    const isUnfit = storingForMs >= patienceMs || this.#deps.applied().halted !== undefined
    if (!isUnfit || nowMs < this.#resignAtMs) return
    const { successor } = raw
    if (successor === undefined) return
    this.#resignAtMs = nowMs + patienceMs
    raw.transferLeader(successor)
  }

  /**
   * A snapshot for Raft has come. Raft takes none of a time when the configuration did not name us,
   * as it may have been if we were removed and are named again since: that one we install as an
   * observer does, and Raft goes on behind it.
   *
   * @returns Whether it is for Raft.
   */
  isForRaft({ metadata }: Snapshot, nowMs: number): boolean {
    if (this.#raft === undefined) return false
    if (isNaming(metadata.confState, this.node) || this.#isStoring) return true
    this.#observe(nowMs)
    return false
  }

  get #isNamed(): boolean {
    return isNaming(this.#deps.applied().confState, this.node)
  }

  #join(nowMs: number): RaftPart {
    this.#observer = undefined
    this.#spokenToAtMs = nowMs
    this.#tickAtMs = nowMs + tickMs(this.#options)
    const { sendRaft: send, restore: onInstalled, applied, ...deps } = this.#deps
    const { appliedIndex, confState } = applied()
    this.#raft = new RaftPart(
      { ...deps, node: this.node, appliedIndex, confState, send, onInstalled },
      this.#options,
    )
    return this.#raft
  }

  #observe(nowMs: number): void {
    this.#raft = undefined
    this.#tickAtMs = NEVER
    const { applied } = this.#deps
    const { followIntervalMs } = this.#options
    const appliedIndex = () => applied().appliedIndex
    this.#observer = new ObserverPart({ ...this.#deps, appliedIndex, followIntervalMs })
    this.#observer.begin(nowMs)
  }

  #stand(nowMs: number): void {
    if (nowMs < this.#standAtMs) return
    this.#standAtMs = NEVER
    if (this.#raft?.raw.leader === NO_NODE && this.role === 'follower') this.#raft.raw.campaign()
  }

  #tickRaft(nowMs: number): void {
    if (this.#raft === undefined || nowMs < this.#tickAtMs) return
    const lengthMs = tickMs(this.#options)
    const dueCount = 1 + Math.floor((nowMs - this.#tickAtMs) / lengthMs)
    const count = Math.min(dueCount, LATE_TICKS_MAX)
    for (let left = count; left > 0; left -= 1) this.#raft.raw.tick()
    this.#tickAtMs = count < dueCount ? nowMs + lengthMs : this.#tickAtMs + count * lengthMs
  }
}

function isNaming(confState: ConfState, node: NodeId): boolean {
  const { voters, learners, votersOutgoing, learnersNext } = confState
  return [voters, learners, votersOutgoing, learnersNext].some(nodes => nodes.includes(node))
}
