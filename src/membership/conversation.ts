/**
 * Messages from and to other members: what each says, what it is answered with, and what comes
 * along with it.
 *
 * Whoever we doubt is told so with every message, and at once when something comes from it: it
 * can then refute on the first contact (Lifeguard's "buddy system").
 *
 * Source: see `message.ts`.
 */
import type { PeerId } from '../core/ids.ts'
import {
  bucketHashes,
  compare,
  differingBuckets,
  digestEntries,
  entriesIn,
  type OwnEntry,
} from './anti-entropy.ts'
import type { Connections } from './connections.ts'
import type { MembershipEffect } from './events.ts'
import type { LocalHealth } from './local-health.ts'
import type { Member } from './member.ts'
import type { MemberTable } from './member-table.ts'
import {
  type Accusation,
  type DigestEntry,
  type Head,
  MESSAGE_LIMITS,
  type Message,
  type MessageBody,
} from './message.ts'
import type { MembershipOptions } from './options.ts'
import { isNewer, type PeerClaim } from './peer-claim.ts'
import type { Prober } from './prober.ts'
import type { Publisher } from './publisher.ts'
import { Relay } from './relay.ts'
import { measured } from './round-trip.ts'
import type { Rumours } from './rumours.ts'
import { isSane, type Place } from './vivaldi.ts'

/** How often one member is told of our doubt, or asked for the same claim. */
const REPEAT_MS = 500

/** Of the patience of whoever asked for our help: by then we say no. */
const NACK_SHARE = 0.8

export interface ConversationDeps {
  readonly self: PeerId
  readonly publisher: Publisher
  readonly table: MemberTable
  readonly rumours: Rumours
  readonly prober: Prober
  readonly connections: Connections
  readonly health: LocalHealth
  readonly place: Place
  readonly nextSequence: () => number
}

interface Extra {
  readonly nowMs: number
  readonly claims?: readonly PeerId[]
  readonly accusations?: readonly Accusation[]
}

export class Conversation {
  readonly #deps: ConversationDeps
  readonly #options: MembershipOptions
  readonly #relay = new Relay()
  /** Connected peers that we are comparing what we know with. */
  readonly #comparing = new Set<PeerId>()

  constructor(deps: ConversationDeps, options: MembershipOptions) {
    this.#deps = deps
    this.#options = options
  }

  get wakeAtMs(): number {
    return this.#relay.wakeAtMs
  }

  /** Everyone shall hear our newest claim. */
  spread(claim: PeerClaim | undefined): MembershipEffect[] {
    if (claim === undefined) return []
    // A load that changed is for gossip alone; the next one follows soon.
    if (this.#deps.publisher.isNewsOfLife) this.#deps.rumours.addClaim(claim.peer)
    return [{ type: 'publish', claim }]
  }

  send(
    to: PeerId,
    body: MessageBody,
    { nowMs, claims = [], accusations = [] }: Extra,
  ): MembershipEffect {
    const { table, rumours, publisher, place } = this.#deps
    const news = rumours.take(table.meshSize)
    const member = table.get(to)
    const own = member === undefined ? undefined : table.accusationOf(member)
    if (member !== undefined && own !== undefined) member.toldAtMs = nowMs
    const { incarnation, version } = publisher.claim
    const hasPlace = body.type === 'ack'
    const { claimsMax, accusationsMax } = MESSAGE_LIMITS
    const named = new Set([...claims, ...news.claims])
    named.delete(to)
    return {
      type: 'send',
      to,
      message: {
        body,
        head: { incarnation, version },
        coordinate: hasPlace ? place.coordinate : undefined,
        claims: [...named].slice(0, claimsMax),
        accusations: [...(own ? [own] : []), ...accusations, ...news.accusations].slice(
          0,
          accusationsMax,
        ),
      },
    }
  }

  /** Begins to compare what is known with another member. */
  digest(to: PeerId, nowMs: number): MembershipEffect {
    const hashes = bucketHashes(this.#entries(nowMs))
    this.#comparing.add(to)
    return this.send(to, { type: 'digest', hashes }, { nowMs })
  }

  /** Whatever was being said to it is over. */
  disconnected(peer: PeerId): void {
    this.#comparing.delete(peer)
  }

  /** What we hold against a member, if it has not heard it just now. */
  tell(member: Member, nowMs: number): MembershipEffect[] {
    if (this.#deps.publisher.hasLeft) return []
    if (this.#deps.table.accusationOf(member) === undefined) return []
    if (nowMs - member.toldAtMs < REPEAT_MS) return []
    const body = { type: 'ping', sequence: this.#deps.nextSequence() } as const
    return [this.send(member.peer, body, { nowMs })]
  }

  receive(from: PeerId, message: Message, nowMs: number): MembershipEffect[] {
    if (this.#deps.publisher.hasLeft) return []
    const effects: MembershipEffect[] = []
    const member = this.#deps.table.get(from)
    if (member !== undefined) {
      member.heardAtMs = nowMs
      if (message.coordinate !== undefined && isSane(message.coordinate)) {
        member.coordinate = message.coordinate
      }
      effects.push(...this.#noteHead(member, message.head, nowMs))
    }
    for (const accusation of message.accusations) {
      effects.push(...this.#hearAccusation(accusation, nowMs))
    }
    effects.push(...this.#answer(from, message.body, nowMs))
    if (member !== undefined) effects.push(...this.tell(member, nowMs))
    return effects
  }

  /** Tells those who asked for help that there was no answer. */
  expire(nowMs: number): MembershipEffect[] {
    if (this.#deps.publisher.hasLeft) return []
    return this.#relay.expire(nowMs).map(({ to, sequence, target }) => {
      const member = this.#deps.table.get(target)
      if (member !== undefined) member.unansweredAtMs = nowMs
      return this.send(to, { type: 'nack', sequence }, { nowMs })
    })
  }

  /** What a member says of its own newest claim. */
  #noteHead(member: Member, head: Head, nowMs: number): MembershipEffect[] {
    const effects = this.#deps.table.lives(member, head.incarnation, nowMs)
    const { claim } = member.known
    if (!isNewer(head, claim)) {
      if (isNewer(claim, head) || nowMs - member.stateHeardAtMs < REPEAT_MS) return effects
      member.stateHeardAtMs = nowMs
      return [...effects, { type: 'state-confirmed', peer: member.peer }]
    }
    // Gossip is usually on the way with it.
    member.missedSinceMs ??= nowMs
    if (nowMs - member.missedSinceMs < REPEAT_MS) return effects
    member.missedSinceMs = nowMs
    const body = { type: 'delta', wanted: [member.peer] } as const
    return [...effects, this.send(member.peer, body, { nowMs })]
  }

  #hearAccusation(accusation: Accusation, nowMs: number): MembershipEffect[] {
    const { self, table } = this.#deps
    if (accusation.peer === self) return this.#refute(accusation, nowMs)
    return table.accuse(accusation, nowMs)
  }

  /** Says that we live, louder than whoever doubts it. */
  #refute({ incarnation }: Accusation, nowMs: number): MembershipEffect[] {
    const { publisher, rumours, health, self } = this.#deps
    if (incarnation < publisher.claim.incarnation) {
      // Refuted already; whoever says it has not heard that.
      rumours.addClaim(self)
      return []
    }
    // That somebody doubts us may be our own fault.
    health.apply(1)
    publisher.outbid(incarnation)
    return this.spread(publisher.publishNow(nowMs))
  }

  #answer(from: PeerId, body: MessageBody, nowMs: number): MembershipEffect[] {
    switch (body.type) {
      case 'ping':
        return [this.send(from, { type: 'ack', sequence: body.sequence }, { nowMs })]
      case 'ack':
        return this.#hearAck(from, body.sequence, nowMs)
      case 'ping-request':
        return [this.#help(from, body, nowMs)]
      case 'nack':
        this.#deps.prober.nacked(body.sequence)
        return []
      case 'digest':
        return this.#answerDigest(from, body.hashes, nowMs)
      case 'entries':
        return this.#answerEntries(from, body, nowMs)
      case 'delta':
        return this.#answerDelta(from, body.wanted, nowMs)
      case 'release':
        return this.#hearRelease(from)
      case 'news':
        return []
    }
  }

  #hearRelease(from: PeerId): MembershipEffect[] {
    const { connections } = this.#deps
    if (!connections.mayLeave()) return []
    connections.release(from)
    return [{ type: 'disconnect', peer: from }]
  }

  #hearAck(from: PeerId, sequence: number, nowMs: number): MembershipEffect[] {
    const { table, prober, place } = this.#deps
    const rttMs = prober.acked(from, sequence, nowMs)
    const member = table.get(from)
    if (rttMs !== undefined && member !== undefined) {
      member.roundTrip = measured(member.roundTrip, rttMs)
      if (member.coordinate !== undefined) place.observe(member.coordinate, rttMs)
    }
    const reply = this.#relay.acked(from, sequence)
    if (reply === undefined) return []
    return [this.send(reply.to, { type: 'ack', sequence: reply.sequence }, { nowMs })]
  }

  #help(
    requester: PeerId,
    { target, sequence }: { readonly target: PeerId; readonly sequence: number },
    nowMs: number,
  ): MembershipEffect {
    const own = this.#deps.nextSequence()
    const nackAtMs = nowMs + this.#options.probeTimeoutMaxMs * NACK_SHARE
    const errand = { requester, requesterSequence: sequence, target, nackAtMs }
    const isPossible = this.#deps.connections.isReachable(target) && this.#relay.begin(own, errand)
    return isPossible
      ? this.send(target, { type: 'ping', sequence: own }, { nowMs })
      : this.send(requester, { type: 'nack', sequence }, { nowMs })
  }

  #answerDigest(from: PeerId, hashes: readonly number[], nowMs: number): MembershipEffect[] {
    const entries = this.#entries(nowMs)
    const differing = differingBuckets(bucketHashes(entries), hashes)
    const body = { type: 'entries', ...entriesIn(entries, differing) } as const
    const answer = this.send(from, body, { nowMs })
    if (differing.length === 0) return [answer, ...this.#synced(from)]
    this.#comparing.add(from)
    return [answer]
  }

  #answerEntries(
    from: PeerId,
    theirs: { readonly buckets: readonly number[]; readonly entries: readonly DigestEntry[] },
    nowMs: number,
  ): MembershipEffect[] {
    const { table, self } = this.#deps
    const { wanted, claims, deaths } = compare(this.#entries(nowMs), theirs)
    // Second-hand and of unknown age: a death that another tells of is a doubt.
    const effects = deaths.flatMap(({ peer, incarnation }) => {
      const accusation = { peer, incarnation, status: 'suspect', accuser: from } as const
      return peer === self ? this.#refute(accusation, nowMs) : table.accuse(accusation, nowMs)
    })
    const accusations = [
      ...theirs.entries.flatMap(entry => this.#deathUnknownTo(entry)),
      ...this.#deathsAmong(claims),
    ]
    if (wanted.length === 0) effects.push(...this.#synced(from))
    if (wanted.length + claims.length + accusations.length === 0) return effects
    const body = { type: 'delta', wanted: wanted.slice(0, MESSAGE_LIMITS.wantedMax) } as const
    return [...effects, this.send(from, body, { nowMs, claims, accusations })]
  }

  /** A member that is dead here and alive there. */
  #deathUnknownTo({ peer, status, incarnation }: DigestEntry): Accusation[] {
    const member = this.#deps.table.get(peer)
    if (member?.status !== 'dead' || status === 'dead' || status === 'left') return []
    if (incarnation > member.incarnation) return []
    return [this.#deathOf(member)]
  }

  /** Of the dead whose claims are sent: by its claim alone each of them would be alive. */
  #deathsAmong(peers: readonly PeerId[]): Accusation[] {
    return peers.flatMap(peer => {
      const member = this.#deps.table.get(peer)
      return member?.status === 'dead' ? [this.#deathOf(member)] : []
    })
  }

  /** For others, who have not found it dead themselves, a doubt. */
  #deathOf({ peer, incarnation }: Member): Accusation {
    return { peer, incarnation, status: 'suspect', accuser: this.#deps.self }
  }

  #answerDelta(from: PeerId, wanted: readonly PeerId[], nowMs: number): MembershipEffect[] {
    const { table, self } = this.#deps
    const claims = wanted.filter(peer => peer === self || table.get(peer) !== undefined)
    // A claim may be asked for outside of a comparison; that says nothing of the others.
    const ended = this.#comparing.has(from) ? this.#synced(from) : []
    if (claims.length === 0) return ended
    const accusations = this.#deathsAmong(claims)
    const body = { type: 'delta', wanted: [] } as const
    return [...ended, this.send(from, body, { nowMs, claims, accusations })]
  }

  /** It knows nothing that we do not. */
  #synced(from: PeerId): MembershipEffect[] {
    this.#comparing.delete(from)
    return [{ type: 'synced', with: from }]
  }

  #entries(nowMs: number): OwnEntry[] {
    const { self, publisher, table } = this.#deps
    const { incarnation, version } = publisher.claim
    const own = { peer: self, status: 'alive', incarnation, version } as const
    const { forgetAfterMs } = this.#options
    return digestEntries(own, table.values(), { nowMs, forgetAfterMs })
  }
}
