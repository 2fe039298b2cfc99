/**
 * How many writes a cluster of three stores durably in a second, and how long one takes, beside
 * etcd, if that is installed, beside our log without HTTP, and beside the least that any replicated
 * log must do.
 *
 * All three members of a contestant run on this machine, with their data in one folder. Each
 * round starts every contestant anew, one at a time, so that what else happens on the disk
 * befalls all of them. Figures are medians over the rounds.
 */
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Benchmark, type BenchmarkResult, formatNumber, formatTable } from './benchmark.ts'
import { bare } from './consensus/bare.ts'
import type { Contestant } from './consensus/contestant.ts'
import { etcd } from './consensus/etcd.ts'
import { log } from './consensus/log.ts'
import { type PutFigures, runPutProcess } from './consensus/put-process.ts'
import { skein } from './consensus/skein.ts'
import { median, ratio } from './statistics.ts'

const CONTESTANTS: readonly Contestant[] = [etcd, skein, log, bare]

const CLIENT_COUNTS = [1, 16, 256]
const VALUE_BYTES = 256
const ROUND_COUNT = 3
const WARM_UP_MS = 1_000
const WINDOW_MS = 4_000

/** Linux's `TMPFS_MAGIC`, of statfs(2): a file system in memory, where a sync costs nothing. */
const TMPFS_TYPE = 0x01021994

/**
 * Recorded once with etcd 3.4.23 of Debian 12 on a machine of two cores that had other work too,
 * for where it cannot be installed.
 */
const ETCD_RECORDED = [
  ['etcd, recorded', '1', '916', '0.99', '3.25'],
  ['etcd, recorded', '16', '3929', '3.81', '10.42'],
  ['etcd, recorded', '256', '11202', '19.44', '74.39'],
]

/** What was measured of one contestant with one number of clients, once for each round. */
interface Row {
  readonly contestant: string
  readonly clientCount: number
  readonly rounds: PutFigures[]
}

export const consensus: Benchmark = {
  summary: 'durable writes by a cluster of three, beside etcd (about 2 minutes)',

  async run({ isQuick }, note) {
    const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
    try {
      if (statfsSync(folder).type === TMPFS_TYPE) {
        throw new Error(`expected ${folder} on a disk, found it in memory: set TMPDIR`)
      }
      const absent = CONTESTANTS.filter(contestant => contestant.absence() !== undefined)
      for (const { name, absence } of absent) note(`${name}: ${absence()}`)
      const present = CONTESTANTS.filter(contestant => !absent.includes(contestant))
      const rows = await measure(present, { folder, isQuick, note })
      return summarize(rows, absent)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Measuring {
  readonly folder: string
  readonly isQuick: boolean
  readonly note: (line: string) => void
}

async function measure(
  contestants: readonly Contestant[],
  { folder, isQuick, note }: Measuring,
): Promise<readonly Row[]> {
  const rows: Row[] = contestants.flatMap(({ name }) =>
    CLIENT_COUNTS.map(clientCount => ({ contestant: name, clientCount, rounds: [] })),
  )
  const divisor = isQuick ? 4 : 1
  const plan = {
    valueBytes: VALUE_BYTES,
    warmUpMs: WARM_UP_MS / divisor,
    windowMs: WINDOW_MS / divisor,
  }
  for (let round = 1; round <= (isQuick ? 1 : ROUND_COUNT); round += 1) {
    for (const contestant of contestants) {
      note(`${contestant.name}, round ${round}`)
      const own = join(folder, `${contestant.name}-${round}`)
      mkdirSync(own)
      const cluster = await contestant.start(own)
      try {
        for (const { clientCount, rounds } of rowsOf(rows, contestant.name)) {
          rounds.push(await runPutProcess(cluster, { ...plan, clientCount }))
        }
      } finally {
        await cluster.stop()
      }
      // The next one starts on the same disk as this one did.
      rmSync(own, { recursive: true })
    }
  }
  return rows
}

function rowsOf(rows: readonly Row[], contestant: string): readonly Row[] {
  return rows.filter(row => row.contestant === contestant)
}

const HEAD = ['', 'clients', 'writes/s', 'p50 ms', 'p99 ms', 'servers CPU %', 'load CPU %']

function summarize(rows: readonly Row[], absent: readonly Contestant[]): BenchmarkResult {
  const lines = rows.map(row => {
    const { writesPerSecond, p50Ms, p99Ms, serversCpuRatio, loadCpuRatio } = figuresOf(row)
    return [
      ...[row.contestant, `${row.clientCount}`, formatNumber(writesPerSecond)],
      ...[formatNumber(p50Ms, 2), formatNumber(p99Ms, 2)],
      ...[formatNumber(percent(serversCpuRatio)), formatNumber(percent(loadCpuRatio))],
    ]
  })
  const missing = absent.map(({ name, absence }) => `${name} is left out: ${absence()}`)
  const recorded = absent.includes(etcd) ? ETCD_RECORDED : []
  return {
    table: [formatTable([HEAD, ...lines, ...recorded]), ...missing].join('\n'),
    figures: Object.fromEntries(
      rows.map(row => [`${row.contestant}-${row.clientCount}`, figuresOf(row)]),
    ),
    ratios: Object.fromEntries(rows.flatMap(row => ratiosToEtcd(row, rows))),
    errors: rows.flatMap(errorsOf),
  }
}

function figuresOf({ rounds }: Row) {
  return {
    writesPerSecond: median(rounds.map(({ load }) => (load.answeredCount * 1000) / load.windowMs)),
    p50Ms: median(rounds.map(({ load }) => load.responseMs.p50)),
    p99Ms: median(rounds.map(({ load }) => load.responseMs.p99)),
    serversCpuRatio: median(rounds.map(({ serversCpuRatio }) => serversCpuRatio)),
    loadCpuRatio: median(rounds.map(({ cpuRatio }) => cpuRatio)),
  }
}

function percent(share: number | undefined): number | undefined {
  return share === undefined ? undefined : share * 100
}

function ratiosToEtcd(
  row: Row,
  rows: readonly Row[],
): readonly (readonly [string, number | undefined])[] {
  const { contestant, clientCount } = row
  const theirs = rowsOf(rows, etcd.name).find(each => each.clientCount === clientCount)
  if (contestant === etcd.name || theirs === undefined) return []
  const [own, other] = [figuresOf(row), figuresOf(theirs)]
  const name = (what: string) => `${contestant}-to-etcd-${what}-${clientCount}`
  return [
    [name('writes'), ratio(own.writesPerSecond, other.writesPerSecond)],
    [name('p50'), ratio(own.p50Ms, other.p50Ms)],
    [name('p99'), ratio(own.p99Ms, other.p99Ms)],
  ]
}

function errorsOf({ contestant, clientCount, rounds }: Row): readonly string[] {
  return rounds.flatMap(({ load }) =>
    Object.entries(load.errors).map(
      ([text, count]) => `${contestant}, ${clientCount} clients: ${count} times ${text}`,
    ),
  )
}
