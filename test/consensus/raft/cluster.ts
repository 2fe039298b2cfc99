/**
 * A few Raft cores with storage in memory, and the messages between them, for tests that look at
 * whole exchanges. Nothing is sent or written until `settle` or `work` is called.
 */
import type { Entry } from '../../../src/consensus/raft/log/entry.ts'
import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { EMPTY_CONF_STATE } from '../../../src/consensus/raft/log/storage.ts'
import type { ConfState } from '../../../src/consensus/raft/membership/conf-change.ts'
import {
  createMessage,
  type Message,
  type MessageInit,
} from '../../../src/consensus/raft/message.ts'
import type { NodeId } from '../../../src/consensus/raft/node-id.ts'
import { type RaftOptions, raftOptions } from '../../../src/consensus/raft/options.ts'
import type { ReadState } from '../../../src/consensus/raft/raft.ts'
import { RawNode } from '../../../src/consensus/raft/raw-node.ts'
import type { Ready } from '../../../src/consensus/raft/ready.ts'
import { Random } from '../../../src/core/random.ts'
import { confChangeCodec } from '../../conformance/interaction/conf-change-codec.ts'

/** Rounds that everything must have settled in. */
const ROUNDS_LIMIT = 1000

export interface TestNode {
  readonly id: NodeId
  readonly storage: MemoryStorage
  readonly raw: RawNode
  readonly applied: Entry[]
  readonly reads: ReadState[]
  /** All that was handed out, in order. */
  readonly readies: Ready[]
}

export interface ClusterInit {
  readonly voters: readonly NodeId[]
  readonly learners?: readonly NodeId[]
  readonly options?: Partial<RaftOptions>
}

/** Elections by request only: pre-vote and check-quorum are for the tests that ask for them. */
const OPTIONS = raftOptions.parse({ hasPreVote: false, hasCheckQuorum: false })

export class TestCluster {
  readonly nodes = new Map<NodeId, TestNode>()
  /** Sent, not yet received. */
  messages: Message[] = []
  /** Messages it does not hold for are lost. */
  mayPass: (message: Message) => boolean = () => true
  readonly #options: RaftOptions
  readonly #confState: ConfState

  constructor({ voters, learners = [], options }: ClusterInit) {
    this.#options = { ...OPTIONS, ...options }
    this.#confState = { ...EMPTY_CONF_STATE, voters, learners }
    for (const id of [...voters, ...learners]) this.add(id)
  }

  /** A node with this log behind the snapshot at index 1. */
  add(id: NodeId, entries: readonly Entry[] = [], term = 0): TestNode {
    const storage = new MemoryStorage()
    const metadata = { index: 1, term: 1, confState: this.#confState }
    storage.applySnapshot({ data: new Uint8Array(), metadata })
    storage.append(entries)
    if (term > 0) storage.setHardState({ term, vote: 0, commit: 1 })
    return this.#start(id, storage)
  }

  /** The node starts anew from what it has stored. */
  restart(id: NodeId): TestNode {
    return this.#start(id, this.node(id).storage)
  }

  node(id: NodeId): TestNode {
    const node = this.nodes.get(id)
    if (node === undefined) throw new Error(`expected a node ${id}`)
    return node
  }

  raw(id: NodeId): RawNode {
    return this.node(id).raw
  }

  /** Makes it campaign, and lets all become quiet. */
  elect(id: NodeId): RawNode {
    this.raw(id).campaign()
    this.settle()
    return this.raw(id)
  }

  /** Lets nodes work and hear each other until nothing more happens. */
  settle(): void {
    for (let round = 0; round < ROUNDS_LIMIT; round++) {
      for (const { id } of this.nodes.values()) this.work(id)
      const messages = this.messages
      this.messages = []
      if (messages.length === 0) return
      for (const each of messages) {
        if (this.mayPass(each)) this.nodes.get(each.to)?.raw.step(each)
      }
    }
    throw new Error(`expected quiet after ${ROUNDS_LIMIT} rounds`)
  }

  /** The node does all it has to do; what it sends waits. @returns What it sent. */
  work(id: NodeId): Message[] {
    const node = this.node(id)
    const sent: Message[] = []
    while (node.raw.hasReady) sent.push(...this.#perform(node))
    this.messages.push(...sent)
    return sent
  }

  #perform(node: TestNode): readonly Message[] {
    const ready = node.raw.ready()
    node.readies.push(ready)
    if (ready.hardState !== undefined) node.storage.setHardState(ready.hardState)
    if (ready.snapshot !== undefined) node.storage.applySnapshot(ready.snapshot)
    node.storage.append(ready.entries)
    node.reads.push(...ready.readStates)
    for (const entry of ready.committedEntries) {
      node.applied.push(entry)
      if (entry.type === 'normal') continue
      const change = confChangeCodec.decode(entry.data, entry.type)
      if (change !== undefined) node.raw.applyConfChange(change)
    }
    node.raw.advance()
    return ready.messages
  }

  #start(id: NodeId, storage: MemoryStorage): TestNode {
    const raw = new RawNode({
      id,
      storage,
      options: this.#options,
      codec: confChangeCodec,
      random: new Random(id),
      appliedIndex: storage.firstIndex - 1,
    })
    const node = { id, storage, raw, applied: [], reads: [], readies: [] }
    this.nodes.set(id, node)
    return node
  }
}

/** A message as it comes from another node. */
export function message(init: MessageInit & { readonly from: NodeId }): Message {
  return createMessage(init)
}

export function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}

export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data)
}

/** Entries from index 2 on, with these terms and without data. */
export function entriesOf(terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ term, index: i + 2, type: 'normal', data: new Uint8Array() }))
}

/** Terms of what is stored, from index 2 on. */
export function storedTerms({ storage }: TestNode): number[] {
  const { firstIndex, lastIndex } = storage
  const entries = storage.entries(firstIndex, lastIndex + 1, Number.POSITIVE_INFINITY) ?? []
  return entries.map(({ term }) => term)
}

/** Loses all that goes to or comes from these nodes. */
export function without(...ids: NodeId[]): (message: Message) => boolean {
  return ({ from, to }) => !ids.includes(from) && !ids.includes(to)
}
