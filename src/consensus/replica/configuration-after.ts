/**
 * The configuration that a committed change leads to, for a replica that only watches: the core
 * computes it for those who take part.
 */
import { nextConfiguration } from '../raft/conf-changes.ts'
import type { ConfChangeV2, ConfState } from '../raft/membership/conf-change.ts'
import { restore } from '../raft/membership/restore.ts'
import { ProgressTracker } from '../raft/progress/progress-tracker.ts'

/** Nothing is sent to anybody, so no window is ever used. */
const NO_WINDOW = { countMax: 1, bytesMax: 1 }

export function configurationAfter(confState: ConfState, change: ConfChangeV2): ConfState {
  const tracker = new ProgressTracker(NO_WINDOW)
  tracker.adopt(restore(tracker, confState, { lastIndex: 0 }))
  tracker.adopt(nextConfiguration({ tracker, log: { lastIndex: 0 } }, change))
  return tracker.confState()
}
