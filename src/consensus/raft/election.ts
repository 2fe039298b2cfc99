/**
 * Elections: when to start one, whom to vote for, and when one is won.
 *
 * A pre-vote asks first whether an election could be won, without raising the term; so a node that
 * was cut off does not depose a leader when it returns. With check-quorum, voters that heard a
 * leader within the election timeout refuse all others, and a leader that hears no majority for as
 * long steps down.
 *
 * Source: Raft paper, section 5.2 and 5.4.1; Ongaro, "Consensus: Bridging Theory and Practice",
 * 2014, sections 4.2.3 and 9.6; behaviour of etcd-io/raft.
 */
import { isConfChange } from './log/entry.ts'
import type { Message } from './message.ts'
import { NO_NODE } from './node-id.ts'
import { becomeLeader } from './proposals.ts'
import type { Raft } from './raft.ts'
import { broadcastAppend } from './replication.ts'
import type { CampaignRefusal } from './step-result.ts'

export type CampaignKind =
  | 'pre-election'
  | 'election'
  /** The leader asked for it, so there is no pre-vote and its lease does not count. */
  | 'transfer'

/** Starts an election if this node may lead. */
export function campaign(raft: Raft, kind: CampaignKind): 'ok' | CampaignRefusal {
  if (raft.role === 'leader') return 'already-leading'
  if (!raft.isPromotable) return 'not-promotable'
  // It might change who may vote.
  if (raft.log.hasUnapplied(isConfChange)) return 'conf-change-unapplied'
  requestVotes(raft, kind)
  return 'ok'
}

/** With a pre-vote first, if there is to be one. */
export function campaignKind({ options }: Pick<Raft, 'options'>): CampaignKind {
  return options.hasPreVote ? 'pre-election' : 'election'
}

/** Whether a leader was heard so lately that no other may be elected. */
export function isInLease({ options, leader, electionElapsedTicks }: Raft): boolean {
  return (
    options.hasCheckQuorum && leader !== NO_NODE && electionElapsedTicks < options.electionTicks
  )
}

/** A request for our vote, or pre-vote, in our term; a pre-vote also in a later one. */
export function handleVoteRequest(raft: Raft, message: Message): void {
  const { from, type, term, index, logTerm } = message
  const isPreVote = type === 'MsgPreVote'
  const mayVote =
    raft.vote === from ||
    (raft.vote === NO_NODE && raft.leader === NO_NODE) ||
    (isPreVote && term > raft.term)
  const isGranted = mayVote && raft.log.isUpToDate({ index, term: logTerm })
  // Learners vote too: they may have become voters without knowing it yet.
  raft.send({
    type: isPreVote ? 'MsgPreVoteResp' : 'MsgVoteResp',
    to: from,
    // A pre-candidate is in an earlier term than it asks about; ours tells it why it lost.
    term: isGranted ? term : raft.term,
    isRejected: !isGranted,
  })
  if (!isGranted || isPreVote) return
  raft.electionElapsedTicks = 0
  raft.vote = from
}

/** An answer of the kind that we campaign for. */
export function handleVoteResponse(raft: Raft, { from, isRejected }: Message): void {
  raft.tracker.recordVote(from, !isRejected)
  const { result } = raft.tracker.tallyVotes()
  if (result === 'lost') raft.becomeFollower(raft.term, NO_NODE)
  if (result !== 'won') return
  if (raft.role === 'pre-candidate') {
    requestVotes(raft, 'election')
    return
  }
  becomeLeader(raft)
  broadcastAppend(raft)
}

function requestVotes(raft: Raft, kind: CampaignKind): void {
  const isPreVote = kind === 'pre-election'
  if (isPreVote) raft.becomePreCandidate()
  else raft.becomeCandidate()
  const term = isPreVote ? raft.term + 1 : raft.term
  const { index, term: logTerm } = raft.log.last
  for (const to of raft.tracker.voterIds) {
    if (to === raft.id) {
      // Our own vote counts when it is in storage.
      raft.send({ type: isPreVote ? 'MsgPreVoteResp' : 'MsgVoteResp', to, term })
      continue
    }
    const type = isPreVote ? 'MsgPreVote' : 'MsgVote'
    raft.send({ type, to, term, index, logTerm, isTransfer: kind === 'transfer' })
  }
}
