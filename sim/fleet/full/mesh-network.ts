/**
 * The network between the members of a simulated fleet: dials, connections, messages, gossip.
 *
 *     dial       five round trips, or refused after one, or nothing for 5 s
 *     message    after the link's delay, in order, never lost; held where nothing passes
 *     close      the other side hears of it behind what was sent before
 *
 * A process that ends is noticed as its kernel closes what it had. A host that vanishes says
 * nothing. Bandwidth is not counted: what membership says is small beside prompts and answers.
 *
 * The times are those of `sim/network`, which runs whole peers; here nothing but a number is drawn
 * for each of them.
 */
import type { Random } from '../../../src/core/random.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'
import type { Timeline } from '../../kernel/timeline.ts'
import { DIAL_TIMEOUT_MS } from '../../network/dialing.ts'
import { nextRetransmitMs } from '../../network/link.ts'
import { ConnectionEnd, type Letter, type Seat } from './connection-end.ts'
import { Topic } from './topic.ts'

/** TCP's, and after it noise, multistream, yamux, multistream and hello. */
const DIAL_ROUND_TRIPS = 5

/** Messages that one connection holds while nothing passes; newer ones are dropped. */
const HELD_MAX = 1_000

export type DelayMs = (from: number, to: number, random: Random) => number

export interface MeshNetworkDeps {
  readonly timeline: Timeline
  readonly random: Random
  /** One way, drawn anew for each message. */
  readonly delayMs: DelayMs
  readonly memberCount: number
}

export class MeshNetwork {
  readonly #deps: MeshNetworkDeps
  readonly #topic: Topic
  /** The members that are there. */
  readonly #seats: (Seat | undefined)[] = []
  /** Hosts that neither answer nor refuse. */
  readonly #vanished = new Set<number>()
  /** Member → on which side of a partition it is. */
  readonly #sides: Uint8Array
  readonly #holding = new Set<ConnectionEnd>()

  constructor(deps: MeshNetworkDeps) {
    this.#deps = deps
    this.#sides = new Uint8Array(deps.memberCount)
    const { timeline, random, memberCount } = deps
    const transit = (end: ConnectionEnd) => this.#transit(end)
    this.#topic = new Topic({ timeline, random, memberCount, transit })
  }

  enter(seat: Seat): void {
    this.#seats[seat.member] = seat
    if (this.#vanished.delete(seat.member)) this.#release()
  }

  /** Connects two as if they had always been; both are told, but for the lane. */
  connect(dialer: Seat, listener: Seat): void {
    const rttMs = this.#roundTripMs(dialer.member, listener.member)
    const end = this.#open(dialer, listener)
    end.isReachable = true
    end.other.isReachable = true
    dialer.events.connected(listener.member, { rttMs, claims: [] })
    listener.events.connected(dialer.member, { rttMs, claims: [] })
  }

  publish(author: Seat, claim: PeerClaim): void {
    this.#topic.publish(author, claim)
  }

  /** Lost if there is no way to send it now. */
  send(from: Seat, to: number, letter: Letter): void {
    const end = from.ends.get(to)
    if (end === undefined || !end.isReachable) return
    this.#carry(end, () => end.other.owner.events.messageReceived(from.member, letter))
  }

  /** Ends with a connection, or `dialFailed`. */
  dial(from: Seat, to: number): void {
    if (from.isGone || from.ends.has(to) || from.dialled.has(to)) return
    from.dialled.add(to)
    const { timeline } = this.#deps
    const target = this.#seats[to]
    const fail = (isRefused: boolean) => {
      from.dialled.delete(to)
      if (!from.isGone) from.events.dialFailed(to, isRefused)
    }
    if (this.#isCut(from.member, to)) timeline.after(DIAL_TIMEOUT_MS, () => fail(false))
    else if (target === undefined) {
      timeline.after(this.#roundTripMs(from.member, to), () => fail(true))
    } else {
      let spentMs = 0
      let rttMs = 0
      for (let trip = 0; trip < DIAL_ROUND_TRIPS; trip += 1) {
        rttMs = this.#roundTripMs(from.member, to)
        spentMs += rttMs
      }
      timeline.after(spentMs, () => {
        const isCut = this.#isCut(from.member, to)
        if (isCut) timeline.after(DIAL_TIMEOUT_MS - spentMs, () => fail(false))
        else if (target.isGone) fail(false)
        else this.#greet(from, target, rttMs)
      })
    }
  }

  /** We end the connection; both sides hear of it. */
  disconnect(seat: Seat, from: number): void {
    const end = seat.ends.get(from)
    if (end === undefined) return
    this.#hangUp(end)
    // Never from within what closed it: the owner hears of it as of anything else.
    this.#deps.timeline.after(0, () => {
      if (!seat.isGone) seat.events.disconnected(from)
    })
  }

  /** Its process is gone. @param isVanished Its host too, which tells nobody. */
  leave(seat: Seat, isVanished: boolean): void {
    seat.isGone = true
    this.#seats[seat.member] = undefined
    if (isVanished) this.#vanished.add(seat.member)
    for (const end of [...seat.ends.values()]) {
      if (isVanished) this.#end(end)
      else this.#hangUp(end)
    }
  }

  /** Members of different sides do not reach each other. */
  part(sideOf: (member: number) => number): void {
    for (let member = 0; member < this.#sides.length; member += 1) {
      this.#sides[member] = sideOf(member)
    }
    this.#release()
  }

  /** The dialer has been let in, and the listener will hear who it is. */
  #greet(dialer: Seat, listener: Seat, rttMs: number): void {
    dialer.dialled.delete(listener.member)
    if (dialer.isGone || dialer.ends.has(listener.member)) return
    const claims = listener.events.claims()
    const greeting = { rttMs, claims: dialer.events.claims() }
    // Theirs may still be open to an end of ours that is not: the new one takes its place.
    const before = listener.ends.get(dialer.member)
    if (before !== undefined) this.#end(before)
    const end = this.#open(dialer, listener)
    end.other.isReachable = before?.isReachable ?? false
    dialer.events.connected(listener.member, { rttMs, claims })
    this.#carry(end, () => {
      if (before === undefined) listener.events.connected(dialer.member, greeting)
      const opener = dialer.events.isBefore(listener.member) ? end : end.other
      this.#openLane(opener)
    })
  }

  /** The side with the lower id opens the stream for messages. */
  #openLane(opener: ConnectionEnd): void {
    this.#carry(opener, () => {
      this.#reached(opener.other)
      this.#carry(opener.other, () => this.#reached(opener))
    })
  }

  #reached(end: ConnectionEnd): void {
    if (end.isReachable) return
    end.isReachable = true
    end.owner.events.reachableChanged(end.other.owner.member, true)
  }

  #open(dialer: Seat, listener: Seat): ConnectionEnd {
    const end = ConnectionEnd.connect(dialer, listener)
    dialer.ends.set(listener.member, end)
    listener.ends.set(dialer.member, end.other)
    this.#topic.opened(end)
    return end
  }

  #hangUp(end: ConnectionEnd): void {
    const { other } = end
    this.#end(end)
    this.#carry(end, () => this.#reset(other))
  }

  /** It is gone, as far as the owner is concerned. */
  #end(end: ConnectionEnd): void {
    end.isOpen = false
    end.owner.ends.delete(end.other.owner.member)
    this.#topic.closed(end)
  }

  /** The other side is gone. */
  #reset(end: ConnectionEnd): void {
    if (!end.isOpen) return
    this.#end(end)
    end.owner.events.disconnected(end.other.owner.member)
  }

  /** Does something at the other side, behind all that was sent before. */
  #carry(end: ConnectionEnd, arrive: () => void): void {
    const atMs = end.held.length > 0 ? undefined : this.#transit(end)
    if (atMs !== undefined) this.#deps.timeline.at(atMs, () => this.#arrive(end, arrive))
    else this.#hold(end, arrive)
  }

  #arrive(end: ConnectionEnd, arrive: () => void): void {
    const { other } = end
    if (other.isOpen) arrive()
    // Its kernel knows no such connection, unless nothing is there to know.
    else if (end.isOpen && !this.#vanished.has(other.owner.member)) {
      const atMs = this.#transit(other)
      if (atMs !== undefined) this.#deps.timeline.at(atMs, () => this.#reset(end))
    }
  }

  #hold(end: ConnectionEnd, arrive: () => void): void {
    if (end.held.length >= HELD_MAX) return
    if (end.held.length === 0) {
      end.heldSinceMs = this.#deps.timeline.nowMs
      this.#holding.add(end)
    }
    end.held.push(arrive)
  }

  #retry(end: ConnectionEnd): void {
    const { held } = end
    end.held = []
    for (const arrive of held) this.#carry(end, arrive)
  }

  /** What waits where something passes again goes at TCP's next try. */
  #release(): void {
    for (const end of [...this.#holding]) {
      if (this.#isCut(end.owner.member, end.other.owner.member)) continue
      this.#holding.delete(end)
      const { timeline } = this.#deps
      const atMs = nextRetransmitMs(end.heldSinceMs, timeline.nowMs)
      timeline.at(atMs, () => this.#retry(end))
    }
  }

  /** When bytes sent now are there; `undefined`: nothing passes. */
  #transit(end: ConnectionEnd): number | undefined {
    const from = end.owner.member
    const to = end.other.owner.member
    if (this.#isCut(from, to)) return undefined
    const { timeline, delayMs, random } = this.#deps
    end.arrivesMs = Math.max(end.arrivesMs, timeline.nowMs + delayMs(from, to, random))
    return end.arrivesMs
  }

  #roundTripMs(from: number, to: number): number {
    const { delayMs, random } = this.#deps
    return delayMs(from, to, random) + delayMs(to, from, random)
  }

  #isCut(a: number, b: number): boolean {
    if (this.#vanished.size > 0 && (this.#vanished.has(a) || this.#vanished.has(b))) return true
    return this.#sides[a] !== this.#sides[b]
  }
}
