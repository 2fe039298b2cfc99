/**
 * What the checkers see of one host's replica between two events: its office, how far it is, and
 * what it has been told is on its disk, from which it may have made promises to others.
 */

import type { Entry } from '../../src/consensus/raft/log/entry.ts'
import type { MemoryStorage } from '../../src/consensus/raft/log/memory-storage.ts'
import type { HardState } from '../../src/consensus/raft/log/storage.ts'
import type { ConfState } from '../../src/consensus/raft/membership/conf-change.ts'
import { NO_NODE, type NodeId } from '../../src/consensus/raft/node-id.ts'
import type { ReplicaRole } from '../../src/consensus/replica/events.ts'
import type { StateMark } from '../../src/consensus/replica/message.ts'
import { assert } from '../../src/core/assert.ts'
import type { SimHost } from '../sim-host.ts'

export interface ReplicaView {
  readonly host: SimHost
  readonly life: number
  readonly node: NodeId
  readonly role: ReplicaRole
  readonly term: number
  /** `NO_NODE`: none, or it has no part in Raft now. */
  readonly vote: NodeId
  readonly firstIndex: number
  readonly lastIndex: number
  readonly lastTerm: number
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly confState: ConfState
  readonly mark: StateMark | undefined
  readonly stored: StoredView
  readonly isHalted: boolean
  readonly entry: (index: number) => Entry | undefined
}

/** The host will remember this, whatever happens. */
export interface StoredView {
  readonly hardState: HardState
  readonly snapshotIndex: number
  readonly lastIndex: number
  readonly lastTerm: number
  readonly log: MemoryStorage
}

/** `undefined`: nothing runs there. */
export function viewOf(host: SimHost): ReplicaView | undefined {
  const { peer, storedLog, life } = host
  if (peer === undefined || storedLog === undefined) return undefined
  assert(life !== undefined, 'what runs is a process')
  const { agreement } = peer
  const raft = agreement.raftStatus()
  const status = agreement.status()
  const lastIndex = raft?.lastIndex ?? status.lastIndex
  const entry = (index: number) => agreement.entry(index)
  return {
    host,
    life,
    node: status.node,
    role: status.role,
    term: status.term,
    vote: raft?.vote ?? NO_NODE,
    firstIndex: raft?.firstIndex ?? status.firstIndex,
    lastIndex,
    lastTerm: entry(lastIndex)?.term ?? 0,
    commitIndex: status.commitIndex,
    appliedIndex: status.appliedIndex,
    confState: status.confState,
    mark: status.mark,
    stored: storedViewOf(storedLog),
    isHalted: status.halted !== undefined,
    entry,
  }
}

function storedViewOf(log: MemoryStorage): StoredView {
  const { hardState, lastIndex } = log
  return {
    hardState,
    snapshotIndex: log.snapshot().metadata.index,
    lastIndex,
    lastTerm: log.term(lastIndex) ?? 0,
    log,
  }
}

/** For messages. */
export function nameOf({ host, term, role }: ReplicaView): string {
  return `n${host.index} (${role} in term ${term})`
}
