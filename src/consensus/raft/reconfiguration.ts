/**
 * What a node does when the log changes the configuration, and when entries are applied.
 *
 * A configuration holds from the moment its entry is applied, not when it is appended. A joint one
 * that is to be left by itself is left by its leader with the next entry.
 *
 * Source: Raft paper, section 6; rules of etcd-io/raft.
 */
import { nextConfiguration } from './conf-changes.ts'
import { NO_DATA } from './log/entry.ts'
import type { Snapshot } from './log/storage.ts'
import type { ConfChangeV2, ConfState } from './membership/conf-change.ts'
import { NO_NODE } from './node-id.ts'
import type { TrackedConfiguration } from './progress/progress-tracker.ts'
import { propose } from './proposals.ts'
import { isVoter } from './quorum/joint.ts'
import type { Raft } from './raft.ts'
import { broadcastAppend, maybeCommit, maybeSendAppend } from './replication.ts'

export function applyConfChange(raft: Raft, change: ConfChangeV2): ConfState {
  adoptConfiguration(raft, nextConfiguration(raft, change))
  return raft.tracker.confState()
}

/** Puts a configuration in force, with all that follows from it for a leader. */
export function adoptConfiguration(raft: Raft, next: TrackedConfiguration): void {
  raft.tracker.adopt(next)
  if (raft.role !== 'leader') return
  const own = raft.tracker.progress.get(raft.id)
  if (own === undefined || own.isLearner) {
    if (raft.options.hasStepDownOnRemoval) raft.becomeFollower(raft.term, NO_NODE)
    return
  }

  const { voters } = raft.tracker.configuration
  // A smaller quorum may have more in common.
  if (maybeCommit(raft)) broadcastAppend(raft)
  else {
    // New members need not wait for the next heartbeat.
    for (const id of raft.tracker.progress.keys()) {
      if (id !== raft.id) maybeSendAppend(raft, id, false)
    }
  }
  if (!isVoter(voters, raft.leadTransferee)) raft.leadTransferee = NO_NODE
}

/** The application has applied all up to `index`. */
export function appliedTo(raft: Raft, index: number, sizeBytes: number): void {
  const lastApplied = Math.max(index, raft.log.lastApplied)
  raft.log.appliedTo(lastApplied, sizeBytes)
  const { isAutoLeave } = raft.tracker.configuration
  if (!isAutoLeave || raft.role !== 'leader' || lastApplied < raft.pendingConfIndex) return
  // Refused only while leadership is handed over, and then tried again with the next entry or by
  // the next leader.
  propose(raft, [{ type: 'conf-change-v2', data: NO_DATA }])
}

export function appliedSnapshot(raft: Raft, { metadata }: Snapshot): void {
  raft.log.unstable.stableSnapshotTo(metadata.index)
  appliedTo(raft, metadata.index, 0)
}
