/**
 * How entries get into a leader's log.
 *
 * Only one change of the configuration may be under way. Looking through the log for one would be
 * slow, so a new leader takes all it has inherited for a possible change: `pendingConfIndex` is the
 * index that must be applied before the next change.
 *
 * Where a configuration holds from its append on, a new leader must commit an entry of its own term
 * before it may propose a change, or single changes of different leaders part the cluster. Here it
 * holds when it is applied, and the leader's first entry is committed before any later change.
 *
 * Source: Raft paper, section 5.3; Ongaro, "bug in single-server membership changes", raft-dev,
 * 2015; rules of etcd-io/raft.
 */
import { decodeConfChange, isPossible } from './conf-changes.ts'
import { isConfChange, NO_DATA, type Proposal, payloadBytes } from './log/entry.ts'
import { NO_NODE } from './node-id.ts'
import { isJoint } from './progress/configuration.ts'
import type { Raft } from './raft.ts'
import { broadcastAppend } from './replication.ts'
import type { ProposalRefusal } from './step-result.ts'

const EMPTY_PROPOSAL: Proposal = { type: 'normal', data: NO_DATA }

export function becomeLeader(raft: Raft): void {
  raft.reset(raft.term)
  raft.leader = raft.id
  raft.role = 'leader'
  const own = raft.tracker.progress.get(raft.id)
  if (own !== undefined) {
    own.becomeReplicate()
    own.isRecentlyActive = true
  }
  raft.pendingConfIndex = raft.log.lastIndex
  appendProposals(raft, [EMPTY_PROPOSAL])
}

/** At the leader: all of them are taken, in this order, or none. */
export function propose(
  raft: Raft,
  proposals: readonly Proposal[],
): 'ok' | 'malformed' | ProposalRefusal {
  if (proposals.length === 0) return 'malformed'
  if (!raft.tracker.progress.has(raft.id)) return 'not-a-member'
  if (raft.leadTransferee !== NO_NODE) return 'transferring'

  const examined = examine(raft, proposals)
  if (examined === 'invalid-conf-change') return examined
  if (!appendProposals(raft, examined.proposals)) return 'too-much-uncommitted'
  raft.pendingConfIndex = examined.pendingConfIndex
  broadcastAppend(raft)
  return examined.isAnyIgnored ? 'conf-change-ignored' : 'ok'
}

/** The payload is no longer uncommitted. */
export function reduceUncommitted(raft: Raft, sizeBytes: number): void {
  // A new leader does not count what it inherits, so more may be applied than was counted.
  raft.uncommittedBytes = Math.max(0, raft.uncommittedBytes - sizeBytes)
}

interface Examined {
  readonly proposals: readonly Proposal[]
  readonly pendingConfIndex: number
  readonly isAnyIgnored: boolean
}

/** Puts empty entries in the place of changes that must wait. */
function examine(raft: Raft, proposals: readonly Proposal[]): Examined | 'invalid-conf-change' {
  let { pendingConfIndex } = raft
  if (!proposals.some(isConfChange)) return { proposals, pendingConfIndex, isAnyIgnored: false }

  let isAnyIgnored = false
  const taken: Proposal[] = []
  for (const proposal of proposals) {
    const verdict = isConfChange(proposal) ? judge(raft, proposal, pendingConfIndex) : 'take'
    if (verdict === 'invalid-conf-change') return verdict
    if (verdict === 'ignore') isAnyIgnored = true
    else if (isConfChange(proposal)) pendingConfIndex = raft.log.lastIndex + 1 + taken.length
    taken.push(verdict === 'ignore' ? EMPTY_PROPOSAL : proposal)
  }
  return { proposals: taken, pendingConfIndex, isAnyIgnored }
}

function judge(
  raft: Raft,
  proposal: Proposal,
  pendingConfIndex: number,
): 'take' | 'ignore' | 'invalid-conf-change' {
  const change = decodeConfChange(raft, proposal)
  if (change === undefined) return 'invalid-conf-change'
  if (!raft.options.hasConfChangeValidation) return 'take'
  const isPending = pendingConfIndex > raft.log.lastApplied
  const isLeaving = change.changes.length === 0
  if (isPending || isLeaving !== isJoint(raft.tracker.configuration)) return 'ignore'
  // Nothing else can change the configuration until this one is applied.
  return isPossible(raft, change) ? 'take' : 'invalid-conf-change'
}

/** @returns `false`: too much is uncommitted. What has no payload is always taken. */
function appendProposals(raft: Raft, proposals: readonly Proposal[]): boolean {
  const sizeBytes = payloadBytes(proposals)
  const sumBytes = raft.uncommittedBytes + sizeBytes
  // With nothing uncommitted anything is taken, or a large one could never be.
  const isTooMuch = sumBytes > raft.options.uncommittedMaxBytes
  if (isTooMuch && sizeBytes > 0 && raft.uncommittedBytes > 0) return false
  raft.uncommittedBytes = sumBytes

  const { term, log } = raft
  const firstIndex = log.lastIndex + 1
  log.append(proposals.map(({ type, data }, i) => ({ term, index: firstIndex + i, type, data })))
  // Our own acknowledgement counts like any other: when the entries are in storage.
  raft.send({ type: 'MsgAppResp', to: raft.id, index: log.lastIndex })
  return true
}
