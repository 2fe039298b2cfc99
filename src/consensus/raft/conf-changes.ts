/**
 * What an entry of the log does to the configuration, and whether it can.
 */
import { InvariantError } from '../../core/assert.ts'
import { NO_DATA, type Proposal } from './log/entry.ts'
import { enterJoint, leaveJoint, simple } from './membership/changer.ts'
import { type ConfChangeV2, isJointExit, jointEntry } from './membership/conf-change.ts'
import type { ProgressTracker, TrackedConfiguration } from './progress/progress-tracker.ts'
import type { Raft } from './raft.ts'

/** The change that leaves a joint configuration; its bytes are none, whatever the codec. */
const LEAVE_JOINT: ConfChangeV2 = { transition: 'auto', changes: [], context: NO_DATA }

/** The configuration in force, and where the log ends. */
export interface Present {
  readonly tracker: ProgressTracker
  readonly log: { readonly lastIndex: number }
}

/** What an entry changes. `undefined`: its bytes are no change. */
export function decodeConfChange(
  { codec }: Pick<Raft, 'codec'>,
  { type, data }: Proposal,
): ConfChangeV2 | undefined {
  if (data.length === 0 || type === 'normal') return LEAVE_JOINT
  return codec.decode(data, type)
}

/** The configuration that the change leads to. A change that cannot be made is our own bug. */
export function nextConfiguration(
  { tracker, log }: Present,
  change: ConfChangeV2,
): TrackedConfiguration {
  const { lastIndex } = log
  if (isJointExit(change)) return leaveJoint(tracker)
  const joint = jointEntry(change)
  if (joint === 'none') return simple(tracker, change.changes, { lastIndex })
  return enterJoint(tracker, change.changes, { lastIndex, isAutoLeave: joint === 'auto-leave' })
}

/** Whether the change can be made to the configuration as it is now. */
export function isPossible(present: Present, change: ConfChangeV2): boolean {
  try {
    nextConfiguration(present, change)
    return true
  } catch (error) {
    if (error instanceof InvariantError) return false
    throw error
  }
}
