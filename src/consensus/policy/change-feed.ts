/**
 * The latest changes, for those who watch. Not part of the state: a peer that starts from a
 * snapshot has none of before, and tells a watcher that asks for them to list anew.
 */
import type { PolicyChange } from './outcome.ts'

export type ChangesSince =
  | { readonly status: 'changes'; readonly changes: readonly PolicyChange[] }
  /** What came after the revision is not known completely: list, then watch from that revision. */
  | { readonly status: 'compacted'; readonly oldestRevision: number }

interface FeedLimits {
  readonly countMax: number
  /** Resources in the feed as they are in memory; old ones are kept by nobody else. */
  readonly bytesMax: number
}

export const FEED_LIMITS: FeedLimits = { countMax: 4_096, bytesMax: 16 * 1024 ** 2 }

export class ChangeFeed {
  readonly #limits: FeedLimits
  readonly #lines: PolicyChange[] = []
  /** Of each line. */
  readonly #lineBytes: number[] = []
  /** Changes up to this revision may be missing. */
  #compactedRevision: number
  #bytes = 0
  /** Lines at the front that are gone; they are cut off many at once. */
  #gone = 0

  /** @param startRevision From here on it will know all. */
  constructor(startRevision: number, limits: FeedLimits = FEED_LIMITS) {
    this.#compactedRevision = startRevision
    this.#limits = limits
  }

  /** @param bytes Of the resource before and after. */
  push(change: PolicyChange, bytes: number): void {
    this.#lines.push(change)
    this.#lineBytes.push(bytes)
    this.#bytes += bytes
    const { countMax, bytesMax } = this.#limits
    while (this.#lines.length - this.#gone > countMax || this.#bytes > bytesMax) this.#dropOldest()
    if (this.#gone <= countMax) return
    this.#lineBytes.splice(0, this.#gone)
    this.#lines.splice(0, this.#gone)
    this.#gone = 0
  }

  /** Changes of a later revision than `revision`, oldest first. */
  since(revision: number): ChangesSince {
    if (revision < this.#compactedRevision) {
      return { status: 'compacted', oldestRevision: this.#compactedRevision }
    }
    return { status: 'changes', changes: this.#lines.slice(this.#firstAfter(revision)) }
  }

  #firstAfter(revision: number): number {
    let low = this.#gone
    let high = this.#lines.length
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const line = this.#lines[middle]
      if (line !== undefined && line.revision <= revision) low = middle + 1
      else high = middle
    }
    return low
  }

  #dropOldest(): void {
    const line = this.#lines[this.#gone]
    if (line === undefined) return
    this.#compactedRevision = line.revision
    this.#bytes -= this.#lineBytes[this.#gone] ?? 0
    this.#gone += 1
  }
}
