/**
 * Applies the committed entries, in order and each once, and writes the state down when enough of
 * them have gone by.
 *
 * If ours is not the state that others have after the same entries, or an entry is of a later
 * version than this code, nothing more is applied: a peer with an old policy does less harm than
 * one with a wrong one.
 */
import { assert } from '../../core/assert.ts'
import type { PeerId } from '../../core/ids.ts'
import { type Entry, isConfChange } from '../raft/log/entry.ts'
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
import type { Snapshot } from '../raft/log/storage.ts'
import type { ConfState } from '../raft/membership/conf-change.ts'
import type { HaltReason, ReplicaEffect } from './events.ts'
import type { StateMark } from './message.ts'
import type { ConsensusOptions } from './options.ts'
import type { StateMachine } from './state-machine.ts'
import { StateMarks } from './state-marks.ts'

export interface ApplierDeps<Result> {
  readonly log: MemoryStorage
  readonly machine: StateMachine<Result>
  readonly emit: (effect: ReplicaEffect<Result>) => void
  /** The entry changes the configuration. @returns The new one. */
  readonly reconfigure: (entry: Entry) => ConfState
  readonly onApplied: (requestId: string, result: Result) => void
}

export class Applier<Result> {
  readonly #deps: ApplierDeps<Result>
  readonly #options: ConsensusOptions
  readonly #marks = new StateMarks()
  #appliedIndex = 0
  #confState: ConfState
  #halted: HaltReason | undefined
  /** Applied since the last snapshot. */
  #unsavedBytes = 0
  #savingIndex: number | undefined

  constructor(deps: ApplierDeps<Result>, options: ConsensusOptions) {
    this.#deps = deps
    this.#options = options
    const snapshot = deps.log.snapshot()
    this.#confState = snapshot.metadata.confState
    if (snapshot.metadata.index > 0) this.#load(snapshot)
  }

  get appliedIndex(): number {
    return this.#appliedIndex
  }

  get confState(): ConfState {
    return this.#confState
  }

  get halted(): HaltReason | undefined {
    return this.#halted
  }

  /** After the last entry that was applied. */
  get mark(): StateMark | undefined {
    return this.#marks.latest
  }

  /** @returns Whether all were applied; else nothing will be any more. */
  apply(entries: readonly Entry[]): boolean {
    for (const entry of entries) {
      if (this.#halted !== undefined) return false
      assert(entry.index === this.#appliedIndex + 1, 'entries are applied in order')
      this.#applyOne(entry)
    }
    this.#saveIfDue()
    return this.#halted === undefined
  }

  /** Our state is replaced. */
  restore(snapshot: Snapshot): void {
    this.#load(snapshot)
    this.#deps.emit({ type: 'restored', index: this.#appliedIndex })
  }

  /** The snapshot is durable: what it covers may go. */
  saved(index: number): void {
    if (index !== this.#savingIndex) return
    this.#savingIndex = undefined
    const { log } = this.#deps
    const compactIndex = Math.min(index - this.#options.trailingEntries, log.lastIndex)
    if (compactIndex >= log.firstIndex) log.compact(compactIndex)
  }

  /**
   * Compares our state with that of another replica.
   *
   * @param isAuthority Whether it is the other one that must be right: we stop if we differ.
   */
  compare(peer: PeerId, mark: StateMark, isAuthority: boolean): void {
    if (this.#halted !== undefined || this.#marks.contradiction(mark) === undefined) return
    this.#deps.emit({ type: 'state-differs', peer, mark })
    if (isAuthority) this.#halt({ type: 'state-differs', peer, mark })
  }

  #applyOne(entry: Entry): void {
    if (isConfChange(entry)) {
      this.#confState = this.#deps.reconfigure(entry)
    } else if (entry.data.length > 0) {
      if (!this.#applyCommand(entry)) return
    }
    this.#appliedIndex = entry.index
    this.#unsavedBytes += entry.data.length
    this.#marks.add(entry.index, this.#deps.machine.hash)
  }

  #applyCommand({ index, data }: Entry): boolean {
    const { requestId, result } = this.#deps.machine.apply(index, data)
    if (result === undefined) {
      this.#halt({ type: 'unsupported', index })
      return false
    }
    this.#deps.emit({ type: 'applied', index, result })
    if (requestId !== undefined) this.#deps.onApplied(requestId, result)
    return true
  }

  #halt(reason: HaltReason): void {
    this.#halted = reason
    this.#deps.emit({ type: 'halted', reason })
  }

  #saveIfDue(): void {
    const { log, machine, emit } = this.#deps
    const { snapshotEveryEntries, snapshotEveryBytes, trailingEntries } = this.#options
    const count = this.#appliedIndex - log.snapshot().metadata.index
    const isDue = count >= snapshotEveryEntries || this.#unsavedBytes >= snapshotEveryBytes
    if (!isDue || this.#savingIndex !== undefined || this.#halted !== undefined) return
    const index = this.#appliedIndex
    if (!log.createSnapshot(index, this.#confState, machine.snapshot())) return
    this.#savingIndex = index
    this.#unsavedBytes = 0
    const keepFromIndex = Math.max(log.firstIndex, index - trailingEntries + 1)
    emit({ type: 'save-snapshot', snapshot: log.snapshot(), keepFromIndex })
  }

  #load({ data, metadata }: Snapshot): void {
    this.#deps.machine.restore(data)
    this.#appliedIndex = metadata.index
    this.#confState = metadata.confState
    this.#savingIndex = undefined
    this.#unsavedBytes = 0
    this.#marks.add(metadata.index, this.#deps.machine.hash)
  }
}
