/**
 * A peer that writes a log on a simulated disk, crashes, and looks what is left: each time it must
 * find the state after some beginning of what it did, which holds all that was acknowledged.
 */
import { LogDisk } from '../../../../sim/log-disk.ts'
import { Process } from '../../../../sim/process.ts'
import { VirtualTime } from '../../../../sim/virtual-time.ts'
import type { Entry } from '../../../../src/consensus/raft/log/entry.ts'
import type { HardState } from '../../../../src/consensus/raft/log/storage.ts'
import { Random } from '../../../../src/core/random.ts'
import type { RecoveredLog } from '../../../../src/node/storage/wal/open-log.ts'
import type { LogSnapshot } from '../../../../src/node/storage/wal/snapshot-file.ts'
import type { WriteAheadLog } from '../../../../src/node/storage/wal/write-ahead-log.ts'
import { entry, openLog } from './scene.ts'

/** More than opening a log or saving a snapshot takes. */
const LONG_MS = 2_000

const SEGMENT_BYTES = 4096

/** What a peer knows. */
interface Known {
  readonly hardState: HardState
  readonly snapshot: LogSnapshot | undefined
  /** Also those before the snapshot that it has. */
  readonly entries: readonly Entry[]
}

export type Deed =
  /** Writes entries, the first of them `back` places before the end of the log. */
  | {
      readonly type: 'append'
      readonly sizes: readonly number[]
      readonly back: number
      readonly mustSync: boolean
    }
  | { readonly type: 'vote'; readonly mustSync: boolean }
  /** Of an entry that is there, or beyond the end; keeps some before it. */
  | {
      readonly type: 'snapshot'
      readonly place: number
      readonly isBeyond: boolean
      readonly kept: number
    }
  | { readonly type: 'wait'; readonly durationMs: number }
  | { readonly type: 'crash'; readonly isPowerLost: boolean }

const NOTHING: Known = {
  hardState: { term: 0, vote: 0, commit: 0 },
  snapshot: undefined,
  entries: [],
}

export class LogHistory {
  readonly disk: LogDisk
  readonly #time = new VirtualTime()
  #process: Process
  #serial = 0
  #term = 1
  #log: WriteAheadLog | undefined
  /** What the peer knew after each deed since it started; the first is what it started with. */
  #states: Known[] = [NOTHING]
  /** Deeds since then that were acknowledged as durable, and with them all before. */
  #durableCount = 0
  /** How often less was there than all that had been done. */
  lossCount = 0
  repairCount = 0

  constructor(seed: number) {
    this.disk = new LogDisk(this.#time, new Random(seed))
    this.#process = this.#nextProcess()
  }

  /** @throws Error if the log has lost or made up anything. */
  async run(deeds: readonly Deed[]): Promise<void> {
    await this.#start()
    for (const deed of deeds) await this.#do(deed)
    await this.#crash(true)
  }

  async #do(deed: Deed): Promise<void> {
    if (deed.type === 'wait') await this.#time.advance(deed.durationMs)
    else if (deed.type === 'crash') await this.#crash(deed.isPowerLost)
    else if (deed.type === 'snapshot') await this.#saveSnapshot(deed)
    else this.#append(deed)
  }

  #append(deed: Extract<Deed, { type: 'append' | 'vote' }>): void {
    const { mustSync } = deed
    this.#term += 1
    const hardState = { term: this.#term, vote: this.#term % 3, commit: this.#floor }
    const before = this.#now
    const written = deed.type === 'append' ? this.#entriesOf(deed) : []
    const [first] = written
    const entries = first
      ? [...before.entries.filter(({ index }) => index < first.index), ...written]
      : before.entries
    this.#acknowledge(
      { ...before, hardState, entries },
      this.#openLog.append({ hardState, entries: written, mustSync }),
      mustSync,
    )
  }

  #entriesOf({ sizes, back }: Extract<Deed, { type: 'append' }>): Entry[] {
    const first = Math.max(this.#floor, this.#openLog.lastIndex - back) + 1
    return sizes.map((size, place) => {
      const text = `${this.#term}/${place} `.padEnd(size, '\0')
      return entry(first + place, { term: this.#term, text })
    })
  }

  async #saveSnapshot({
    place,
    isBeyond,
    kept,
  }: Extract<Deed, { type: 'snapshot' }>): Promise<void> {
    const candidates = this.#now.entries.filter(one => one.index > this.#floor)
    const chosen = candidates[place % Math.max(1, candidates.length)]
    const index = isBeyond ? this.#openLog.lastIndex + 1 + place : chosen?.index
    if (index === undefined) return
    this.#term += 1
    const term = isBeyond ? this.#term : (chosen?.term ?? 0)
    const snapshot = { term, index, data: new Uint8Array(Buffer.from(`at ${term}/${index}`)) }
    const hardState = { term: this.#term, vote: 0, commit: index }
    const entries = isBeyond ? [] : this.#now.entries
    const keepFromIndex = Math.max(0, index + 1 - kept)
    this.#acknowledge(
      { hardState, snapshot, entries },
      this.#openLog.saveSnapshot({ snapshot, hardState, keepFromIndex }),
      true,
    )
    // Sometimes until it is done, sometimes only until its file is being written.
    await this.#time.advance(place % 2 === 0 ? LONG_MS : 0.5)
    if (this.#durableCount < this.#states.length - 1) await this.#crash(place % 3 === 0)
  }

  #acknowledge(after: Known, work: Promise<void>, mustSync: boolean): void {
    this.#states.push(after)
    const count = this.#states.length - 1
    const { serial } = this.#process
    void work.then(() => {
      if (mustSync && serial === this.#process.serial) {
        this.#durableCount = Math.max(this.#durableCount, count)
      }
    })
  }

  /** Ends the process, and with the power all that was not synced; then starts the next. */
  async #crash(isPowerLost: boolean): Promise<void> {
    this.#process.end()
    if (isPowerLost) this.disk.crash()
    this.#process = this.#nextProcess()
    await this.#start()
  }

  async #start(): Promise<void> {
    const opening = openLog(this.disk.for(this.#process), { segmentBytes: SEGMENT_BYTES })
    opening.catch(() => {})
    await this.#time.advance(LONG_MS)
    const { log, recovered } = await opening
    const possible = this.#states.slice(this.#durableCount)
    const found = possible.findLast(state => isSame(state, recovered))
    if (found === undefined) {
      throw new Error(
        `expected one of ${possible.map(describeKnown).join(' | ')}, ` +
          `found ${describeKnown(recovered)}`,
      )
    }
    if (found !== this.#now) this.lossCount += 1
    if (recovered.repair !== undefined) this.repairCount += 1
    this.#states = [found]
    this.#durableCount = 0
    this.#log = log
  }

  get #now(): Known {
    return this.#states.at(-1) ?? NOTHING
  }

  /** No entry up to here may be replaced. */
  get #floor(): number {
    return this.#now.snapshot?.index ?? 0
  }

  get #openLog(): WriteAheadLog {
    if (this.#log === undefined) throw new Error('expected an open log')
    return this.#log
  }

  #nextProcess(): Process {
    this.#serial += 1
    return new Process(this.#serial, this.#time)
  }
}

function isSame(state: Known, recovered: RecoveredLog): boolean {
  return describeKnown(state) === describeKnown(recovered)
}

/** All of it in one line; entries before the snapshot do not count. */
function describeKnown({ hardState, snapshot, entries }: Known | RecoveredLog): string {
  const from = snapshot?.index ?? 0
  const after = entries
    .filter(({ index }) => index > from)
    .map(({ term, index, data }) => `${term}/${index}:${Buffer.from(data).toString('latin1')}`)
  const state = snapshot ? Buffer.from(snapshot.data).toString() : 'empty'
  return `${hardState.term},${hardState.vote},${hardState.commit} ${state} [${after.join()}]`
}
