/**
 * What is on its way to the disk: kept until it is there, and only then part of the log in memory.
 */
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { StoreBatch } from './raft-part.ts'

interface Pending {
  readonly batch: StoreBatch
  readonly onStored: (nowMs: number) => void
}

export class Storing {
  readonly #log: MemoryStorage
  /** By number, in the order in which they were handed out. */
  readonly #pending = new Map<number, Pending>()
  #lastId = 0

  constructor(log: MemoryStorage) {
    this.#log = log
  }

  get isIdle(): boolean {
    return this.#pending.size === 0
  }

  /** @returns The number of the batch. */
  begin(batch: StoreBatch, onStored: (nowMs: number) => void): number {
    this.#lastId += 1
    this.#pending.set(this.#lastId, { batch, onStored })
    return this.#lastId
  }

  /** Whether the batch holds something that must not be lost, or only a commit index. */
  isPrecious({ entries, snapshot, hardState }: StoreBatch): boolean {
    if (entries.length > 0 || snapshot !== undefined) return true
    const { term, vote } = this.#newestHardState()
    return hardState !== undefined && (hardState.term !== term || hardState.vote !== vote)
  }

  /** Batches are stored in their order: this one, and all before it. */
  stored(batchId: number, nowMs: number): void {
    for (const [id, { batch, onStored }] of this.#pending) {
      if (id > batchId) return
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
