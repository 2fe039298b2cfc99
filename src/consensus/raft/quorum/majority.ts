/**
 * Majorities: what more than half of a set of voters have acknowledged, and how they voted.
 *
 * Both answers are for the empty set what changes nothing in a joint quorum: it has committed
 * everything and its vote is won, so that half of a joint configuration may be empty.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, sections 3.5 and 3.6; names and
 * the meaning of the empty set as in etcd-io/raft.
 */
import type { NodeId } from '../node-id.ts'

export type VoteResult = 'pending' | 'lost' | 'won'

/** The last log index a voter has acknowledged; `undefined`: it has not been heard of. */
export type AckedIndex = (id: NodeId) => number | undefined

export function majorityCount(voters: ReadonlySet<NodeId>): number {
  return Math.floor(voters.size / 2) + 1
}

/** The highest index that a majority has acknowledged. `Infinity` if there are no voters. */
export function majorityCommittedIndex(
  voters: ReadonlySet<NodeId>,
  ackedIndex: AckedIndex,
): number {
  if (voters.size === 0) return Number.POSITIVE_INFINITY
  const descending = Array.from(voters, id => ackedIndex(id) ?? 0).sort((a, b) => b - a)
  return descending[majorityCount(voters) - 1] ?? 0
}

/**
 * @param votes Who said yes and who said no; others have not answered. Votes of nodes that are no
 * voters do not count.
 */
export function majorityVoteResult(
  voters: ReadonlySet<NodeId>,
  votes: ReadonlyMap<NodeId, boolean>,
): VoteResult {
  if (voters.size === 0) return 'won'
  let grantedCount = 0
  let missingCount = 0
  for (const id of voters) {
    const vote = votes.get(id)
    if (vote === undefined) missingCount++
    else if (vote) grantedCount++
  }
  const neededCount = majorityCount(voters)
  if (grantedCount >= neededCount) return 'won'
  return grantedCount + missingCount >= neededCount ? 'pending' : 'lost'
}
