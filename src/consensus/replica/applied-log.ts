/**
 * The log as it is after what was applied: the core is told the configuration in force now, not
 * the one of the snapshot that the log begins with.
 *
 * A core that starts with a fresh process applies everything behind the snapshot itself. One that
 * starts later, because this peer has become a voter, must not: what was applied stays applied.
 * With the configuration of the snapshot it would count the wrong majority.
 */
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { InitialState, LogStorage } from '../raft/log/storage.ts'
import type { ConfState } from '../raft/membership/conf-change.ts'

export class AppliedLog implements LogStorage {
  readonly #log: MemoryStorage
  readonly #confState: ConfState

  /** @param confState In force at the index that the core is told to be applied. */
  constructor(log: MemoryStorage, confState: ConfState) {
    this.#log = log
    this.#confState = confState
  }

  initialState(): InitialState {
    return { hardState: this.#log.hardState, confState: this.#confState }
  }

  get firstIndex(): number {
    return this.#log.firstIndex
  }

  get lastIndex(): number {
    return this.#log.lastIndex
  }

  term(index: number): number | undefined {
    return this.#log.term(index)
  }

  entries(low: number, high: number, maxBytes: number) {
    return this.#log.entries(low, high, maxBytes)
  }

  snapshot() {
    return this.#log.snapshot()
  }
}
