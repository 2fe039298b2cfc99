/**
 * Who takes part in consensus: the voters, and the learners that receive the log without a vote.
 *
 * A voter that a joint change turns into a learner still votes in the outgoing half, and nobody
 * may be voter and learner at once. It waits in `learnersNext` and becomes a learner when the
 * joint configuration is left:
 *
 *     voters=(1 2)  --demote 1, add 3-->  voters=(2 3)&&(1 2) learnersNext=(1)
 *                   --leave joint----->   voters=(2 3) learners=(1)
 *
 * Source: the states and rules of etcd-io/raft.
 */
import type { NodeId } from '../node-id.ts'
import type { JointVoters } from '../quorum/joint.ts'

export interface Configuration {
  readonly voters: JointVoters
  /** The leader leaves the joint configuration by itself as soon as it is applied. */
  readonly isAutoLeave: boolean
  /** Never a voter in either half. */
  readonly learners: ReadonlySet<NodeId>
  /** Outgoing voters that become learners. Empty unless the configuration is joint. */
  readonly learnersNext: ReadonlySet<NodeId>
}

export const EMPTY_CONFIGURATION: Configuration = {
  voters: { incoming: new Set(), outgoing: new Set() },
  isAutoLeave: false,
  learners: new Set(),
  learnersNext: new Set(),
}

export function isJoint({ voters }: Configuration): boolean {
  return voters.outgoing.size > 0
}
