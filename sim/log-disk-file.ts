/**
 * One file of a simulated log disk: what is on the platter for certain, and what was done to it
 * since the last sync.
 *
 *     durable ── change ── change ── change (under way)
 *                                  ↑ reads see this
 *
 * A crash takes one of two forms. Either the changes up to some moment are there, the one of that
 * moment cut at any byte; or each sector of the file is as it was at a moment of its own. No sector
 * is ever half of two moments in the second form, since a disk writes it whole.
 */
import { assert } from '../src/core/assert.ts'
import type { Random } from '../src/core/random.ts'
import { isHit } from './chance.ts'

const SECTOR_BYTES = 512

export type Unsynced =
  | { readonly bytes: Uint8Array; readonly offset: number }
  | { readonly sizeBytes: number }

export class LogDiskFile {
  #durable: Uint8Array
  /** Oldest first; the last may be under way. */
  #changes: Unsynced[] = []
  #finishedCount = 0
  /** `durable` with the changes that are finished; `undefined`: not yet put together. */
  #seen: Uint8Array | undefined

  constructor(bytes: Uint8Array) {
    this.#durable = bytes.slice()
  }

  /** Changes that a sync which begins now will keep. */
  get finishedCount(): number {
    return this.#finishedCount
  }

  bytes(): Uint8Array {
    this.#seen ??= applied(this.#durable, this.#changes.slice(0, this.#finishedCount))
    return this.#seen.slice()
  }

  begin(change: Unsynced): void {
    this.#changes.push(change)
  }

  /** Nothing happens if a crash came in between. */
  finish(change: Unsynced): void {
    if (!this.#changes.includes(change)) return
    assert(this.#changes[this.#finishedCount] === change, 'a file is changed by one caller')
    this.#finishedCount += 1
    this.#seen = undefined
  }

  /** The oldest changes are durable from now on. */
  keep(count: number): void {
    const kept = this.#changes.splice(0, Math.min(count, this.#finishedCount))
    this.#durable = applied(this.#durable, kept)
    this.#finishedCount -= kept.length
  }

  crash(random: Random): void {
    const count = this.#changes.length
    const isCutAnywhere = isHit(random, 0.5) || this.#changes.some(change => 'sizeBytes' in change)
    if (count > 0) this.#durable = isCutAnywhere ? this.#beginning(random) : this.#mixed(random)
    this.#changes = []
    this.#finishedCount = 0
    this.#seen = undefined
  }

  flipBit(random: Random): boolean {
    if (this.#durable.length === 0) return false
    const index = random.nextIndex(this.#durable.length)
    this.#durable[index] = (this.#durable[index] ?? 0) ^ (1 << random.nextIndex(8))
    this.#seen = undefined
    return true
  }

  #beginning(random: Random): Uint8Array {
    const wholeCount = random.nextIndex(this.#changes.length + 1)
    const whole = this.#changes.slice(0, wholeCount)
    const cut = this.#changes[wholeCount]
    if (cut === undefined || 'sizeBytes' in cut) return applied(this.#durable, whole)
    const bytes = cut.bytes.subarray(0, random.nextIndex(cut.bytes.length + 1))
    return applied(this.#durable, [...whole, { bytes, offset: cut.offset }])
  }

  /** Each sector at a moment of its own. */
  #mixed(random: Random): Uint8Array {
    const moments = this.#changes.map((_, place) => {
      return applied(this.#durable, this.#changes.slice(0, place + 1))
    })
    const last = moments.at(-1) ?? this.#durable
    const mixed = last.slice()
    for (let start = 0; start < last.length; start += SECTOR_BYTES) {
      const moment = random.nextIndex(moments.length + 1)
      const bytes = moments[moment] ?? this.#durable
      const end = Math.min(start + SECTOR_BYTES, last.length)
      mixed.fill(0, start, end)
      mixed.set(bytes.subarray(start, end), start)
    }
    return mixed
  }
}

function applied(before: Uint8Array, changes: readonly Unsynced[]): Uint8Array {
  let bytes = before.slice()
  for (const change of changes) {
    const sizeBytes =
      'sizeBytes' in change
        ? change.sizeBytes
        : Math.max(bytes.length, change.offset + change.bytes.length)
    if (sizeBytes !== bytes.length) {
      const resized = new Uint8Array(sizeBytes)
      resized.set(bytes.subarray(0, sizeBytes))
      bytes = resized
    }
    if ('bytes' in change) bytes.set(change.bytes, change.offset)
  }
  return bytes
}
