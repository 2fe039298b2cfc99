/**
 * The end of the log that is not known to be in storage: entries and possibly a snapshot, of which
 * a first part may be on its way there.
 *
 *     storage  1 2 3 4
 *     unstable       4' 5  6         replaces 4 when it is written
 *                    '---' '         4' and 5 are being written (`writingEnd` is 6)
 *
 * Entries leave only when their own write has ended and no other write of the same indexes is
 * under way; who calls `stableTo` must know that.
 *
 * Source: the unstable log of etcd-io/raft.
 */
import { assert } from '../../../core/assert.ts'
import type { Entry } from './entry.ts'
import { EntryRun } from './entry-run.ts'
import type { Snapshot } from './storage.ts'

export class UnstableLog {
  readonly #run: EntryRun
  /** Entries before this index are being written. Never before the first. */
  #writingEnd: number
  #snapshot: Snapshot | undefined
  #isSnapshotWriting = false

  constructor(firstIndex: number) {
    this.#run = new EntryRun(firstIndex)
    this.#writingEnd = firstIndex
  }

  /** Index of the first entry, or of the next if there is none. */
  get firstIndex(): number {
    return this.#run.firstIndex
  }

  get length(): number {
    return this.#run.length
  }

  /** `undefined`: it holds neither entries nor a snapshot. */
  get lastIndex(): number | undefined {
    if (this.#run.length > 0) return this.#run.lastIndex
    return this.#snapshot?.metadata.index
  }

  get snapshot(): Snapshot | undefined {
    return this.#snapshot
  }

  term(index: number): number | undefined {
    const metadata = this.#snapshot?.metadata
    if (metadata?.index === index) return metadata.term
    return this.#run.at(index)?.term
  }

  /** The entries that are not being written yet. */
  nextEntries(): Entry[] {
    return this.#run.slice(this.#writingEnd, this.#run.lastIndex + 1)
  }

  get hasNextEntries(): boolean {
    return this.#writingEnd <= this.#run.lastIndex
  }

  /** The snapshot, unless it is being written. */
  nextSnapshot(): Snapshot | undefined {
    return this.#isSnapshotWriting ? undefined : this.#snapshot
  }

  slice(low: number, high: number, maxBytes: number): Entry[] {
    return this.#run.slice(low, high, maxBytes)
  }

  /** All that is here is being written from now on. */
  acceptWriting(): void {
    this.#writingEnd = this.#run.lastIndex + 1
    this.#isSnapshotWriting = this.#snapshot !== undefined
  }

  /** The entries up to this one are in storage. Ignored if that entry is no longer here. */
  stableTo(index: number, term: number): void {
    if (this.#run.at(index)?.term !== term) return
    this.#run.dropBefore(index + 1)
    this.#writingEnd = Math.max(this.#writingEnd, index + 1)
  }

  stableSnapshotTo(index: number): void {
    if (this.#snapshot?.metadata.index !== index) return
    this.#snapshot = undefined
    this.#isSnapshotWriting = false
  }

  /** Puts a snapshot in place of all entries. */
  restore(snapshot: Snapshot): void {
    this.#snapshot = snapshot
    this.#isSnapshotWriting = false
    this.#run.reset(snapshot.metadata.index + 1)
    this.#writingEnd = this.#run.firstIndex
  }

  /** Appends, and replaces from the first of `entries` on. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]
    assert(first !== undefined, 'there is something to append')
    if (first.index <= this.#run.firstIndex) {
      this.#run.reset(first.index)
      this.#writingEnd = first.index
    } else {
      this.#writingEnd = Math.min(this.#writingEnd, first.index)
    }
    this.#run.append(entries)
  }
}
