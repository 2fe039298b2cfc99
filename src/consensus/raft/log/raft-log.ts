/**
 * The log as the core sees it: what storage has, overlaid with what is not stored yet, and how far
 * it is committed, handed out to be applied, and applied.
 *
 *     snapshot | storage ... | unstable ...
 *              '-- lastApplied <= lastApplying <= commitIndex <= lastIndex
 *
 * At most `applyingMaxBytes` are handed out and not yet applied, but at least one entry.
 *
 * Source: Ongaro and Ousterhout 2014, section 5.3; the log of etcd-io/raft.
 */
import { assert } from '../../../core/assert.ts'
import { type Entry, entriesBytes } from './entry.ts'
import type { LogStorage, Snapshot } from './storage.ts'
import { UnstableLog } from './unstable.ts'

/** Where an entry stands, and from which term it is. */
export interface EntryId {
  readonly index: number
  readonly term: number
}

/** Entries that follow one another, and the one they follow. */
export interface LogSlice {
  readonly previous: EntryId
  readonly entries: readonly Entry[]
}

export class RaftLog {
  readonly unstable: UnstableLog
  readonly #storage: LogStorage
  readonly #applyingMaxBytes: number
  /** Handed out to be applied, not yet applied. */
  #applyingBytes = 0
  /** No more is handed out until something was applied. */
  #isApplyingPaused = false
  #commitIndex: number
  #lastApplying: number
  #lastApplied: number

  constructor(storage: LogStorage, applyingMaxBytes: number) {
    this.#storage = storage
    this.#applyingMaxBytes = applyingMaxBytes
    this.unstable = new UnstableLog(storage.lastIndex + 1)
    this.#commitIndex = storage.firstIndex - 1
    this.#lastApplying = this.#commitIndex
    this.#lastApplied = this.#commitIndex
  }

  get commitIndex(): number {
    return this.#commitIndex
  }

  get lastApplied(): number {
    return this.#lastApplied
  }

  get firstIndex(): number {
    const snapshot = this.unstable.snapshot
    return snapshot === undefined ? this.#storage.firstIndex : snapshot.metadata.index + 1
  }

  get lastIndex(): number {
    return this.unstable.lastIndex ?? this.#storage.lastIndex
  }

  get last(): EntryId {
    const index = this.lastIndex
    const term = this.term(index)
    assert(term !== undefined, 'the term of the last entry is known')
    return { index, term }
  }

  /** `undefined`: compacted away, or not there yet. */
  term(index: number): number | undefined {
    const term = this.unstable.term(index)
    if (term !== undefined) return term
    // Storage may hold entries that the unstable ones, or a snapshot, have already replaced.
    if (index < this.firstIndex - 1 || index > this.lastIndex) return undefined
    return this.#storage.term(index)
  }

  matches({ index, term }: EntryId): boolean {
    return this.term(index) === term
  }

  /** Whether a log that ends with `other` has all that ours has. Raft paper, section 5.4.1. */
  isUpToDate(other: EntryId): boolean {
    const { index, term } = this.last
    return other.term > term || (other.term === term && other.index >= index)
  }

  /** A snapshot to send. `undefined`: none can be had now. */
  snapshot(): Snapshot | undefined {
    return this.unstable.snapshot ?? this.#storage.snapshot()
  }

  /** Entries from `low` on, as many as fit but at least one. `undefined`: compacted away. */
  entriesFrom(low: number, maxBytes: number): readonly Entry[] | undefined {
    if (low > this.lastIndex) return []
    return this.entries({ low, high: this.lastIndex + 1, maxBytes })
  }

  /** Entries from `low` to before `high`, as many as fit but at least one. */
  entries(range: { low: number; high: number; maxBytes: number }): readonly Entry[] | undefined {
    const { low, high, maxBytes } = range
    assert(high <= this.lastIndex + 1, 'a range ends within the log')
    if (low < this.firstIndex) return undefined
    const { firstIndex } = this.unstable
    if (low >= firstIndex) return this.unstable.slice(low, high, maxBytes)

    const storedEnd = Math.min(high, firstIndex)
    const stored = this.#storage.entries(low, storedEnd, maxBytes)
    if (stored === undefined || stored.length < storedEnd - low || high <= firstIndex) return stored

    const roomBytes = maxBytes - entriesBytes(stored)
    if (roomBytes <= 0) return stored
    const fresh = this.unstable.slice(firstIndex, high, roomBytes)
    // A slice holds at least one entry, also one that is too large.
    return entriesBytes(fresh) > roomBytes ? stored : [...stored, ...fresh]
  }

  /** Appends to our own log. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]
    if (first === undefined) return
    assert(first.index > this.#commitIndex, 'committed entries are never replaced')
    this.unstable.append(entries)
  }

  /**
   * Takes over entries of a leader if they follow what we have. Entries that are here already
   * stay, for an old message may bring fewer than we have. @returns What became of it.
   */
  maybeAppend(slice: LogSlice): 'appended' | 'mismatch' | 'conflicts-with-committed' {
    if (!this.matches(slice.previous)) return 'mismatch'
    const fresh = slice.entries.findIndex(entry => !this.matches(entry))
    if (fresh === -1) return 'appended'
    if (slice.previous.index + 1 + fresh <= this.#commitIndex) return 'conflicts-with-committed'
    this.append(fresh === 0 ? slice.entries : slice.entries.slice(fresh))
    return 'appended'
  }

  /**
   * The highest index up to `from` at which a log may match ours, knowing only that it holds an
   * entry of `term` at `from` or later: terms never fall along a log, so every entry of ours with
   * a higher term is out. Term 0: we no longer know it.
   */
  findConflictByTerm(from: number, term: number): EntryId {
    for (let index = from; index > 0; index--) {
      const ourTerm = this.term(index)
      if (ourTerm === undefined) return { index, term: 0 }
      if (ourTerm <= term) return { index, term: ourTerm }
    }
    return { index: 0, term: 0 }
  }

  commitTo(index: number): void {
    if (index <= this.#commitIndex) return
    assert(index <= this.lastIndex, 'only what is in the log is committed')
    this.#commitIndex = index
  }

  /** Commits up to an entry of this term. Raft paper, section 5.4.2. @returns Whether it moved. */
  maybeCommit({ index, term }: EntryId): boolean {
    if (index <= this.#commitIndex || !this.matches({ index, term })) return false
    this.commitTo(index)
    return true
  }

  /** Puts a snapshot in place of the log. */
  restore(snapshot: Snapshot): void {
    assert(snapshot.metadata.index > this.#commitIndex, 'a snapshot brings something new')
    this.#commitIndex = snapshot.metadata.index
    this.unstable.restore(snapshot)
  }

  /** @param mayBeUnstable Entries may be applied before they are in our own storage. */
  hasNextCommitted(mayBeUnstable: boolean): boolean {
    if (this.#isApplyingPaused || this.unstable.snapshot !== undefined) return false
    return this.#lastApplying < this.#maxApplicable(mayBeUnstable)
  }

  /** Committed entries to apply next. While a snapshot waits to be applied, there are none. */
  nextCommitted(mayBeUnstable: boolean): readonly Entry[] {
    if (!this.hasNextCommitted(mayBeUnstable)) return []
    const entries = this.entries({
      low: this.#lastApplying + 1,
      high: this.#maxApplicable(mayBeUnstable) + 1,
      maxBytes: this.#applyingMaxBytes - this.#applyingBytes,
    })
    assert(entries !== undefined, 'entries that were not applied are not compacted')
    return entries
  }

  /** These are being applied from now on. */
  acceptApplying(entries: readonly Entry[], mayBeUnstable: boolean): void {
    const last = entries.at(-1)
    if (last === undefined) return
    assert(last.index <= this.#commitIndex, 'only committed entries are applied')
    this.#lastApplying = last.index
    this.#applyingBytes += entriesBytes(entries)
    // Fewer than there are means that the next one does not fit.
    const isCut = last.index < this.#maxApplicable(mayBeUnstable)
    this.#isApplyingPaused = isCut || this.#applyingBytes >= this.#applyingMaxBytes
  }

  /** @param sizeBytes Of the entries that were applied, as counted by `acceptApplying`. */
  appliedTo(index: number, sizeBytes: number): void {
    assert(index <= this.#commitIndex, 'what is applied is committed')
    assert(index >= this.#lastApplied, 'what is applied stays applied')
    this.#lastApplied = index
    this.#lastApplying = Math.max(this.#lastApplying, index)
    this.#applyingBytes = Math.max(0, this.#applyingBytes - sizeBytes)
    this.#isApplyingPaused = this.#applyingBytes >= this.#applyingMaxBytes
  }

  /** Whether a committed entry that was not applied may change the configuration. */
  hasUnapplied(predicate: (entry: Entry) => boolean): boolean {
    let low = this.#lastApplied + 1
    while (low <= this.#commitIndex) {
      const high = this.#commitIndex + 1
      const page = this.entries({ low, high, maxBytes: this.#applyingMaxBytes })
      assert(page !== undefined, 'entries that were not applied are not compacted')
      if (page.some(predicate)) return true
      low += page.length
    }
    return false
  }

  #maxApplicable(mayBeUnstable: boolean): number {
    if (mayBeUnstable) return this.#commitIndex
    return Math.min(this.#commitIndex, this.unstable.firstIndex - 1)
  }
}
