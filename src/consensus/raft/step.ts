/**
 * Where a message goes: first by its term, which may end our role, then by our role.
 *
 * Source: Raft paper, section 5.1 and figure 2; behaviour of etcd-io/raft.
 */
import { handleAppendResponse, handleHeartbeatResponse } from './append-response.ts'
import { campaign, handleVoteRequest, handleVoteResponse, isInLease } from './election.ts'
import { entriesBytes, payloadBytes } from './log/entry.ts'
import type { Message } from './message.ts'
import { NO_NODE } from './node-id.ts'
import { propose, reduceUncommitted } from './proposals.ts'
import type { Raft } from './raft.ts'
import { requestRead } from './read-index.ts'
import { handleAppend, handleHeartbeat, handleSnapshot } from './receive.ts'
import { appliedSnapshot, appliedTo } from './reconfiguration.ts'
import type { StepResult } from './step-result.ts'
import { startTransfer } from './transfer.ts'

/** A message between nodes, or from the node to itself. */
export function step(raft: Raft, message: Message): StepResult {
  const { type, term } = message
  if (term > raft.term) {
    const isVoteRequest = type === 'MsgVote' || type === 'MsgPreVote'
    if (isVoteRequest && !message.isTransfer && isInLease(raft)) return 'ok'
    raiseTerm(raft, message)
  } else if (term > 0 && term < raft.term) {
    answerOldTerm(raft, message)
    return 'ok'
  }

  if (type === 'MsgVote' || type === 'MsgPreVote') {
    handleVoteRequest(raft, message)
    return 'ok'
  }
  if (raft.role === 'leader') return stepLeader(raft, message)
  if (raft.role === 'follower') return stepFollower(raft, message)
  return stepCandidate(raft, message)
}

/** What storage says when it has written or applied what it was given. */
export function stepStorage(raft: Raft, message: Message): void {
  const { type, index, logTerm, term, snapshot, entries } = message
  if (type === 'MsgStorageAppendResp') {
    // In a later term the entries may have been replaced, and the write that replaces them may
    // still be under way: then only its own end tells that they are stored.
    if (index > 0 && term >= raft.term) raft.log.unstable.stableTo(index, logTerm)
    // What a snapshot holds is committed, in whatever term.
    if (snapshot !== undefined) appliedSnapshot(raft, snapshot)
    return
  }
  const last = entries.at(-1)
  if (type !== 'MsgStorageApplyResp' || last === undefined) return
  appliedTo(raft, last.index, entriesBytes(entries))
  reduceUncommitted(raft, payloadBytes(entries))
}

function raiseTerm(raft: Raft, { type, term, from, isRejected }: Message): void {
  // A pre-vote asks about a term that nobody is in, and so does the answer that grants it.
  if (type === 'MsgPreVote' || (type === 'MsgPreVoteResp' && !isRejected)) return
  const isFromLeader = type === 'MsgApp' || type === 'MsgHeartbeat' || type === 'MsgSnap'
  raft.becomeFollower(term, isFromLeader ? from : NO_NODE)
}

function answerOldTerm(raft: Raft, { type, from: to }: Message): void {
  const { hasCheckQuorum, hasPreVote } = raft.options
  if (type === 'MsgPreVote') {
    // Two nodes that wait for one another in different terms would never elect anyone.
    raft.send({ type: 'MsgPreVoteResp', to, term: raft.term, isRejected: true })
  } else if ((type === 'MsgHeartbeat' || type === 'MsgApp') && (hasCheckQuorum || hasPreVote)) {
    // A leader of an old term. Where votes can go unheard, only this makes it raise its term.
    raft.send({ type: 'MsgAppResp', to })
  }
}

function stepLeader(raft: Raft, message: Message): StepResult {
  if (message.type === 'MsgProp') return propose(raft, message.entries)
  if (message.type === 'MsgReadIndex') return requestRead(raft, message)
  if (message.type === 'MsgTransferLeader') return startTransfer(raft, message.from)

  const progress = raft.tracker.progress.get(message.from)
  if (progress === undefined) return 'ok'
  if (message.type === 'MsgAppResp') handleAppendResponse(raft, message, progress)
  if (message.type === 'MsgHeartbeatResp') handleHeartbeatResponse(raft, message, progress)
  return 'ok'
}

function stepCandidate(raft: Raft, message: Message): StepResult {
  const ours = raft.role === 'pre-candidate' ? 'MsgPreVoteResp' : 'MsgVoteResp'
  switch (message.type) {
    case 'MsgProp':
    case 'MsgReadIndex':
    case 'MsgTransferLeader':
      return 'no-leader'
    case 'MsgApp':
    case 'MsgHeartbeat':
    case 'MsgSnap':
      // Someone else was elected in this term.
      raft.becomeFollower(message.term, message.from)
      return stepFollower(raft, message)
    case ours:
      handleVoteResponse(raft, message)
      return 'ok'
    default:
      return 'ok'
  }
}

function stepFollower(raft: Raft, message: Message): StepResult {
  switch (message.type) {
    case 'MsgProp':
    case 'MsgReadIndex':
    case 'MsgTransferLeader':
      return forward(raft, message)
    case 'MsgApp':
    case 'MsgHeartbeat':
    case 'MsgSnap':
      raft.electionElapsedTicks = 0
      raft.leader = message.from
      return follow(raft, message)
    case 'MsgTimeoutNow':
      campaign(raft, 'transfer')
      return 'ok'
    case 'MsgReadIndexResp':
      raft.readStates.push({ index: message.index, context: message.context })
      return 'ok'
    default:
      return 'ok'
  }
}

function follow(raft: Raft, message: Message): StepResult {
  if (message.type === 'MsgApp') return handleAppend(raft, message)
  if (message.type === 'MsgHeartbeat') return handleHeartbeat(raft, message)
  return handleSnapshot(raft, message)
}

/** On to the leader, in the name of whoever asked. */
function forward(raft: Raft, { type, from, entries, context }: Message): StepResult {
  if (raft.leader === NO_NODE) return 'no-leader'
  if (type === 'MsgProp' && !raft.options.mayForwardProposals) return 'forwarding-disabled'
  raft.send({ type, to: raft.leader, from, entries, context })
  return 'ok'
}
