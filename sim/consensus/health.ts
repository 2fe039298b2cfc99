/**
 * Whether a mesh that nothing is broken in any more is well: all in touch, one leader, as many
 * voters as it should have, one state.
 */
import type { SimHost } from '../sim-host.ts'
import type { World } from '../world.ts'

/** Members from which on that many voters are wanted, as docs/internals/consensus.md says. */
const MEMBERS_FOR_FIVE = 11
const MEMBERS_FOR_THREE = 3

/** Longer than a disk stalls that is well. */
const DISK_PATIENCE_MS = 100

export function wantedVoters(memberCount: number): number {
  if (memberCount >= MEMBERS_FOR_FIVE) return 5
  return memberCount >= MEMBERS_FOR_THREE ? 3 : 1
}

export function isRunning({ state, peer }: SimHost): boolean {
  return state === 'up' && peer !== undefined
}

/**
 * Whether every host can talk to every other, nothing that was sent waits for a link, and no disk
 * is still at what it was asked while it was slow.
 */
export function areInTouch({ hosts, nowMs }: World): boolean {
  return hosts.every(
    host =>
      isRunning(host) &&
      !host.isPaused &&
      (host.logDisk.busySinceMs ?? nowMs) >= nowMs - DISK_PATIENCE_MS &&
      hosts.every(other => other === host || host.listening?.isInTouch(other.peerId) === true),
  )
}

/** The one that leads in the highest term, if it can. */
export function leaderOf({ hosts }: World): SimHost | undefined {
  let leader: SimHost | undefined
  let termMax = 0
  for (const host of hosts) {
    const raft = host.isPaused ? undefined : host.peer?.agreement.raftStatus()
    if (raft === undefined || raft.term < termMax) continue
    if (raft.term > termMax) leader = undefined
    termMax = raft.term
    if (raft.role === 'leader') leader = host
  }
  return leader
}

/** Those that vote, as whoever has applied most knows. */
export function votersOf({ hosts }: World): readonly SimHost[] {
  const statuses = hosts.flatMap(({ peer }) => peer?.agreement.status() ?? [])
  const [newest] = statuses.toSorted((a, b) => b.appliedIndex - a.appliedIndex)
  const nodes = new Set([newest?.confState].flatMap(each => each?.voters ?? []))
  return hosts.filter(({ peer }) => peer !== undefined && nodes.has(peer.agreement.status().node))
}

/** What is not yet as it should be; `undefined`: all is. */
export function unwell({ hosts }: World): string | undefined {
  const wanted = wantedVoters(hosts.length)
  const statuses = hosts.map(({ index, peer }) => ({ index, status: peer?.agreement.status() }))
  const [first] = statuses
  for (const { index, status } of statuses) {
    if (status === undefined) return `n${index} does not run`
    const { voters, votersOutgoing, learners } = status.confState
    if (voters.length !== wanted || votersOutgoing.length > 0 || learners.length > 0) {
      return `n${index} (${status.role}) knows ${JSON.stringify(status.confState)} instead of ${wanted} voters`
    }
    const { index: appliedIndex, hash } = status.mark ?? {}
    if (hash === first?.status?.mark?.hash && appliedIndex === first?.status?.mark?.index) continue
    return `n${index} (${status.role}, commit ${status.commitIndex}) is at entry ${appliedIndex} with ${hash}, n0 (${first?.status?.role}, commit ${first?.status?.commitIndex}) at ${first?.status?.mark?.index} with ${first?.status?.mark?.hash}`
  }
  const isPart = statuses.filter(({ status }) => status?.role !== 'observer').length
  if (isPart !== wanted) return `${isPart} hosts take part instead of the ${wanted} voters`
  return undefined
}
