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
import type { MemoryStorage } from '../raft/log/memory-storage.ts'
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
  readonly log: MemoryStorage
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
    if (lastIndex < this.#deps.state().commitIndex) {
      this.#feed(peer, lastIndex)
    } else if (this.#waiting.size < FOLLOWERS_MAX) {
      this.#waiting.set(peer, { lastIndex, answerAtMs: nowMs + this.#deps.answerWithinMs })
    }
  }

  /** More has been committed. */
  committed(): void {
    const { commitIndex } = this.#deps.state()
    for (const [peer, { lastIndex }] of this.#waiting) {
      if (lastIndex >= commitIndex) continue
      this.#waiting.delete(peer)
      this.#feed(peer, lastIndex)
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

  #feed(peer: PeerId, lastIndex: number): void {
    const { log, send, offerSnapshot, appendMaxBytes } = this.#deps
    const state = this.#deps.state()
    const high = Math.min(state.commitIndex, log.lastIndex) + 1
    const isBehind = lastIndex + 1 < log.firstIndex
    const entries =
      isBehind || lastIndex + 1 >= high ? [] : log.entries(lastIndex + 1, high, appendMaxBytes)
    if (isBehind || entries === undefined) offerSnapshot(peer)
    else send(peer, { type: 'feed', prevIndex: lastIndex, entries, ...state })
  }
}
