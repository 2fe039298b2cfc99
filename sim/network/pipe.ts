/**
 * One direction of one TCP connection: what is put in arrives in order, once, or waits.
 *
 * While the link is cut bytes stay with the sender; when it passes again, they go at TCP's next
 * try, which after a long cut may be long after. A sender whose bytes nobody takes for a quarter
 * of an hour is told so.
 */
import type { VirtualTime } from '../virtual-time.ts'
import { type Link, nextRetransmitMs } from './link.ts'

/** Linux, `tcp_retries2` = 15. */
const GIVE_UP_MS = 924_600

/** Messages that wait in one direction at most. Senders bound their own bytes. */
const HELD_MAX = 100_000

interface Held {
  readonly bytes: number
  readonly deliver: () => void
}

export class Pipe {
  readonly #link: Link
  readonly #time: VirtualTime
  readonly #onGivenUp: () => void
  #held: Held[] = []
  #heldSinceMs = 0
  #lastArrivalMs = 0
  #isClosed = false
  readonly #onOpen = () => this.#retryLater()

  /** @param onGivenUp The other side took nothing for so long that TCP gives up. */
  constructor(link: Link, time: VirtualTime, onGivenUp: () => void) {
    this.#link = link
    this.#time = time
    this.#onGivenUp = onGivenUp
  }

  /** Whether something waits for the link, or for TCP's next try. */
  get isHolding(): boolean {
    return this.#held.length > 0
  }

  /** Calls `deliver` when the bytes are at the other side. */
  send(bytes: number, deliver: () => void): void {
    const atMs = this.transit(bytes)
    if (atMs === undefined) this.hold(bytes, deliver)
    else this.#time.at(atMs, deliver)
  }

  /** When bytes sent now arrive; `undefined`: they must be held. The caller plans the arrival. */
  transit(bytes: number): number | undefined {
    if (this.#isClosed || this.#held.length > 0 || !this.#link.isOpen) return undefined
    const arrivesMs = this.#link.transit(bytes, this.#time.nowMs)
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivesMs)
    return this.#lastArrivalMs
  }

  hold(bytes: number, deliver: () => void): void {
    if (this.#isClosed || this.#held.length >= HELD_MAX) return
    if (this.#held.length === 0) this.#beginHolding()
    this.#held.push({ bytes, deliver })
  }

  /** What waits is dropped, and nothing more is taken. */
  close(): void {
    this.#isClosed = true
    this.#held = []
    this.#link.forget(this.#onOpen)
  }

  #beginHolding(): void {
    const sinceMs = this.#time.nowMs
    this.#heldSinceMs = sinceMs
    this.#link.whenOpen(this.#onOpen)
    this.#time.at(sinceMs + GIVE_UP_MS, () => {
      if (this.#held.length > 0 && this.#heldSinceMs === sinceMs) this.#onGivenUp()
    })
  }

  #retryLater(): void {
    const atMs = nextRetransmitMs(this.#heldSinceMs, this.#time.nowMs)
    this.#time.at(atMs, () => this.#retry())
  }

  #retry(): void {
    if (this.#isClosed || !this.#link.isOpen) return
    this.#link.forget(this.#onOpen)
    const held = this.#held
    this.#held = []
    for (const { bytes, deliver } of held) this.send(bytes, deliver)
  }
}
