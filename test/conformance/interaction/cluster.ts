/**
 * The nodes of an interaction file, their storage and the messages between them.
 */

import { MemoryStorage } from '../../../src/consensus/raft/log/memory-storage.ts'
import { EMPTY_SNAPSHOT, type Snapshot } from '../../../src/consensus/raft/log/storage.ts'
import type { Message } from '../../../src/consensus/raft/message.ts'
import type { NodeId } from '../../../src/consensus/raft/node-id.ts'
import type { RaftOptions } from '../../../src/consensus/raft/options.ts'
import { RawNode } from '../../../src/consensus/raft/raw-node.ts'
import { Random } from '../../../src/core/random.ts'
import { CommandError } from './command-error.ts'
import { confChangeCodec } from './conf-change-codec.ts'
import { Output } from './output.ts'

/** Gives out the newest state of the application for a snapshot, whatever was compacted. */
class HistoryStorage extends MemoryStorage {
  /** After each applied entry; the first is what the node began with. */
  readonly history: [Snapshot, ...Snapshot[]]

  constructor(first: Snapshot) {
    super()
    this.history = [first]
  }

  get newest(): Snapshot {
    return this.history.at(-1) ?? this.history[0]
  }

  override snapshot(): Snapshot {
    return this.newest
  }
}

export interface ClusterNode {
  readonly id: NodeId
  readonly raw: RawNode
  readonly storage: HistoryStorage
  readonly options: RaftOptions
  /** MsgStorageAppend and MsgStorageApply that wait for their threads. */
  readonly appendWork: Message[]
  readonly applyWork: Message[]
}

export class Cluster {
  readonly output = new Output()
  readonly nodes: ClusterNode[] = []
  /** On their way, in the order sent. */
  messages: Message[] = []

  node(id: NodeId): ClusterNode {
    const node = this.nodes[id - 1]
    if (node === undefined) throw new Error(`expected a node, found none with id ${id}`)
    return node
  }

  /** Adds a node that starts from this snapshot; an empty one: with nothing. */
  addNode(options: RaftOptions, first: Snapshot): void {
    const id = this.nodes.length + 1
    const storage = new HistoryStorage(first)
    if (first !== EMPTY_SNAPSHOT) storage.applySnapshot(first)
    const raw = new RawNode({
      id,
      options,
      storage,
      codec: confChangeCodec,
      random: new Random(id),
      appliedIndex: first.metadata.index,
    })
    this.nodes.push({ id, raw, storage, options, appendWork: [], applyWork: [] })
  }
}

/** The text that a refused proposal prints. */
export function checkProposal(result: ReturnType<RawNode['propose']>): void {
  // A change that must wait was taken, as an empty entry.
  if (result === 'ok' || result === 'conf-change-ignored') return
  throw new CommandError('raft proposal dropped')
}
