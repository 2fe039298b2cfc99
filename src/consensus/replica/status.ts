/**
 * What a replica tells of itself, for status pages, metrics and whoever must know how old the
 * policy here may be.
 */
import type { PeerId } from '../../core/ids.ts'
import type { ConfState } from '../raft/membership/conf-change.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { HaltReason, ReplicaRole } from './events.ts'
import type { StateMark } from './message.ts'

/** What is known of the agreement here. */
export interface ReplicaStatus {
  readonly role: ReplicaRole
  readonly node: NodeId
  readonly term: number
  readonly leader: PeerId | undefined
  /** Who led when somebody last did. */
  readonly lastLeader: PeerId | undefined
  readonly confState: ConfState
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly firstIndex: number
  readonly lastIndex: number
  readonly mark: StateMark | undefined
  /** Whom an observer follows. */
  readonly source: PeerId | undefined
  readonly followerCount: number
  /** For how long no majority has been known to agree with a leader. */
  readonly staleForMs: number
  readonly halted: HaltReason | undefined
}
