/**
 * News that rides along on whatever is sent: each item on so many messages that it reaches
 * everyone with high probability, the least often sent first. What greetings and comparisons
 * bring is old to the others, and no news.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 4.1: an item is sent
 * λ log(N) times. λ is `retransmitMultiplier`.
 */
import type { PeerId } from '../core/ids.ts'
import type { Accusation } from './message.ts'

/** On one message. With a claim of a usual size each, about one network packet. */
const CLAIMS_PER_MESSAGE = 3
const ACCUSATIONS_PER_MESSAGE = 8

/** Items waiting; beyond it the one most often sent goes. */
const RUMOURS_MAX = 512

/** Claims among them. When many join at once, gossip and greetings have told most of them. */
const CLAIMS_MAX = 32

/** About one member there is one item: a newer one takes the place of the older. */
type Rumour = { sentCount: number } & (
  | { readonly type: 'claim'; readonly peer: PeerId }
  | { readonly type: 'accusation'; readonly accusation: Accusation }
)

export interface News {
  readonly claims: readonly PeerId[]
  readonly accusations: readonly Accusation[]
}

const NO_NEWS: News = { claims: [], accusations: [] }

export class Rumours {
  readonly #retransmitMultiplier: number
  readonly #rumours = new Map<PeerId, Rumour>()
  #isUrgent = false

  constructor(retransmitMultiplier: number) {
    this.#retransmitMultiplier = retransmitMultiplier
  }

  get count(): number {
    return this.#rumours.size
  }

  /**
   * Whether there is a new accusation since this was asked last. Claims are no such hurry: they
   * are gossiped as well.
   */
  takeUrgency(): boolean {
    const wasUrgent = this.#isUrgent
    this.#isUrgent = false
    return wasUrgent
  }

  /** The newest claim of the peer is news. */
  addClaim(peer: PeerId): void {
    this.#rumours.delete(peer)
    const waiting = [...this.#rumours].filter(([, { type }]) => type === 'claim')
    if (waiting.length >= CLAIMS_MAX) this.#dropMostSent(waiting)
    this.#add(peer, { type: 'claim', peer, sentCount: 0 })
  }

  addAccusation(accusation: Accusation): void {
    this.#isUrgent = true
    this.#add(accusation.peer, { type: 'accusation', accusation, sentCount: 0 })
  }

  forget(peer: PeerId): void {
    this.#rumours.delete(peer)
  }

  /** What the next message carries; counted as sent. @param memberCount Us included. */
  take(memberCount: number): News {
    if (this.#rumours.size === 0) return NO_NEWS
    const limit = this.#retransmitMultiplier * Math.ceil(Math.log10(memberCount + 1))
    const claims: PeerId[] = []
    const accusations: Accusation[] = []
    const leastSentFirst = [...this.#rumours].sort(([, a], [, b]) => a.sentCount - b.sentCount)
    for (const [peer, rumour] of leastSentFirst) {
      if (rumour.type === 'claim') {
        if (claims.length === CLAIMS_PER_MESSAGE) continue
        claims.push(peer)
      } else {
        if (accusations.length === ACCUSATIONS_PER_MESSAGE) continue
        accusations.push(rumour.accusation)
      }
      rumour.sentCount += 1
      if (rumour.sentCount >= limit) this.#rumours.delete(peer)
    }
    return { claims, accusations }
  }

  #add(peer: PeerId, rumour: Rumour): void {
    this.#rumours.delete(peer)
    if (this.#rumours.size >= RUMOURS_MAX) this.#dropMostSent(this.#rumours)
    this.#rumours.set(peer, rumour)
  }

  #dropMostSent(among: Iterable<[PeerId, Rumour]>): void {
    let most: { peer: PeerId; sentCount: number } | undefined
    for (const [peer, { sentCount }] of among) {
      if (most === undefined || sentCount > most.sentCount) most = { peer, sentCount }
    }
    if (most !== undefined) this.#rumours.delete(most.peer)
  }
}
