/**
 * This peer among the others: drives the membership machine with what network and lanes tell, and
 * performs what it decides.
 *
 *     network: connections, claims --> Membership --> scheduler's view, events
 *     lanes: messages --------------------^   '-----> gossip, messages, dials
 *     engines: models, load --------------'
 *
 * The two machines meet in `#perform`: what membership says of a peer becomes what the scheduler
 * knows of it.
 */
import { hasCode, MeshError } from '../core/errors.ts'
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import { Random } from '../core/random.ts'
import type { MembershipEffect, MembershipEvent } from '../membership/events.ts'
import type { MemberView } from '../membership/member.ts'
import { Membership } from '../membership/membership.ts'
import type { Message } from '../membership/message.ts'
import type { MembershipOptions } from '../membership/options.ts'
import { isNewer, type PeerClaim } from '../membership/peer-claim.ts'
import type { Greeting } from '../protocols/hello.ts'
import { decodeMessage } from '../protocols/membership-codec.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Clock } from './clock.ts'
import type { Agreement } from './consensus/agreement.ts'
import { Driver } from './driver.ts'
import type { Logger } from './log.ts'
import { packMessage } from './message-packing.ts'
import type { Metrics } from './metrics.ts'
import type { Network } from './network.ts'
import { openClaim, signClaim } from './signed-claims.ts'
import type { Identity } from './storage/identity.ts'
import type { KnownPeer } from './storage/mesh-file.ts'
import { TellableClaims } from './tellable-claims.ts'

/** Claims checked at once; more wait their turn. */
const CHECKS_MAX = 64

type IsRumour = (claim: PeerClaim) => boolean

export interface MeshDeps {
  readonly identity: Identity
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly scheduler: Pick<Scheduler, 'step'>
  readonly agreement: Pick<Agreement, 'memberSeen' | 'memberForgotten'>
  /** Set once the network runs; nothing is sent before. */
  readonly network: () => Network | undefined
  /** Sends a message over the lane. `false`: it cannot be sent now, and is lost. */
  readonly post: (peer: PeerId, message: Uint8Array) => boolean
  /** Whether nothing runs over the connection to the peer that would be lost with it. */
  readonly isIdle: (peer: PeerId) => boolean
  /** Whether it was cut off from the mesh: what it said is not taken from others either. */
  readonly isBarred: (peer: PeerId) => boolean
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly onFatal: (error: unknown) => void
  readonly seed: number
  readonly incarnation: number
}

export class Mesh {
  readonly #deps: MeshDeps
  readonly #membership: Membership
  readonly #driver: Driver<MembershipEvent, MembershipEffect>
  readonly #tellable: TellableClaims
  /** The newest signed claim of each author, as it arrived, to be passed on. Ours included. */
  readonly #signedClaims = new Map<PeerId, Uint8Array>()
  /** The facts that were told of last. */
  readonly #toldFacts = new Map<PeerId, { readonly version: string; readonly text: string }>()
  /** Our claim to gossip next; a newer one takes its place, for it says everything again. */
  #unpublished: Uint8Array | undefined
  #publishing: Promise<void> | undefined
  #signing: Promise<void> = Promise.resolve()

  constructor(
    deps: MeshDeps,
    options: MembershipOptions,
    first: { facts: PeerFacts; load: PeerLoad },
  ) {
    this.#deps = deps
    const { identity, incarnation, clock, logger } = deps
    this.#tellable = new TellableClaims(logger)
    const self = { peer: identity.peerId, incarnation, ...first }
    this.#membership = new Membership(self, options, new Random(deps.seed))
    this.#driver = new Driver(this.#membership, {
      clock,
      perform: effect => this.#perform(effect),
      onFatal: deps.onFatal,
    })
    deps.scheduler.step(
      { type: 'peer-changed', peer: identity.peerId, status: 'alive', ...first },
      clock.nowMs(),
    )
  }

  /**
   * Encoded SignedClaims for a greeting, ours first. In a large mesh ours alone: neighbours change
   * there, and what a newcomer lacks it gets by the comparison that follows.
   */
  claims(): readonly Uint8Array[] {
    const own = this.#signedClaims.get(this.#deps.identity.peerId)
    if (own !== undefined && !this.#membership.isFullMesh) return [own]
    const others = [...this.#signedClaims].filter(([peer]) => peer !== this.#deps.identity.peerId)
    return [...(own === undefined ? [] : [own]), ...others.map(([, bytes]) => bytes)]
  }

  async connected(peer: PeerId, greeting: Greeting): Promise<void> {
    this.#driver.post({ type: 'connected', peer, rttMs: greeting.rttMs })
    // Of whom it tells, others have heard; of itself perhaps not.
    await this.#hearAll(greeting.claims, claim => claim.peer === peer)
  }

  disconnected(peer: PeerId): void {
    this.#driver.post({ type: 'connection-lost', peer })
  }

  laneChanged(peer: PeerId, isOpen: boolean): void {
    this.#driver.post({ type: 'reachable-changed', peer, isReachable: isOpen })
  }

  peerHeard(peer: PeerId): void {
    this.#driver.post({ type: 'peer-heard', peer })
  }

  /** @throws MeshError ERR_BAD_FRAME. */
  messageReceived(from: PeerId, bytes: Uint8Array): void {
    const { message, signedClaims } = decodeMessage(bytes)
    this.#deps.metrics.membership.messages.inc({ direction: 'in', outcome: 'received' })
    const receive = () => this.#driver.post({ type: 'message-received', from, message })
    // What comes of a comparison is old; its author has told the others long ago.
    const isNews = () => message.body.type !== 'delta'
    // The claims first: the message may speak of those who made them.
    if (signedClaims.length === 0) receive()
    else this.#hearAll(signedClaims, isNews).then(receive, this.#deps.onFatal)
  }

  /**
   * Takes an encoded SignedClaim, if it is genuine and news.
   *
   * @param isRumour See `claim-heard`.
   */
  async claimHeard(signedClaim: Uint8Array, isRumour: IsRumour = () => true): Promise<void> {
    const claim = await openClaim(signedClaim, candidate => this.#isNews(candidate))
    if (claim === undefined || !this.#isNews(claim)) return
    this.#driver.post({ type: 'claim-heard', claim, isRumour: isRumour(claim) })
    // Kept only for members: the table may have ignored a newcomer, being full.
    if (this.#membership.member(claim.peer) !== undefined) {
      this.#signedClaims.set(claim.peer, signedClaim)
    }
  }

  /** What our engines serve, or how busy they are, has changed. */
  changed(change: { readonly facts?: PeerFacts; readonly load?: PeerLoad }): void {
    const { scheduler, identity, clock } = this.#deps
    scheduler.step(
      { type: 'peer-changed', peer: identity.peerId, status: 'alive', ...change },
      clock.nowMs(),
    )
    this.#driver.post({ type: 'self-changed', ...change })
  }

  get members(): readonly MemberView[] {
    return this.#membership.members()
  }

  /** Of our newest claim: higher at every start, and whenever we refuted a doubt. */
  get incarnation(): number {
    return this.#membership.ownClaim.incarnation
  }

  get healthScore(): number {
    return this.#membership.healthScore
  }

  get stallCount(): number {
    return this.#membership.stallCount
  }

  /**
   * Connects to a member for a request. In a mesh in which everyone is to be connected to everyone
   * that is tried anyway, so whoever is not cannot be reached now.
   *
   * @throws MeshError ERR_PEER_LOST, and what `Network.dial` throws.
   */
  async connect(peer: PeerId): Promise<void> {
    const addresses = this.#membership.member(peer)?.facts?.addresses
    const network = this.#deps.network()
    if (this.#membership.isFullMesh || network === undefined || addresses === undefined) {
      throw new MeshError(`expected a connection to ${peer}, found none`, { code: 'ERR_PEER_LOST' })
    }
    await network.dial(peer, addresses)
  }

  /**
   * Where the members were last seen, for the next start; those alive first. Whoever has left may
   * be back by then.
   */
  addressBook(): readonly KnownPeer[] {
    const isLive = ({ status }: MemberView) => status === 'alive' || status === 'suspect'
    const members = this.members.toSorted((a, b) => Number(isLive(b)) - Number(isLive(a)))
    return members.flatMap(({ peer, facts }) =>
      facts === undefined ? [] : [{ peer, addresses: facts.addresses }],
    )
  }

  /** The mesh has cut it off: its connection ends at once, and it is forgotten. */
  expel(peer: PeerId, error: MeshError): void {
    this.#deps.logger.info('a peer is out of the mesh', { peer, error })
    this.#deps.onEvent('peer-removed', { peer, reason: error.code })
    this.#driver.post({ type: 'peer-expelled', peer })
    this.#deps.network()?.disconnect(peer, error)
  }

  /** Tells the others that we go, and stops. @returns The last claim, signed. */
  async leave(): Promise<Uint8Array | undefined> {
    this.#driver.post({ type: 'leave' })
    await this.#signing
    await this.#publishing
    this.#driver.stop()
    return this.#signedClaims.get(this.#deps.identity.peerId)
  }

  async #hearAll(signedClaims: readonly Uint8Array[], isRumour: IsRumour): Promise<void> {
    for (let start = 0; start < signedClaims.length; start += CHECKS_MAX) {
      const batch = signedClaims.slice(start, start + CHECKS_MAX)
      await Promise.all(batch.map(bytes => this.claimHeard(bytes, isRumour)))
    }
  }

  #isNews(claim: PeerClaim): boolean {
    if (this.#deps.isBarred(claim.peer)) return false
    const isOwn = claim.peer === this.#deps.identity.peerId
    const known = isOwn ? this.#membership.ownClaim : this.#membership.member(claim.peer)?.claim
    return known === undefined || isNewer(claim, known)
  }

  #perform(effect: MembershipEffect): Promise<void> | undefined {
    const { scheduler, clock } = this.#deps
    switch (effect.type) {
      case 'publish':
        this.#signing = this.#sign(effect.claim)
        return this.#signing
      case 'send':
        this.#send(effect.to, effect.message)
        return
      case 'dial':
        this.#dial(effect.peer, effect.addresses)
        return
      case 'disconnect':
        if (this.#deps.isIdle(effect.peer)) this.#deps.network()?.disconnect(effect.peer)
        return
      case 'status-changed':
        this.#tellStatus(effect)
        return
      case 'state-changed':
        this.#tellState(effect)
        return
      case 'state-confirmed': {
        const { peer } = effect
        const rttMs = this.#membership.member(peer)?.rttMs
        scheduler.step({ type: 'peer-confirmed', peer, rttMs }, clock.nowMs())
        return
      }
      case 'synced':
        scheduler.step({ type: 'peers-confirmed' }, clock.nowMs())
        return
      case 'peer-forgotten':
        this.#forget(effect.peer)
        return
    }
  }

  #tellStatus({ peer, status }: Extract<MembershipEffect, { type: 'status-changed' }>): void {
    const { scheduler, clock, metrics, logger, onEvent } = this.#deps
    scheduler.step({ type: 'peer-changed', peer, status }, clock.nowMs())
    this.#tellAgreement(peer)
    metrics.membership.statusChanges.inc({ status })
    logger.info('a member changed status', { peer, status })
    onEvent(`peer-${status}`, { peer, name: this.#membership.member(peer)?.facts?.name })
    // What waits for an answer of the dead is tried elsewhere. A frozen machine, or one whose
    // cable is pulled, would keep the connection open for minutes.
    if (status === 'dead') this.#deps.network()?.disconnect(peer, buried(peer))
  }

  #tellState(effect: Extract<MembershipEffect, { type: 'state-changed' }>): void {
    const { scheduler, clock, onEvent } = this.#deps
    const { peer, facts, load, heardAtMs } = effect
    const member = this.#membership.member(peer)
    if (member === undefined) return
    const { status, rttMs, claim } = member
    scheduler.step(
      { type: 'peer-changed', peer, status, facts, load, loadAtMs: heardAtMs, rttMs },
      clock.nowMs(),
    )
    this.#tellAgreement(peer)
    if (!this.#areFactsNews(peer, claim)) return
    onEvent('peer-changed', { peer, name: facts?.name, models: facts?.models.map(({ id }) => id) })
  }

  /** A doubt is no reason to look for another voter. */
  #tellAgreement(peer: PeerId): void {
    const { status, facts } = this.#membership.member(peer) ?? {}
    const isAlive = status === 'alive' || status === 'suspect'
    this.#deps.agreement.memberSeen({ peer, isAlive, zone: facts?.zone ?? '' })
  }

  /** Whether the facts of a member that we knew have changed, not only been said again. */
  #areFactsNews(peer: PeerId, { incarnation, factsVersion, facts }: PeerClaim): boolean {
    const told = this.#toldFacts.get(peer)
    const version = `${incarnation} ${factsVersion}`
    if (told?.version === version) return false
    const text = JSON.stringify(facts)
    this.#toldFacts.set(peer, { version, text })
    return told !== undefined && told.text !== text
  }

  /** The next effects may send the claim, so they wait for it. */
  async #sign(claim: PeerClaim): Promise<void> {
    const { identity } = this.#deps
    const signed = await signClaim(this.#tellable.of(claim), identity.privateKey)
    this.#signedClaims.set(identity.peerId, signed)
    this.#unpublished = signed
    this.#publishing ??= this.#publishAll()
  }

  async #publishAll(): Promise<void> {
    try {
      while (this.#unpublished !== undefined) {
        const signed = this.#unpublished
        this.#unpublished = undefined
        await this.#publish(signed)
      }
    } finally {
      this.#publishing = undefined
    }
  }

  async #publish(signed: Uint8Array): Promise<void> {
    try {
      await this.#deps.network()?.publish(signed)
    } catch (error) {
      // Messages carry it too, and members compare what they know.
      this.#deps.logger.warn('a claim was not published', { error })
    }
  }

  #send(to: PeerId, message: Message): void {
    const { post, metrics } = this.#deps
    for (const bytes of packMessage(message, this.#signedClaims)) {
      const outcome = post(to, bytes) ? 'sent' : 'dropped'
      metrics.membership.messages.inc({ direction: 'out', outcome })
    }
  }

  #dial(peer: PeerId, addresses: readonly string[]): void {
    const network = this.#deps.network()
    if (network === undefined) return
    network.dial(peer, addresses).catch((error: unknown) => {
      this.#deps.logger.info('a dial failed', { peer, error })
      const isRefused = hasCode(error, 'ERR_UNREACHABLE') && error.details['isRefused'] === true
      this.#driver.post({ type: 'dial-failed', peer, isRefused })
    })
  }

  #forget(peer: PeerId): void {
    this.#deps.scheduler.step({ type: 'peer-forgotten', peer }, this.#deps.clock.nowMs())
    this.#deps.agreement.memberForgotten(peer)
    this.#signedClaims.delete(peer)
    this.#toldFacts.delete(peer)
  }
}

function buried(peer: PeerId): MeshError {
  return new MeshError(`expected peer ${peer} to be alive, found that it has not been heard`, {
    code: 'ERR_PEER_LOST',
  })
}
