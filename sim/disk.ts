/**
 * The disk of one host: survives its processes, and keeps only what was synced.
 *
 *     write: temporary file -- content -- sync -- rename -- sync of the folder --> durable
 *                         ^ torn here      ^ the old file still      ^ old or new
 *
 * The port promises whole files, durable when `write` returns. A crash in the middle leaves the
 * old file or the new one, by chance; and a torn `.new` beside it, which no reader may trust. Bits
 * flip on demand.
 */
import { MeshError } from '../src/core/errors.ts'
import type { Random } from '../src/core/random.ts'
import type { Disk } from '../src/node/storage/disk.ts'
import { between } from './chance.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Time of a durable write: an SSD with two syncs, now and then a slow one. */
const WRITE_MIN_MS = 0.3
const WRITE_MAX_MS = 8

const READ_MS = 0.1

interface Writing {
  readonly name: string
  readonly bytes: Uint8Array
  readonly startMs: number
  readonly endMs: number
}

/** A slice of a Buffer would share its memory. */
const copyOf = (bytes: Uint8Array) => new Uint8Array(bytes)

export class SimDisk {
  readonly #time: VirtualTime
  readonly #random: Random
  /** What a crash leaves. */
  readonly #durable = new Map<string, Uint8Array>()
  readonly #writing = new Set<Writing>()
  /** Whether reads and writes fail. */
  isBroken = false

  constructor(time: VirtualTime, random: Random) {
    this.#time = time
    this.#random = random
  }

  /** The disk port for one process: whatever it waits for is lost with it. */
  for(process: Process): Disk {
    return {
      read: name =>
        this.#do(process, { delayMs: READ_MS, work: `read ${name}` }, () => this.file(name)),
      write: async (name, bytes) => {
        const delayMs = between(this.#random, WRITE_MIN_MS, WRITE_MAX_MS)
        const startMs = this.#time.nowMs
        const writing = { name, bytes: copyOf(bytes), startMs, endMs: startMs + delayMs }
        this.#writing.add(writing)
        await this.#do(process, { delayMs, work: `write ${name}` }, () => {
          if (this.#writing.delete(writing)) this.#durable.set(name, writing.bytes)
        })
      },
    }
  }

  /** What is on the disk now. */
  file(name: string): Uint8Array | undefined {
    const bytes = this.#durable.get(name)
    return bytes === undefined ? undefined : copyOf(bytes)
  }

  /** Puts a file there, as whoever set the machine up did. */
  place(name: string, bytes: Uint8Array): void {
    this.#durable.set(name, copyOf(bytes))
  }

  /** The power fails: of each write under way some part has been done. */
  crash(): void {
    for (const { name, bytes, startMs, endMs } of this.#writing) {
      const doneRatio = (this.#time.nowMs - startMs) / (endMs - startMs)
      // The rename stands in the journal at some point of the second half.
      if (this.#random.next() < 2 * doneRatio - 1) this.#durable.set(name, bytes)
      else this.#durable.set(`${name}.new`, this.#torn(bytes))
    }
    this.#writing.clear()
  }

  /** Flips one bit of the file. @returns Whether there was one to flip. */
  flipBit(name: string): boolean {
    const bytes = this.#durable.get(name)
    if (bytes === undefined || bytes.length === 0) return false
    const index = this.#random.nextIndex(bytes.length)
    bytes[index] = (bytes[index] ?? 0) ^ (1 << this.#random.nextIndex(8))
    return true
  }

  /** A beginning of it, for no more had reached the platter. */
  #torn(bytes: Uint8Array): Uint8Array {
    return copyOf(bytes.subarray(0, this.#random.nextIndex(bytes.length + 1)))
  }

  #do<Value>(
    process: Process,
    { delayMs, work }: { delayMs: number; work: string },
    finish: () => Value,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#time.after(delayMs, () => {
        // The kernel finishes what it was asked, even for a process that is paused or was killed.
        const value = this.isBroken ? undefined : { finished: finish() }
        process.arrival(() => {
          if (value !== undefined) resolve(value.finished)
          else reject(new MeshError(`could not ${work}: EIO`, { code: 'ERR_STORAGE' }))
        })
      })
    })
  }
}
