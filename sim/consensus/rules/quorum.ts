/**
 * Majorities of a configuration as the checkers count them: by themselves, not by the code that
 * they check.
 */
import type { ConfState } from '../../../src/consensus/raft/membership/conf-change.ts'
import type { NodeId } from '../../../src/consensus/raft/node-id.ts'

type Voters = Pick<ConfState, 'voters' | 'votersOutgoing'>

/** Of the voters, and while they change, also of those before. */
export function isQuorum({ voters, votersOutgoing }: Voters, nodes: ReadonlySet<NodeId>): boolean {
  return (
    isMajority(voters, nodes) && (votersOutgoing.length === 0 || isMajority(votersOutgoing, nodes))
  )
}

/** Whether two quorums, one of each, always have a node in common. */
export function overlap(a: Voters, b: Voters): boolean {
  const nodes = [...new Set([a, b].flatMap(each => [...each.voters, ...each.votersOutgoing]))]
  for (let subset = 0; subset < 2 ** nodes.length; subset += 1) {
    const inside = new Set(nodes.filter((_, position) => (subset >> position) % 2 === 1))
    const outside = new Set(nodes.filter(node => !inside.has(node)))
    if (isQuorum(a, inside) && isQuorum(b, outside)) return false
  }
  return true
}

function isMajority(voters: readonly NodeId[], nodes: ReadonlySet<NodeId>): boolean {
  return 2 * voters.filter(node => nodes.has(node)).length > voters.length
}
