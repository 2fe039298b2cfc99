/**
 * Skein as a contestant: three peers that all vote, changed by `PUT /mesh/v1/policy/…` at the one
 * that leads.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { PeerGroup } from '../peer-group.ts'
import type { Contestant } from './contestant.ts'

const MEMBER_COUNT = 3
const VOTERS_MAX_MS = 60_000
const POLL_MS = 50

const raftAnswer = z.object({
  leader: z.string().nullable(),
  voters: z.array(z.object({ peer: z.string() })),
})

export const skein: Contestant = {
  name: 'skein',
  absence: () => undefined,
  async start(folder) {
    const group = new PeerGroup(folder)
    try {
      while (group.peers.length < MEMBER_COUNT) await group.add()
      const port = await whenAllVote(group)
      const pids = group.peers.flatMap(({ child }) => child.pid)
      return { pids, protocol: 'skein', port, stop: () => group.stop() }
    } catch (error) {
      await group.stop()
      throw error
    }
  },
}

/** @returns The HTTP port of the leader. */
async function whenAllVote({ peers }: PeerGroup): Promise<number> {
  const deadline = AbortSignal.timeout(VOTERS_MAX_MS)
  for (;;) {
    const response = await fetch(`${peers[0]?.http}/mesh/v1/raft`, { signal: deadline })
    const { leader, voters } = raftAnswer.parse(await response.json())
    const leading = peers.find(({ id }) => id === leader)
    if (leading !== undefined && voters.length === MEMBER_COUNT) {
      return Number(new URL(leading.http).port)
    }
    await sleep(POLL_MS, undefined, { signal: deadline })
  }
}
