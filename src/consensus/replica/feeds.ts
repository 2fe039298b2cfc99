/**
 * Committed entries for the peers that follow us: those that have no vote and are not sent the
 * log by the leader.
 *
 * A follower asks with the last entry that it has. If there is more it gets that at once; if not,
 * its question waits here until something is committed, or until it is time to say that nothing
 * was. So there is one message under way for each follower, news costs half a round trip, and a
 * leader with two hundred peers sends the log to a handful of voters only.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import type { Entry } from '../raft/log/entry.ts'
import type { ConsensusMessage } from './message.ts'

/** Questions that may wait. A mesh larger than this asks its other peers. */
export const FOLLOWERS_MAX = 1_024

/** What of the log may be told to others, and by whom it was agreed. */
export interface FeedState {
  readonly commitIndex: number
  readonly term: number
  readonly leader: PeerId | undefined
  /** How long ago a majority was known to agree with a leader. */
  readonly staleForMs: number
  readonly mark: Extract<ConsensusMessage, { type: 'feed' }>['mark']
}

export interface FeedsDeps {
  /**
   * What is in the log from `low` to before `high`, also if it is not stored here yet: storage may
   * hold other entries there until it is. `undefined`: compacted away.
   */
  readonly entries: (low: number, high: number, maxBytes: number) => readonly Entry[] | undefined
  /** Of the snapshot that can be offered instead. */
  readonly snapshotIndex: () => number
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  readonly offerSnapshot: (to: PeerId) => void
  readonly state: () => FeedState
  readonly appendMaxBytes: number
  /** A question is answered after this long even if there is nothing to tell. */
  readonly answerWithinMs: number
}

interface Follower {
  readonly lastIndex: number
  readonly answerAtMs: number
}

export class Feeds {
  readonly #deps: FeedsDeps
  /** In the order of their times. */
  readonly #waiting = new Map<PeerId, Follower>()

  constructor(deps: FeedsDeps) {
    this.#deps = deps
  }

  get followerCount(): number {
    return this.#waiting.size
  }

  get wakeAtMs(): number {
    const [oldest] = this.#waiting.values()
    return oldest?.answerAtMs ?? NEVER
  }

  followed(peer: PeerId, { lastIndex }: { readonly lastIndex: number }, nowMs: number): void {
    this.#waiting.delete(peer)
    if (lastIndex < this.#deps.state().commitIndex && this.#feed(peer, lastIndex)) return
    if (this.#waiting.size < FOLLOWERS_MAX) {
      this.#waiting.set(peer, { lastIndex, answerAtMs: nowMs + this.#deps.answerWithinMs })
    }
  }

  /** More has been committed. */
  committed(): void {
    const { commitIndex } = this.#deps.state()
    for (const [peer, { lastIndex }] of this.#waiting) {
      if (lastIndex < commitIndex && this.#feed(peer, lastIndex)) this.#waiting.delete(peer)
    }
  }

  tick(nowMs: number): void {
    for (const [peer, { lastIndex, answerAtMs }] of this.#waiting) {
      if (answerAtMs > nowMs) return
      this.#waiting.delete(peer)
      this.#feed(peer, lastIndex)
    }
  }

  /** Nobody is waited for any more. */
  forget(peer: PeerId): void {
    this.#waiting.delete(peer)
  }

  /** @returns `false`: we are about to have a snapshot that brings the peer further, not yet. */
  #feed(peer: PeerId, lastIndex: number): boolean {
    const { send, offerSnapshot, snapshotIndex, appendMaxBytes } = this.#deps
    const state = this.#deps.state()
    const low = lastIndex + 1
    const high = state.commitIndex + 1
    const entries = low < high ? this.#deps.entries(low, high, appendMaxBytes) : []
    if (entries !== undefined) send(peer, { type: 'feed', prevIndex: lastIndex, entries, ...state })
    else if (snapshotIndex() > lastIndex) offerSnapshot(peer)
    else return false
    return true
  }
}
