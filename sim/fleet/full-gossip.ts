/**
 * The full level: every member, node or ingress, runs the production membership machine over
 * connections and a gossip topic with delays.
 *
 *     src/membership <-- full/mesh-peer.ts --> full/mesh-network.ts --> full/topic.ts
 *                              '--> tell: what `src/node/mesh.ts` tells the scheduler
 *
 * Everything is what production would do but for signatures, encodings and bandwidth, for loss of
 * gossip other than by cuts, and for connections that requests make or keep: here a connection
 * that is not needed goes, in use or not. Whoever joins dials at most a few of those it knows.
 *
 * The fleet starts formed: each process has run by itself for part of the time between two of its
 * claims, so that they do not all speak at one moment; then connections are there, and everyone
 * has heard the claim of everyone. Only the places that round trips are told from are still to be
 * found; that takes some ten probes.
 */
import type { PeerId } from '../../src/core/ids.ts'
import type { Random } from '../../src/core/random.ts'
import {
  type MembershipOptions,
  membershipOptions,
  type Profile,
  profileEdits,
} from '../../src/membership/options.ts'
import type { PeerClaim } from '../../src/membership/peer-claim.ts'
import { forkRandom, pick, shuffled } from '../chance.ts'
import type { Timeline } from '../kernel/timeline.ts'
import { Seat, type SeatEvents } from './full/connection-end.ts'
import { type DelayMs, MeshNetwork } from './full/mesh-network.ts'
import { CLOCK_AHEAD_MS, MeshPeer, type Outside } from './full/mesh-peer.ts'
import type { Gossip, GossipDeps, GossipMember } from './gossip.ts'

/** Of the address book of whoever joins: so many are dialled. */
const CONTACTS_MAX = 8

/** As in src/node/known-peers.ts: until they are dialled again if nobody answered. */
const REDIAL_MIN_MS = 5_000
const REDIAL_MAX_MS = 60_000

/** Between the incarnations of two lives: refutations of the first fit in between. */
const LIFE_INCARNATIONS = 1_000_000

/** Purposes of chance, of which each member has one more. */
const NETWORK_PURPOSE = 0
const START_PURPOSE = 1
const FIRST_MEMBER_PURPOSE = 2

export interface FullGossipInit {
  readonly timeline: Timeline
  readonly seed: number
  readonly delayMs: DelayMs
  /** Of membership, where they differ from the profile's. */
  readonly options?: Partial<MembershipOptions>
  readonly profile?: Profile
  /** Whether the member has a scheduler to tell. Left out: all have. */
  readonly isTold?: (member: number) => boolean
  /** Whether the hosts of those that crash go with them, so that no connection is reset. */
  readonly isHostLost?: boolean
  /** A member says something of itself. */
  readonly onPublish?: (member: number, claim: PeerClaim) => void
}

interface Inhabitant {
  readonly peer: MeshPeer
  readonly seat: Seat
}

export class FullGossip implements Gossip {
  readonly #deps: GossipDeps
  readonly #init: FullGossipInit
  readonly #options: MembershipOptions
  readonly #network: MeshNetwork
  readonly #random: Random
  readonly #indexOf = new Map<PeerId, number>()
  /** Member → what runs there now. */
  readonly #inhabitants: (Inhabitant | undefined)[]
  readonly #lifeCounts: number[]
  /** Of processes that have ended. */
  #pastStepCount = 0

  /** @throws ZodError if an option is out of its bounds, or there are too many members. */
  constructor(deps: GossipDeps, init: FullGossipInit) {
    const { timeline, seed, delayMs, profile = 'lan' } = init
    this.#deps = deps
    this.#init = init
    const memberCount = deps.members.length
    this.#options = membershipOptions.parse({
      profile,
      ...profileEdits[profile],
      membersMax: Math.max(1_024, memberCount),
      ...init.options,
    })
    this.#random = forkRandom(seed, START_PURPOSE)
    const random = forkRandom(seed, NETWORK_PURPOSE)
    this.#network = new MeshNetwork({ timeline, random, delayMs, memberCount })
    this.#inhabitants = new Array(memberCount).fill(undefined)
    this.#lifeCounts = new Array(memberCount).fill(0)
    for (const [index, { peer }] of deps.members.entries()) this.#indexOf.set(peer, index)
  }

  get stepCount(): number {
    let count = this.#pastStepCount
    for (const inhabitant of this.#inhabitants) count += inhabitant?.peer.stepCount ?? 0
    return count
  }

  start(absent: ReadonlySet<number>): void {
    const present = [...this.#deps.members.keys()].filter(member => !absent.has(member))
    const { publishMinIntervalMs, claimsPerSecondMax } = this.#options
    const paceMs = Math.max(publishMinIntervalMs, (present.length * 1_000) / claimsPerSecondMax)
    const all = present.map(member => {
      const inhabitant = this.#inhabit(member)
      inhabitant.peer.runAlone(Math.min(CLOCK_AHEAD_MS, paceMs * this.#random.next()))
      return inhabitant
    })
    this.#connectAll(all)
    this.#introduceAll(all.map(({ peer }) => peer))
    for (const { peer, seat } of all) {
      for (const other of seat.ends.keys()) {
        peer.step({ type: 'reachable-changed', peer: this.#idOf(other), isReachable: true })
      }
      peer.run()
    }
  }

  changed(member: number): void {
    this.#inhabitants[member]?.peer.changed()
  }

  crash(member: number): void {
    this.#end(member, this.#init.isHostLost ?? false)
  }

  /** Tells the others that it goes, and goes. */
  leave(member: number): void {
    this.#inhabitants[member]?.peer.step({ type: 'leave' })
    this.#end(member, false)
  }

  join(member: number): void {
    if (this.#inhabitants[member] !== undefined) return
    const others = [...this.#deps.members.keys()].filter(
      other => this.#inhabitants[other] !== undefined,
    )
    const inhabitant = this.#inhabit(member)
    inhabitant.peer.run()
    this.#enter(inhabitant, others, REDIAL_MIN_MS)
  }

  partition(cells: ReadonlySet<number>): void {
    const { members } = this.#deps
    this.#network.part(member => (cells.has(members[member]?.cell ?? 0) ? 1 : 0))
  }

  /** Dials some of those it knows, and others if it has met nobody by then. */
  #enter(inhabitant: Inhabitant, book: readonly number[], waitMs: number): void {
    const { peer, seat } = inhabitant
    if (seat.isGone || peer.members.length > 0 || book.length === 0) return
    for (const other of shuffled(this.#random, book).slice(0, CONTACTS_MAX)) {
      this.#network.dial(seat, other)
    }
    const nextMs = Math.min(REDIAL_MAX_MS, 2 * waitMs)
    this.#init.timeline.after(waitMs, () => this.#enter(inhabitant, book, nextMs))
  }

  #end(member: number, isVanished: boolean): void {
    const inhabitant = this.#inhabitants[member]
    if (inhabitant === undefined) return
    this.#inhabitants[member] = undefined
    this.#pastStepCount += inhabitant.peer.stepCount
    inhabitant.peer.stop()
    this.#network.leave(inhabitant.seat, isVanished)
  }

  #inhabit(member: number): Inhabitant {
    const { timeline, seed, isTold } = this.#init
    const { members, tell } = this.#deps
    const life = (this.#lifeCounts[member] ?? 0) + 1
    this.#lifeCounts[member] = life
    const purpose = FIRST_MEMBER_PURPOSE + member + (life - 1) * members.length
    const seat: Seat = new Seat(
      member,
      this.#eventsOf(member, () => peer),
    )
    const peer: MeshPeer = new MeshPeer({
      member: dialable(members[member] as GossipMember),
      incarnation: life * LIFE_INCARNATIONS,
      options: this.#options,
      random: forkRandom(seed, purpose),
      timeline,
      outside: this.#outsideOf(seat, () => peer),
      tell: (isTold?.(member) ?? true) ? event => tell(member, event) : undefined,
    })
    const inhabitant = { peer, seat }
    this.#inhabitants[member] = inhabitant
    this.#network.enter(seat)
    return inhabitant
  }

  /** What its machine wants done. */
  #outsideOf(seat: Seat, peer: () => MeshPeer): Outside {
    const network = this.#network
    const indexOf = (id: PeerId) => this.#indexOf.get(id) as number
    return {
      publish: claim => {
        this.#init.onPublish?.(seat.member, claim)
        network.publish(seat, claim)
      },
      send: (to, message) => {
        network.send(seat, indexOf(to), { message, claims: peer().claimsOf(message.claims) })
      },
      dial: to => network.dial(seat, indexOf(to)),
      disconnect: from => network.disconnect(seat, indexOf(from)),
    }
  }

  /** What its machine is told. */
  #eventsOf(member: number, peer: () => MeshPeer): SeatEvents {
    const idOf = (other: number) => this.#idOf(other)
    const self = idOf(member)
    const hear = (claim: PeerClaim, isRumour: boolean) =>
      peer().step({ type: 'claim-heard', claim, isRumour })
    return {
      isBefore: other => self < idOf(other),
      claims: () => peer().claims(),
      claimHeard: claim => hear(claim, true),
      connected: (other, { rttMs, claims }) => {
        peer().step({ type: 'connected', peer: idOf(other), rttMs })
        // Of whom it tells, others have heard; of itself perhaps not.
        for (const claim of claims) hear(claim, claim.peer === idOf(other))
      },
      disconnected: other => peer().step({ type: 'connection-lost', peer: idOf(other) }),
      reachableChanged: (other, isReachable) =>
        peer().step({ type: 'reachable-changed', peer: idOf(other), isReachable }),
      messageReceived: (other, { message, claims }) => {
        // What comes of a comparison is old; its author has told the others long ago.
        for (const claim of claims) hear(claim, message.body.type !== 'delta')
        peer().step({ type: 'message-received', from: idOf(other), message })
      },
      dialFailed: (other, isRefused) =>
        peer().step({ type: 'dial-failed', peer: idOf(other), isRefused }),
    }
  }

  /** Each to each, or as neighbours of a large mesh are chosen: by chance, until all have enough. */
  #connectAll(all: readonly Inhabitant[]): void {
    const { fullMeshMax, neighboursMin } = this.#options
    if (all.length <= fullMeshMax) {
      for (const [index, { seat }] of all.entries()) {
        for (const other of all.slice(index + 1)) this.#network.connect(seat, other.seat)
      }
      return
    }
    for (const { seat } of shuffled(this.#random, all)) {
      while (seat.ends.size < neighboursMin) {
        const other = pick(this.#random, all).seat
        if (other !== seat && !seat.ends.has(other.member)) this.#network.connect(seat, other)
      }
    }
  }

  /**
   * Everyone hears everyone's claim. In a large mesh without facts at first: as long as a machine
   * knows few, it takes the mesh for a small one, and would dial each whose address it hears.
   */
  #introduceAll(peers: readonly MeshPeer[]): void {
    const claims = peers.map(({ ownClaim }) => ownClaim)
    const { fullMeshMax } = this.#options
    const known = claims.length <= fullMeshMax ? [] : claims.slice(0, fullMeshMax)
    const bare = known.map(claim => ({ ...claim, facts: undefined }))
    for (const peer of peers) {
      for (const claim of [...bare, ...claims.slice(bare.length), ...known]) {
        if (claim.peer === peer.ownClaim.peer) continue
        peer.step({ type: 'claim-heard', claim, isRumour: false })
      }
    }
  }

  #idOf(member: number): PeerId {
    return this.#deps.members[member]?.peer as PeerId
  }
}

/** Nobody dials a peer that says no address. */
function dialable(member: GossipMember): GossipMember {
  const { facts, peer } = member
  if (facts.addresses.length > 0) return member
  return { ...member, facts: { ...facts, addresses: [`/dns4/${peer}/tcp/4001`] } }
}
