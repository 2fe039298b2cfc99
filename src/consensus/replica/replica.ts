/**
 * One peer's copy of what the mesh has agreed on, and its part in agreeing.
 *
 *     propose, read --> Requests --> leader's LeaderDesk --> Participation --> Applier --> state
 *                                                              |
 *                           other voters: Raft messages <------+------> Feeds: other peers
 *
 * A peer in the configuration runs Raft; every other one follows the log of a voter. Both store
 * and apply the same entries, so a peer changes from one to the other without losing its place.
 *
 * What is decided in one turn of the event loop goes out at its end, by a `flush`: many proposals
 * make one batch on the disk and one message to each peer.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014. Followers of voters are ours.
 */
import type { PeerId } from '../../core/ids.ts'
import type { Machine } from '../../core/machine.ts'
import type { Random } from '../../core/random.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { Message } from '../raft/message.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { ConfChangeCodec } from '../raft/raft.ts'
import type { RaftStatus } from '../raft/raw-node.ts'
import { Applier } from './applier.ts'
import type { Directory } from './directory.ts'
import type { ReplicaEffect, ReplicaEvent, ReplicaRole } from './events.ts'
import { type FeedState, Feeds } from './feeds.ts'
import { LeaderDesk, type Reply } from './leader-desk.ts'
import type { ConsensusMessage } from './message.ts'
import type { ConsensusOptions } from './options.ts'
import { Outbox } from './outbox.ts'
import { Participation } from './participation.ts'
import type { StoreBatch } from './raft-part.ts'
import { type RequestMessage, Requests } from './requests.ts'
import { Snapshots } from './snapshots.ts'
import type { StateMachine } from './state-machine.ts'
import type { ReplicaStatus } from './status.ts'
import { Storing } from './storing.ts'
import { VoterDuty } from './voter-duty.ts'

export interface ReplicaDeps<Result> {
  readonly self: PeerId
  readonly ownZone: () => string
  /** Reads the roster of `machine`. */
  readonly directory: Directory
  readonly machine: StateMachine<Result>
  /** As it was recovered from the disk. */
  readonly log: MemoryStorage
  readonly codec: ConfChangeCodec
  readonly random: Random
  readonly startMs: number
}

/** Come from a leader that a majority elected. */
const LEADERS_MESSAGES: ReadonlySet<Message['type']> = new Set([
  'MsgApp',
  'MsgHeartbeat',
  'MsgSnap',
])

type Feed = Extract<ConsensusMessage, { type: 'feed' }>

interface ToldRole {
  readonly role: ReplicaRole
  readonly term: number
  readonly leader: PeerId | undefined
}

export class Replica<Result> implements Machine<ReplicaEvent, ReplicaEffect<Result>> {
  readonly #deps: ReplicaDeps<Result>
  readonly #applier: Applier<Result>
  readonly #requests: Requests<Result>
  readonly #part: Participation
  readonly #feeds: Feeds
  readonly #duty: VoterDuty
  readonly #desk: LeaderDesk
  readonly #outbox: Outbox
  readonly #snapshots: Snapshots
  readonly #storing: Storing
  #nowMs: number
  /** When a leader with a majority was last known. */
  #quorumAtMs: number
  #lastLeader: PeerId | undefined
  #told: ToldRole = { role: 'observer', term: 0, leader: undefined }
  #toldCommitIndex = 0
  #effects: ReplicaEffect<Result>[] = []

  constructor(deps: ReplicaDeps<Result>, options: ConsensusOptions) {
    this.#deps = deps
    this.#nowMs = deps.startMs
    this.#quorumAtMs = deps.startMs
    const { self, log, machine, directory } = deps
    const emit = (effect: ReplicaEffect<Result>) => {
      this.#effects.push(effect)
    }
    const send = (to: PeerId, message: ConsensusMessage) => emit({ type: 'send', to, message })
    const mark = () => this.#applier.mark
    const leader = () => this.#part.leader
    this.#storing = new Storing(log)
    this.#duty = new VoterDuty(deps, options)
    const offerSnapshot = (to: PeerId, message: Message) =>
      this.#snapshots.sender.offer(to, message, this.#nowMs)
    this.#outbox = new Outbox({ directory, send, offerSnapshot, mark })
    this.#part = new Participation(
      {
        ...deps,
        send,
        sendRaft: message => this.#outbox.add(message),
        sources: () => this.#sources(),
        store: (batch, onStored) => this.#store(batch, onStored),
        storingSinceMs: () => this.#storing.sinceMs,
        apply: entries => this.#applier.apply(entries),
        restore: snapshot => this.#applier.restore(snapshot),
        onRead: read => this.#desk.readConfirmed(read),
        applied: () => this.#applier,
        mark,
      },
      options,
    )
    const reconfigure = (entry: Entry) => {
      const confState = this.#part.reconfigure(entry)
      emit({ type: 'configuration-changed', voters: confState.voters })
      return confState
    }
    const onApplied = (requestId: string, result: Result) => {
      this.#desk.applied(requestId)
      this.#requests.applied(requestId, result)
    }
    this.#applier = new Applier({ log, machine, emit, reconfigure, onApplied }, options)
    this.#requests = new Requests({
      ask: message => this.#ask(message),
      emit,
      leader,
      lastLeader: () => this.#lastLeader,
      timeoutMs: options.writeTimeoutMs,
    })
    this.#feeds = new Feeds({
      entries: (low, high, maxBytes) => this.#entries(low, high, maxBytes),
      snapshotIndex: () => log.snapshot().metadata.index,
      send,
      offerSnapshot: to => this.#snapshots.sender.offerFeed(to, log.snapshot()),
      state: () => this.#feedState(),
      appendMaxBytes: options.appendMaxBytes,
      answerWithinMs: options.followIntervalMs / 2,
    })
    const reply = (message: Reply) => this.#reply(message)
    this.#desk = new LeaderDesk({
      ...{ self, raw: () => this.#part.raw, send, leader, reply },
      accepts: command => machine.accepts(command),
      voterChange: (wish, node) => this.#duty.wish(wish, node, this.#applier.confState),
    })
    this.#snapshots = new Snapshots({
      ...{ directory, log, send, emit },
      part: this.#part,
      receiveRaft: (from, messages, nowMs) => this.#receiveRaft(from, messages, nowMs),
    })
    this.#part.begin(deps.startMs)
  }

  get wakeAtMs(): number {
    return Math.min(
      this.#part.wakeAtMs,
      this.#requests.wakeAtMs,
      this.#feeds.wakeAtMs,
      this.#duty.wakeAtMs,
      this.#snapshots.wakeAtMs,
    )
  }

  step(event: ReplicaEvent, nowMs: number): readonly ReplicaEffect<Result>[] {
    this.#nowMs = nowMs
    this.#take(event, nowMs)
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  status(nowMs: number): ReplicaStatus {
    const { log } = this.#deps
    const { role, node, term, leader, commitIndex, observer } = this.#part
    const { confState, appliedIndex, mark, halted } = this.#applier
    return {
      role,
      node,
      term,
      leader,
      lastLeader: this.#lastLeader,
      confState,
      commitIndex,
      appliedIndex,
      firstIndex: log.firstIndex,
      lastIndex: log.lastIndex,
      mark,
      source: observer?.source,
      followerCount: this.#feeds.followerCount,
      staleForMs: role === 'leader' ? 0 : Math.max(0, nowMs - this.#quorumAtMs),
      halted,
    }
  }

  /** Whether the failure detector holds a peer for alive; ourselves always. */
  isAlive(peer: PeerId | undefined): boolean {
    return peer === this.#deps.self || (peer !== undefined && this.#duty.isAlive(peer))
  }

  /** Of the part in Raft, if there is one. */
  raftStatus(): RaftStatus | undefined {
    return this.#part.raw?.status()
  }

  /** At a leader: who could take over, if the others can do without us. */
  get successor(): NodeId | undefined {
    return this.#part.raw?.successor
  }

  /** What stands in our log there. `undefined`: nothing yet, or it was compacted away. */
  entry(index: number): Entry | undefined {
    const lastIndex = this.raftStatus()?.lastIndex ?? this.#deps.log.lastIndex
    return index > lastIndex ? undefined : this.#entries(index, index + 1, 0)?.[0]
  }

  #take(event: ReplicaEvent, nowMs: number): void {
    switch (event.type) {
      case 'tick':
        this.#tick(nowMs)
        this.#flush(nowMs)
        return
      case 'flush':
        this.#flush(nowMs)
        return
      case 'message-received':
        this.#receive(event.from, event.message, nowMs)
        return
      case 'message-unsent':
        this.#part.observer?.sourceUnreachable(event.to, nowMs)
        return
      case 'member-seen':
        this.#duty.memberSeen(event.member, nowMs)
        if (!event.member.isAlive) this.#part.memberLost(event.member.peer, nowMs)
        return
      case 'member-forgotten':
        this.#duty.forgotten(event.peer)
        this.#feeds.forget(event.peer)
        this.#part.observer?.sourceLost(event.peer, nowMs)
        return
      case 'stored':
        this.#storing.stored(event.batchId, nowMs)
        return
      case 'snapshot-saved':
        this.#applier.saved(event.index)
        return
      case 'propose':
      case 'operate':
      case 'read':
        this.#requests.add(event, nowMs)
        return
    }
  }

  /** Voters that are alive; whoever is, as long as we know of none. */
  #sources(): readonly PeerId[] {
    const { directory, self } = this.#deps
    const voters = this.#applier.confState.voters.flatMap(node => directory.peerOf(node) ?? [])
    const alive = voters.filter(peer => peer !== self && this.#duty.isAlive(peer))
    return alive.length > 0 ? alive : this.#duty.alive()
  }

  #tick(nowMs: number): void {
    this.#part.tick(nowMs)
    this.#requests.tick(nowMs)
    this.#feeds.tick(nowMs)
    this.#snapshots.tick(nowMs)
    const { raw } = this.#part
    if (raw?.role !== 'leader') return
    const isCaughtUp = (node: NodeId) => this.#desk.isCaughtUp(node)
    const view = { node: this.#part.node, confState: this.#applier.confState, isCaughtUp }
    const change = this.#duty.look(view, nowMs)
    if (change !== undefined) raw.proposeConfChange(change)
  }

  #flush(nowMs: number): void {
    this.#part.flush(nowMs)
    this.#outbox.flush()
    this.#tellRole(nowMs)
    const { commitIndex } = this.#part
    if (commitIndex > this.#toldCommitIndex) {
      this.#toldCommitIndex = commitIndex
      this.#feeds.committed()
    }
    this.#requests.appliedTo(this.#applier.appliedIndex)
    this.#snapshots.appliedTo(this.#applier.appliedIndex)
  }

  #tellRole(nowMs: number): void {
    const { role, term, leader } = this.#part
    if (leader !== undefined) this.#lastLeader = leader
    if (role === 'leader') this.#quorumAtMs = nowMs
    const told = this.#told
    if (told.role === role && told.term === term && told.leader === leader) return
    this.#told = { role, term, leader }
    this.#effects.push({ type: 'role-changed', role, term, leader })
    if (role === 'leader' && told.role !== 'leader') this.#duty.begin(nowMs)
    if (role !== 'leader' && told.role === 'leader') {
      this.#duty.end()
      this.#desk.forget()
    }
    if (leader !== told.leader || term !== told.term) this.#requests.leaderChanged(nowMs)
  }

  #receive(from: PeerId, message: ConsensusMessage, nowMs: number): void {
    switch (message.type) {
      case 'raft':
        this.#receiveRaft(from, message.messages, nowMs)
        if (message.mark !== undefined) {
          // Who leads must be right; others are only told of.
          this.#applier.compare(from, message.mark, from === this.#part.leader)
        }
        return
      case 'propose':
      case 'operate':
      case 'read':
        this.#desk.serve(from, message)
        return
      case 'operated':
      case 'read-index':
      case 'refuse':
        this.#reply(message)
        return
      case 'follow':
        if (message.mark !== undefined) this.#applier.compare(from, message.mark, false)
        this.#feeds.followed(from, message, nowMs)
        return
      case 'feed':
        this.#fed(from, message, nowMs)
        return
      case 'snapshot-offer':
      case 'chunk-request':
      case 'chunk':
        this.#snapshots.receive(from, message, nowMs)
        return
    }
  }

  #receiveRaft(from: PeerId, messages: readonly Message[], nowMs: number): void {
    const sender = this.#deps.directory.nodeOf(from)
    for (const message of messages) {
      // One whom our roster does not know was admitted after what we have applied.
      const isTrue = sender === undefined || sender === message.from
      if (!(isTrue && this.#part.receive(message, nowMs))) continue
      if (LEADERS_MESSAGES.has(message.type)) this.#quorumAtMs = nowMs
    }
  }

  #fed(from: PeerId, feed: Feed, nowMs: number): void {
    const { observer } = this.#part
    if (observer === undefined) return
    const found = observer.fed(from, feed, nowMs)
    if (found !== undefined) {
      this.#effects.push({ type: 'peer-misbehaved', peer: from, found })
      observer.sourceLost(from, nowMs)
      return
    }
    this.#quorumAtMs = Math.max(this.#quorumAtMs, nowMs - feed.staleForMs)
    if (feed.mark !== undefined) this.#applier.compare(from, feed.mark, true)
  }

  /** To a request of our own. */
  #reply(message: Reply): void {
    const { type, requestId } = message
    if (type === 'operated') this.#requests.operated(requestId)
    else if (type === 'refuse') this.#requests.refused(requestId, message.reason, this.#nowMs)
    else this.#requests.readAt(requestId, message.index, this.#applier.appliedIndex)
  }

  #ask(message: RequestMessage): void {
    const { leader } = this.#part
    if (leader === this.#deps.self) this.#desk.serve(leader, message)
    else if (leader !== undefined) this.#effects.push({ type: 'send', to: leader, message })
  }

  /** Of the log as it is; what is stored may be about to be replaced. */
  #entries(low: number, high: number, maxBytes: number): readonly Entry[] | undefined {
    return (this.#part.raw ?? this.#deps.log).entries(low, high, maxBytes)
  }

  #feedState(): FeedState {
    const { staleForMs, leader, term, commitIndex, mark } = this.status(this.#nowMs)
    return { staleForMs, leader, term, commitIndex, mark }
  }

  #store(batch: StoreBatch, onStored: (nowMs: number) => void): void {
    const begun = this.#storing.begin(batch, onStored, this.#nowMs)
    if (begun === undefined) return
    this.#effects.push({ type: 'store', batchId: begun.batchId, ...begun.batch })
  }
}
