/**
 * What the loss of a leader costs: five peers, a stream of changes of the policy to all of them, and
 * `kill -9` for whoever leads, again and again.
 *
 * For each kill: how long no change was acknowledged. In the end: whether every change that was
 * acknowledged is there, on every peer. There is nobody beside it; the goal is a time.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import { type GroupPeer, PeerGroup } from './peer-group.ts'
import { PolicyWriters } from './policy-writers.ts'
import { median, nearestRank } from './statistics.ts'

const PEER_COUNT = 5
const VOTER_COUNT = 3
const KILL_COUNT = 20
const KILL_COUNT_QUICK = 3

/** From a kill until changes must be acknowledged again. */
const RECOVERY_MAX_MS = 15_000

/** Changes go on for so long before the next kill, so that one is not measured with another. */
const CALM_MS = 1_000

const VOTERS_MAX_MS = 60_000
const POLL_MS = 20

const raftAnswer = z.object({
  leader: z.string().nullable(),
  voters: z.array(z.object({ peer: z.string() })),
  isJoint: z.boolean(),
})

export const leaderLoss: Benchmark = {
  summary: 'time without a leader after kill -9, and whether anything is lost (about 2 minutes)',

  async run({ isQuick }, note) {
    const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
    const group = new PeerGroup(folder)
    const writers = new PolicyWriters(() => group.peers)
    try {
      note(`${PEER_COUNT} peers: start`)
      while (group.peers.length < PEER_COUNT) await group.add()
      await whenLed(group)
      writers.start()
      const gapsMs: number[] = []
      for (let left = isQuick ? KILL_COUNT_QUICK : KILL_COUNT; left > 0; left -= 1) {
        gapsMs.push(await killLeader(group, writers))
        note(`without a leader for ${gapsMs.at(-1)?.toFixed(0)} ms; ${left - 1} to go`)
      }
      await writers.stop()
      const errors = await missing(group, writers)
      return summarize(gapsMs, writers, errors)
    } finally {
      await writers.stop()
      await group.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

/** @returns ms without an acknowledgement, the longest after the kill. */
export async function killLeader(group: PeerGroup, writers: PolicyWriters): Promise<number> {
  const victim = await whenLed(group)
  const killedAtMs = performance.now()
  await group.kill(victim)
  await writers.acknowledgedSince(killedAtMs + CALM_MS, RECOVERY_MAX_MS)
  const gapMs = writers.longestGapMs(killedAtMs)
  await group.restart(victim)
  await sleep(CALM_MS)
  return gapMs
}

/**
 * Resolves with the leader once all peers name the same one, and know that enough vote. As long as
 * they change from one voter to three, the loss of that one stops them: it must agree to its own
 * replacement.
 */
async function whenLed({ peers }: PeerGroup): Promise<GroupPeer> {
  const deadline = AbortSignal.timeout(VOTERS_MAX_MS)
  for (;;) {
    const views = await Promise.all(peers.map(peer => raftOf(peer, deadline)))
    const found = peers.find(({ id }) => views.every(({ leader }) => leader === id))
    const isSettled = views.every(view => !view.isJoint && view.voters.length >= VOTER_COUNT)
    if (found !== undefined && isSettled) return found
    await sleep(POLL_MS, undefined, { signal: deadline })
  }
}

async function raftOf({ http }: GroupPeer, signal: AbortSignal) {
  const response = await fetch(`${http}/mesh/v1/raft`, { signal })
  return raftAnswer.parse(await response.json())
}

/** What was acknowledged and is not there, on whichever peer. */
export async function missing(group: PeerGroup, writers: PolicyWriters): Promise<string[]> {
  const errors: string[] = []
  for (const peer of group.peers) {
    const there = new Set(await writers.read(peer))
    const lost = writers.acknowledged.filter(name => !there.has(name))
    if (lost.length > 0) errors.push(`peer ${peer.number} lacks ${lost.length}, first ${lost[0]}`)
  }
  return errors
}

function summarize(gapsMs: readonly number[], writers: PolicyWriters, errors: readonly string[]) {
  const figures = {
    kills: gapsMs.length,
    gapP50Ms: median(gapsMs),
    gapP95Ms: nearestRank(gapsMs, 0.95),
    gapMaxMs: Math.max(...gapsMs),
    acknowledged: writers.acknowledged.length,
    refused: writers.refusedCount,
  }
  const rows = Object.entries(figures).map(([name, value]) => [name, formatNumber(value, 0)])
  return { table: formatTable([['figure', 'value'], ...rows]), figures, ratios: {}, errors }
}
