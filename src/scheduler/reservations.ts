/**
 * Our own picks that the load reports do not show yet.
 *
 * A pick counts at once as work queued at its peer, so that ten requests in one millisecond do
 * not all see the same idle peer. It stops counting when the peer's own report must contain it,
 * or when the attempt ends.
 *
 *     pick --------- rtt/2 ------> arrives at the peer
 *                                  report made ------- rtt/2 -----> received
 *
 * So a report received at least one round trip after the pick was made after the request arrived.
 * What somebody else sends may arrive later than that, or never: it is held until its end is told,
 * and so may count twice.
 *
 * Each attempt that runs has one reservation. A request has one attempt at a time, or two while it is
 * hedged, so their number is bounded by twice that of open requests.
 */
import { assert } from '../core/assert.ts'
import type { DecisionId, PeerId } from '../core/ids.ts'
import type { RequestSize } from './score.ts'

/** What we have sent to one peer for one model and it has not reported. */
export interface Reserved {
  readonly count: number
  readonly prefillTokens: number
  readonly decodeTokens: number
  /** Prompt and answer of the largest of them. */
  readonly largestTokens: number
}

export const NOTHING_RESERVED: Reserved = {
  count: 0,
  prefillTokens: 0,
  decodeTokens: 0,
  largestTokens: 0,
}

/** Tables kept for peers to come. */
const SPARE_MAX = 64

interface Reservation {
  readonly id: DecisionId
  readonly peer: PeerId
  readonly model: string
  readonly size: RequestSize
  readonly atMs: number
  /** No report settles it. */
  readonly isHeld?: boolean | undefined
}

interface PeerReservations {
  /** In the order they were made, so by time. */
  readonly open: Map<DecisionId, Reservation>
  /** Model id → their sum. */
  readonly sums: Map<string, Reserved>
}

export class Reservations {
  readonly #byPeer = new Map<PeerId, PeerReservations>()
  /** Of peers at which nothing is reserved now: tables cost more to make than to keep. */
  readonly #spare: PeerReservations[] = []
  /** Reservation → the peer it is at. */
  readonly #peerOf = new Map<DecisionId, PeerId>()

  get count(): number {
    return this.#peerOf.size
  }

  at(peer: PeerId, model: string): Reserved {
    return this.#byPeer.get(peer)?.sums.get(model) ?? NOTHING_RESERVED
  }

  /** `reservation.atMs` is not smaller than in any call before. */
  add(reservation: Reservation): void {
    assert(!this.#peerOf.has(reservation.id), 'an attempt is at one peer')
    const { id, peer } = reservation
    let there = this.#byPeer.get(peer)
    if (there === undefined) {
      there = this.#spare.pop() ?? { open: new Map(), sums: new Map() }
      this.#byPeer.set(peer, there)
    }
    there.open.set(id, reservation)
    this.#peerOf.set(id, peer)
    const { model, size } = reservation
    const sum = there.sums.get(model) ?? NOTHING_RESERVED
    there.sums.set(model, {
      count: sum.count + 1,
      prefillTokens: sum.prefillTokens + size.inputTokens,
      decodeTokens: sum.decodeTokens + size.outputTokensExpected,
      largestTokens: Math.max(sum.largestTokens, totalTokens(size)),
    })
  }

  /** The attempt ended. Nothing happens if the reservation is gone already. */
  release(id: DecisionId): void {
    const peer = this.#peerOf.get(id)
    if (peer === undefined) return
    const there = this.#byPeer.get(peer)
    const reservation = there?.open.get(id)
    assert(there !== undefined, 'a reservation is at a peer')
    assert(reservation !== undefined, 'both maps hold the same reservations')
    this.#remove(there, reservation)
  }

  /** The peer's report shows whatever was sent to it at or before `untilMs`. */
  settle(peer: PeerId, untilMs: number): void {
    const there = this.#byPeer.get(peer)
    if (there === undefined) return
    for (const reservation of there.open.values()) {
      if (reservation.atMs > untilMs) break
      if (reservation.isHeld !== true) this.#remove(there, reservation)
    }
  }

  #dismiss(peer: PeerId, there: PeerReservations): void {
    this.#byPeer.delete(peer)
    if (this.#spare.length < SPARE_MAX) this.#spare.push(there)
  }

  #remove(there: PeerReservations, reservation: Reservation): void {
    const { id, peer, model, size } = reservation
    there.open.delete(id)
    this.#peerOf.delete(id)

    const sum = there.sums.get(model)
    assert(sum !== undefined, 'a reservation is in the sum of its model')
    if (sum.count === 1) {
      there.sums.delete(model)
      if (there.open.size === 0) this.#dismiss(peer, there)
      return
    }
    const wasLargest = totalTokens(size) >= sum.largestTokens
    there.sums.set(model, {
      count: sum.count - 1,
      // Sums of fractions may end a hair below zero.
      prefillTokens: Math.max(0, sum.prefillTokens - size.inputTokens),
      decodeTokens: Math.max(0, sum.decodeTokens - size.outputTokensExpected),
      largestTokens: wasLargest ? largestTokens(there, reservation) : sum.largestTokens,
    })
  }
}

const totalTokens = ({ inputTokens, outputTokensExpected }: RequestSize) =>
  inputTokens + outputTokensExpected

/** Of what is left after `removed`. Ends at the first that is as large, which is the usual case. */
function largestTokens({ open }: PeerReservations, removed: Reservation): number {
  const limitTokens = totalTokens(removed.size)
  let largest = 0
  for (const { model, size } of open.values()) {
    if (model !== removed.model) continue
    largest = Math.max(largest, totalTokens(size))
    if (largest >= limitTokens) break
  }
  return largest
}
