/**
 * Changes of the configuration, as they stand in the log, and the configuration as a snapshot
 * carries it.
 *
 * A `ConfChangeV2` makes any number of changes at once. One change alone may take effect at once;
 * several go through a joint configuration, which the leader leaves by itself or, if asked to be
 * explicit, when an empty change is proposed. The older `ConfChange` is one change.
 *
 * Source: vocabulary and rules of etcd-io/raft.
 */
import type { NodeId } from '../node-id.ts'

export type ConfChangeType =
  /** Makes it a voter. */
  | 'add-node'
  | 'remove-node'
  /** Changes nothing here: the context is for whoever applies it. */
  | 'update-node'
  /** Makes it a learner, also if it was a voter. */
  | 'add-learner'

export interface ConfChangeSingle {
  readonly type: ConfChangeType
  /** `NO_NODE`: the change is void. */
  readonly nodeId: NodeId
}

/** The older form. */
export interface ConfChange extends ConfChangeSingle {
  /** For the caller; Raft does not look at it. */
  readonly id: number
  readonly context: Uint8Array
}

export type ConfChangeTransition =
  /** Without a joint configuration if there is only one change, else as `joint-implicit`. */
  | 'auto'
  /** Through a joint configuration that the leader leaves by itself. */
  | 'joint-implicit'
  /** Through a joint configuration that ends with an empty change. */
  | 'joint-explicit'

export interface ConfChangeV2 {
  readonly transition: ConfChangeTransition
  readonly changes: readonly ConfChangeSingle[]
  /** For whoever applies the change; Raft does not look at it. */
  readonly context: Uint8Array
}

/** The configuration in force at a log index. Lists ascend. */
export interface ConfState {
  readonly voters: readonly NodeId[]
  readonly learners: readonly NodeId[]
  readonly votersOutgoing: readonly NodeId[]
  readonly learnersNext: readonly NodeId[]
  readonly isAutoLeave: boolean
}

export function asConfChangeV2({ type, nodeId, context }: ConfChange): ConfChangeV2 {
  return { transition: 'auto', changes: [{ type, nodeId }], context }
}

/** Whether the change leads into a joint configuration, and how that one ends. */
export function jointEntry({
  transition,
  changes,
}: ConfChangeV2): 'none' | 'auto-leave' | 'explicit-leave' {
  if (transition === 'auto' && changes.length <= 1) return 'none'
  return transition === 'joint-explicit' ? 'explicit-leave' : 'auto-leave'
}

/** Whether this is the empty change, which leads out of a joint configuration. */
export function isJointExit({ transition, changes }: ConfChangeV2): boolean {
  return transition === 'auto' && changes.length === 0
}
