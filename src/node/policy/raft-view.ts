/**
 * Who decides, as this peer sees it, in words for people.
 */
import type { ReplicaStatus } from '../../consensus/replica/status.ts'
import type { Agreement } from '../consensus/agreement.ts'
import type { NodeView } from '../gateway.ts'
import type { Freshness, RaftView } from './policy-port.ts'

/** Three times as long as one who only follows may go without a word. */
const STALE_AFTER_MS = 15_000

export function freshness(
  { leader, staleForMs }: Pick<ReplicaStatus, 'leader' | 'staleForMs'>,
  wallMs: number,
): Freshness {
  const isStale = leader === undefined || staleForMs > STALE_AFTER_MS
  return {
    staleSince: isStale ? new Date(wallMs - staleForMs).toISOString() : null,
    staleForMs: Math.round(staleForMs),
  }
}

interface Surroundings {
  readonly nodes: readonly Pick<NodeView, 'peer' | 'status' | 'facts'>[]
  readonly wallMs: number
}

export function raftView(
  agreement: Pick<Agreement, 'status' | 'raftStatus' | 'peerOf' | 'state'>,
  { nodes, wallMs }: Surroundings,
): RaftView {
  const status = agreement.status()
  const { role, node, term, leader = null, lastLeader = null, confState, halted } = status
  const { commitIndex, appliedIndex, firstIndex, lastIndex } = status
  const { state } = agreement
  const known = new Map(nodes.map(each => [each.peer, each]))
  const describe = (id: number) => {
    const peer = agreement.peerOf(id) ?? null
    const seen = peer === null ? undefined : known.get(peer)
    const name = seen?.facts?.name
    const named = name === undefined ? {} : { name }
    return { peer, node: id, ...named, status: seen?.status ?? 'unknown' }
  }
  const voters = new Set([...confState.voters, ...confState.votersOutgoing])
  const learners = new Set([...confState.learners, ...confState.learnersNext])
  const progress = role === 'leader' ? agreement.raftStatus()?.progress : undefined
  return {
    role,
    node,
    term,
    leader,
    lastLeader,
    voters: [...voters].map(describe),
    learners: [...learners].map(describe),
    isJoint: confState.votersOutgoing.length > 0,
    commitIndex,
    appliedIndex,
    firstIndex,
    lastIndex,
    hash: state.hash,
    ...freshness(status, wallMs),
    halted: halted?.type ?? null,
    ...(progress === undefined
      ? {}
      : {
          progress: [...progress].map(([id, { matchIndex, state: word, isRecentlyActive }]) => ({
            node: id,
            matchIndex,
            state: word,
            isRecentlyActive,
          })),
        }),
  }
}
