/**
 * What a leader learns of its followers, from their answers and from whoever sends its messages.
 *
 * Source: Raft paper, section 5.3; progress states and hints of etcd-io/raft.
 */
import type { Message } from './message.ts'
import type { Progress } from './progress/progress.ts'
import type { Raft } from './raft.ts'
import { confirmReads, startEarlyReads } from './read-index.ts'
import { broadcastAppend, maybeCommit, sendAppend, sendAppends } from './replication.ts'
import { continueTransfer } from './transfer.ts'

/** Also of our own storage, whose answers come from ourselves. */
export function handleAppendResponse(raft: Raft, message: Message, progress: Progress): void {
  progress.isRecentlyActive = true
  if (message.isRejected) handleRejection(raft, message, progress)
  else handleAcknowledgement(raft, message, progress)
}

/** They tell that a follower lives, not what it has. */
export function handleHeartbeatResponse(raft: Raft, message: Message, progress: Progress): void {
  progress.isRecentlyActive = true
  progress.isAppendPaused = false
  // A probe needs an answer to become a replica again, even if it misses nothing.
  const isBehind = progress.matchIndex < raft.log.lastIndex
  if (isBehind || progress.state === 'probe') sendAppend(raft, message.from)
  confirmReads(raft, message.from, message.readCount)
}

/** The snapshot on its way has arrived, or was lost. */
export function handleSnapshotReport(progress: Progress, hasFailed: boolean): void {
  if (progress.state !== 'snapshot') return
  // What was lost does not count as sent: the probe must not start behind it.
  if (hasFailed) progress.pendingSnapshotIndex = 0
  progress.becomeProbe()
  // Its answer says what it has; after a failure, the next heartbeat's does.
  progress.isAppendPaused = true
}

/** What was sent without waiting for answers is probably lost. */
export function handleUnreachable(progress: Progress): void {
  if (progress.state === 'replicate') progress.becomeProbe()
}

/**
 * The logs part at or before `message.index`. The follower's hint is the highest index at which
 * they may match by what it knows of our terms; ours goes further back by what we then know of
 * its terms. So each side skips whole terms, and a probe costs at most one message per term.
 */
function handleRejection(raft: Raft, message: Message, progress: Progress): void {
  const { from, index, rejectHint, logTerm } = message
  const hint = logTerm > 0 ? raft.log.findConflictByTerm(rejectHint, logTerm).index : rejectHint
  if (!progress.maybeDecreaseTo(index, hint)) return
  if (progress.state === 'replicate') progress.becomeProbe()
  sendAppend(raft, from)
}

function handleAcknowledgement(raft: Raft, { from, index }: Message, progress: Progress): void {
  // A probe that is up to date already becomes a replica by any acknowledgement of what it has.
  const isAnsweredProbe = progress.state === 'probe' && progress.matchIndex === index
  if (!progress.maybeUpdate(index) && !isAnsweredProbe) return
  advanceState(raft, index, progress)

  if (maybeCommit(raft)) {
    startEarlyReads(raft)
    broadcastAppend(raft)
  } else if (from !== raft.id && progress.canBumpCommit(raft.log.commitIndex)) {
    // It may not know yet what is committed, and the next heartbeat is far.
    sendAppend(raft, from)
  }
  if (from !== raft.id) sendAppends(raft, from)
  continueTransfer(raft, from)
}

function advanceState(raft: Raft, index: number, progress: Progress): void {
  switch (progress.state) {
    case 'probe':
      progress.becomeReplicate()
      return
    case 'replicate':
      progress.inflights.freeTo(index)
      return
    case 'snapshot':
      // Whatever snapshot it took, and from whom: the log can bring it on from there.
      if (progress.matchIndex + 1 < raft.log.firstIndex) return
      progress.becomeProbe()
      progress.becomeReplicate()
  }
}
