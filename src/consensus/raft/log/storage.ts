/**
 * What a node keeps over a crash, and how the core reads it back.
 *
 * The core never writes: what must be written comes out of it as a `Ready`. It reads as if all it
 * handed out earlier, and was told to be written, were there.
 */
import type { ConfState } from '../membership/conf-change.ts'
import { NO_NODE, type NodeId } from '../node-id.ts'
import { type Entry, NO_DATA } from './entry.ts'

export interface HardState {
  readonly term: number
  /** Who got our vote in `term`. */
  readonly vote: NodeId
  readonly commit: number
}

export const EMPTY_HARD_STATE: HardState = { term: 0, vote: NO_NODE, commit: 0 }

export function isSameHardState(a: HardState, b: HardState): boolean {
  return a.term === b.term && a.vote === b.vote && a.commit === b.commit
}

export interface SnapshotMetadata {
  /** Index of the last entry that the snapshot covers; 0: there is no snapshot. */
  readonly index: number
  readonly term: number
  /** The configuration in force at `index`. */
  readonly confState: ConfState
}

export interface Snapshot {
  /** State of the application. The core does not look at it. */
  readonly data: Uint8Array
  readonly metadata: SnapshotMetadata
}

export const EMPTY_CONF_STATE: ConfState = {
  voters: [],
  learners: [],
  votersOutgoing: [],
  learnersNext: [],
  isAutoLeave: false,
}

export const EMPTY_SNAPSHOT: Snapshot = {
  data: NO_DATA,
  metadata: { index: 0, term: 0, confState: EMPTY_CONF_STATE },
}

export interface InitialState {
  readonly hardState: HardState
  readonly confState: ConfState
}

export interface LogStorage {
  /** Asked once, when the node starts. */
  initialState(): InitialState

  /** The first entry that is still there; one behind the snapshot if none is. */
  readonly firstIndex: number

  /** `firstIndex - 1` if there are no entries. */
  readonly lastIndex: number

  /** Known from `firstIndex - 1`, which the snapshot tells, to `lastIndex`; else `undefined`. */
  term(index: number): number | undefined

  /**
   * The entries from `low` to before `high`, as many as fit into `maxBytes` but at least one.
   * `high` is at most one behind the last. `undefined`: `low` was compacted away.
   */
  entries(low: number, high: number, maxBytes: number): readonly Entry[] | undefined

  /** The newest one. `undefined`: none can be had now, ask again later. */
  snapshot(): Snapshot | undefined
}
