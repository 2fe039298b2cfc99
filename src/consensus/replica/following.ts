/**
 * Keeps up with the log without a part in Raft: asks one other peer again and again for what has
 * been committed since.
 *
 *     follow { lastIndex } --> source;  feed { entries } --> stored, applied, asked again
 *
 * Sources are voters that are alive, or any other peer while we know of none: what is committed is
 * the same everywhere. Each peer begins at another one, so they spread over the voters. A source
 * that stays silent is left for the next.
 */
import type { PeerId } from '../../core/ids.ts'
import { NEVER } from '../../core/machine.ts'
import type { Random } from '../../core/random.ts'
import type { ConsensusMessage, StateMark } from './message.ts'

export type Feed = Extract<ConsensusMessage, { type: 'feed' }>

export interface FollowingDeps {
  readonly random: Random
  readonly send: (to: PeerId, message: ConsensusMessage) => void
  /** Who can be asked now, the best first: voters, or whoever is alive. */
  readonly sources: () => readonly PeerId[]
  readonly followIntervalMs: number
}

/** Beyond the time after which a source answers in any case: the way there and back. */
const PATIENCE_RATIO = 1.5

/** Between two signs of a source that sends a snapshot. */
const BUSY_PATIENCE_MS = 10_000

/** Until somebody can be asked at all. */
const NOBODY_RETRY_MS = 100

export class Following {
  readonly #deps: FollowingDeps
  #source: PeerId | undefined
  /** Was silent: not the same again, if there is another. */
  #left: PeerId | undefined
  #isAsked = false
  #wakeAtMs = NEVER

  constructor(deps: FollowingDeps) {
    this.#deps = deps
  }

  get source(): PeerId | undefined {
    return this.#source
  }

  get wakeAtMs(): number {
    return this.#wakeAtMs
  }

  /** Asks for what comes after `lastIndex`, unless that was asked already. */
  ask(position: { lastIndex: number; mark: StateMark | undefined }, nowMs: number): void {
    if (this.#isAsked) return
    this.#source = this.#chooseSource()
    if (this.#source === undefined) {
      this.#wakeAtMs = nowMs + NOBODY_RETRY_MS
      return
    }
    this.#isAsked = true
    this.#wakeAtMs = nowMs + this.#deps.followIntervalMs * PATIENCE_RATIO
    this.#deps.send(this.#source, { type: 'follow', ...position })
  }

  /**
   * The source has answered; `ask` again when that is dealt with.
   *
   * @returns `false`: it is the late answer of one that we left.
   */
  answered(from: PeerId): boolean {
    if (from !== this.#source || !this.#isAsked) return false
    this.served()
    return true
  }

  /** A snapshot has come in place of an answer; `ask` again when that is dealt with. */
  served(): void {
    this.#isAsked = false
    this.#wakeAtMs = NEVER
  }

  /** The source is busy answering, with a snapshot for example. */
  extend(from: PeerId, nowMs: number): void {
    if (from === this.#source && this.#isAsked) this.#wakeAtMs = nowMs + BUSY_PATIENCE_MS
  }

  /** Leaves a source that is silent. @returns Whether it is time to ask. */
  tick(nowMs: number): boolean {
    if (nowMs < this.#wakeAtMs) return false
    if (this.#isAsked) {
      this.#isAsked = false
      this.#leave(this.#source)
    }
    return true
  }

  /** The question has not been sent: a newcomer is known before there is a lane to it. */
  unreachable(peer: PeerId, nowMs: number): void {
    if (peer !== this.#source || !this.#isAsked) return
    this.#isAsked = false
    this.#leave(peer)
    this.#wakeAtMs = nowMs + NOBODY_RETRY_MS
  }

  /** The source is dead. */
  lost(peer: PeerId, nowMs: number): void {
    if (peer !== this.#source) return
    this.#isAsked = false
    this.#leave(peer)
    this.#wakeAtMs = nowMs
  }

  #leave(peer: PeerId | undefined): void {
    this.#left = peer
    this.#source = undefined
  }

  #chooseSource(): PeerId | undefined {
    const sources = this.#deps.sources()
    if (this.#source !== undefined && sources.includes(this.#source)) return this.#source
    const others = sources.filter(peer => peer !== this.#left)
    const choice = others.length > 0 ? others : sources
    return choice[this.#deps.random.nextIndex(Math.max(1, choice.length))]
  }
}
