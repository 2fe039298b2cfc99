/**
 * One file of a simulated log disk: what reads see, what is on the platter for certain, and the
 * changes in between.
 *
 *     begin ──> under way ── finish ──> seen by reads ── keep ──> durable
 *                                            └── forget: a sync failed, and the next one will
 *                                                not try again what this one did not write
 *
 * A crash takes one of two forms. Either the changes up to some moment are there, the one of that
 * moment cut at any byte; or each sector of the file is as it was at a moment of its own. No sector
 * is ever half of two moments in the second form, since a disk writes it whole.
 */
import type { Random } from '../src/core/random.ts'
import { isHit } from './chance.ts'

const SECTOR_BYTES = 512

export type FileChange =
  | { readonly bytes: Uint8Array; readonly offset: number }
  | { readonly sizeBytes: number }

export class LogDiskFile {
  #durable: Uint8Array
  #seen: Uint8Array
  /** Finished and not kept, oldest first. */
  #finished: FileChange[] = []
  readonly #underWay = new Set<FileChange>()

  constructor(bytes: Uint8Array) {
    this.#durable = bytes.slice()
    this.#seen = bytes.slice()
  }

  /** What a sync that begins now is about. */
  get unsynced(): readonly FileChange[] {
    return [...this.#finished]
  }

  bytes(): Uint8Array {
    return this.#seen.slice()
  }

  /** Part of it may be on the disk at any moment from now on. */
  begin(change: FileChange): void {
    this.#underWay.add(change)
  }

  /** Nothing happens if a crash came in between. */
  finish(change: FileChange): void {
    if (!this.#underWay.delete(change)) return
    this.#finished.push(change)
    this.#seen = apply(this.#seen, change)
  }

  /** It came to nothing. */
  abandon(change: FileChange): void {
    this.#underWay.delete(change)
  }

  /** These are durable from now on, unless a crash came in between. */
  keep(synced: readonly FileChange[]): void {
    for (const change of this.#take(synced)) this.#durable = apply(this.#durable, change)
  }

  /** These are seen, and never durable. */
  forget(lost: readonly FileChange[]): void {
    this.#take(lost)
  }

  /** Whoever made the changes under way is gone: each was made just before, or never. */
  settle(random: Random): void {
    for (const change of this.#underWay) if (isHit(random, 0.5)) this.finish(change)
    this.#underWay.clear()
  }

  crash(random: Random): void {
    const changes = [...this.#finished, ...this.#underWay]
    const isResized = changes.some(change => 'sizeBytes' in change)
    const isCutAnywhere = isResized || isHit(random, 0.5)
    this.#durable = isCutAnywhere
      ? beginning(this.#durable, changes, random)
      : mixture(this.#durable, changes, random)
    this.#seen = this.#durable.slice()
    this.#finished = []
    this.#underWay.clear()
  }

  flipBit(random: Random): boolean {
    if (this.#durable.length === 0) return false
    const index = random.nextIndex(this.#durable.length)
    const bit = 1 << random.nextIndex(8)
    for (const bytes of [this.#durable, this.#seen]) bytes[index] = (bytes[index] ?? 0) ^ bit
    return true
  }

  /** Those of them that still wait for a sync. */
  #take(changes: readonly FileChange[]): FileChange[] {
    const taken = this.#finished.filter(change => changes.includes(change))
    this.#finished = this.#finished.filter(change => !changes.includes(change))
    return taken
  }
}

function beginning(before: Uint8Array, changes: readonly FileChange[], random: Random): Uint8Array {
  const wholeCount = random.nextIndex(changes.length + 1)
  const whole = changes.slice(0, wholeCount).reduce(apply, before)
  const cut = changes[wholeCount]
  if (cut === undefined || 'sizeBytes' in cut) return whole
  const bytes = cut.bytes.subarray(0, random.nextIndex(cut.bytes.length + 1))
  return apply(whole, { bytes, offset: cut.offset })
}

/** Each sector at a moment of its own. */
function mixture(before: Uint8Array, changes: readonly FileChange[], random: Random): Uint8Array {
  const moments = [before]
  for (const change of changes) moments.push(apply((moments.at(-1) ?? before).slice(), change))
  const mixed = (moments.at(-1) ?? before).slice()
  for (let start = 0; start < mixed.length; start += SECTOR_BYTES) {
    const bytes = moments[random.nextIndex(moments.length)] ?? before
    const end = Math.min(start + SECTOR_BYTES, mixed.length)
    mixed.fill(0, start, end)
    mixed.set(bytes.subarray(start, end), start)
  }
  return mixed
}

/** In place if the size stays. */
function apply(bytes: Uint8Array, change: FileChange): Uint8Array {
  if ('sizeBytes' in change) return resized(bytes, change.sizeBytes)
  const end = change.offset + change.bytes.length
  const changed = end > bytes.length ? resized(bytes, end) : bytes
  changed.set(change.bytes, change.offset)
  return changed
}

function resized(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const other = new Uint8Array(sizeBytes)
  other.set(bytes.subarray(0, sizeBytes))
  return other
}
