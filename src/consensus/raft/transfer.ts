/**
 * Handing leadership over: the leader stops taking proposals, brings the next one's log up to its
 * own, and tells it to campaign at once. It takes up its work again if that has led to nothing
 * within an election timeout.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 3.10.
 */
import { NO_NODE, type NodeId } from './node-id.ts'
import type { Raft } from './raft.ts'
import { sendAppend } from './replication.ts'
import type { TransferRefusal } from './step-result.ts'

/** At the leader. */
export function startTransfer(raft: Raft, to: NodeId): 'ok' | TransferRefusal {
  const progress = raft.tracker.progress.get(to)
  if (progress === undefined) return 'peer-not-found'
  if (progress.isLearner) return 'not-a-voter'
  if (to === raft.leadTransferee) return 'nothing-to-do'
  // Another transfer under way is given up.
  raft.leadTransferee = NO_NODE
  if (to === raft.id) return 'nothing-to-do'

  raft.leadTransferee = to
  raft.electionElapsedTicks = 0
  if (progress.matchIndex === raft.log.lastIndex) raft.send({ type: 'MsgTimeoutNow', to })
  else sendAppend(raft, to)
  return 'ok'
}

/**
 * A voter that could lead in our place, if enough of the others are heard to do without us: of those
 * with the longest log any, for the one that was asked last may have had reasons not to stand.
 */
export function successorOf(raft: Raft): NodeId | undefined {
  const { id: self, role, tracker, leadTransferee } = raft
  const isAvailable = role === 'leader' && leadTransferee === NO_NODE
  if (!isAvailable || !tracker.isQuorumActive(self)) return undefined
  const { incoming } = tracker.configuration.voters
  const heard = [...tracker.progress].filter(
    ([id, { isRecentlyActive }]) => id !== self && incoming.has(id) && isRecentlyActive,
  )
  const longest = Math.max(...heard.map(([, { matchIndex }]) => matchIndex))
  const best = heard.filter(([, { matchIndex }]) => matchIndex === longest)
  return best[raft.nextIndex(Math.max(1, best.length))]?.[0]
}

/** Its log has grown: perhaps it is ready to lead. */
export function continueTransfer(raft: Raft, from: NodeId): void {
  if (from !== raft.leadTransferee) return
  const progress = raft.tracker.progress.get(from)
  if (progress?.matchIndex !== raft.log.lastIndex) return
  raft.send({ type: 'MsgTimeoutNow', to: from })
}
