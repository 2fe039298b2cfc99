/**
 * What a follower does with what its leader sends.
 *
 * Source: Raft paper, sections 5.3 and 7; hints of etcd-io/raft.
 */
import { InvariantError } from '../../core/assert.ts'
import type { Snapshot } from './log/storage.ts'
import { restore } from './membership/restore.ts'
import type { Message } from './message.ts'
import type { TrackedConfiguration } from './progress/progress-tracker.ts'
import type { Raft } from './raft.ts'
import type { MessageRefusal } from './step-result.ts'

export function handleAppend(raft: Raft, message: Message): 'ok' | MessageRefusal {
  const { from: to, index, logTerm, entries, commit } = message
  const { log } = raft
  if (index < log.commitIndex) {
    // An old message; all up to our commit index matches.
    raft.send({ type: 'MsgAppResp', to, index: log.commitIndex })
    return 'ok'
  }
  const outcome = log.maybeAppend({ previous: { index, term: logTerm }, entries })
  if (outcome === 'conflicts-with-committed') return outcome
  if (outcome === 'appended') {
    const lastIndex = index + entries.length
    log.commitTo(Math.min(commit, lastIndex))
    raft.send({ type: 'MsgAppResp', to, index: lastIndex })
    return 'ok'
  }
  // The leader's terms up to `index` are `logTerm` or lower, so ours that are higher cannot match.
  const hint = log.findConflictByTerm(Math.min(index, log.lastIndex), logTerm)
  raft.send({
    type: 'MsgAppResp',
    to,
    index,
    isRejected: true,
    rejectHint: hint.index,
    logTerm: hint.term,
  })
  return 'ok'
}

export function handleHeartbeat(raft: Raft, message: Message): 'ok' | MessageRefusal {
  const { from: to, commit, readCount } = message
  if (commit > raft.log.lastIndex) return 'commit-beyond-log'
  raft.log.commitTo(commit)
  raft.send({ type: 'MsgHeartbeatResp', to, readCount })
  return 'ok'
}

export function handleSnapshot(raft: Raft, message: Message): 'ok' | MessageRefusal {
  const { from: to, snapshot } = message
  if (snapshot === undefined) return 'malformed'
  const outcome = restoreSnapshot(raft, snapshot)
  if (outcome === 'invalid-snapshot') return outcome
  const { lastIndex, commitIndex } = raft.log
  raft.send({ type: 'MsgAppResp', to, index: outcome === 'restored' ? lastIndex : commitIndex })
  return 'ok'
}

function restoreSnapshot(
  raft: Raft,
  snapshot: Snapshot,
): 'restored' | 'ignored' | 'invalid-snapshot' {
  const { index, term } = snapshot.metadata
  if (index <= raft.log.commitIndex) return 'ignored'
  const configuration = configurationOf(raft, snapshot)
  if (configuration === undefined) return 'invalid-snapshot'
  // We would not count among those who follow it.
  if (!configuration.progress.has(raft.id)) return 'ignored'
  if (raft.log.matches({ index, term })) {
    // We have it all, only did not know that it is committed.
    raft.log.commitTo(index)
    return 'ignored'
  }
  raft.log.restore(snapshot)
  raft.tracker.adopt(configuration)
  return 'restored'
}

/** `undefined`: it makes no sense. */
function configurationOf(raft: Raft, { metadata }: Snapshot): TrackedConfiguration | undefined {
  try {
    const { confState, index } = metadata
    return restore(raft.tracker, confState, { lastIndex: index })
  } catch (error) {
    if (error instanceof InvariantError) return undefined
    throw error
  }
}
