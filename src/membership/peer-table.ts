/**
 * The peer table: who is in the mesh, is each of them alive, and what it last said of itself.
 *
 *               silence, connection lost              suspicionTimeoutMs
 *     alive -----------------------------> suspect ----------------------> dead
 *       ^                                     |                              |
 *       '--------- newer claim, connected ----'------------------------------'
 *
 *     any -- newer claim that says so --> left -- newer claim, that is a new start --> alive
 *
 * Each table judges for itself: by the claims that reach it, over whatever path, and by its own
 * connections. It passes on no judgement of others, so a peer that only we cannot reach is dead
 * here and alive elsewhere. What tables agree on is what every author said last.
 *
 * Whoever is not connected is dialled (`dial-plan.ts`); what we say ourselves is in `publisher.ts`.
 */
import { assert } from '../core/assert.ts'
import type { PeerId } from '../core/ids.ts'
import { type Machine, NEVER } from '../core/machine.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { Random } from '../core/random.ts'
import { DialPlan, NO_DIAL } from './dial-plan.ts'
import type { MembershipOptions } from './options.ts'
import { isNewer, type KnownClaim, mergeClaim, type PeerClaim } from './peer-claim.ts'
import { Publisher, type Self } from './publisher.ts'

export type MemberStatus = 'alive' | 'suspect' | 'dead' | 'left'

export type MembershipEvent =
  /** A claim, whose author has been verified, arrived from anywhere. */
  | { readonly type: 'claim-heard'; readonly claim: PeerClaim }
  | { readonly type: 'connected'; readonly peer: PeerId }
  /** The last connection to the peer is gone. */
  | { readonly type: 'connection-lost'; readonly peer: PeerId }
  | { readonly type: 'dial-failed'; readonly peer: PeerId }
  /** What we offer, or how busy we are, has changed. What is left out has not. */
  | {
      readonly type: 'self-changed'
      readonly facts?: PeerFacts | undefined
      readonly load?: PeerLoad | undefined
    }
  /** We go, and tell the others. Nothing is published or dialled after it. */
  | { readonly type: 'leave' }
  | { readonly type: 'tick' }

export type MembershipEffect =
  /** Tell everyone. */
  | { readonly type: 'publish'; readonly claim: PeerClaim }
  | { readonly type: 'status-changed'; readonly peer: PeerId; readonly status: MemberStatus }
  | {
      readonly type: 'state-changed'
      readonly peer: PeerId
      readonly facts: PeerFacts | undefined
      readonly load: PeerLoad
      /** When `load` was received, in monotonic ms. */
      readonly heardAtMs: number
    }
  /** Answered by `connected` or `dial-failed`. */
  | { readonly type: 'dial'; readonly peer: PeerId; readonly addresses: readonly string[] }
  | { readonly type: 'peer-forgotten'; readonly peer: PeerId }

/** One other peer, as this table sees it. */
export interface MemberView {
  readonly peer: PeerId
  readonly status: MemberStatus
  readonly facts: PeerFacts | undefined
  readonly load: PeerLoad
  /** When `load` was received, in monotonic ms. */
  readonly heardAtMs: number
  readonly isConnected: boolean
  /** Its newest claim, with the newest facts known. */
  readonly claim: PeerClaim
}

interface Member {
  readonly peer: PeerId
  known: KnownClaim
  status: MemberStatus
  heardAtMs: number
  /** When time alone changes the status: to suspect, then dead, then forgotten. */
  statusDeadlineMs: number
  dialAtMs: number
  dialFailedCount: number
}

export class PeerTable implements Machine<MembershipEvent, MembershipEffect> {
  readonly #options: MembershipOptions
  readonly #publisher: Publisher
  readonly #dialPlan: DialPlan
  /** Everyone but us. At most `membersMax`. */
  readonly #members = new Map<PeerId, Member>()
  /** Peers connected now. At most `membersMax` of them have not said anything yet. */
  readonly #connected = new Set<PeerId>()
  #ignoredCount = 0

  constructor(self: Self, options: MembershipOptions, random: Random) {
    this.#options = options
    this.#publisher = new Publisher(self, options)
    this.#dialPlan = new DialPlan(self.peer, options, random)
  }

  step(event: MembershipEvent, nowMs: number): readonly MembershipEffect[] {
    switch (event.type) {
      case 'claim-heard':
        return event.claim.peer === this.ownClaim.peer
          ? this.#hearOwn(event.claim, nowMs)
          : this.#hear(event.claim, nowMs)
      case 'connected':
        return this.#connect(event.peer, nowMs)
      case 'connection-lost':
        return this.#disconnect(event.peer, nowMs)
      case 'dial-failed':
        this.#backOff(event.peer, nowMs)
        return []
      case 'self-changed':
        this.#publisher.change(event.facts, event.load)
        return this.#publish(this.#publisher.publish(nowMs))
      case 'leave':
        for (const member of this.#members.values()) member.dialAtMs = NO_DIAL
        return this.#publish(this.#publisher.leave(nowMs))
      case 'tick':
        return this.#tick(nowMs)
    }
  }

  get wakeAtMs(): number {
    let wakeAtMs = this.#publisher.dueAtMs
    for (const { statusDeadlineMs, dialAtMs } of this.#members.values()) {
      wakeAtMs = Math.min(wakeAtMs, statusDeadlineMs, dialAtMs)
    }
    return wakeAtMs
  }

  /** What we said last; version 0 if nothing was said yet. */
  get ownClaim(): PeerClaim {
    return this.#publisher.claim
  }

  /** Times a peer was ignored because `membersMax` was reached. */
  get ignoredCount(): number {
    return this.#ignoredCount
  }

  /** Everyone but us, in the order they were first heard of. */
  members(): readonly MemberView[] {
    return [...this.#members.values()].map(member => this.#viewOf(member))
  }

  /** `undefined`: never heard of, or forgotten. */
  member(peer: PeerId): MemberView | undefined {
    const member = this.#members.get(peer)
    return member === undefined ? undefined : this.#viewOf(member)
  }

  #hear(claim: PeerClaim, nowMs: number): MembershipEffect[] {
    const member = this.#members.get(claim.peer)
    if (member === undefined) return this.#welcome(claim, nowMs)
    const before = member.known
    member.known = mergeClaim(before, claim)
    if (member.known === before) return []
    if (!isNewer(claim, before.claim)) return [stateChanged(member)]

    member.heardAtMs = nowMs
    const changed = this.#become(member, claim.isLeaving ? 'left' : 'alive', nowMs)
    this.#planDial(member, nowMs)
    return [...changed, stateChanged(member), ...this.#dialIfDue(member, nowMs)]
  }

  #welcome(claim: PeerClaim, nowMs: number): MembershipEffect[] {
    if (this.#members.size >= this.#options.membersMax) {
      this.#ignoredCount += 1
      return []
    }
    const member: Member = {
      peer: claim.peer,
      known: mergeClaim(undefined, claim),
      status: claim.isLeaving ? 'left' : 'alive',
      heardAtMs: nowMs,
      statusDeadlineMs: NEVER,
      dialAtMs: NO_DIAL,
      dialFailedCount: 0,
    }
    this.#members.set(claim.peer, member)
    member.statusDeadlineMs = this.#deadlineMs(member.status, nowMs)
    this.#planDial(member, nowMs)
    return [statusChanged(member), stateChanged(member), ...this.#dialIfDue(member, nowMs)]
  }

  /**
   * A claim of ours that we did not make is one of an earlier life, made when the clock was
   * ahead. Others would go by it and ignore us.
   */
  #hearOwn(claim: PeerClaim, nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft || !isNewer(claim, this.ownClaim)) return []
    this.#publisher.outbid(claim)
    return this.#publish(this.#publisher.publish(nowMs))
  }

  #connect(peer: PeerId, nowMs: number): MembershipEffect[] {
    const member = this.#members.get(peer)
    if (member === undefined && this.#connected.size >= this.#options.membersMax) {
      this.#ignoredCount += 1
      return []
    }
    this.#connected.add(peer)
    if (member === undefined) return []
    member.dialAtMs = NO_DIAL
    member.dialFailedCount = 0
    // Whoever has left says so himself when he is back.
    return member.status === 'left' ? [] : this.#become(member, 'alive', nowMs)
  }

  #disconnect(peer: PeerId, nowMs: number): MembershipEffect[] {
    const wasConnected = this.#connected.delete(peer)
    const member = this.#members.get(peer)
    if (member === undefined || !wasConnected) return []
    const changed = member.status === 'alive' ? this.#become(member, 'suspect', nowMs) : []
    if (member.status === 'suspect' && this.#mayDial(member)) member.dialAtMs = nowMs
    this.#planDial(member, nowMs)
    return [...changed, ...this.#dialIfDue(member, nowMs)]
  }

  #backOff(peer: PeerId, nowMs: number): void {
    const member = this.#members.get(peer)
    if (member === undefined || !this.#mayDial(member)) return
    member.dialFailedCount += 1
    member.dialAtMs =
      member.status === 'dead'
        ? this.#dialPlan.deadAtMs(nowMs)
        : this.#dialPlan.nextAtMs(member.dialFailedCount, nowMs)
  }

  #tick(nowMs: number): MembershipEffect[] {
    const effects = this.#publish(this.#publisher.publish(nowMs))
    for (const member of this.#members.values()) {
      if (member.statusDeadlineMs <= nowMs) effects.push(...this.#expire(member, nowMs))
      effects.push(...this.#dialIfDue(member, nowMs))
    }
    return effects
  }

  /** What time alone does to a member. */
  #expire(member: Member, nowMs: number): MembershipEffect[] {
    switch (member.status) {
      case 'alive':
        return this.#become(member, 'suspect', nowMs)
      case 'suspect':
        return this.#become(member, 'dead', nowMs)
      case 'dead':
      case 'left':
        this.#members.delete(member.peer)
        member.dialAtMs = NO_DIAL
        return [{ type: 'peer-forgotten', peer: member.peer }]
    }
  }

  /** The only place that changes a status. Being alive again is evidence of life, and counts. */
  #become(member: Member, status: MemberStatus, nowMs: number): MembershipEffect[] {
    const before = member.status
    assert(before !== 'left' || status !== 'suspect', 'whoever has left is not suspected')
    if (before !== status || status === 'alive') {
      member.statusDeadlineMs = this.#deadlineMs(status, nowMs)
    }
    if (before === status) return []
    member.status = status
    if (status === 'dead' && this.#mayDial(member)) member.dialAtMs = this.#dialPlan.deadAtMs(nowMs)
    if (status === 'left') member.dialAtMs = NO_DIAL
    const isBack = status === 'alive' && before !== 'suspect'
    if (isBack) {
      member.dialAtMs = NO_DIAL
      member.dialFailedCount = 0
    }
    return [statusChanged(member)]
  }

  /** When time alone ends a status that begins now. */
  #deadlineMs(status: MemberStatus, nowMs: number): number {
    const { heartbeatTimeoutMs, suspicionTimeoutMs, forgetAfterMs } = this.#options
    if (status === 'alive') return nowMs + heartbeatTimeoutMs
    if (status === 'suspect') return nowMs + suspicionTimeoutMs
    return nowMs + forgetAfterMs
  }

  /** Plans a dial if one is wanted and none is planned. */
  #planDial(member: Member, nowMs: number): void {
    if (member.dialAtMs !== NO_DIAL || !this.#mayDial(member)) return
    member.dialAtMs =
      member.status === 'dead'
        ? this.#dialPlan.deadAtMs(nowMs)
        : this.#dialPlan.firstAtMs(member.peer, nowMs)
  }

  #dialIfDue(member: Member, nowMs: number): MembershipEffect[] {
    if (member.dialAtMs > nowMs) return []
    const addresses = member.known.claim.facts?.addresses ?? []
    member.dialAtMs = this.#dialPlan.unansweredAtMs(nowMs)
    return [{ type: 'dial', peer: member.peer, addresses }]
  }

  #mayDial({ peer, status, known }: Member): boolean {
    const hasAddress = (known.claim.facts?.addresses.length ?? 0) > 0
    return hasAddress && status !== 'left' && !this.#connected.has(peer) && !this.#publisher.hasLeft
  }

  #publish(claim: PeerClaim | undefined): MembershipEffect[] {
    return claim === undefined ? [] : [{ type: 'publish', claim }]
  }

  #viewOf({ peer, status, heardAtMs, known: { claim } }: Member): MemberView {
    const { facts, load } = claim
    return { peer, status, facts, load, heardAtMs, isConnected: this.#connected.has(peer), claim }
  }
}

function statusChanged({ peer, status }: Member): MembershipEffect {
  return { type: 'status-changed', peer, status }
}

function stateChanged({ peer, heardAtMs, known: { claim } }: Member): MembershipEffect {
  return { type: 'state-changed', peer, facts: claim.facts, load: claim.load, heardAtMs }
}
