/**
 * The log of a peer on its disk: what Raft must not forget.
 *
 *     append ─┐                       ┌─ write ─ sync ─┐
 *     append ─┼─> waiting ─ together ─┤                ├─> resolved, in order
 *     append ─┘      ↑                └────────────────┘
 *                    └─ whatever comes meanwhile: the next write
 *
 * Group commit: nobody waits for a timer, and one sync serves all that came during the last one.
 * A failure to write, sync, make or remove is final: nobody knows what is on the disk then, so
 * every later call is rejected with the same error, and the owner is told, which must stop.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice", 2014, sections 3.8 and 10.2.1; the
 * parts of etcd's server WAL. Files: segment-writer.ts; how it starts: open-log.ts.
 */
import type { Entry } from '../../../consensus/raft/log/entry.ts'
import type { HardState } from '../../../consensus/raft/log/storage.ts'
import { assert } from '../../../core/assert.ts'
import { MeshError } from '../../../core/errors.ts'
import { segmentName, snapshotMarks, snapshotName } from './file-names.ts'
import type { LogFiles } from './log-files.ts'
import type { SegmentRead } from './read-log.ts'
import type { HeadRecord, LogOwner, SaveRecord, SnapshotMark } from './record.ts'
import { SegmentWriter, savedBytesMax } from './segment-writer.ts'
import { decodeSnapshot, type LogSnapshot, snapshotPieces } from './snapshot-file.ts'

/** Written at once; what waits beyond it goes with the next sync. */
const WRITE_MAX_BYTES = 4 * 1024 ** 2

/** Snapshots whose marks are kept: the newest, and one to fall back to. */
const MARKS_MAX = 2

export interface WalOptions {
  /** Size of a segment; one with a larger record is as large as that. */
  readonly segmentBytes: number
  /** All that may wait to be written; more is refused with `ERR_OVERLOADED`. */
  readonly waitingMaxBytes: number
}

export const WAL_DEFAULTS: WalOptions = {
  segmentBytes: 16 * 1024 ** 2,
  waitingMaxBytes: 64 * 1024 ** 2,
}

export interface WalDeps {
  readonly files: LogFiles
  /** Told once, when the log can go on no more. */
  readonly onFatal: (error: unknown) => void
  readonly options: WalOptions
}

export interface LogAppend {
  readonly hardState?: HardState | undefined
  /** Of consecutive indexes. They replace those that are there from the first of them on. */
  readonly entries: readonly Entry[]
  /** Whether it must be durable when the promise resolves; else it is only on its way. */
  readonly mustSync: boolean
}

export interface SnapshotSave {
  readonly snapshot: LogSnapshot
  /** Becomes durable together with the mark of the snapshot. */
  readonly hardState?: HardState | undefined
  /** Older entries are needed no more. At most one more than the snapshot's index. */
  readonly keepFromIndex: number
}

/** What the log knows of itself when it begins. */
export interface WalStart {
  readonly owner: LogOwner
  readonly writer: SegmentWriter
  readonly segments: readonly SegmentRead[]
  readonly hardState: HardState
  readonly marks: readonly SnapshotMark[]
  readonly lastIndex: number
}

interface Waiting {
  readonly record: SaveRecord
  readonly mustSync: boolean
  readonly bytesMax: number
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

interface OpenSegment {
  readonly sequence: number
  lastIndexMax: number
}

export class WriteAheadLog {
  readonly #deps: WalDeps
  readonly #owner: LogOwner
  readonly #segments: OpenSegment[]
  #writer: SegmentWriter
  /** As written, for the head of the next segment. */
  #hardState: HardState
  #marks: readonly SnapshotMark[]
  /** As asked for, which is ahead of what is written. */
  #lastIndex: number
  #waiting: Waiting[] = []
  #waitingBytes = 0
  /** Until all that waits is done; `undefined`: nothing is. */
  #work: Promise<void> | undefined
  #isSavingSnapshot = false
  #isClosed = false
  #failure: { readonly error: unknown } | undefined

  constructor(deps: WalDeps, start: WalStart) {
    this.#deps = deps
    this.#owner = start.owner
    this.#writer = start.writer
    this.#segments = start.segments.map(segment => ({ ...segment }))
    this.#hardState = start.hardState
    this.#marks = start.marks.slice(-MARKS_MAX)
    this.#lastIndex = start.lastIndex
  }

  /** Of what was appended, durable or not. */
  get lastIndex(): number {
    return this.#lastIndex
  }

  /** Bytes not yet written, at most. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get segmentCount(): number {
    return this.#segments.length
  }

  /**
   * Resolves when it is durable, or written if it need not be. In the order of the calls.
   *
   * @throws MeshError ERR_OVERLOADED if too much waits: then nothing of it was taken. ERR_STORAGE.
   */
  append({ hardState, entries, mustSync }: LogAppend): Promise<void> {
    const [first] = entries
    if (first !== undefined) {
      const nextIndex = this.#lastIndex + 1
      assert(first.index <= nextIndex, 'the log has no gap')
      const isConsecutive = entries.every(({ index }, place) => index === first.index + place)
      assert(isConsecutive, 'entries of one append have consecutive indexes')
    }
    return this.#add({ type: 'save', hardState, entries }, mustSync)
  }

  /**
   * Makes the snapshot durable, then says so in the log, then removes segments and snapshots that
   * nothing needs any more. One at a time.
   *
   * @throws MeshError ERR_STORAGE, ERR_OVERLOADED: then the snapshot does not count.
   */
  async saveSnapshot({ snapshot, hardState, keepFromIndex }: SnapshotSave): Promise<void> {
    const { term, index } = snapshot
    assert(!this.#isSavingSnapshot, 'snapshots are saved one at a time')
    assert(index > (this.#marks.at(-1)?.index ?? 0), 'snapshots go forward')
    assert(keepFromIndex <= index + 1, 'what the snapshot does not hold is kept')
    this.#isSavingSnapshot = true
    try {
      await this.#orFail(this.#deps.files.create(snapshotName(snapshot), snapshotPieces(snapshot)))
      const mark = { term, index }
      await this.#add({ type: 'save', hardState, mark, entries: [] }, true)
      await this.#orFail(this.#discard(keepFromIndex))
    } finally {
      this.#isSavingSnapshot = false
    }
  }

  /** The newest one that counts. @throws MeshError ERR_STORAGE, also if it is damaged now. */
  async readSnapshot(): Promise<LogSnapshot | undefined> {
    const mark = this.#marks.at(-1)
    if (mark === undefined) return undefined
    const name = snapshotName(mark)
    const snapshot = decodeSnapshot(await this.#deps.files.read(name), mark)
    if (snapshot !== undefined) return snapshot
    throw new MeshError(`expected an intact snapshot in ${name}, found a damaged one`, {
      code: 'ERR_STORAGE',
      hint: 'The next snapshot replaces it.',
    })
  }

  /** Waits for all that was appended, and makes it durable. Nothing may be appended after it. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#work
    try {
      if (this.#failure === undefined) await this.#orFail(this.#writer.sync())
    } finally {
      await this.#writer.close()
    }
  }

  #add(record: SaveRecord, mustSync: boolean): Promise<void> {
    assert(!this.#isClosed, 'a closed log takes no more')
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error)
    const bytesMax = savedBytesMax(record)
    const { waitingMaxBytes } = this.#deps.options
    if (this.#waitingBytes + bytesMax > waitingMaxBytes) {
      return Promise.reject(overloaded(this.#waitingBytes + bytesMax, waitingMaxBytes))
    }
    this.#waitingBytes += bytesMax
    this.#lastIndex = lastIndexAfter(record, this.#lastIndex)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ record, mustSync, bytesMax, resolve, reject })
      // Not at once, so that all appends of this moment go together.
      this.#work ??= Promise.resolve().then(() => this.#writeAll())
    })
  }

  async #writeAll(): Promise<void> {
    try {
      for (let [next] = this.#waiting; next !== undefined; [next] = this.#waiting) {
        if (next.bytesMax > this.#writer.leftBytes) await this.#nextSegment(next.bytesMax)
        await this.#writeTogether(this.#take())
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#work = undefined
    }
  }

  /** The first ones that fit into this segment and one write: at least one. */
  #take(): readonly Waiting[] {
    let leftBytes = Math.min(this.#writer.leftBytes, WRITE_MAX_BYTES)
    let count = 0
    for (const { bytesMax } of this.#waiting) {
      if (bytesMax > leftBytes && count > 0) break
      leftBytes -= bytesMax
      count += 1
    }
    return this.#waiting.slice(0, count)
  }

  async #writeTogether(taken: readonly Waiting[]): Promise<void> {
    await this.#writer.write(taken.map(({ record }) => record))
    if (taken.some(({ mustSync }) => mustSync)) await this.#writer.sync()
    // Of a snapshot meanwhile: then all have been told.
    if (this.#failure !== undefined) return
    // They wait until here, so that a failure reaches them too.
    this.#waiting.splice(0, taken.length)
    for (const { record, bytesMax, resolve } of taken) {
      this.#remember(record)
      this.#waitingBytes -= bytesMax
      resolve()
    }
  }

  #remember({ hardState, mark, entries }: SaveRecord): void {
    if (hardState !== undefined) this.#hardState = hardState
    if (mark !== undefined) this.#marks = [...this.#marks, mark].slice(-MARKS_MAX)
    const segment = this.#segments.at(-1)
    assert(segment !== undefined, 'a log has a segment')
    segment.lastIndexMax = Math.max(segment.lastIndexMax, entries.at(-1)?.index ?? 0)
  }

  async #nextSegment(recordMaxBytes: number): Promise<void> {
    await this.#writer.sync()
    const sequence = (this.#segments.at(-1)?.sequence ?? 0) + 1
    const head: HeadRecord = {
      type: 'head',
      sequence,
      owner: this.#owner,
      hardState: this.#hardState,
      marks: this.#marks,
    }
    const sizeBytes = this.#deps.options.segmentBytes
    const previousChecksum = this.#writer.checksum
    const start = { head, previousChecksum, sizeBytes, recordMaxBytes }
    const writer = await SegmentWriter.create(this.#deps.files, start)
    await this.#writer.close()
    this.#writer = writer
    this.#segments.push({ sequence, lastIndexMax: 0 })
  }

  /** Oldest first and one by one, so that a crash leaves no hole. */
  async #discard(keepFromIndex: number): Promise<void> {
    const { files } = this.#deps
    for (let [oldest] = this.#segments; oldest !== undefined; [oldest] = this.#segments) {
      if (this.#segments.length === 1 || oldest.lastIndexMax >= keepFromIndex) break
      await files.remove(segmentName(oldest.sequence))
      this.#segments.shift()
    }
    const kept = new Set(this.#marks.map(snapshotName))
    for (const mark of snapshotMarks(await files.list())) {
      if (!kept.has(snapshotName(mark))) await files.remove(snapshotName(mark))
    }
  }

  async #orFail<Value>(work: Promise<Value>): Promise<Value> {
    try {
      return await work
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = { error }
    for (const { reject } of this.#waiting) reject(error)
    this.#waiting = []
    this.#waitingBytes = 0
    this.#deps.onFatal(error)
  }
}

function lastIndexAfter({ mark, entries }: SaveRecord, before: number): number {
  return entries.at(-1)?.index ?? Math.max(before, mark?.index ?? 0)
}

function overloaded(bytes: number, maxBytes: number): MeshError {
  return new MeshError(`expected at most ${maxBytes} bytes to wait for the log, found ${bytes}`, {
    code: 'ERR_OVERLOADED',
    hint: 'The disk is slower than what is written: wait for some of it.',
  })
}
