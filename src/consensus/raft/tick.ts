/**
 * What happens when time passes: followers and candidates campaign, leaders send heartbeats and
 * check that a majority still answers.
 */
import { campaign, campaignKind } from './election.ts'
import { NO_NODE } from './node-id.ts'
import type { Raft } from './raft.ts'
import { broadcastHeartbeat } from './replication.ts'

export function tick(raft: Raft): void {
  if (raft.role === 'leader') tickLeader(raft)
  else tickElection(raft)
}

function tickElection(raft: Raft): void {
  raft.electionElapsedTicks++
  if (!raft.isPromotable || raft.electionElapsedTicks < raft.randomizedElectionTicks) return
  raft.electionElapsedTicks = 0
  campaign(raft, campaignKind(raft))
}

function tickLeader(raft: Raft): void {
  raft.heartbeatElapsedTicks++
  raft.electionElapsedTicks++
  const { electionTicks, heartbeatTicks, hasCheckQuorum } = raft.options
  if (raft.electionElapsedTicks >= electionTicks) {
    raft.electionElapsedTicks = 0
    if (hasCheckQuorum && !checkQuorum(raft)) return
    // Who was to lead has had its time; we go on.
    raft.leadTransferee = NO_NODE
  }
  if (raft.heartbeatElapsedTicks < heartbeatTicks) return
  raft.heartbeatElapsedTicks = 0
  broadcastHeartbeat(raft)
}

/** Steps down unless a majority was heard since the last time. @returns Whether we still lead. */
function checkQuorum(raft: Raft): boolean {
  if (!raft.tracker.isQuorumActive()) {
    raft.becomeFollower(raft.term, NO_NODE)
    return false
  }
  raft.tracker.visit((id, progress) => {
    if (id !== raft.id) progress.isRecentlyActive = false
  })
  return true
}
