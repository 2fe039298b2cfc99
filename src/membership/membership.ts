/**
 * Membership: who is in the mesh, is each of them alive, and what it last said of itself.
 *
 * One machine made of parts that know little of each other:
 *
 *     member-table.ts   what is believed of whom, and why      publisher.ts     what we say of ourselves
 *     connections.ts    who is connected, who is dialled       rumours.ts       what rides along
 *     prober.ts         is this member there?                  anti-entropy.ts  what was missed
 *     conversation.ts   messages from and to others            local-health.ts  do we trust our doubts?
 *
 * Claims come signed by their authors, over gossip and with messages; accusations are made by
 * whoever doubts a member, and the accused refutes with a claim of a higher incarnation.
 *
 * A step that comes much later than it should have means that we were deaf; then nobody is
 * doubted for what we may have missed.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002; Dadgar, Phillips, Currey, "Lifeguard:
 * Local Health Awareness for More Accurate Failure Detection", 2017. Beyond them: connections,
 * whose end is a doubt, and the rules at the head of `member-table.ts`.
 */
import type { PeerId } from '../core/ids.ts'
import type { Machine } from '../core/machine.ts'
import type { Random } from '../core/random.ts'
import { syncIntervalMs } from './anti-entropy.ts'
import { Companions } from './companions.ts'
import { Connections } from './connections.ts'
import { Conversation } from './conversation.ts'
import type { MembershipEffect, MembershipEvent } from './events.ts'
import { LocalHealth } from './local-health.ts'
import type { Member, MemberView } from './member.ts'
import { MemberTable, stateChanged } from './member-table.ts'
import type { MembershipOptions } from './options.ts'
import { isNewer, type PeerClaim } from './peer-claim.ts'
import { Prober, type ProbeStep } from './prober.ts'
import { Publisher, type Self } from './publisher.ts'
import { measured } from './round-trip.ts'
import { Rumours } from './rumours.ts'
import { isSane, Place, predictedMs } from './vivaldi.ts'

/** Members that are told of a doubt at once. */
const NEWS_FANOUT = 3

export class Membership implements Machine<MembershipEvent, MembershipEffect> {
  readonly #options: MembershipOptions
  readonly #random: Random
  readonly #publisher: Publisher
  readonly #rumours: Rumours
  readonly #table: MemberTable
  readonly #connections: Connections
  readonly #companions: Companions
  readonly #prober: Prober
  readonly #health: LocalHealth
  readonly #place: Place
  readonly #conversation: Conversation
  #syncAtMs = 0
  /** When somebody was asked last about a doubt that is long overdue. */
  #inquiredAtMs = Number.NEGATIVE_INFINITY
  #wakeAtMs = 0
  /** `undefined`: never. */
  #steppedAtMs: number | undefined
  #stallCount = 0

  constructor(self: Self, options: MembershipOptions, random: Random) {
    this.#options = options
    this.#random = random
    this.#publisher = new Publisher(self, options)
    this.#rumours = new Rumours(options.retransmitMultiplier)
    this.#health = new LocalHealth(options.localHealthMax)
    this.#place = new Place(random)
    this.#connections = new Connections(self.peer, options, random)
    this.#table = new MemberTable(self.peer, options, {
      rumours: this.#rumours,
      hooks: {
        onPresent: ({ peer }) => this.#prober.add(peer),
        onDoubted: member => this.#verify(member),
        onGone: ({ peer }) => this.#connections.forget(peer),
      },
    })
    let sequence = 0
    const nextSequence = () => {
      sequence = (sequence + 1) >>> 0
      return sequence
    }
    const seen = { table: this.#table, connections: this.#connections, random }
    this.#companions = new Companions(self.peer, seen)
    this.#prober = new Prober(options, { scope: this.#companions, random, nextSequence })
    this.#conversation = new Conversation(
      {
        self: self.peer,
        publisher: this.#publisher,
        table: this.#table,
        rumours: this.#rumours,
        prober: this.#prober,
        connections: this.#connections,
        health: this.#health,
        place: this.#place,
        nextSequence,
      },
      options,
    )
  }

  step(event: MembershipEvent, nowMs: number): readonly MembershipEffect[] {
    // Since the last step, or what came in during one stall would count it again and again.
    const stalledMs = nowMs - Math.max(this.#wakeAtMs, this.#steppedAtMs ?? nowMs)
    this.#steppedAtMs = nowMs
    if (stalledMs > this.#options.stallMs) this.#recover(stalledMs)
    const effects = this.#react(event, nowMs)
    if (this.#rumours.takeUrgency()) effects.push(...this.#spreadNews(nowMs))
    this.#publisher.pace(this.#table.meshSize)
    this.#wakeAtMs = this.#nextWakeMs()
    return effects
  }

  get wakeAtMs(): number {
    return this.#wakeAtMs
  }

  /** What we said last; version 0 if nothing was said yet. */
  get ownClaim(): PeerClaim {
    return this.#publisher.claim
  }

  /** 0: well. Above: how many signs there are that our own doubts are not to be trusted. */
  get healthScore(): number {
    return this.#health.score
  }

  /** Whether everyone is to be connected to everyone. */
  get isFullMesh(): boolean {
    return this.#connections.isFullMesh(this.#table.meshSize)
  }

  /** Times we noticed that we had been deaf. */
  get stallCount(): number {
    return this.#stallCount
  }

  /** Times a peer was ignored because `membersMax` was reached. */
  get ignoredCount(): number {
    return this.#table.ignoredCount
  }

  /** Everyone but us, in the order they were first heard of. */
  members(): readonly MemberView[] {
    return Array.from(this.#table.values(), member => this.#viewOf(member))
  }

  /** `undefined`: never heard of, or forgotten. */
  member(peer: PeerId): MemberView | undefined {
    const member = this.#table.get(peer)
    return member === undefined ? undefined : this.#viewOf(member)
  }

  #react(event: MembershipEvent, nowMs: number): MembershipEffect[] {
    switch (event.type) {
      case 'claim-heard':
        return this.#hear(event.claim, event.isRumour ?? false, nowMs)
      case 'message-received':
        return this.#conversation.receive(event.from, event.message, nowMs)
      case 'peer-heard':
        return this.#noteLife(event.peer, nowMs)
      case 'connected':
        return this.#connect(event.peer, event.rttMs, nowMs)
      case 'connection-lost':
        return this.#disconnect(event.peer, nowMs)
      case 'reachable-changed':
        return this.#reach(event.peer, event.isReachable, nowMs)
      case 'dial-failed':
        return this.#failDial(event.peer, event.isRefused, nowMs)
      case 'self-changed':
        this.#publisher.change(event.facts, event.load)
        return this.#publish(nowMs)
      case 'peer-expelled':
        return this.#expel(event.peer, nowMs)
      case 'leave':
        this.#connections.clearPlans()
        return this.#conversation.spread(this.#publisher.leave(nowMs))
      case 'tick':
        return this.#tick(nowMs)
    }
  }

  #hear(claim: PeerClaim, isRumour: boolean, nowMs: number): MembershipEffect[] {
    if (claim.peer === this.ownClaim.peer) return this.#hearOwn(claim, nowMs)
    const effects = this.#table.hear(claim, isRumour, nowMs)
    const member = this.#table.get(claim.peer)
    if (member === undefined) return effects
    const greetingMs = this.#connections.greetingMs(claim.peer)
    if (greetingMs !== undefined) member.roundTrip ??= measured(undefined, greetingMs)
    if (claim.coordinate !== undefined && isSane(claim.coordinate)) {
      member.coordinate = claim.coordinate
    }
    this.#want(member, nowMs)
    return effects
  }

  /**
   * A claim of ours that we did not make is one of an earlier life, made when the clock was
   * ahead. Others would go by it and ignore us.
   */
  #hearOwn(claim: PeerClaim, nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft || !isNewer(claim, this.ownClaim)) return []
    this.#publisher.outbid(claim.incarnation)
    return this.#conversation.spread(this.#publisher.publishNow(nowMs))
  }

  /** Its connection is closed by whoever told us: the end of one to a stranger is no doubt. */
  #expel(peer: PeerId, nowMs: number): MembershipEffect[] {
    this.#conversation.disconnected(peer)
    this.#prober.drop(peer, nowMs)
    return this.#table.expel(peer)
  }

  #noteLife(peer: PeerId, nowMs: number): MembershipEffect[] {
    const member = this.#table.get(peer)
    if (member === undefined) return []
    member.heardAtMs = nowMs
    return this.#conversation.tell(member, nowMs)
  }

  #connect(peer: PeerId, rttMs: number, nowMs: number): MembershipEffect[] {
    this.#connections.opened(peer, rttMs)
    const member = this.#table.get(peer)
    if (member === undefined) return []
    member.heardAtMs = nowMs
    member.roundTrip ??= measured(undefined, rttMs)
    return [...this.#table.withdraw(member, nowMs), stateChanged(member)]
  }

  #disconnect(peer: PeerId, nowMs: number): MembershipEffect[] {
    const isDoubtful = this.#connections.lost(peer)
    this.#conversation.disconnected(peer)
    const member = this.#table.get(peer)
    if (member === undefined || this.#publisher.hasLeft) return []
    if (!isDoubtful) this.#prober.drop(peer, nowMs)
    if (!isDoubtful || member.status !== 'alive') {
      this.#want(member, nowMs)
      return []
    }
    const effects = this.#table.doubt(member, false, nowMs)
    this.#connections.redial(member, nowMs)
    return [...effects, ...this.#dial(nowMs)]
  }

  /** What was missed while there was no connection is compared by the side with the lower id. */
  #reach(peer: PeerId, isReachable: boolean, nowMs: number): MembershipEffect[] {
    this.#connections.setReachable(peer, isReachable)
    if (!isReachable || this.#publisher.hasLeft) return []
    const member = this.#table.get(peer)
    const told = member === undefined ? [] : this.#conversation.tell(member, nowMs)
    if (this.ownClaim.peer > peer) return told
    return [...told, this.#conversation.digest(peer, nowMs)]
  }

  #failDial(peer: PeerId, isRefused: boolean, nowMs: number): MembershipEffect[] {
    const member = this.#table.get(peer)
    if (member === undefined || this.#publisher.hasLeft) return []
    // Of a member that is not doubted, a failed dial says only that we cannot reach it. Whether
    // others can is found out by the next probe.
    const effects =
      member.status !== 'suspect'
        ? []
        : isRefused
          ? this.#table.refused(member, nowMs)
          : this.#table.doubt(member, true, nowMs)
    this.#connections.failed(member, this.#table.meshSize, nowMs)
    return effects
  }

  #tick(nowMs: number): MembershipEffect[] {
    return [
      ...this.#publish(nowMs),
      // A probe that has failed may be the confirmation that ends a suspicion.
      ...this.#probe(nowMs),
      ...this.#table.expire(nowMs),
      ...this.#conversation.expire(nowMs),
      ...this.#review(nowMs),
      ...this.#dial(nowMs),
      ...this.#sync(nowMs),
    ]
  }

  #publish(nowMs: number): MembershipEffect[] {
    this.#publisher.coordinate = this.#place.coordinate
    return this.#conversation.spread(this.#publisher.publish(nowMs))
  }

  #probe(nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft) return []
    return this.#prober.tick(nowMs, this.#health.factor).flatMap(step => this.#perform(step, nowMs))
  }

  #perform(step: ProbeStep, nowMs: number): MembershipEffect[] {
    switch (step.type) {
      case 'ping':
        return [
          this.#conversation.send(step.to, { type: 'ping', sequence: step.sequence }, { nowMs }),
        ]
      case 'ask': {
        const { target, sequence } = step
        const body = { type: 'ping-request', sequence, target } as const
        return step.helpers.map(helper => this.#conversation.send(helper, body, { nowMs }))
      }
      case 'reached':
        this.#health.recover()
        return []
      case 'failed': {
        this.#health.apply(step.healthDelta)
        const member = this.#table.get(step.peer)
        return member === undefined ? [] : this.#table.doubt(member, true, nowMs)
      }
    }
  }

  #dial(nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft) return []
    return this.#connections.due(nowMs).flatMap(peer => {
      const addresses = this.#table.get(peer)?.known.claim.facts?.addresses
      return addresses === undefined ? [] : [{ type: 'dial', peer, addresses }]
    })
  }

  #sync(nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft) return []
    const isInquiry = nowMs >= this.#inquiryAtMs
    if (nowMs < this.#syncAtMs && !isInquiry) return []
    if (isInquiry) this.#inquiredAtMs = nowMs
    else {
      const intervalMs = syncIntervalMs(this.#options.syncIntervalMs, this.#table.meshSize)
      // Shortened by chance, so that those who started together do not all ask at one moment.
      this.#syncAtMs = nowMs + intervalMs * (0.75 + this.#random.next() / 4)
    }
    const [partner] = this.#companions.some(1)
    return partner === undefined ? [] : [this.#conversation.digest(partner, nowMs)]
  }

  /** Rumours miss somebody now and then: who still doubts where others are sure asks around. */
  get #inquiryAtMs(): number {
    return Math.max(this.#table.overdueAtMs, this.#inquiredAtMs + this.#options.probeIntervalMs)
  }

  /** A doubt does not wait for the next probe: whoever hears it passes it on at once. */
  #spreadNews(nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft) return []
    return this.#companions
      .some(NEWS_FANOUT)
      .map(peer => this.#conversation.send(peer, { type: 'news' }, { nowMs }))
  }

  /** In a large mesh: who our neighbours are. */
  #review(nowMs: number): MembershipEffect[] {
    if (this.#publisher.hasLeft || this.#connections.isFullMesh(this.#table.meshSize)) return []
    const reviewed = this.#connections.review(this.#table, nowMs)
    if (reviewed === undefined) return []
    for (const peer of reviewed.wanted) {
      const member = this.#table.get(peer)
      if (member !== undefined) this.#connections.redial(member, nowMs)
    }
    return reviewed.released.map(peer => {
      this.#connections.release(peer)
      return this.#conversation.send(peer, { type: 'release' }, { nowMs })
    })
  }

  /** Plans a connection to a member that has none, if we want one to everybody. */
  #want(member: Member, nowMs: number): void {
    if (this.#publisher.hasLeft || !this.#connections.isFullMesh(this.#table.meshSize)) return
    this.#connections.want(member, this.#table.meshSize, nowMs)
  }

  /** A few of those who hear of a doubt look for themselves. */
  #verify({ peer }: Member): void {
    const share = this.#options.indirectProbeCount / Math.max(1, this.#table.meshSize - 2)
    if (this.#random.next() < share) this.#prober.hurry(peer)
  }

  /**
   * We could not hear anybody: nobody dies of that, and our doubts are worth less for a while.
   * What came meanwhile is yet to be read, which is what the period on top is for.
   */
  #recover(stalledMs: number): void {
    const extraMs = stalledMs + this.#options.probeIntervalMs
    this.#stallCount += 1
    this.#health.apply(1)
    this.#table.extend(extraMs)
    this.#prober.extend(extraMs)
  }

  #nextWakeMs(): number {
    if (this.#publisher.hasLeft) return this.#publisher.dueAtMs
    return Math.min(
      this.#publisher.dueAtMs,
      this.#table.wakeAtMs,
      this.#prober.wakeAtMs,
      this.#conversation.wakeAtMs,
      this.#connections.wakeAtMs,
      this.#syncAtMs,
      this.#inquiryAtMs,
    )
  }

  #viewOf(member: Member): MemberView {
    const { peer, status, incarnation, known, stateHeardAtMs, roundTrip, coordinate } = member
    const { claim } = known
    const told = coordinate && predictedMs(this.#place.coordinate, coordinate)
    return {
      peer,
      status,
      incarnation,
      facts: claim.facts,
      load: claim.load,
      heardAtMs: stateHeardAtMs,
      isConnected: this.#connections.isConnected(peer),
      rttMs: roundTrip?.meanMs ?? told,
      claim,
    }
  }
}
