/**
 * The disk of one host for the port of the log: survives its processes, and keeps what was synced.
 *
 *     write ──> what reads see ── sync ──> what a crash leaves for certain
 *                     └── crash: of each sector some state since the last sync, or, as often,
 *                         a beginning of all that was written, cut at any byte
 *
 * Making and removing a file is atomic and durable when it returns; a crash in the middle leaves
 * the state before or after, by chance. Beside that a disk can be broken (EIO), slow, flip bits,
 * and lie: say that it has synced and forget it in the next crash.
 */
import { MeshError } from '../src/core/errors.ts'
import type { Random } from '../src/core/random.ts'
import {
  type LogFile,
  type LogFiles,
  UNFINISHED_SUFFIX,
} from '../src/node/storage/wal/log-files.ts'
import { between, isHit } from './chance.ts'
import { type FileChange, LogDiskFile } from './log-disk-file.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Into the memory of the system. */
const WRITE_MIN_MS = 0.01
const WRITE_MAX_MS = 0.1

const READ_MS = 0.1

/** An SSD, and now and then a collection of garbage in it. */
const SYNC_MIN_MS = 0.1
const SYNC_MAX_MS = 2
const STALL_RATIO = 0.01
const STALL_MIN_MS = 5
const STALL_MAX_MS = 80

/** A file that is being made or removed. */
interface Changing {
  readonly name: string
  /** `undefined`: it is being removed. */
  readonly bytes: Uint8Array | undefined
}

interface Work<Value> {
  /** For messages. */
  readonly work: string
  readonly delayMs: number
  readonly finish: () => Value
  /** Instead of it, on a broken disk. */
  readonly fail?: () => void
}

export class LogDisk {
  readonly #time: VirtualTime
  readonly #random: Random
  readonly #files = new Map<string, LogDiskFile>()
  readonly #changing = new Set<Changing>()
  /** When each thing was asked for that is not done. */
  readonly #askedAtMs = new Set<{ readonly atMs: number }>()
  /** Whether all that is asked of it fails. */
  isBroken = false
  /** Whether a sync returns and keeps nothing. */
  isLying = false
  /** How many times as long as usual everything takes. */
  slowFactor = 1

  constructor(time: VirtualTime, random: Random) {
    this.#time = time
    this.#random = random
  }

  /** The port for a process that starts, which the one before has not survived. */
  for(process: Process): LogFiles {
    this.#settle()
    const doing = <Value>(work: string, delayMs: number, finish: () => Value) =>
      this.#do(process, { work, delayMs, finish })
    return {
      folder: 'disk',
      list: () => doing('list', READ_MS, () => [...this.#files.keys()]),
      read: name => doing(`read ${name}`, READ_MS, () => this.#find(name).bytes()),
      create: (name, content, sizeBytes = 0) =>
        this.#change(process, { name, bytes: joined(content, sizeBytes) }),
      remove: name => this.#change(process, { name, bytes: undefined }),
      open: name =>
        doing(`open ${name}`, READ_MS, () => this.#openFile(process, name, this.#find(name))),
    }
  }

  /** When the oldest thing was asked for that is not done; `undefined`: all is. */
  get busySinceMs(): number | undefined {
    const [oldest] = this.#askedAtMs
    return oldest?.atMs
  }

  /** What is in the file for whoever reads it now. */
  file(name: string): Uint8Array | undefined {
    return this.#files.get(name)?.bytes()
  }

  names(): readonly string[] {
    return [...this.#files.keys()]
  }

  /** The power fails: of what was not synced some part has been kept. */
  crash(): void {
    this.#settleChanging()
    for (const file of this.#files.values()) file.crash(this.#random)
  }

  /** Flips one bit of what is on the disk. @returns Whether there was one to flip. */
  flipBit(name: string): boolean {
    return this.#files.get(name)?.flipBit(this.#random) ?? false
  }

  /** Whoever asked for what is under way is gone: it was done just before, or never. */
  #settle(): void {
    this.#settleChanging()
    for (const file of this.#files.values()) file.settle(this.#random)
  }

  #settleChanging(): void {
    for (const { name, bytes } of this.#changing) {
      if (isHit(this.#random, 0.5)) this.#put(name, bytes)
      else if (bytes !== undefined) this.#put(`${name}${UNFINISHED_SUFFIX}`, this.#torn(bytes))
    }
    this.#changing.clear()
  }

  #openFile(process: Process, name: string, file: LogDiskFile): LogFile {
    const change = (action: string, changing: FileChange) => {
      if (!process.isGone) file.begin(changing)
      return this.#do(process, {
        work: `${action} ${name}`,
        delayMs: this.#writeMs(),
        finish: () => file.finish(changing),
        fail: () => file.abandon(changing),
      })
    }
    return {
      write: (bytes, offset) => change('write', { bytes: new Uint8Array(bytes), offset }),
      truncate: sizeBytes => change('truncate', { sizeBytes }),
      sync: () => {
        const { unsynced } = file
        return this.#do(process, {
          work: `sync ${name}`,
          delayMs: this.#syncMs(),
          finish: () => {
            if (!this.isLying) file.keep(unsynced)
          },
          fail: () => file.forget(unsynced),
        })
      },
      close: async () => {},
    }
  }

  #change(process: Process, changing: Changing): Promise<void> {
    if (!process.isGone) this.#changing.add(changing)
    const { name, bytes } = changing
    return this.#do(process, {
      work: bytes === undefined ? `remove ${name}` : `make ${name}`,
      delayMs: this.#writeMs() + this.#syncMs(),
      finish: () => {
        // The end of the process in between has settled it.
        if (this.#changing.delete(changing)) this.#put(name, bytes)
      },
      fail: () => this.#changing.delete(changing),
    })
  }

  #put(name: string, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) this.#files.delete(name)
    else this.#files.set(name, new LogDiskFile(bytes))
  }

  #find(name: string): LogDiskFile {
    const file = this.#files.get(name)
    if (file === undefined) throw failed(`find ${name}`, 'ENOENT')
    return file
  }

  #torn(bytes: Uint8Array): Uint8Array {
    return bytes.slice(0, this.#random.nextIndex(bytes.length + 1))
  }

  #writeMs(): number {
    return between(this.#random, WRITE_MIN_MS, WRITE_MAX_MS)
  }

  #syncMs(): number {
    return isHit(this.#random, STALL_RATIO)
      ? between(this.#random, STALL_MIN_MS, STALL_MAX_MS)
      : between(this.#random, SYNC_MIN_MS, SYNC_MAX_MS)
  }

  #do<Value>(process: Process, { work, delayMs, finish, fail }: Work<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      // Promises of a process that was killed still run here, and must do nothing.
      if (process.isGone) return
      const asked = { atMs: this.#time.nowMs }
      this.#askedAtMs.add(asked)
      this.#time.after(delayMs * this.slowFactor, () => {
        this.#askedAtMs.delete(asked)
        // The system finishes what it was asked, even for a process that is paused.
        if (this.isBroken) fail?.()
        const outcome = this.isBroken ? failed(work, 'EIO') : settled(finish)
        process.arrival(() => {
          if (outcome instanceof MeshError) reject(outcome)
          else resolve(outcome.value)
        })
      })
    })
  }
}

function settled<Value>(finish: () => Value): { readonly value: Value } | MeshError {
  try {
    return { value: finish() }
  } catch (error) {
    if (error instanceof MeshError) return error
    throw error
  }
}

function failed(work: string, found: string): MeshError {
  return new MeshError(`expected to ${work}, found ${found}`, { code: 'ERR_STORAGE' })
}

function joined(content: Iterable<Uint8Array>, sizeBytes: number): Uint8Array {
  const parts = Array.from(content, part => new Uint8Array(part))
  const contentBytes = parts.reduce((sum, part) => sum + part.length, 0)
  const bytes = new Uint8Array(Math.max(contentBytes, sizeBytes))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
