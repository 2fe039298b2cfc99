/**
 * Keeps what the replica wants kept: entries and votes in the log, states in snapshots.
 *
 *     store --> WriteAheadLog --> stored, in order
 *     a snapshot to be installed: what is stored after it waits for it
 *
 * Entries go on being stored while a snapshot of our own is written; one that replaces the log
 * must be whole before the log goes on behind it.
 */
import type { Snapshot } from '../../consensus/raft/log/storage.ts'
import type { ReplicaEffect } from '../../consensus/replica/events.ts'
import { encodeSnapshot } from '../../protocols/consensus-codec.ts'
import type { WriteAheadLog } from '../storage/wal/write-ahead-log.ts'

export type Store = Extract<ReplicaEffect<unknown>, { type: 'store' }>

export class LogKeeper {
  readonly #log: WriteAheadLog
  /** Snapshots are written one after the other. */
  #snapshots: Promise<void> = Promise.resolve()
  /** An installation that the next entries wait for. */
  #installing: Promise<void> | undefined
  #savedIndex: number

  constructor(log: WriteAheadLog, savedIndex: number) {
    this.#log = log
    this.#savedIndex = savedIndex
  }

  /** Resolves when it is durable. In the order of the calls. */
  async store({ snapshot, hardState, entries }: Store): Promise<void> {
    if (snapshot !== undefined) {
      const { index } = snapshot.metadata
      const installed = this.#inTurn(() => this.#write(snapshot, index + 1, hardState))
      this.#installing = installed
      await installed
      if (this.#installing === installed) this.#installing = undefined
      // The core hands out entries behind a snapshot with the next batch, never with it.
      if (entries.length === 0) return
    } else if (this.#installing !== undefined) {
      await this.#installing
    }
    await this.#log.append({ hardState, entries, mustSync: true })
  }

  /** @returns Whether it was written; an older one is not needed any more. */
  async saveSnapshot(snapshot: Snapshot, keepFromIndex: number): Promise<boolean> {
    let isWritten = false
    await this.#inTurn(async () => {
      if (snapshot.metadata.index <= this.#savedIndex) return
      await this.#write(snapshot, keepFromIndex, undefined)
      isWritten = true
    })
    return isWritten
  }

  async close(): Promise<void> {
    await this.#snapshots
    await this.#log.close()
  }

  async #write(snapshot: Snapshot, keepFromIndex: number, hardState: Store['hardState']) {
    const { term, index } = snapshot.metadata
    const kept = { term, index, data: encodeSnapshot(snapshot) }
    await this.#log.saveSnapshot({ snapshot: kept, keepFromIndex, hardState })
    this.#savedIndex = index
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#snapshots.then(work)
    // Whoever asked hears of a failure, and so will the next.
    this.#snapshots = done.catch(() => {})
    return done
  }
}
