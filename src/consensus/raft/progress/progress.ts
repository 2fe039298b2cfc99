/**
 * What a leader believes of one follower's log, and how eagerly it sends.
 *
 *     probe      one message at a time: we do not know where the logs part
 *     replicate  messages follow each other without waiting, up to the in-flight window
 *     snapshot   nothing but the snapshot at `pendingSnapshotIndex`
 *
 *         .----------- rejected, unreachable -----------.
 *         v                                             |
 *       probe ---- acknowledged ----------------> replicate
 *         | ^                                           |
 *         | '--- snapshot taken or failed ---.          |
 *         '---- its next entry is compacted -+- snapshot <-'
 *
 * Always `matchIndex < nextIndex`.
 *
 * Source: the progress states of etcd-io/raft; nextIndex and matchIndex as in Ongaro and
 * Ousterhout 2014, figure 2.
 */
import { assert } from '../../../core/assert.ts'
import type { Inflights } from './inflights.ts'

export type ProgressState = 'probe' | 'replicate' | 'snapshot'

export interface ProgressInit {
  readonly matchIndex?: number
  readonly nextIndex: number
  readonly inflights: Inflights
  readonly isLearner?: boolean
  readonly isRecentlyActive?: boolean
}

export class Progress {
  /** The last entry known to be in the follower's log as in ours. */
  matchIndex: number
  /** The first entry to send next. When replicating, all before it are at least on their way. */
  nextIndex: number
  state: ProgressState = 'probe'
  /** Index of the snapshot on its way; 0: none is. */
  pendingSnapshotIndex = 0
  /** Something came from it since the last check of the quorum. */
  isRecentlyActive: boolean
  /** No entries may be sent until an answer, or a heartbeat's, comes. */
  isAppendPaused = false
  readonly isLearner: boolean
  readonly inflights: Inflights
  /** The highest commit index the follower will know of when all that was sent arrives. */
  #sentCommitIndex = 0

  constructor({
    matchIndex = 0,
    nextIndex,
    inflights,
    isLearner = false,
    isRecentlyActive = false,
  }: ProgressInit) {
    assert(matchIndex < nextIndex, 'what comes next lies behind what matches')
    this.matchIndex = matchIndex
    this.nextIndex = nextIndex
    this.inflights = inflights
    this.isLearner = isLearner
    this.isRecentlyActive = isRecentlyActive
  }

  get sentCommitIndex(): number {
    return this.#sentCommitIndex
  }

  /** Nothing but heartbeats may be sent. */
  get isPaused(): boolean {
    return this.state === 'snapshot' || this.isAppendPaused
  }

  /** Starts over from what matches, or from behind the snapshot that was sent. */
  becomeProbe(): void {
    const firstIndex = Math.max(this.matchIndex, this.pendingSnapshotIndex) + 1
    this.#enter('probe')
    this.nextIndex = firstIndex
    this.#lowerSentCommit()
  }

  becomeReplicate(): void {
    this.#enter('replicate')
    this.nextIndex = this.matchIndex + 1
  }

  becomeSnapshot(index: number): void {
    this.#enter('snapshot')
    this.pendingSnapshotIndex = index
    this.nextIndex = index + 1
    this.#sentCommitIndex = index
  }

  /** Notes that a message with this many entries, from `nextIndex` on, was sent; none: it probed. */
  sentEntries(count: number, sizeBytes: number): void {
    assert(this.state !== 'snapshot', 'no entries are sent while a snapshot is on its way')
    if (this.state === 'probe') {
      if (count > 0) this.isAppendPaused = true
      return
    }
    if (count > 0) {
      this.nextIndex += count
      this.inflights.add(this.nextIndex - 1, sizeBytes)
    }
    // A message sent with the window full is a probe: the next one waits for its answer.
    this.isAppendPaused = this.inflights.isFull
  }

  /** Whether telling the follower of this commit index could move its own. */
  canBumpCommit(commitIndex: number): boolean {
    const isWholeLogCommitted = this.#sentCommitIndex >= this.nextIndex - 1
    return commitIndex > this.#sentCommitIndex && !isWholeLogCommitted
  }

  updateSentCommit(commitIndex: number): void {
    this.#sentCommitIndex = commitIndex
  }

  /** The follower acknowledged all up to `index`. @returns Whether that was news. */
  maybeUpdate(index: number): boolean {
    if (index <= this.matchIndex) return false
    this.matchIndex = index
    this.nextIndex = Math.max(this.nextIndex, index + 1)
    this.isAppendPaused = false
    return true
  }

  /**
   * The follower refused entries after `rejectedIndex` and says that our logs may match up to
   * `hintIndex`. @returns `false` if the answer is old and changes nothing.
   */
  maybeDecreaseTo(rejectedIndex: number, hintIndex: number): boolean {
    if (this.state === 'replicate') {
      if (rejectedIndex <= this.matchIndex) return false
      this.nextIndex = this.matchIndex + 1
      this.#lowerSentCommit()
      return true
    }
    // Probes go one at a time, so a refusal of any other index answers an earlier one.
    if (rejectedIndex !== this.nextIndex - 1) return false
    this.nextIndex = Math.max(Math.min(rejectedIndex, hintIndex + 1), this.matchIndex + 1)
    this.#lowerSentCommit()
    this.isAppendPaused = false
    return true
  }

  /** The same progress with or without a vote. Shares the in-flight window: use one of the two. */
  withLearner(isLearner: boolean): Progress {
    const copy = new Progress({ ...this, isLearner })
    copy.state = this.state
    copy.pendingSnapshotIndex = this.pendingSnapshotIndex
    copy.isAppendPaused = this.isAppendPaused
    copy.#sentCommitIndex = this.#sentCommitIndex
    return copy
  }

  #enter(state: ProgressState): void {
    this.isAppendPaused = false
    this.pendingSnapshotIndex = 0
    this.state = state
    this.inflights.clear()
  }

  /** What lies beyond `nextIndex` will be sent anew, and with it the commit index. */
  #lowerSentCommit(): void {
    this.#sentCommitIndex = Math.min(this.#sentCommitIndex, this.nextIndex - 1)
  }
}
