/**
 * What happens to a replica, and what it wants done.
 */
import type { PeerId } from '../../core/ids.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { HardState, Snapshot } from '../raft/log/storage.ts'
import type { NodeId } from '../raft/node-id.ts'
import type { ConsensusMessage, Operation, StateMark } from './message.ts'

/** Another member of the mesh, as the failure detector and the roster see it. */
export interface MemberSeen {
  readonly peer: PeerId
  readonly isAlive: boolean
  readonly zone: string
}

export type ReplicaEvent =
  | { readonly type: 'tick' }
  /** All that has arrived was told: answer it together. */
  | { readonly type: 'flush' }
  | { readonly type: 'message-received'; readonly from: PeerId; readonly message: ConsensusMessage }
  /** What was to be sent to the peer could not be: there is no way to it now. */
  | { readonly type: 'message-unsent'; readonly to: PeerId }
  | { readonly type: 'member-seen'; readonly member: MemberSeen }
  | { readonly type: 'member-forgotten'; readonly peer: PeerId }
  /** Ends with `answered`, as the next three do. The command names the same request. */
  | { readonly type: 'propose'; readonly requestId: string; readonly command: Uint8Array }
  | { readonly type: 'operate'; readonly requestId: string; readonly operation: Operation }
  /** Wants to know when what is agreed now has been applied here. */
  | { readonly type: 'read'; readonly requestId: string }
  /** A `store` has been done, and what was asked to be stored before it. */
  | { readonly type: 'stored'; readonly batchId: number }
  | { readonly type: 'snapshot-saved'; readonly index: number }

/** Why a request came to nothing. */
export type RequestFailure =
  /** No majority answered in time; whether it will be done is not known. */
  | 'no-quorum'
  /** Too much waits. It has not been done. */
  | 'busy'
  /** It has not been done, and will not be in this configuration. */
  | 'not-possible'
  /** The leader's clock is too far from ours. It has not been done. */
  | 'clock-skew'
  /** The leader does not let us. It has not been done. */
  | 'not-allowed'

export type RequestOutcome<Result> =
  | { readonly type: 'applied'; readonly result: Result }
  /** A read may be answered from our state; an operation has been begun. */
  | { readonly type: 'done' }
  | {
      readonly type: 'failed'
      readonly reason: RequestFailure
      readonly leader: PeerId | undefined
    }

export type ReplicaEffect<Result> =
  /** Must be durable, and all before it, before `stored` is told. */
  | {
      readonly type: 'store'
      readonly batchId: number
      readonly hardState: HardState | undefined
      readonly entries: readonly Entry[]
      /** Comes before the entries, and takes the place of all that was stored. */
      readonly snapshot: Snapshot | undefined
    }
  /** Our own state written down whole; what is before `keepFromIndex` may then be removed. */
  | { readonly type: 'save-snapshot'; readonly snapshot: Snapshot; readonly keepFromIndex: number }
  | { readonly type: 'send'; readonly to: PeerId; readonly message: ConsensusMessage }
  | {
      readonly type: 'answered'
      readonly requestId: string
      readonly outcome: RequestOutcome<Result>
    }
  /** The state has changed by the command at this index. */
  | { readonly type: 'applied'; readonly index: number; readonly result: Result }
  /** The state was replaced by that of a snapshot. */
  | { readonly type: 'restored'; readonly index: number }
  | {
      readonly type: 'role-changed'
      readonly role: ReplicaRole
      readonly term: number
      readonly leader: PeerId | undefined
    }
  | { readonly type: 'configuration-changed'; readonly voters: readonly NodeId[] }
  /** Nothing is applied any more: equal logs gave states that differ, or a command is unknown. */
  | { readonly type: 'halted'; readonly reason: HaltReason }
  | { readonly type: 'state-differs'; readonly peer: PeerId; readonly mark: StateMark }
  | { readonly type: 'peer-misbehaved'; readonly peer: PeerId; readonly found: string }

export type HaltReason =
  | { readonly type: 'state-differs'; readonly peer: PeerId; readonly mark: StateMark }
  | { readonly type: 'unsupported'; readonly index: number }

export type ReplicaRole =
  | 'leader'
  | 'follower'
  | 'candidate'
  | 'pre-candidate'
  /** Gets the log from any other peer and has no vote. */
  | 'observer'
