/**
 * The log of a node in memory: what the core reads, whatever keeps it over a crash.
 *
 * A node mirrors here what it writes to disk, as tests and the simulator do without one. Who
 * compacts must keep the entries that were not applied.
 */
import { assert } from '../../../core/assert.ts'
import type { ConfState } from '../membership/conf-change.ts'
import type { Entry } from './entry.ts'
import { EntryRun } from './entry-run.ts'
import {
  EMPTY_HARD_STATE,
  EMPTY_SNAPSHOT,
  type HardState,
  type InitialState,
  type LogStorage,
  type Snapshot,
} from './storage.ts'

export class MemoryStorage implements LogStorage {
  #hardState = EMPTY_HARD_STATE
  #snapshot = EMPTY_SNAPSHOT
  readonly #entries = new EntryRun(1)
  /** Term of the entry before the first: what compaction leaves of it. */
  #previousTerm = 0

  initialState(): InitialState {
    return { hardState: this.#hardState, confState: this.#snapshot.metadata.confState }
  }

  get hardState(): HardState {
    return this.#hardState
  }

  get firstIndex(): number {
    return this.#entries.firstIndex
  }

  get lastIndex(): number {
    return this.#entries.lastIndex
  }

  term(index: number): number | undefined {
    if (index === this.firstIndex - 1) return this.#previousTerm
    return this.#entries.at(index)?.term
  }

  entries(low: number, high: number, maxBytes: number): readonly Entry[] | undefined {
    if (low < this.firstIndex) return undefined
    return this.#entries.slice(low, high, maxBytes)
  }

  snapshot(): Snapshot {
    return this.#snapshot
  }

  setHardState(hardState: HardState): void {
    this.#hardState = hardState
  }

  /** Appends, and replaces from the first of `entries` on. What is compacted already is skipped. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]
    if (first === undefined) return
    const skippedCount = Math.max(0, this.firstIndex - first.index)
    this.#entries.append(skippedCount === 0 ? entries : entries.slice(skippedCount))
  }

  /** Puts a snapshot from elsewhere in place of the log. @returns `false` if ours is as new. */
  applySnapshot(snapshot: Snapshot): boolean {
    const { index, term } = snapshot.metadata
    if (index <= this.#snapshot.metadata.index) return false
    this.#snapshot = snapshot
    this.#entries.reset(index + 1)
    this.#previousTerm = term
    return true
  }

  /**
   * Makes a snapshot of our own; the entries stay until they are compacted.
   * @returns `false` if there is one as new.
   */
  createSnapshot(index: number, confState: ConfState, data: Uint8Array): boolean {
    if (index <= this.#snapshot.metadata.index) return false
    const term = this.term(index)
    assert(term !== undefined, 'a snapshot covers entries of the log')
    this.#snapshot = { data, metadata: { index, term, confState } }
    return true
  }

  /**
   * Forgets all entries up to and with `index`, which must be in the log.
   * @returns `false` if they were forgotten before.
   */
  compact(index: number): boolean {
    if (index < this.firstIndex) return false
    const term = this.term(index)
    assert(term !== undefined, 'only what is in the log is compacted')
    this.#entries.dropBefore(index + 1)
    this.#previousTerm = term
    return true
  }
}
