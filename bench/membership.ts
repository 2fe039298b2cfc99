/**
 * How fast a mesh of real peers notices a crash and a newcomer, and what it costs at rest, beside
 * serf, if that is installed.
 *
 * The groups are measured by `membership-process.ts`, within a network namespace if this machine
 * allows it.
 */
import { fileURLToPath } from 'node:url'
import {
  type Benchmark,
  type BenchmarkOptions,
  type BenchmarkResult,
  formatNumber,
  formatTable,
} from './benchmark.ts'
import { parsedLine, startChild } from './child-process.ts'
import type { GroupFigures, MembershipJob } from './membership-process.ts'
import { inPrivateNetwork } from './private-network.ts'
import { median, ratio } from './statistics.ts'

const SIZES = [5, 10, 25]
const CRASH_COUNT = 3
const IDLE_MS = 20_000

const READY_MAX_MS = 10_000

const DEATH_GOAL_MS = 3_000
const FREEZE_GOAL_MS = 6_000
const IDLE_GOAL_BYTES_PER_SECOND = 1_000

/**
 * Recorded once with serf 0.8.2 of Debian 12 on a machine of two cores, profile `lan`, for where
 * it cannot be installed.
 */
const SERF_RECORDED = [
  ['serf, recorded, N = 10', 'crash about 5 s'],
  ['serf, recorded, N = 50', 'crash 8.3 to 9.2 s; idle 270 to 290 B/s'],
]

export const membership: Benchmark = {
  summary: 'crash to dead everywhere, join to full view, idle traffic (about 5 minutes)',

  async run(options, note) {
    const groups = await measure(options, note)
    return summarize(groups)
  },
}

async function measure(
  { isQuick, sizes }: BenchmarkOptions,
  note: (line: string) => void,
): Promise<readonly GroupFigures[]> {
  const job = {
    sizes: [...(sizes ?? (isQuick ? SIZES.slice(0, 1) : SIZES))],
    crashCount: isQuick ? 1 : CRASH_COUNT,
    idleMs: isQuick ? IDLE_MS / 4 : IDLE_MS,
  }
  const script = fileURLToPath(new URL('./membership-process.ts', import.meta.url))
  const commandFor = (isNetworkOwn: boolean) => {
    const text = JSON.stringify({ ...job, isNetworkOwn } satisfies MembershipJob)
    return { program: process.execPath, args: [script, text] }
  }
  const own = inPrivateNetwork(commandFor(true))
  if (own === undefined) note('no network namespace here: real bytes are not measured')
  const groups: GroupFigures[] = []
  const child = await startChild({
    name: 'the measuring process',
    ...(own ?? commandFor(false)),
    readyMaxMs: READY_MAX_MS,
    onLine: line => {
      const event = parsedLine(line)
      if (event?.['event'] === 'note') note(String(event['text']))
      // Printed by our own script, in the shape that it declares.
      if (event?.['event'] === 'group') groups.push(event['figures'] as GroupFigures)
    },
  })
  const code = await child.ended
  if (code !== 0) throw new Error(`the measuring process ended with ${code}: ${child.stderr()}`)
  return groups
}

function summarize(groups: readonly GroupFigures[]): BenchmarkResult {
  const peers = groups.filter(({ system }) => system === 'skein')
  const falseDeaths = peers.filter(({ falseDeathCount }) => falseDeathCount > 0)
  return {
    table: [table(groups), '', verdicts(peers), ...recorded(groups)].join('\n'),
    figures: Object.fromEntries(
      groups.map(group => [`${group.system}-${group.size}`, figuresOf(group)]),
    ),
    ratios: Object.fromEntries(peers.flatMap(each => ratiosToSerf(each, groups))),
    errors: falseDeaths.map(
      ({ size, falseDeathCount }) => `${falseDeathCount} false deaths among ${size} idle peers`,
    ),
  }
}

const HEAD = [
  ...['', 'crash ms', 'max', 'freeze ms', 'ready ms', 'full view ms'],
  ...['wire B/s', 'packets/s', 'lane B/s', 'gossip B/s', 'CPU %'],
]

function table(groups: readonly GroupFigures[]): string {
  const rows = groups.map(group => {
    const { crashMs, crashMaxMs, freezeMs, readyMs, fullViewMs, idle } = figuresOf(group)
    return [
      `${group.system}, N = ${group.size}`,
      ...[crashMs, crashMaxMs, freezeMs, readyMs, fullViewMs].map(each => formatNumber(each)),
      formatNumber(idle.wireBytes),
      formatNumber(idle.wirePackets, 1),
      formatNumber(idle.laneBytes),
      formatNumber(idle.gossipBytes),
      formatNumber(idle.cpuPercent, 2),
    ]
  })
  return formatTable([HEAD, ...rows])
}

function figuresOf({ crashMs, freezeMs, joins, idle }: GroupFigures) {
  return {
    crashMs: median(crashMs),
    crashMaxMs: Math.max(...crashMs),
    freezeMs: median(freezeMs),
    readyMs: median(joins.map(join => join.readyMs)),
    fullViewMs: median(joins.map(join => join.fullViewMs)),
    idle,
  }
}

function verdicts(peers: readonly GroupFigures[]): string {
  const verdict = (isMet: boolean) => (isMet ? 'yes' : 'NO')
  const all = (isMet: (group: GroupFigures) => boolean) => verdict(peers.every(isMet))
  const wire = peers.flatMap(({ idle }) => idle.wireBytes ?? [])
  return formatTable([
    [
      `dead everywhere within ${DEATH_GOAL_MS} ms of each crash`,
      all(({ crashMs }) => Math.max(...crashMs) < DEATH_GOAL_MS),
    ],
    [
      `dead everywhere within ${FREEZE_GOAL_MS} ms of standing still`,
      all(({ freezeMs }) => Math.max(...freezeMs) < FREEZE_GOAL_MS),
    ],
    [
      `at rest ${IDLE_GOAL_BYTES_PER_SECOND} B/s per node at most`,
      wire.length === 0
        ? 'not measured'
        : verdict(wire.every(bytes => bytes <= IDLE_GOAL_BYTES_PER_SECOND)),
    ],
  ])
}

function recorded(groups: readonly GroupFigures[]): string[] {
  if (groups.some(({ system }) => system === 'serf')) return []
  return ['', formatTable([['serf is not installed here', ''], ...SERF_RECORDED])]
}

function ratiosToSerf(
  peers: GroupFigures,
  groups: readonly GroupFigures[],
): readonly (readonly [string, number | undefined])[] {
  const serf = groups.find(({ system, size }) => system === 'serf' && size === peers.size)
  if (serf === undefined) return []
  const [ours, theirs] = [figuresOf(peers), figuresOf(serf)]
  return [
    [`crash-to-serf-${peers.size}`, ratio(ours.crashMs, theirs.crashMs)],
    [`idle-to-serf-${peers.size}`, ratio(ours.idle.wireBytes, theirs.idle.wireBytes)],
  ]
}
