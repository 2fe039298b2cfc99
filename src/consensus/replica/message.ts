/**
 * What replicas tell each other. Raft's own messages are some of it; the rest serves the peers
 * that are no voters, and whoever wants something changed.
 *
 *     voter <-> voter      raft
 *     any   --> leader     propose, operate, read         <-- refuse, read-index
 *     any   --> any voter  follow                         <-- feed
 *     receiver <-> sender  snapshot-offer, chunk-request, chunk
 *
 * Any of them may be lost. Whoever needs an answer asks again.
 */
import type { PeerId } from '../../core/ids.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { SnapshotMetadata } from '../raft/log/storage.ts'
import type { Message } from '../raft/message.ts'
import type { NodeId } from '../raft/node-id.ts'

/** What a replica's state was after an index: equal for all, or something is very wrong. */
export interface StateMark {
  readonly index: number
  readonly hash: string
}

/** Why something was not done. */
export type Refusal =
  /** Not by this replica; `leader` may know. */
  | 'not-leader'
  /** Too much waits for agreement. */
  | 'busy'
  /** The leader hands its office over right now. */
  | 'transferring'
  /** The proposal cannot be made in this configuration. */
  | 'not-possible'
  /** The command's time is too far from the leader's clock. */
  | 'clock-skew'
  /** The sender may not propose this, or not in that name. */
  | 'not-allowed'

/** What a person asks of the leader that is no change of the state. */
export interface Operation {
  readonly type: OperationType
  readonly node: NodeId
}

export type OperationType =
  /** The node leads from now on. */
  | 'transfer'
  /** The node votes, once it has caught up. Only if the mesh does not choose its voters itself. */
  | 'promote'
  /** The node does not vote any more. Under the same condition. */
  | 'demote'

/** A snapshot, named and measured. */
export interface SnapshotHeader extends SnapshotMetadata {
  readonly sizeBytes: number
}

export type ConsensusMessage =
  | {
      readonly type: 'raft'
      readonly messages: readonly Message[]
      readonly mark: StateMark | undefined
    }
  | { readonly type: 'propose'; readonly requestId: string; readonly command: Uint8Array }
  | { readonly type: 'operate'; readonly requestId: string; readonly operation: Operation }
  | { readonly type: 'operated'; readonly requestId: string }
  | { readonly type: 'read'; readonly requestId: string }
  | { readonly type: 'read-index'; readonly requestId: string; readonly index: number }
  | {
      readonly type: 'refuse'
      readonly requestId: string
      readonly reason: Refusal
      readonly leader: PeerId | undefined
    }
  | {
      readonly type: 'follow'
      /** The last entry that the follower has and knows to be committed. */
      readonly lastIndex: number
      readonly mark: StateMark | undefined
    }
  | {
      readonly type: 'feed'
      /** What the follower asked with; the entries come after it, and all are committed. */
      readonly prevIndex: number
      readonly entries: readonly Entry[]
      readonly commitIndex: number
      readonly leader: PeerId | undefined
      readonly term: number
      /** How long ago the sender knew a leader with a majority. */
      readonly staleForMs: number
      readonly mark: StateMark | undefined
    }
  | {
      readonly type: 'snapshot-offer'
      readonly snapshot: SnapshotHeader
      /** The Raft message that the snapshot belongs to, without its data. `undefined`: a feed. */
      readonly message: Message | undefined
    }
  | {
      readonly type: 'chunk-request'
      readonly index: number
      readonly term: number
      readonly offset: number
    }
  | {
      readonly type: 'chunk'
      readonly index: number
      readonly term: number
      readonly offset: number
      readonly bytes: Uint8Array
    }
