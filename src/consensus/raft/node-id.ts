/**
 * How Raft names a node: a positive safe integer, given once and never to another node.
 *
 * Small numbers keep votes, progress and configurations cheap to compare and order; whoever runs
 * the machine maps them to peer ids.
 */

export type NodeId = number

/** Stands where a node could be and none is: no leader known, no vote given. */
export const NO_NODE: NodeId = 0
