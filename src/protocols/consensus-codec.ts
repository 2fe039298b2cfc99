/**
 * Messages of replicas as bytes, and back; and what of the configuration stands in the log and in
 * snapshots.
 *
 * A message is checked for its form only: whether it makes sense is for the replica to judge.
 */
import { type Entry, type EntryType, NO_DATA } from '../consensus/raft/log/entry.ts'
import { EMPTY_SNAPSHOT, type Snapshot } from '../consensus/raft/log/storage.ts'
import type {
  ConfChange,
  ConfChangeTransition,
  ConfChangeType,
  ConfChangeV2,
  ConfState,
} from '../consensus/raft/membership/conf-change.ts'
import {
  createMessage,
  type Message,
  type MessageType,
  type PeerMessageType,
} from '../consensus/raft/message.ts'
import type { ConfChangeCodec } from '../consensus/raft/raft.ts'
import type {
  ConsensusMessage,
  Operation,
  OperationType,
  Refusal,
  StateMark,
} from '../consensus/replica/message.ts'
import { skein } from './gen/messages.js'
import { badFrame } from './lane-errors.ts'
import { bounded, text, whole } from './message-fields.ts'

// A number on the wire stands for a place in each of these lists: add at the end only.
const ENTRY_TYPES: readonly EntryType[] = ['normal', 'conf-change', 'conf-change-v2']
const MESSAGE_TYPES: readonly PeerMessageType[] = [
  ...(['MsgProp', 'MsgApp', 'MsgAppResp', 'MsgVote', 'MsgVoteResp', 'MsgPreVote'] as const),
  ...(['MsgPreVoteResp', 'MsgSnap', 'MsgHeartbeat', 'MsgHeartbeatResp'] as const),
  ...(['MsgTransferLeader', 'MsgTimeoutNow', 'MsgReadIndex', 'MsgReadIndexResp'] as const),
]
const OPERATIONS: readonly OperationType[] = ['transfer', 'promote', 'demote']
const REFUSALS: readonly Refusal[] = [
  'not-leader',
  'busy',
  'transferring',
  'not-possible',
  'clock-skew',
  'not-allowed',
]
const TRANSITIONS: readonly ConfChangeTransition[] = ['auto', 'joint-implicit', 'joint-explicit']
const CHANGE_TYPES: readonly ConfChangeType[] = [
  ...(['add-node', 'remove-node', 'update-node', 'add-learner'] as const),
]

/** Parts of one message at most. */
const ENTRIES_MAX = 65_536
const MESSAGES_MAX = 1_024
const NODES_MAX = 1_024
const TEXT_MAX_CHARACTERS = 256

type Wire = skein.ConsensusMessage.$Properties

export function encodeConsensusMessage(message: ConsensusMessage): Uint8Array {
  return skein.ConsensusMessage.encode(toWire(message)).finish()
}

/** @throws MeshError ERR_BAD_FRAME naming the field at fault. */
export function decodeConsensusMessage(bytes: Uint8Array): ConsensusMessage {
  return fromWire(decoded(skein.ConsensusMessage, bytes, 'a message of a replica'))
}

export const confChangeCodec: ConfChangeCodec = {
  encode: change => {
    const { transition, changes, context } = asV2(change)
    return skein.ConfChange.encode({
      transition: TRANSITIONS.indexOf(transition),
      changes: changes.map(({ type, nodeId }) => ({ type: CHANGE_TYPES.indexOf(type), nodeId })),
      context,
    }).finish()
  },
  decode: data => {
    try {
      const { transition, changes, context } = skein.ConfChange.decode(data)
      return {
        transition: named(TRANSITIONS, transition, 'transition'),
        changes: bounded('changes', changes, NODES_MAX).map(({ type, nodeId }) => ({
          type: named(CHANGE_TYPES, type, 'type'),
          nodeId: whole('node_id', nodeId),
        })),
        context: copyOf(context),
      }
    } catch {
      // Bytes that are no change: the core decides what that means.
      return undefined
    }
  },
}

/** A snapshot as it is kept: the configuration belongs to it. */
export function encodeSnapshot({ data, metadata: { confState } }: Snapshot): Uint8Array {
  return skein.StoredSnapshot.encode({ confState: confToWire(confState), state: data }).finish()
}

/** @throws MeshError ERR_BAD_FRAME. */
export function decodeSnapshot(
  bytes: Uint8Array,
  { index, term }: { readonly index: number; readonly term: number },
): Snapshot {
  const { confState, state } = decoded(skein.StoredSnapshot, bytes, 'a snapshot')
  return { data: copyOf(state), metadata: { index, term, confState: confFromWire(confState) } }
}

function asV2(change: ConfChange | ConfChangeV2): ConfChangeV2 {
  if ('changes' in change) return change
  const { type, nodeId, context } = change
  return { transition: 'auto', changes: [{ type, nodeId }], context }
}

function toWire(message: ConsensusMessage): Wire {
  switch (message.type) {
    case 'raft':
      return {
        raft: { messages: message.messages.map(raftToWire), mark: markToWire(message.mark) },
      }
    case 'propose':
      return { propose: { requestId: message.requestId, command: message.command } }
    case 'operate':
      return operationToWire(message.requestId, message.operation)
    case 'operated':
      return { operated: message.requestId }
    case 'read':
      return { read: message.requestId }
    case 'read-index':
      return { readAt: { requestId: message.requestId, index: message.index } }
    case 'refuse': {
      const { requestId, leader = '' } = message
      return { refuse: { requestId, leader, reason: REFUSALS.indexOf(message.reason) } }
    }
    case 'follow':
      return { follow: { lastIndex: message.lastIndex, mark: markToWire(message.mark) } }
    case 'feed': {
      const { type: _, entries, leader = '', mark, ...rest } = message
      const wire = { ...rest, leader, mark: markToWire(mark) }
      return { feed: { ...wire, entries: entries.map(entryToWire) } }
    }
    case 'snapshot-offer': {
      const { index, term, confState, sizeBytes } = message.snapshot
      const raft = message.message === undefined ? null : raftToWire(message.message)
      const offer = { index, term, sizeBytes, confState: confToWire(confState), message: raft }
      return { snapshotOffer: offer }
    }
    case 'chunk-request':
      return { chunkRequest: message }
    case 'chunk':
      return { chunk: message }
  }
}

function fromWire(wire: skein.ConsensusMessage): ConsensusMessage {
  const { raft, propose, operate, readAt, refuse, follow, feed } = wire
  const { snapshotOffer, chunkRequest, chunk } = wire
  if (raft) {
    const messages = bounded('messages', raft.messages ?? [], MESSAGES_MAX).map(raftFromWire)
    return { type: 'raft', messages, mark: markFromWire(raft.mark) }
  }
  if (feed) return feedFromWire(feed)
  if (follow) {
    const lastIndex = whole('last_index', follow.lastIndex)
    return { type: 'follow', lastIndex, mark: markFromWire(follow.mark) }
  }
  if (propose) {
    const requestId = short('request_id', propose.requestId)
    return { type: 'propose', requestId, command: copyOf(propose.command) }
  }
  if (operate) {
    const type = named(OPERATIONS, operate.type, 'type')
    const requestId = short('request_id', operate.requestId)
    return { type: 'operate', requestId, operation: { type, node: whole('node', operate.node) } }
  }
  if (wire.operated) return { type: 'operated', requestId: short('operated', wire.operated) }
  if (wire.read) return { type: 'read', requestId: short('read', wire.read) }
  if (readAt) {
    const index = whole('index', readAt.index)
    return { type: 'read-index', requestId: short('request_id', readAt.requestId), index }
  }
  if (refuse) return refusalFromWire(refuse)
  if (snapshotOffer) return offerFromWire(snapshotOffer)
  if (chunkRequest) return { type: 'chunk-request', ...chunkPlace(chunkRequest) }
  if (chunk) {
    return { type: 'chunk', ...chunkPlace(chunk), bytes: copyOf(chunk.bytes) }
  }
  throw badFrame('expected a message of a replica, found one of a kind that is not known here')
}

function operationToWire(requestId: string, { type, node }: Operation): Wire {
  return { operate: { requestId, type: OPERATIONS.indexOf(type), node } }
}

function feedFromWire(feed: skein.FeedAnswer.$Properties): ConsensusMessage {
  const prevIndex = whole('prev_index', feed.prevIndex)
  return {
    type: 'feed',
    prevIndex,
    entries: entriesFromWire(feed.entries, prevIndex),
    commitIndex: whole('commit_index', feed.commitIndex),
    leader: textOrNone('leader', feed.leader),
    term: whole('term', feed.term),
    staleForMs: duration('stale_for_ms', feed.staleForMs),
    mark: markFromWire(feed.mark),
  }
}

function refusalFromWire(refuse: skein.RequestRefusal.$Properties): ConsensusMessage {
  return {
    type: 'refuse',
    requestId: short('request_id', refuse.requestId),
    reason: named(REFUSALS, refuse.reason, 'reason'),
    leader: textOrNone('leader', refuse.leader),
  }
}

function offerFromWire(offer: skein.SnapshotOffer.$Properties): ConsensusMessage {
  const metadata = {
    index: whole('index', offer.index),
    term: whole('term', offer.term),
    confState: confFromWire(offer.confState),
  }
  const message = offer.message ? raftFromWire(offer.message) : undefined
  return {
    type: 'snapshot-offer',
    snapshot: { ...metadata, sizeBytes: whole('size_bytes', offer.sizeBytes) },
    message: message && { ...message, snapshot: { ...EMPTY_SNAPSHOT, metadata } },
  }
}

function chunkPlace(chunk: skein.ChunkRequest.$Properties) {
  return {
    index: whole('index', chunk.index),
    term: whole('term', chunk.term),
    offset: whole('offset', chunk.offset),
  }
}

function raftToWire(message: Message): skein.RaftMessage.$Properties {
  const { type, to, from, term, logTerm, index, entries, commit } = message
  const { isRejected, rejectHint, isTransfer, readCount, context } = message
  return {
    ...{ to, from, term, logTerm, index, commit },
    ...{ isRejected, rejectHint, isTransfer, readCount, context },
    type: (MESSAGE_TYPES as readonly MessageType[]).indexOf(type),
    entries: entries.map(entryToWire),
  }
}

function raftFromWire(wire: skein.RaftMessage.$Properties): Message {
  const index = whole('index', wire.index)
  return createMessage({
    type: named(MESSAGE_TYPES, wire.type, 'type'),
    to: whole('to', wire.to),
    from: whole('from', wire.from),
    term: whole('term', wire.term),
    logTerm: whole('log_term', wire.logTerm),
    index,
    entries: entriesFromWire(wire.entries, index),
    commit: whole('commit', wire.commit),
    isRejected: wire.isRejected ?? false,
    rejectHint: whole('reject_hint', wire.rejectHint),
    isTransfer: wire.isTransfer ?? false,
    readCount: whole('read_count', wire.readCount),
    context: copyOf(wire.context),
  })
}

function entryToWire({ term, type, data }: Entry): skein.RaftEntry.$Properties {
  return { term, type: ENTRY_TYPES.indexOf(type), data }
}

/** @param prevIndex Of the entry before the first. */
function entriesFromWire(
  entries: skein.RaftEntry.$Properties[] | null | undefined,
  prevIndex: number,
): readonly Entry[] {
  return bounded('entries', entries ?? [], ENTRIES_MAX).map(({ term, type, data }, position) => ({
    term: whole('term', term),
    index: prevIndex + 1 + position,
    type: named(ENTRY_TYPES, type, 'type'),
    data: copyOf(data),
  }))
}

/**
 * A view of the message would keep all of it in memory as long as the log keeps the entry; and a
 * slice of a Buffer is a view.
 */
function copyOf(bytes: Uint8Array | null | undefined): Uint8Array {
  return bytes ? new Uint8Array(bytes) : NO_DATA
}

/** The encoder looks at own fields only, and the hash of a mark may be computed. */
function markToWire(mark: StateMark | undefined): skein.StateMark.$Properties | null {
  return mark === undefined ? null : { index: mark.index, hash: mark.hash }
}

function markFromWire(mark: skein.StateMark.$Properties | null | undefined): StateMark | undefined {
  if (!mark) return undefined
  return { index: whole('mark.index', mark.index), hash: short('mark.hash', mark.hash) }
}

function confToWire(confState: ConfState): skein.ConfState.$Properties {
  const { voters, learners, votersOutgoing, learnersNext, isAutoLeave } = confState
  return {
    voters: [...voters],
    learners: [...learners],
    votersOutgoing: [...votersOutgoing],
    learnersNext: [...learnersNext],
    isAutoLeave,
  }
}

function confFromWire(wire: skein.ConfState.$Properties | null | undefined): ConfState {
  const nodes = (field: string, list: readonly number[] | null | undefined) =>
    bounded(field, list ?? [], NODES_MAX).map(node => whole(field, node))
  return {
    voters: nodes('voters', wire?.voters),
    learners: nodes('learners', wire?.learners),
    votersOutgoing: nodes('voters_outgoing', wire?.votersOutgoing),
    learnersNext: nodes('learners_next', wire?.learnersNext),
    isAutoLeave: wire?.isAutoLeave ?? false,
  }
}

function decoded<Type>(
  schema: { decode(bytes: Uint8Array): Type },
  bytes: Uint8Array,
  what: string,
): Type {
  try {
    return schema.decode(bytes)
  } catch (cause) {
    throw badFrame(`expected ${what}, found ${bytes.length} bytes that are none`, {
      cause: String(cause),
    })
  }
}

function named<Name>(
  names: readonly Name[],
  value: number | null | undefined,
  field: string,
): Name {
  const name = names[value ?? 0]
  if (name !== undefined) return name
  throw badFrame(`expected "${field}" from 0 to ${names.length - 1}, found ${value}`, { field })
}

function duration(field: string, value: number | null | undefined): number {
  const found = value ?? 0
  if (found >= 0) return found
  throw badFrame(`expected "${field}" to be a duration, found ${found}`, { field })
}

const short = (field: string, value: string | null | undefined) =>
  text(field, value, TEXT_MAX_CHARACTERS)

function textOrNone(field: string, value: string | null | undefined): string | undefined {
  const found = short(field, value)
  return found === '' ? undefined : found
}
