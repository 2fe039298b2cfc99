/**
 * To whom we are connected, and who is dialled when.
 *
 * In a mesh of up to `fullMeshMax` everyone is connected to everyone. In a larger one each keeps
 * `neighboursMin` connections that it chooses by chance, changes one from time to time so that
 * everyone is somebody's neighbour sooner or later, and has those of the others that chose it.
 * What is above `neighboursMax` is let go.
 *
 * When a dial is due is said by `dial-plan.ts`.
 */
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { Random } from '../core/random.ts'
import { DialPlan } from './dial-plan.ts'
import { isPresent, type Member } from './member.ts'
import type { MembershipOptions } from './options.ts'

/** How often the neighbours of a large mesh are looked at. */
const REVIEW_INTERVAL_MS = 5_000

/** One neighbour in so many reviews is changed for another. */
const REVIEWS_PER_CHANGE = 12

interface Planned {
  atMs: number
  failedCount: number
}

export interface Review {
  /** To be connected. */
  readonly wanted: readonly PeerId[]
  /** To be let go. */
  readonly released: readonly PeerId[]
}

export class Connections {
  readonly #options: MembershipOptions
  readonly #random: Random
  readonly #dialPlan: DialPlan
  /** Peers connected now, members or not → the round trip of the greeting, in ms. */
  readonly #connected = new Map<PeerId, number>()
  /** Connected peers to which messages can be sent. */
  readonly #reachable = new Set<PeerId>()
  /** Those who said, or were told, that the connection ends without cause for doubt. */
  readonly #released = new Set<PeerId>()
  readonly #planned = new Map<PeerId, Planned>()
  #reviewAtMs = 0
  #reviewCount = 0
  #wantsOther = false

  constructor(self: PeerId, options: MembershipOptions, random: Random) {
    this.#options = options
    this.#random = random
    this.#dialPlan = new DialPlan(self, options, random)
  }

  isConnected(peer: PeerId): boolean {
    return this.#connected.has(peer)
  }

  /** The round trip that the greeting of a connected peer has measured. */
  greetingMs(peer: PeerId): number | undefined {
    return this.#connected.get(peer)
  }

  isReachable(peer: PeerId): boolean {
    return this.#reachable.has(peer)
  }

  reachable(): IterableIterator<PeerId> {
    return this.#reachable.values()
  }

  get wakeAtMs(): number {
    let wakeAtMs = NEVER
    for (const { atMs } of this.#planned.values()) wakeAtMs = Math.min(wakeAtMs, atMs)
    return wakeAtMs
  }

  opened(peer: PeerId, greetingMs: number): void {
    this.#connected.set(peer, greetingMs)
    this.#released.delete(peer)
    this.#planned.delete(peer)
  }

  setReachable(peer: PeerId, isReachable: boolean): void {
    if (isReachable && this.#connected.has(peer)) this.#reachable.add(peer)
    else this.#reachable.delete(peer)
  }

  /**
   * A neighbour has too many connections and asks us to go.
   *
   * @returns Whether we can; else we look for another neighbour, and can when it asks again.
   */
  mayLeave(): boolean {
    this.#wantsOther = this.#connected.size <= this.#options.neighboursMin
    return !this.#wantsOther
  }

  /** The next end of this connection is meant. */
  release(peer: PeerId): void {
    if (this.#connected.has(peer)) this.#released.add(peer)
  }

  /** @returns Whether that is a cause for doubt. */
  lost(peer: PeerId): boolean {
    this.#reachable.delete(peer)
    const wasConnected = this.#connected.delete(peer)
    const wasReleased = this.#released.delete(peer)
    return wasConnected && !wasReleased
  }

  /** It is not dialled any more. */
  forget(peer: PeerId): void {
    this.#planned.delete(peer)
  }

  clearPlans(): void {
    this.#planned.clear()
  }

  /** Plans the dial of a member, if none is planned. @param meshSize Us included. */
  want(member: Member, meshSize: number, nowMs: number): void {
    if (this.#planned.has(member.peer) || !this.#mayDial(member)) return
    const atMs =
      member.status === 'dead'
        ? this.#dialPlan.deadAtMs(nowMs, meshSize === 1)
        : this.#dialPlan.firstAtMs(member.peer, nowMs)
    this.#planned.set(member.peer, { atMs, failedCount: 0 })
  }

  /** The connection to a member was lost: dial at once, whoever has the lower id. */
  redial(member: Member, nowMs: number): void {
    if (this.#mayDial(member)) this.#planned.set(member.peer, { atMs: nowMs, failedCount: 0 })
  }

  failed(member: Member, meshSize: number, nowMs: number): void {
    if (!this.#mayDial(member)) {
      this.#planned.delete(member.peer)
      return
    }
    const failedCount = (this.#planned.get(member.peer)?.failedCount ?? 0) + 1
    const atMs =
      member.status === 'dead'
        ? this.#dialPlan.deadAtMs(nowMs, meshSize === 1)
        : this.#dialPlan.nextAtMs(failedCount, nowMs)
    this.#planned.set(member.peer, { atMs, failedCount })
  }

  /** Who is dialled now. */
  due(nowMs: number): readonly PeerId[] {
    const due: PeerId[] = []
    for (const [peer, planned] of this.#planned) {
      if (planned.atMs > nowMs) continue
      planned.atMs = this.#dialPlan.unansweredAtMs(nowMs)
      due.push(peer)
    }
    return due
  }

  /** Whether everyone is connected to everyone. @param meshSize Us included. */
  isFullMesh(meshSize: number): boolean {
    return meshSize <= this.#options.fullMeshMax
  }

  /** In a large mesh, now and then: which neighbours to add and which to let go. */
  review(members: { values(): Iterable<Member> }, nowMs: number): Review | undefined {
    if (nowMs < this.#reviewAtMs) return undefined
    this.#reviewAtMs = nowMs + REVIEW_INTERVAL_MS
    // Whoever has not gone by now stays; if it is lost later, that is news.
    this.#released.clear()
    this.#reviewCount += 1
    const { neighboursMin, neighboursMax } = this.#options
    const isChange = this.#wantsOther || this.#reviewCount % REVIEWS_PER_CHANGE === 0
    this.#wantsOther = false
    const others = Array.from(members.values()).filter(member => this.#mayDial(member))
    const present = others.filter(isPresent)
    const idle = present.filter(({ peer }) => !this.#planned.has(peer))
    // The dead are dialled too, and would seem to be neighbours to come.
    const openCount = this.#connected.size + present.length - idle.length
    const missing = Math.max(neighboursMin - openCount, isChange ? 1 : 0)
    // One of the dead too, or two halves of a mesh would never find together.
    const dead = others.filter(({ status }) => status === 'dead')
    const released =
      this.#connected.size > neighboursMax
        ? this.#some([...this.#connected.keys()], this.#connected.size - neighboursMax)
        : []
    const wanted = [...this.#some(idle, missing), ...this.#some(dead, 1)]
    return { wanted: wanted.map(({ peer }) => peer), released }
  }

  #some<Item>(items: readonly Item[], count: number): Item[] {
    const left = [...items]
    const taken: Item[] = []
    while (taken.length < count && left.length > 0) {
      taken.push(...left.splice(this.#random.nextIndex(left.length), 1))
    }
    return taken
  }

  #mayDial(member: Member): boolean {
    const hasAddress = (member.known.claim.facts?.addresses.length ?? 0) > 0
    const isDialable = isPresent(member) || member.status === 'dead'
    return hasAddress && isDialable && !this.#connected.has(member.peer)
  }
}
