/**
 * Joint quorums: while the voters change, whatever is decided needs a majority of the incoming and
 * one of the outgoing voters. Outside of a change there are no outgoing voters, and the rules of a
 * plain majority remain.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014,
 * section 6.
 */
import type { NodeId } from '../node-id.ts'
import {
  type AckedIndex,
  majorityCommittedIndex,
  majorityVoteResult,
  type VoteResult,
} from './majority.ts'

export interface JointVoters {
  readonly incoming: ReadonlySet<NodeId>
  /** Empty unless the configuration is joint. */
  readonly outgoing: ReadonlySet<NodeId>
}

/** The highest index that both majorities have acknowledged. `Infinity` if there are no voters. */
export function jointCommittedIndex(
  { incoming, outgoing }: JointVoters,
  ackedIndex: AckedIndex,
): number {
  return Math.min(
    majorityCommittedIndex(incoming, ackedIndex),
    majorityCommittedIndex(outgoing, ackedIndex),
  )
}

/** Won if both halves are won, lost if one of them is lost. */
export function jointVoteResult(
  { incoming, outgoing }: JointVoters,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  const results = [majorityVoteResult(incoming, votes), majorityVoteResult(outgoing, votes)]
  if (results.includes('lost')) return 'lost'
  return results.includes('pending') ? 'pending' : 'won'
}

/** Everyone who votes in either half, ascending. */
export function jointIds({ incoming, outgoing }: JointVoters): NodeId[] {
  return [...new Set([...incoming, ...outgoing])].sort((a, b) => a - b)
}

export function isVoter({ incoming, outgoing }: JointVoters, id: NodeId): boolean {
  return incoming.has(id) || outgoing.has(id)
}
