/**
 * How fast the log of a peer is on this disk: entries of 256 bytes, durable one by one and a hundred
 * at a time, beside what a disk can do at most and beside a store that ships with Node.
 *
 *     log      the log of a peer, as it runs in production
 *     bare     one file of fixed length: write at the end, fdatasync; no checksum, no format
 *     sqlite   node:sqlite, WAL mode, synchronous FULL: one INSERT an entry, one COMMIT a sync
 *
 * All in one process and one after the other, in turns, and the median of the turns counts: disks
 * change their mind. The rows of `bare` and `log` wait for the thread pool, that of `sqlite` blocks
 * the event loop while it waits; the last column says for how long at most.
 */
import { mkdtemp, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import type { Entry } from '../src/consensus/raft/log/entry.ts'
import { openNodeLogFiles } from '../src/node/storage/wal/node-log-files.ts'
import { openWriteAheadLog } from '../src/node/storage/wal/open-log.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import { monotonicNowMs } from './monotonic-clock.ts'
import { median, percentiles, ratio } from './statistics.ts'

const ENTRY_BYTES = 256
const FILE_BYTES = 64 * 1024 ** 2

const WRITERS = ['log', 'bare', 'sqlite'] as const

type WriterName = (typeof WRITERS)[number]

interface Writer {
  /** Makes the entries from this index on durable. */
  append(firstIndex: number, count: number): Promise<void>
  close(): Promise<void>
}

interface Round {
  readonly entriesPerSecond: number
  readonly syncP50Ms: number | undefined
  readonly syncP99Ms: number | undefined
  readonly stallMaxMs: number
}

const CASES = [
  { name: 'onePerSync', label: '1 per sync', perSync: 1, syncCount: 3_000 },
  { name: 'hundredPerSync', label: '100 per sync', perSync: 100, syncCount: 1_500 },
] as const

const TURN_COUNT = 5

const QUICK_SHARE = 0.1

export const wal: Benchmark = {
  summary: 'entries a second into the log, beside a bare file and SQLite (about 1 minute)',

  async run({ isQuick }, note) {
    const rounds = new Map<string, Round[]>()
    for (let turn = 1; turn <= (isQuick ? 1 : TURN_COUNT); turn += 1) {
      for (const { name, perSync, syncCount } of CASES) {
        for (const writer of WRITERS) {
          note(`turn ${turn}: ${writer}, ${perSync} per sync`)
          const count = Math.round(syncCount * (isQuick ? QUICK_SHARE : 1))
          const key = `${name} ${writer}`
          rounds.set(key, [...(rounds.get(key) ?? []), await measure(writer, perSync, count)])
        }
      }
    }
    return summarize(rounds)
  },
}

function summarize(rounds: ReadonlyMap<string, readonly Round[]>) {
  const rows: string[][] = []
  const figures: Record<string, Record<string, unknown>> = {}
  const ratios: Record<string, number | undefined> = {}
  for (const { name, label } of CASES) {
    const rates = new Map<WriterName, number | undefined>()
    for (const writer of WRITERS) {
      const turns = rounds.get(`${name} ${writer}`) ?? []
      const middle = (key: keyof Round) => median(turns.map(turn => turn[key]))
      const entriesPerSecond = middle('entriesPerSecond')
      const [syncP50Ms, syncP99Ms] = [middle('syncP50Ms'), middle('syncP99Ms')]
      const stallMaxMs = middle('stallMaxMs')
      rates.set(writer, entriesPerSecond)
      const shown = [syncP50Ms, syncP99Ms, stallMaxMs].map(ms => formatNumber(ms, 2))
      rows.push([`${label}, ${writer}`, formatNumber(entriesPerSecond), ...shown])
      figures[name] = {
        ...figures[name],
        [writer]: { entriesPerSecond, syncP50Ms, syncP99Ms, stallMaxMs },
      }
    }
    ratios[`${name}LogToBare`] = ratio(rates.get('log'), rates.get('bare'))
    ratios[`${name}LogToSqlite`] = ratio(rates.get('log'), rates.get('sqlite'))
  }
  const head = ['256-byte entries', 'entries/s', 'p50 ms', 'p99 ms', 'loop stall ms']
  return { table: formatTable([head, ...rows]), figures, ratios, errors: [] }
}

async function measure(name: WriterName, perSync: number, syncCount: number): Promise<Round> {
  // In the working folder: what is under /tmp may be memory.
  const folder = await mkdtemp(join(process.cwd(), '.bench-wal-'))
  const stalls = monitorEventLoopDelay({ resolution: 1 })
  try {
    const writer = await OPEN[name](folder)
    const latenciesMs: number[] = []
    stalls.enable()
    const startMs = monotonicNowMs()
    for (let sync = 0; sync < syncCount; sync += 1) {
      const beforeMs = monotonicNowMs()
      await writer.append(1 + sync * perSync, perSync)
      latenciesMs.push(monotonicNowMs() - beforeMs)
    }
    const durationMs = monotonicNowMs() - startMs
    stalls.disable()
    await writer.close()
    const { p50, p99 } = percentiles(latenciesMs)
    return {
      entriesPerSecond: (1000 * syncCount * perSync) / durationMs,
      syncP50Ms: p50,
      syncP99Ms: p99,
      stallMaxMs: stalls.max / 1e6,
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

const data = new Uint8Array(ENTRY_BYTES).fill(0x5a)

const OPEN: Readonly<Record<WriterName, (folder: string) => Promise<Writer>>> = {
  async log(folder) {
    const { log } = await openWriteAheadLog({
      files: await openNodeLogFiles(folder),
      owner: { peer: 'bench', mesh: 'bench' },
      onFatal: error => {
        throw error
      },
    })
    return {
      append: (firstIndex, count) => {
        const entries = Array.from(
          { length: count },
          (_, place): Entry => ({ term: 1, index: firstIndex + place, type: 'normal', data }),
        )
        return log.append({ entries, mustSync: true })
      },
      close: () => log.close(),
    }
  },

  async bare(folder) {
    const file = await open(join(folder, 'file'), 'w')
    await file.truncate(FILE_BYTES)
    await file.sync()
    let offset = 0
    return {
      append: async (_firstIndex, count) => {
        const bytes = new Uint8Array(count * ENTRY_BYTES)
        for (let place = 0; place < count; place += 1) bytes.set(data, place * ENTRY_BYTES)
        if (offset + bytes.length > FILE_BYTES) offset = 0
        await file.write(bytes, 0, bytes.length, offset)
        await file.datasync()
        offset += bytes.length
      },
      close: () => file.close(),
    }
  },

  async sqlite(folder) {
    const database = new DatabaseSync(join(folder, 'database'))
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    database.exec('CREATE TABLE log (entry INTEGER PRIMARY KEY, term INTEGER, data BLOB)')
    const insert = database.prepare('INSERT INTO log VALUES (?, 1, ?)')
    return {
      append: async (firstIndex, count) => {
        database.exec('BEGIN')
        for (let place = 0; place < count; place += 1) insert.run(firstIndex + place, data)
        database.exec('COMMIT')
        // As whoever serves others would have to.
        await new Promise(resolve => {
          setImmediate(resolve)
        })
      },
      close: async () => database.close(),
    }
  },
}
