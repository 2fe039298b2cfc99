/**
 * The part a replica has in Raft while it is a voter or a learner: turns what the core hands out
 * into effects, and what has become of them into steps of the core.
 *
 *     events --> RawNode --flush--> store, send, apply, reads
 *                   ^                  |
 *                   '---- stored ------'
 *
 * The core works with asynchronous storage: it goes on while the disk writes, and says with each
 * batch which messages wait for it. So a promise leaves this node only after `stored`, while a
 * leader's entries are under way to the others meanwhile (Ongaro 2014, section 10.2.1). Everything
 * that arrives in one turn of the event loop makes one batch, and so does what arrives while a
 * batch is being stored.
 */
import { assert } from '../../core/assert.ts'
import type { Random } from '../../core/random.ts'
import { decodeConfChange } from '../raft/conf-changes.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { HardState, Snapshot } from '../raft/log/storage.ts'
import type { ConfChangeV2, ConfState } from '../raft/membership/conf-change.ts'
import { APPEND_THREAD, APPLY_THREAD, isLocal, type Message } from '../raft/message.ts'
import type { NodeId } from '../raft/node-id.ts'
import { raftOptions } from '../raft/options.ts'
import type { ConfChangeCodec, ReadState, Role } from '../raft/raft.ts'
import { RawNode } from '../raft/raw-node.ts'
import { hardStateOf } from '../raft/ready.ts'
import { AppliedLog } from './applied-log.ts'
import type { ConsensusOptions } from './options.ts'

/** So that elections, which begin at a tick, begin at one of twenty different times. */
const ELECTION_TICKS = 20

export interface StoreBatch {
  readonly hardState: HardState | undefined
  readonly entries: readonly Entry[]
  readonly snapshot: Snapshot | undefined
}

export interface RaftPartDeps {
  readonly node: NodeId
  readonly log: MemoryStorage
  readonly random: Random
  readonly codec: ConfChangeCodec
  readonly appliedIndex: number
  /** The configuration in force at `appliedIndex`. */
  readonly confState: ConfState
  readonly send: (message: Message) => void
  /** Calls `stored` with the same responses once the batch is durable. */
  readonly store: (batch: StoreBatch, onStored: (nowMs: number) => void) => void
  /** Applies entries in order. @returns Whether all were applied; else none will be any more. */
  readonly apply: (entries: readonly Entry[]) => boolean
  /** A snapshot of the leader is in the log now, in place of what was there. */
  readonly onInstalled: (snapshot: Snapshot) => void
  readonly onRead: (read: ReadState) => void
}

/** What others see of a part in Raft. */
export interface RaftView {
  readonly role: Role
  readonly leader: NodeId
  readonly term: number
  readonly commitIndex: number
}

export class RaftPart {
  readonly raw: RawNode
  readonly node: NodeId
  readonly #deps: RaftPartDeps

  constructor(deps: RaftPartDeps, options: ConsensusOptions) {
    this.#deps = deps
    const { node, log, random, codec, appliedIndex, confState } = deps
    this.node = node
    this.raw = new RawNode({
      id: node,
      storage: new AppliedLog(log, confState),
      random,
      codec,
      appliedIndex,
      options: raftOptions.parse({
        electionTicks: ELECTION_TICKS,
        heartbeatTicks: Math.max(1, Math.round(options.heartbeatIntervalMs / tickMs(options))),
        messageMaxBytes: options.appendMaxBytes,
        inflightMaxCount: options.inflightMax,
        inflightMaxBytes: options.inflightMaxBytes,
        uncommittedMaxBytes: options.uncommittedMaxBytes,
        // Whoever wants something changed asks the leader, and asks again.
        mayForwardProposals: false,
        hasAsyncStorageWrites: true,
      }),
    })
    if (isAlone(node, confState)) this.raw.campaign()
  }

  get view(): RaftView {
    const { role, leader, term, commitIndex } = this.raw
    return { role, leader, term, commitIndex }
  }

  /** Performs what the core has to say. Storing what it handed out may give it more. */
  flush(): void {
    while (this.raw.hasReady) {
      const ready = this.raw.ready()
      for (const read of ready.readStates) this.#deps.onRead(read)
      for (const message of ready.messages) this.#perform(message)
    }
  }

  #perform(message: Message): void {
    if (message.to === APPEND_THREAD) this.#store(message)
    else if (message.to === APPLY_THREAD) this.#apply(message)
    else this.#deps.send(message)
  }

  #store(message: Message): void {
    const { entries, snapshot, responses } = message
    this.#deps.store({ hardState: hardStateOf(message), entries, snapshot }, () => {
      if (snapshot !== undefined) this.#deps.onInstalled(snapshot)
      this.#respond(responses)
    })
  }

  /**
   * Of what was not applied the core is not told that it was: a change of the configuration may be
   * among it, and with the configuration of before nobody may stand for election or change it.
   */
  #apply({ entries, responses }: Message): void {
    if (this.#deps.apply(entries)) this.#respond(responses)
  }

  #respond(responses: readonly Message[]): void {
    for (const response of responses) {
      if (isLocal(response)) this.raw.stepLocal(response)
      else this.#deps.send(response)
    }
  }
}

/** Whoever decides alone has nobody's silence to wait for. */
function isAlone(node: NodeId, { voters, votersOutgoing }: ConfState): boolean {
  return voters.length === 1 && voters[0] === node && votersOutgoing.length === 0
}

/** How long a tick is with these options, in milliseconds. */
export function tickMs({ electionTimeoutMs }: Pick<ConsensusOptions, 'electionTimeoutMs'>): number {
  return electionTimeoutMs / ELECTION_TICKS
}

/** The change of the configuration that an entry makes. */
export function changeOf(codec: ConfChangeCodec, entry: Entry): ConfChangeV2 {
  const change = decodeConfChange({ codec }, entry)
  assert(change !== undefined, 'a committed change of the configuration can be read')
  return change
}
