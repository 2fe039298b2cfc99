/**
 * What is on its way to the disk: kept until it is there, and only then part of the log in memory.
 */
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { HardState } from '../raft/log/storage.ts'
import type { StoreBatch } from './raft-part.ts'

interface Pending {
  /** Whether the disk has to say when it is there. */
  readonly isPrecious: boolean
  readonly batch: StoreBatch
  readonly onStored: (nowMs: number) => void
  readonly beganAtMs: number
}

export class Storing {
  readonly #log: MemoryStorage
  /** By number, in the order in which they were handed out. */
  readonly #pending = new Map<number, Pending>()
  /** A commit index that no write has carried yet; it can be learned again. */
  #unwritten: HardState | undefined
  #lastId = 0

  constructor(log: MemoryStorage) {
    this.#log = log
  }

  /** Since when the disk owes us an answer. `undefined`: it owes none. */
  get sinceMs(): number | undefined {
    const [oldest] = this.#pending.values()
    return oldest?.beganAtMs
  }

  /**
   * Takes a batch. One that holds nothing but a commit index costs no write: it goes with the next
   * that must be written, and is done as soon as those before it are.
   *
   * @returns What to write, and its number. `undefined`: nothing.
   */
  begin(
    batch: StoreBatch,
    onStored: (nowMs: number) => void,
    nowMs: number,
  ): { readonly batchId: number; readonly batch: StoreBatch } | undefined {
    const isPrecious = this.#isPrecious(batch)
    this.#lastId += 1
    this.#pending.set(this.#lastId, { isPrecious, batch, onStored, beganAtMs: nowMs })
    if (!isPrecious) {
      this.#unwritten = batch.hardState ?? this.#unwritten
      if (this.#pending.size === 1) this.stored(this.#lastId, nowMs)
      return undefined
    }
    const hardState = batch.hardState ?? this.#unwritten
    this.#unwritten = undefined
    return { batchId: this.#lastId, batch: { ...batch, hardState } }
  }

  /** Whether the batch holds something that must not be lost. */
  #isPrecious({ entries, snapshot, hardState }: StoreBatch): boolean {
    if (entries.length > 0 || snapshot !== undefined) return true
    const { term, vote } = this.#newestHardState()
    return hardState !== undefined && (hardState.term !== term || hardState.vote !== vote)
  }

  /** Batches are stored in their order: this one, all before it, and those behind it for free. */
  stored(batchId: number, nowMs: number): void {
    for (const [id, { isPrecious, batch, onStored }] of this.#pending) {
      if (id > batchId && isPrecious) return
      this.#pending.delete(id)
      if (batch.snapshot !== undefined) this.#log.applySnapshot(batch.snapshot)
      this.#log.append(batch.entries)
      if (batch.hardState !== undefined) this.#log.setHardState(batch.hardState)
      onStored(nowMs)
    }
  }

  #newestHardState() {
    const pending = [...this.#pending.values()].findLast(
      ({ batch }) => batch.hardState !== undefined,
    )
    return pending?.batch.hardState ?? this.#log.hardState
  }
}
