/**
 * The member table: what is believed of every other member, and how news changes it.
 *
 *     alive --doubted--> suspect --nobody heard it in time--> dead
 *       ^                   |                                   |
 *       '------ a claim with a higher incarnation, its own -----'      any --its own word--> left
 *
 * Only a member itself raises its incarnation: at every start, and to refute whoever doubts it.
 * Of two statements on one member the one with the higher incarnation holds; at the same one dead
 * beats suspect beats alive, and that it left beats all. So tables that hear the same agree,
 * in whatever order they hear it.
 *
 * Three rules are gentler than the paper's. A death that others report of a member that we
 * have just heard ourselves is a doubt. A suspect that we heard since the doubt began does not
 * die by our clock. And a lost connection is a doubt of our own at first: the others are told if
 * it cannot be made again.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, section 4.2; the order of statements as in
 * HashiCorp memberlist.
 */
import { assert } from '../core/assert.ts'
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import { hashText } from './anti-entropy.ts'
import type { MembershipEffect } from './events.ts'
import { isPresent, type Member, type MemberStatus } from './member.ts'
import type { Accusation } from './message.ts'
import type { MembershipOptions } from './options.ts'
import { isNewer, mergeClaim, type PeerClaim } from './peer-claim.ts'
import type { Rumours } from './rumours.ts'
import { PUBLIC, Suspicion, suspicionTimes } from './suspicion.ts'

/** Periods for which what we found out about a member ourselves is fresh. */
const EVIDENCE_PERIODS = 2

export interface TableHooks {
  /** Somebody new, or back. */
  readonly onPresent: (member: Member) => void
  /** Others doubt it. */
  readonly onDoubted: (member: Member) => void
  /** It has left, or is forgotten. */
  readonly onGone: (member: Member) => void
}

export class MemberTable {
  readonly #self: PeerId
  readonly #options: MembershipOptions
  readonly #rumours: Rumours
  readonly #hooks: TableHooks
  /** Everyone but us. At most `membersMax`. */
  readonly #members = new Map<PeerId, Member>()
  /** Those that time alone changes. */
  readonly #suspects = new Set<Member>()
  readonly #gone = new Set<Member>()
  #presentCount = 0
  #ignoredCount = 0

  constructor(
    self: PeerId,
    options: MembershipOptions,
    { rumours, hooks }: { rumours: Rumours; hooks: TableHooks },
  ) {
    this.#self = self
    this.#options = options
    this.#rumours = rumours
    this.#hooks = hooks
  }

  get(peer: PeerId): Member | undefined {
    return this.#members.get(peer)
  }

  values(): IterableIterator<Member> {
    return this.#members.values()
  }

  get size(): number {
    return this.#members.size
  }

  /** Members that are alive or suspect, and us. */
  get meshSize(): number {
    return this.#presentCount + 1
  }

  /** Times a peer was ignored because `membersMax` was reached. */
  get ignoredCount(): number {
    return this.#ignoredCount
  }

  get wakeAtMs(): number {
    let wakeAtMs = NEVER
    for (const { suspicion } of this.#suspects) {
      wakeAtMs = Math.min(wakeAtMs, suspicion?.wakeAtMs ?? NEVER)
    }
    // Those gone are looked at with every tick; to forget one is never urgent.
    return wakeAtMs
  }

  /** From when on a doubt is so old that others may have settled it. */
  get overdueAtMs(): number {
    let overdueAtMs = NEVER
    for (const { suspicion } of this.#suspects) {
      overdueAtMs = Math.min(overdueAtMs, suspicion?.leastDeadlineMs ?? NEVER)
    }
    return overdueAtMs
  }

  /** Its own word. */
  hear(claim: PeerClaim, isRumour: boolean, nowMs: number): MembershipEffect[] {
    const member = this.#members.get(claim.peer)
    if (member === undefined) return this.#welcome(claim, isRumour, nowMs)
    const before = member.known
    member.known = mergeClaim(before, claim)
    if (member.known === before) return []
    if (!isNewer(claim, before.claim)) return [stateChanged(member)]

    member.stateHeardAtMs = nowMs
    member.missedSinceMs = undefined
    const effects = this.#believe(member, claim, nowMs)
    const isSpreading =
      claim.incarnation > before.claim.incarnation ||
      claim.isLeaving ||
      member.known.factsVersion !== before.factsVersion
    if (isSpreading && isRumour) this.#rumours.addClaim(claim.peer)
    if (!isSpreading) this.#remind(member)
    return [...effects, stateChanged(member)]
  }

  /** It says directly, and provably itself, that this is its life now. */
  lives(member: Member, incarnation: number, nowMs: number): MembershipEffect[] {
    if (incarnation <= member.incarnation) return []
    member.incarnation = incarnation
    return this.#become(member, 'alive', nowMs)
  }

  /** Somebody doubts it, or reports its death. */
  accuse(accusation: Accusation, nowMs: number): MembershipEffect[] {
    const { peer, incarnation } = accusation
    const member = this.#members.get(peer)
    if (member === undefined || incarnation < member.incarnation) return []
    const isSameLife = incarnation === member.incarnation
    if (isSameLife && (member.status === 'left' || member.status === 'dead')) return []
    if (!isSameLife) {
      // It had refuted before this doubt began, and its claim is on the way. Whatever was held
      // against the life before does not count.
      member.incarnation = incarnation
      member.suspicion = undefined
    }
    return this.#accuse(member, accusation, nowMs)
  }

  /** We doubt it ourselves. @param isPublic Whether the others are told. */
  doubt(member: Member, isPublic: boolean, nowMs: number): MembershipEffect[] {
    if (member.status === 'alive') {
      const publicAtMs = isPublic ? PUBLIC : nowMs + this.#options.redialPatienceMs
      return this.#suspect(member, this.#self, { publicAtMs, nowMs })
    }
    if (member.suspicion === undefined) return []
    const isNews = member.suspicion.confirm(this.#self)
    if (isPublic && (isNews || !member.suspicion.isPublic)) this.#spreadDoubt(member)
    return []
  }

  /** Its host refuses connections: no process is there. */
  refused(member: Member, nowMs: number): MembershipEffect[] {
    const effects = this.doubt(member, true, nowMs)
    member.suspicion?.refused(nowMs, this.#options.suspicionRefusedMs)
    return effects
  }

  /** A doubt that nobody else has heard of has ended: the connection is back. */
  withdraw(member: Member, nowMs: number): MembershipEffect[] {
    if (member.suspicion === undefined || member.suspicion.isPublic) return []
    return this.#become(member, 'alive', nowMs)
  }

  /** We were deaf for so long: nobody shall die of that. */
  extend(durationMs: number): void {
    for (const { suspicion } of this.#suspects) suspicion?.extend(durationMs)
  }

  /** It is none of us any more. */
  expel(peer: PeerId): MembershipEffect[] {
    const member = this.#members.get(peer)
    if (member === undefined) return []
    if (isPresent(member)) this.#presentCount -= 1
    member.suspicion = undefined
    this.#suspects.delete(member)
    return [this.#forget(member)]
  }

  /** What time alone does. */
  expire(nowMs: number): MembershipEffect[] {
    const effects: MembershipEffect[] = []
    for (const member of [...this.#suspects]) {
      const { suspicion } = member
      assert(suspicion !== undefined, 'a suspect has a suspicion')
      if (suspicion.isTellingDue(nowMs)) this.#spreadDoubt(member)
      if (suspicion.deadlineMs > nowMs) continue
      if (member.heardAtMs > suspicion.startedAtMs) {
        effects.push(...this.#suspect(member, this.#self, { publicAtMs: PUBLIC, nowMs }))
      } else effects.push(...this.#bury(member, nowMs))
    }
    for (const member of [...this.#gone]) {
      if (member.forgetAtMs <= nowMs) effects.push(this.#forget(member))
    }
    return effects
  }

  /** What we hold against it, for it or others to hear. */
  accusationOf(member: Member): Accusation | undefined {
    const { peer, status, incarnation, suspicion } = member
    if (status !== 'suspect' && status !== 'dead') return undefined
    if (suspicion?.isPublic === false) return undefined
    return { peer, status, incarnation, accuser: this.#self }
  }

  #welcome(claim: PeerClaim, isRumour: boolean, nowMs: number): MembershipEffect[] {
    const effects = this.#makeRoom()
    if (this.#members.size >= this.#options.membersMax) {
      this.#ignoredCount += 1
      return effects
    }
    const member: Member = {
      peer: claim.peer,
      peerHash: hashText(claim.peer),
      known: mergeClaim(undefined, claim),
      status: 'left',
      incarnation: claim.incarnation,
      suspicion: undefined,
      forgetAtMs: nowMs + this.#options.forgetAfterMs,
      heardAtMs: Number.NEGATIVE_INFINITY,
      unansweredAtMs: Number.NEGATIVE_INFINITY,
      stateHeardAtMs: nowMs,
      toldAtMs: Number.NEGATIVE_INFINITY,
      missedSinceMs: undefined,
      roundTrip: undefined,
      coordinate: undefined,
    }
    this.#members.set(claim.peer, member)
    this.#gone.add(member)
    if (isRumour) this.#rumours.addClaim(claim.peer)
    if (claim.isLeaving) effects.push({ type: 'status-changed', peer: claim.peer, status: 'left' })
    else effects.push(...this.#become(member, 'alive', nowMs))
    return [...effects, stateChanged(member)]
  }

  /** A newcomer is worth more than the memory of somebody gone. */
  #makeRoom(): MembershipEffect[] {
    if (this.#members.size < this.#options.membersMax) return []
    for (const member of this.#gone) return [this.#forget(member)]
    return []
  }

  /** What a claim that is news says about life. */
  #believe(member: Member, claim: PeerClaim, nowMs: number): MembershipEffect[] {
    if (claim.incarnation < member.incarnation) return []
    const isNewLife = claim.incarnation > member.incarnation
    member.incarnation = claim.incarnation
    if (claim.isLeaving) return this.#become(member, 'left', nowMs)
    return isNewLife ? this.#become(member, 'alive', nowMs) : []
  }

  /** It still talks, so it has not heard what is said of it. */
  #remind(member: Member): void {
    const accusation = this.accusationOf(member)
    if (accusation !== undefined) this.#rumours.addAccusation(accusation)
  }

  #accuse(member: Member, accusation: Accusation, nowMs: number): MembershipEffect[] {
    const { accuser, status } = accusation
    if (status === 'dead' && !this.#isEvident(member, nowMs)) return this.#bury(member, nowMs)
    if (member.suspicion === undefined) {
      const effects = this.#suspect(member, accuser, { publicAtMs: PUBLIC, nowMs })
      if (this.#hasOwnDoubt(member, nowMs)) this.doubt(member, true, nowMs)
      else this.#hooks.onDoubted(member)
      return effects
    }
    const isNews = member.suspicion.confirm(accuser)
    // A doubt that we thought to be ours alone is not: it does not end with our connection.
    if (isNews || !member.suspicion.isPublic) {
      member.suspicion.publish()
      this.#rumours.addAccusation({ ...accusation, status: 'suspect' })
    }
    return []
  }

  /** Whoever doubts it had asked us for help, and we did not reach it either. */
  #hasOwnDoubt({ heardAtMs, unansweredAtMs }: Member, nowMs: number): boolean {
    const periods = (nowMs - unansweredAtMs) / this.#options.probeIntervalMs
    return periods < EVIDENCE_PERIODS && heardAtMs < unansweredAtMs
  }

  #isEvident({ heardAtMs }: Member, nowMs: number): boolean {
    return nowMs - heardAtMs < EVIDENCE_PERIODS * this.#options.probeIntervalMs
  }

  #suspect(
    member: Member,
    accuser: PeerId,
    { publicAtMs, nowMs }: { readonly publicAtMs: number; readonly nowMs: number },
  ): MembershipEffect[] {
    const times = suspicionTimes(this.meshSize, this.#options)
    member.suspicion = new Suspicion({ accuser, publicAtMs }, times, nowMs)
    if (member.suspicion.isPublic) this.#spread(member, 'suspect', accuser)
    return this.#become(member, 'suspect', nowMs)
  }

  #spreadDoubt(member: Member): void {
    member.suspicion?.publish()
    this.#spread(member, 'suspect', this.#self)
  }

  #bury(member: Member, nowMs: number): MembershipEffect[] {
    this.#spread(member, 'dead', this.#self)
    return this.#become(member, 'dead', nowMs)
  }

  #spread({ peer, incarnation }: Member, status: 'suspect' | 'dead', accuser: PeerId): void {
    this.#rumours.addAccusation({ peer, incarnation, status, accuser })
  }

  /** The only place that changes a status. */
  #become(member: Member, status: MemberStatus, nowMs: number): MembershipEffect[] {
    const before = member.status
    if (status !== 'suspect') {
      member.suspicion = undefined
      this.#suspects.delete(member)
    } else this.#suspects.add(member)
    if (before === status) return []

    const wasPresent = isPresent(member)
    member.status = status
    if (isPresent(member)) {
      this.#gone.delete(member)
      member.forgetAtMs = NEVER
      if (!wasPresent) this.#presentCount += 1
    } else {
      this.#gone.add(member)
      member.forgetAtMs = nowMs + this.#options.forgetAfterMs
      if (wasPresent) this.#presentCount -= 1
    }
    if (isPresent(member) && !wasPresent) this.#hooks.onPresent(member)
    if (status === 'left') this.#hooks.onGone(member)
    return [{ type: 'status-changed', peer: member.peer, status }]
  }

  #forget(member: Member): MembershipEffect {
    this.#members.delete(member.peer)
    this.#gone.delete(member)
    this.#rumours.forget(member.peer)
    this.#hooks.onGone(member)
    return { type: 'peer-forgotten', peer: member.peer }
  }
}

export function stateChanged({ peer, stateHeardAtMs, known: { claim } }: Member): MembershipEffect {
  const { facts, load } = claim
  return { type: 'state-changed', peer, facts, load, heardAtMs: stateHeardAtMs }
}
