/**
 * Measures groups of peers and of serf agents, in a process of its own, so that this can be put
 * into a network namespace whose loopback interface nobody else uses.
 *
 *     node membership-process.ts '{"sizes":[5,10],…}'
 *
 * On stdout: a JSON line with `"event":"ready"`, one `"note"` for each stage, one `"group"` for
 * each group measured, and `"done"`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { type IdleCost, idleCost, idleCostOfPeers } from './idle-cost.ts'
import { type JoinTimes, PeerGroup } from './peer-group.ts'
import { hasSerf, SerfGroup } from './serf-group.ts'

const membershipJob = z.strictObject({
  sizes: z.array(z.int().min(3)),
  /** Crashes of peers at each size; of agents, which take longer, one less. */
  crashCount: z.int().min(1),
  /** For peers; agents, which are only compared with, get half. */
  idleMs: z.int().min(1),
  isNetworkOwn: z.boolean(),
})

export type MembershipJob = z.output<typeof membershipJob>

/** What was measured of one group. */
export interface GroupFigures {
  readonly system: 'skein' | 'serf'
  readonly size: number
  readonly crashMs: readonly number[]
  /** A process that stands still, with its connections open. */
  readonly freezeMs: readonly number[]
  readonly joins: readonly JoinTimes[]
  readonly idle: IdleCost
  readonly falseDeathCount: number
}

/** After the last join until traffic is that of an idle mesh. */
const SETTLE_MS = 4_000

const DEATH_MAX_MS = 30_000
const SERF_DEATH_MAX_MS = 60_000

const print = (line: Readonly<Record<string, unknown>>) => console.log(JSON.stringify(line))
const note = (text: string) => print({ event: 'note', text })

async function measurePeers(size: number, job: MembershipJob): Promise<GroupFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
  const group = new PeerGroup(folder)
  try {
    note(`${size} peers: start`)
    const joins: JoinTimes[] = []
    while (group.peers.length < size) joins.push(await group.add())
    await sleep(SETTLE_MS)
    note(`${size} peers: idle`)
    const idle = await idleCostOfPeers(group.peers, { ...job, durationMs: job.idleMs })
    const falseDeathCount = group.watch.countOf('dead')

    note(`${size} peers: crashes and joins`)
    const crashMs: number[] = []
    // The last of the first start, and those that take the places of the crashed: all at this size.
    const joinsAtSize = joins.slice(-1)
    for (let round = 0; round < job.crashCount; round += 1) {
      crashMs.push(await group.crash(someone(group.peers, round), DEATH_MAX_MS))
      joinsAtSize.push(await group.add())
    }
    const freezeMs = [await group.freeze(someone(group.peers, 1), DEATH_MAX_MS)]
    return {
      ...{ system: 'skein', size, crashMs, freezeMs, joins: joinsAtSize, idle },
      falseDeathCount,
    }
  } finally {
    await group.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAgents(size: number, job: MembershipJob): Promise<GroupFigures> {
  const group = new SerfGroup()
  try {
    note(`${size} serf agents: start`)
    while (group.agents.length < size) await group.add()
    await sleep(SETTLE_MS)
    note(`${size} serf agents: idle`)
    const pids = group.agents.map(({ child }) => child.pid)
    const idle = await idleCost(pids, { ...job, durationMs: job.idleMs / 2 })
    note(`${size} serf agents: crashes`)
    const crashMs: number[] = []
    for (let round = 0; round < Math.max(1, job.crashCount - 1); round += 1) {
      crashMs.push(await group.crash(someone(group.agents, round), SERF_DEATH_MAX_MS))
    }
    return { system: 'serf', size, crashMs, freezeMs: [], joins: [], idle, falseDeathCount: 0 }
  } finally {
    await group.stop()
  }
}

/** Another one each time; never the first, whom newcomers ask. */
function someone<Member>(members: readonly Member[], round: number): Member {
  const found = members[1 + ((round * 7) % (members.length - 1))]
  if (found === undefined) throw new Error(`expected two members, found ${members.length}`)
  return found
}

async function main(): Promise<void> {
  const job = membershipJob.parse(JSON.parse(process.argv[2] ?? ''))
  print({ event: 'ready', hasSerf: hasSerf() })
  for (const size of job.sizes) {
    print({ event: 'group', figures: await measurePeers(size, job) })
    if (hasSerf()) print({ event: 'group', figures: await measureAgents(size, job) })
  }
  print({ event: 'done' })
}

// Leaving by `exit` in every case, for that is where the children are ended.
process.on('SIGTERM', () => process.exit(143))
process.on('disconnect', () => process.exit(1))
main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
