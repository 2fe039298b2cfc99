/**
 * When a peer without a connection is dialled.
 *
 * Of two peers that meet, the one with the lower id dials at once and the other waits, so that
 * usually one connection is made and not two. After a failure the wait doubles up to a limit. Each wait
 * is shortened by a random part, up to half, so that peers which lost each other at one moment do
 * not dial at one moment.
 */
import type { PeerId } from '../core/ids.ts'
import type { Random } from '../core/random.ts'
import type { MembershipOptions } from './options.ts'

export class DialPlan {
  readonly #self: PeerId
  readonly #options: MembershipOptions
  readonly #random: Random

  constructor(self: PeerId, options: MembershipOptions, random: Random) {
    this.#self = self
    this.#options = options
    this.#random = random
  }

  /** When a peer that we have just learnt of is dialled. */
  firstAtMs(peer: PeerId, nowMs: number): number {
    return this.#self < peer ? nowMs : nowMs + this.#options.dialDelayMs
  }

  /** When it is dialled again. @param failedCount Dials that failed in a row, 1 or more. */
  nextAtMs(failedCount: number, nowMs: number): number {
    const { dialBackoffMinMs, dialBackoffMaxMs } = this.#options
    const waitMs = Math.min(dialBackoffMaxMs, dialBackoffMinMs * 2 ** (failedCount - 1))
    return nowMs + this.#jittered(waitMs)
  }

  /**
   * When a dead peer is dialled again.
   *
   * @param isAlone Everybody is dead: then it is probably we who were cut off.
   */
  deadAtMs(nowMs: number, isAlone: boolean): number {
    const { deadDialIntervalMs, dialDelayMs } = this.#options
    return nowMs + this.#jittered(isAlone ? dialDelayMs : deadDialIntervalMs)
  }

  /** When a peer is dialled again if nothing is heard of the dial that begins now. */
  unansweredAtMs(nowMs: number): number {
    return nowMs + this.#options.deadDialIntervalMs
  }

  /** Between half and all of the wait. */
  #jittered(waitMs: number): number {
    return waitMs * (0.5 + this.#random.next() / 2)
  }
}
