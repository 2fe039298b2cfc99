/**
 * What a leader sends to its followers: entries, snapshots, heartbeats and its commit index.
 *
 * Source: Raft paper, sections 5.3 and 7; flow control of etcd-io/raft.
 */
import { assert } from '../../core/assert.ts'
import { type Entry, payloadBytes } from './log/entry.ts'
import type { NodeId } from './node-id.ts'
import type { Progress } from './progress/progress.ts'
import type { Raft } from './raft.ts'

/** Sends entries, or an empty message with the commit index, unless the follower is paused. */
export function sendAppend(raft: Raft, to: NodeId): void {
  maybeSendAppend(raft, to, true)
}

/** Sends entries as long as there are any and the follower's window has room. */
export function sendAppends(raft: Raft, to: NodeId): void {
  while (maybeSendAppend(raft, to, false));
}

export function broadcastAppend(raft: Raft): void {
  for (const id of raft.tracker.progress.keys()) {
    if (id !== raft.id) sendAppend(raft, id)
  }
}

/** Asks all followers to confirm that they follow, and the reads that wait for it. */
export function broadcastHeartbeat(raft: Raft): void {
  const { readCount } = raft.reads
  raft.tracker.visit((to, progress) => {
    if (to === raft.id) return
    // A follower must not commit what it may not have.
    const commit = Math.min(progress.matchIndex, raft.log.commitIndex)
    raft.send({ type: 'MsgHeartbeat', to, commit, readCount })
    progress.updateSentCommit(commit)
  })
}

/** Commits what a quorum has, if it is of our term. @returns Whether the commit index moved. */
export function maybeCommit(raft: Raft): boolean {
  return raft.log.maybeCommit({ index: raft.tracker.committed(), term: raft.term })
}

/** @returns Whether a message was sent. */
export function maybeSendAppend(raft: Raft, to: NodeId, mayBeEmpty: boolean): boolean {
  const progress = raft.tracker.progress.get(to)
  assert(progress !== undefined, 'entries are sent to members')
  if (progress.isPaused) return false

  const { log } = raft
  const index = progress.nextIndex - 1
  const logTerm = log.term(index)
  const entries = logTerm === undefined ? undefined : nextEntries(raft, progress)
  // What it needs next was compacted away.
  if (logTerm === undefined || entries === undefined) return maybeSendSnapshot(raft, to, progress)
  if (entries.length === 0 && !mayBeEmpty) return false

  const commit = log.commitIndex
  raft.send({ type: 'MsgApp', to, index, logTerm, entries, commit })
  progress.sentEntries(entries.length, payloadBytes(entries))
  progress.updateSentCommit(commit)
  return true
}

/**
 * None if the window is full: the message is then empty, and its answer tells what has become of
 * those on their way, so a follower that lost them all is not stuck.
 */
function nextEntries(raft: Raft, progress: Progress): readonly Entry[] | undefined {
  if (progress.state === 'replicate' && progress.inflights.isFull) return []
  return raft.log.entriesFrom(progress.nextIndex, raft.options.messageMaxBytes)
}

function maybeSendSnapshot(raft: Raft, to: NodeId, progress: Progress): boolean {
  // It might be away for long, and the snapshot would be old when it comes back.
  if (!progress.isRecentlyActive) return false
  const snapshot = raft.log.snapshot()
  if (snapshot === undefined) return false
  assert(snapshot.metadata.index > 0, 'what was compacted is in a snapshot')
  progress.becomeSnapshot(snapshot.metadata.index)
  raft.send({ type: 'MsgSnap', to, snapshot })
  return true
}
