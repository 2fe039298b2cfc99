/**
 * This peer among the others: drives the member table with what the network tells, and passes
 * on what it decides.
 *
 *     network: connected, disconnected, claims --> PeerTable --> scheduler's view
 *     engines: models, load ------------------------^    '----> gossip, dials
 *
 * The two machines meet in `#perform`: what membership says of a peer becomes what the scheduler
 * knows of it.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import { Random } from '../core/random.ts'
import type { MembershipOptions } from '../membership/options.ts'
import { isNewer, type PeerClaim } from '../membership/peer-claim.ts'
import {
  type MembershipEffect,
  type MembershipEvent,
  type MemberView,
  PeerTable,
} from '../membership/peer-table.ts'
import type { Greeting } from '../protocols/hello.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Clock } from './clock.ts'
import { Driver } from './driver.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Network } from './network.ts'
import { openClaim, signClaim } from './signed-claims.ts'
import type { Identity } from './storage/identity.ts'
import type { KnownPeer } from './storage/mesh-file.ts'

/** Claims checked at once; more wait their turn. */
const CHECKS_MAX = 64

export interface MeshDeps {
  readonly identity: Identity
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Metrics
  readonly scheduler: Pick<Scheduler, 'step'>
  /** Set once the network runs; nothing is sent before. */
  readonly network: () => Network | undefined
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
  readonly onFatal: (error: unknown) => void
  readonly seed: number
  readonly incarnation: number
}

export class Mesh {
  readonly #deps: MeshDeps
  readonly #table: PeerTable
  readonly #driver: Driver<MembershipEvent, MembershipEffect>
  /** The newest signed claim of each author, as it arrived, for greetings. Ours included. */
  readonly #signedClaims = new Map<PeerId, Uint8Array>()
  /** Of peers that are connected. */
  readonly #rttMs = new Map<PeerId, number>()
  /** The claim to publish next; a newer one takes its place, for it says everything again. */
  #unpublished: PeerClaim | undefined
  #publishing: Promise<void> | undefined

  constructor(
    deps: MeshDeps,
    options: MembershipOptions,
    first: { facts: PeerFacts; load: PeerLoad },
  ) {
    this.#deps = deps
    const { identity, incarnation, clock } = deps
    const self = { peer: identity.peerId, incarnation, ...first }
    this.#table = new PeerTable(self, options, new Random(deps.seed))
    this.#driver = new Driver(this.#table, {
      clock,
      perform: effect => this.#perform(effect),
      onFatal: deps.onFatal,
    })
    deps.scheduler.step(
      { type: 'peer-changed', peer: identity.peerId, status: 'alive', ...first },
      clock.nowMs(),
    )
  }

  /** Encoded SignedClaims for a greeting, ours first. */
  claims(): readonly Uint8Array[] {
    const own = this.#signedClaims.get(this.#deps.identity.peerId)
    const others = [...this.#signedClaims].filter(([peer]) => peer !== this.#deps.identity.peerId)
    return [...(own === undefined ? [] : [own]), ...others.map(([, bytes]) => bytes)]
  }

  async connected(peer: PeerId, greeting: Greeting): Promise<void> {
    this.#rttMs.set(peer, greeting.rttMs)
    this.#driver.post({ type: 'connected', peer })
    for (let start = 0; start < greeting.claims.length; start += CHECKS_MAX) {
      const batch = greeting.claims.slice(start, start + CHECKS_MAX)
      await Promise.all(batch.map(bytes => this.claimHeard(bytes)))
    }
  }

  disconnected(peer: PeerId): void {
    this.#rttMs.delete(peer)
    this.#driver.post({ type: 'connection-lost', peer })
  }

  /** Takes an encoded SignedClaim, if it is genuine and news. */
  async claimHeard(signedClaim: Uint8Array): Promise<void> {
    const claim = await openClaim(signedClaim, candidate => this.#isNews(candidate))
    if (claim === undefined || !this.#isNews(claim)) return
    this.#driver.post({ type: 'claim-heard', claim })
    // Kept only for members: the table may have ignored a newcomer, being full.
    if (this.#table.member(claim.peer) !== undefined)
      this.#signedClaims.set(claim.peer, signedClaim)
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

  get members() {
    return this.#table.members()
  }

  /** Round trip to a peer that is connected, in ms; `undefined`: not measured. */
  rttMs(peer: PeerId): number | undefined {
    return this.#rttMs.get(peer)
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

  /** Tells the others that we go, and stops. @returns The last claim, signed. */
  async leave(): Promise<Uint8Array | undefined> {
    this.#driver.post({ type: 'leave' })
    await this.#publishing
    this.#driver.stop()
    return this.#signedClaims.get(this.#deps.identity.peerId)
  }

  #isNews(claim: PeerClaim): boolean {
    const isOwn = claim.peer === this.#deps.identity.peerId
    const known = isOwn ? this.#table.ownClaim : this.#table.member(claim.peer)?.claim
    return known === undefined || isNewer(claim, known)
  }

  #perform(effect: MembershipEffect): undefined {
    const { scheduler, clock, onEvent, metrics } = this.#deps
    switch (effect.type) {
      case 'publish':
        this.#unpublished = effect.claim
        this.#publishing ??= this.#publishAll()
        return
      case 'status-changed': {
        const { peer, status } = effect
        scheduler.step({ type: 'peer-changed', peer, status }, clock.nowMs())
        metrics.membership.statusChanges.inc({ status })
        this.#deps.logger.info('a member changed status', { peer, status })
        onEvent(`peer-${status}`, { peer, name: this.#table.member(peer)?.facts?.name })
        return
      }
      case 'state-changed': {
        const { peer, facts, load, heardAtMs } = effect
        const status = this.#table.member(peer)?.status ?? 'alive'
        const rttMs = this.#rttMs.get(peer)
        scheduler.step(
          { type: 'peer-changed', peer, status, facts, load, loadAtMs: heardAtMs, rttMs },
          clock.nowMs(),
        )
        return
      }
      case 'dial':
        this.#dial(effect.peer, effect.addresses)
        return
      case 'peer-forgotten':
        this.#forget(effect.peer)
        return
    }
  }

  async #publishAll(): Promise<void> {
    try {
      while (this.#unpublished !== undefined) {
        const claim = this.#unpublished
        this.#unpublished = undefined
        await this.#publish(claim)
      }
    } catch (error) {
      this.#deps.onFatal(error)
    } finally {
      this.#publishing = undefined
    }
  }

  async #publish(claim: PeerClaim): Promise<void> {
    const { identity, network, logger } = this.#deps
    const signed = await signClaim(claim, identity.privateKey)
    this.#signedClaims.set(identity.peerId, signed)
    try {
      await network()?.publish(signed)
    } catch (error) {
      // The next claim says it all again, at the latest with the heartbeat.
      logger.warn('a claim was not published', { error })
    }
  }

  #dial(peer: PeerId, addresses: readonly string[]): void {
    const network = this.#deps.network()
    if (network === undefined) return
    network.dial(peer, addresses).catch((error: unknown) => {
      this.#deps.logger.info('a dial failed', { peer, error })
      this.#driver.post({ type: 'dial-failed', peer })
    })
  }

  #forget(peer: PeerId): void {
    this.#deps.scheduler.step({ type: 'peer-forgotten', peer }, this.#deps.clock.nowMs())
    this.#signedClaims.delete(peer)
  }
}
