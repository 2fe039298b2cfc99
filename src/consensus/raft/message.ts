/**
 * What nodes say to one another, to themselves and to their storage.
 *
 * One shape for all types; what a type does not use is zero, empty or false. The names are those of
 * etcd-io/raft, since the field knows them.
 *
 *     between nodes     MsgProp MsgApp(Resp) MsgVote(Resp) MsgPreVote(Resp) MsgHeartbeat(Resp)
 *                       MsgSnap MsgTransferLeader MsgTimeoutNow MsgReadIndex(Resp)
 *     to storage        MsgStorageAppend MsgStorageApply, and back their Resp
 *     to oneself        MsgAppResp and votes, which count once they are in storage
 */
import type { Entry } from './log/entry.ts'
import { NO_DATA } from './log/entry.ts'
import type { Snapshot } from './log/storage.ts'
import { NO_NODE, type NodeId } from './node-id.ts'

/** Stand for parts of the node itself as sender or receiver; no node has such an id. */
export const APPEND_THREAD: NodeId = -1
export const APPLY_THREAD: NodeId = -2

export type PeerMessageType =
  | 'MsgProp'
  | 'MsgApp'
  | 'MsgAppResp'
  | 'MsgVote'
  | 'MsgVoteResp'
  | 'MsgPreVote'
  | 'MsgPreVoteResp'
  | 'MsgSnap'
  | 'MsgHeartbeat'
  | 'MsgHeartbeatResp'
  | 'MsgTransferLeader'
  | 'MsgTimeoutNow'
  | 'MsgReadIndex'
  | 'MsgReadIndexResp'

export type StorageMessageType =
  | 'MsgStorageAppend'
  | 'MsgStorageAppendResp'
  | 'MsgStorageApply'
  | 'MsgStorageApplyResp'

export type MessageType = PeerMessageType | StorageMessageType

export interface Message {
  readonly type: MessageType
  readonly to: NodeId
  readonly from: NodeId
  /** Of the sender, or the one it campaigns for. 0: it stands outside of terms. */
  readonly term: number
  /** Term of the entry at `index`; in a rejection of entries, at `rejectHint`. */
  readonly logTerm: number
  /**
   * MsgApp: the entry that `entries` follow. MsgAppResp: the last that matches, or the one that
   * was rejected. Votes: the candidate's last. MsgReadIndexResp: the index to read at.
   */
  readonly index: number
  readonly entries: readonly Entry[]
  readonly commit: number
  /** MsgStorageAppend: the vote to store. */
  readonly vote: NodeId
  /** MsgSnap and the storage messages. */
  readonly snapshot: Snapshot | undefined
  readonly isRejected: boolean
  /** Rejected entries: the highest index at which the logs may match. */
  readonly rejectHint: number
  /** MsgVote: the leader asked for this election, so its lease does not stand against it. */
  readonly isTransfer: boolean
  /** MsgHeartbeat and its Resp: reads of this term that the answer confirms, counted from 1. */
  readonly readCount: number
  /** MsgReadIndex and its Resp: names the read, to whoever asked for it. */
  readonly context: Uint8Array
  /** Storage messages: to be delivered or sent when the work is done, in this order. */
  readonly responses: readonly Message[]
}

export type MessageInit = Pick<Message, 'type' | 'to'> & Partial<Message>

/** Who sends, and in which term. */
export type Sender = Pick<Message, 'from' | 'term'>

const NO_SENDER: Sender = { from: NO_NODE, term: 0 }
const NO_ENTRIES: readonly Entry[] = []
const NO_RESPONSES: readonly Message[] = []

/** Each field is named, as the busiest object of the core should be cheap to make. */
export function createMessage(init: MessageInit, sender: Sender = NO_SENDER): Message {
  return {
    type: init.type,
    to: init.to,
    from: init.from ?? sender.from,
    term: init.term ?? sender.term,
    logTerm: init.logTerm ?? 0,
    index: init.index ?? 0,
    entries: init.entries ?? NO_ENTRIES,
    commit: init.commit ?? 0,
    vote: init.vote ?? NO_NODE,
    snapshot: init.snapshot,
    isRejected: init.isRejected ?? false,
    rejectHint: init.rejectHint ?? 0,
    isTransfer: init.isTransfer ?? false,
    readCount: init.readCount ?? 0,
    context: init.context ?? NO_DATA,
    responses: init.responses ?? NO_RESPONSES,
  }
}

/** Whether the id stands for a part of the node instead of a node. */
export function isStorageThread(id: NodeId): boolean {
  return id === APPEND_THREAD || id === APPLY_THREAD
}

/** Whether a message stays within its node: it must neither be lost nor sent. */
export function isLocal({ from, to }: Pick<Message, 'from' | 'to'>): boolean {
  return from === to || isStorageThread(from) || isStorageThread(to)
}

/** Types that answer something, so that only members of the configuration send them. */
export function isResponse(type: MessageType): boolean {
  return type.endsWith('Resp')
}
