/**
 * Whether a message from another node makes sense at all, before anything is made of it.
 *
 * Nodes trust one another to follow the protocol, but not to be free of bugs: what is checked here
 * would otherwise break our own log or our picture of theirs.
 */
import type { Message, MessageType, PeerMessageType } from './message.ts'
import { isResponse } from './message.ts'
import { NO_NODE } from './node-id.ts'
import type { Raft } from './raft.ts'
import type { MessageRefusal } from './step-result.ts'

/** Pass through several nodes, so that they may come back to where they began. */
const FORWARDED: ReadonlySet<MessageType> = new Set([
  'MsgProp',
  'MsgReadIndex',
  'MsgTransferLeader',
])

const LOCAL: ReadonlySet<MessageType> = new Set([
  'MsgStorageAppend',
  'MsgStorageAppendResp',
  'MsgStorageApply',
  'MsgStorageApplyResp',
])

export function checkMessage(raft: Raft, message: Message): 'ok' | MessageRefusal {
  const { type, from, term } = message
  if (LOCAL.has(type)) return 'local-message'
  if (from <= NO_NODE || (from === raft.id && !FORWARDED.has(type))) return 'malformed'
  const isTermless = type === 'MsgProp' || type === 'MsgReadIndex'
  if (isTermless !== (term === 0)) return 'malformed'
  if (!hasSoundBody(raft, message)) return 'malformed'
  if (isResponse(type) && !raft.tracker.progress.has(from)) return 'peer-not-found'
  return 'ok'
}

function hasSoundBody(raft: Raft, message: Message): boolean {
  switch (message.type as PeerMessageType) {
    case 'MsgProp':
      return message.entries.length > 0
    case 'MsgApp':
      return hasSoundEntries(message)
    case 'MsgSnap':
      return message.snapshot !== undefined && message.snapshot.metadata.index > 0
    case 'MsgAppResp':
      return hasSoundIndex(raft, message)
    default:
      return true
  }
}

/** They follow one another, and their terms never fall nor pass that of the leader. */
function hasSoundEntries({ index, logTerm, entries, term }: Message): boolean {
  let previous = { index, term: logTerm }
  for (const entry of entries) {
    if (entry.index !== previous.index + 1 || entry.term < previous.term) return false
    previous = entry
  }
  return previous.term <= term
}

/** A follower cannot have more of our term's log than there is. */
function hasSoundIndex({ role, term, log }: Raft, message: Message): boolean {
  if (role !== 'leader' || message.term !== term || message.isRejected) return true
  return message.index <= log.lastIndex
}
