/**
 * One member of a simulated fleet that runs the production membership machine: drives it as
 * `src/node/mesh.ts` does, and tells its scheduler the same.
 *
 *     connections, messages, claims --> Membership --> what its scheduler is to know
 *     own load, at most every 50 ms ------^   '------> claims, messages, dials
 *
 * Everything happens at once and in order, as there are no signatures to make and no files to
 * write. Of `src/node/load-reports.ts` it takes when load is read.
 */
import { assert } from '../../../src/core/assert.ts'
import type { PeerId } from '../../../src/core/ids.ts'
import { NEVER } from '../../../src/core/machine.ts'
import type { Random } from '../../../src/core/random.ts'
import type { MembershipEffect, MembershipEvent } from '../../../src/membership/events.ts'
import type { MemberView } from '../../../src/membership/member.ts'
import { Membership } from '../../../src/membership/membership.ts'
import type { Message } from '../../../src/membership/message.ts'
import type { MembershipOptions } from '../../../src/membership/options.ts'
import type { PeerClaim } from '../../../src/membership/peer-claim.ts'
import type { SchedulerEvent } from '../../../src/scheduler/scheduler.ts'
import type { Planned, Timeline } from '../../kernel/timeline.ts'
import type { GossipMember } from '../gossip.ts'

/** As in src/node/load-reports.ts. */
const REPORT_INTERVAL_MIN_MS = 50

/**
 * Clocks of processes begin before the simulation does, so that they may have run for a while. A
 * power of two, so that to add and to subtract it loses no digit of a deadline.
 */
export const CLOCK_AHEAD_MS = 2 ** 22

/** What a machine wants done that reaches others. */
export interface Outside {
  publish(claim: PeerClaim): void
  send(to: PeerId, message: Message): void
  dial(peer: PeerId): void
  disconnect(peer: PeerId): void
}

export interface MeshPeerInit {
  readonly member: GossipMember
  readonly incarnation: number
  readonly options: MembershipOptions
  readonly random: Random
  readonly timeline: Timeline
  readonly outside: Outside
  /** `undefined`: it has no scheduler. */
  readonly tell: ((event: SchedulerEvent) => void) | undefined
}

export class MeshPeer {
  readonly #init: MeshPeerInit
  readonly #membership: Membership
  #stepCount = 0
  #isStopped = false
  /** When the timer fires, in the machine's time. It may be before the machine is due. */
  #armedAtMs = NEVER
  #wake: Planned | undefined
  #reportAtMs = NEVER
  #report: Planned | undefined

  constructor(init: MeshPeerInit) {
    this.#init = init
    const { facts, load, peer } = init.member
    const self = { peer, incarnation: init.incarnation, facts, load: load() }
    this.#membership = new Membership(self, init.options, init.random)
    init.tell?.({ type: 'peer-changed', peer, status: 'alive', facts, load: self.load })
  }

  get stepCount(): number {
    return this.#stepCount
  }

  get ownClaim(): PeerClaim {
    return this.#membership.ownClaim
  }

  get members(): readonly MemberView[] {
    return this.#membership.members()
  }

  /** For a greeting, ours first; see `Mesh.claims`. */
  claims(): readonly PeerClaim[] {
    const own = this.ownClaim.version === 0 ? [] : [this.ownClaim]
    if (!this.#membership.isFullMesh) return own
    return [...own, ...this.members.map(({ claim }) => claim)]
  }

  /** What it knows that a message names. */
  claimsOf(peers: readonly PeerId[]): readonly PeerClaim[] {
    if (peers.length === 0) return NO_CLAIMS
    return peers.flatMap(peer => {
      const isOwn = peer === this.#init.member.peer
      const claim = isOwn ? this.ownClaim : this.#membership.member(peer)?.claim
      return claim === undefined || claim.version === 0 ? [] : [claim]
    })
  }

  /**
   * The process runs for a while before the simulation begins, and meets nobody.
   *
   * @param forMs At most `CLOCK_AHEAD_MS`.
   */
  runAlone(forMs: number): void {
    this.#stepAt({ type: 'tick' }, CLOCK_AHEAD_MS - forMs)
    while (this.#membership.wakeAtMs < CLOCK_AHEAD_MS) {
      this.#stepAt({ type: 'tick' }, this.#membership.wakeAtMs)
    }
  }

  /** Its timers run from now on. */
  run(): void {
    this.#armWake()
    this.#reportWithin(this.#init.options.loadIntervalMs * this.#init.random.next())
  }

  step(event: MembershipEvent): void {
    assert(!this.#isStopped, 'nothing reaches a process that has ended')
    this.#stepAt(event, this.#init.timeline.nowMs + CLOCK_AHEAD_MS)
    this.#armWake()
  }

  /** Our engine got or ended a request: membership is told soon; many changes make one report. */
  changed(): void {
    this.#reportWithin(REPORT_INTERVAL_MIN_MS)
  }

  /** Its process ends. */
  stop(): void {
    this.#isStopped = true
    if (this.#wake !== undefined) this.#init.timeline.cancel(this.#wake)
    if (this.#report !== undefined) this.#init.timeline.cancel(this.#report)
  }

  #stepAt(event: MembershipEvent, nowMs: number): void {
    this.#stepCount += 1
    const effects = this.#membership.step(event, nowMs)
    for (const effect of effects) this.#perform(effect)
  }

  #perform(effect: MembershipEffect): void {
    const { outside, tell } = this.#init
    switch (effect.type) {
      case 'publish':
        outside.publish(effect.claim)
        return
      case 'send':
        outside.send(effect.to, effect.message)
        return
      case 'dial':
        outside.dial(effect.peer)
        return
      case 'disconnect':
        outside.disconnect(effect.peer)
        return
      case 'status-changed': {
        const { peer, status } = effect
        tell?.({ type: 'peer-changed', peer, status })
        // What waits for an answer of the dead is tried elsewhere.
        if (status === 'dead') outside.disconnect(peer)
        return
      }
      case 'state-changed':
        if (tell !== undefined) this.#tellState(effect, tell)
        return
      case 'state-confirmed': {
        const { peer } = effect
        tell?.({ type: 'peer-confirmed', peer, rttMs: this.#membership.member(peer)?.rttMs })
        return
      }
      case 'synced':
        tell?.({ type: 'peers-confirmed' })
        return
      case 'peer-forgotten':
        tell?.({ type: 'peer-forgotten', peer: effect.peer })
        return
    }
  }

  #tellState(
    { peer, facts, load, heardAtMs }: Extract<MembershipEffect, { type: 'state-changed' }>,
    tell: (event: SchedulerEvent) => void,
  ): void {
    const member = this.#membership.member(peer)
    if (member === undefined) return
    const { status, rttMs } = member
    const loadAtMs = heardAtMs - CLOCK_AHEAD_MS
    tell({ type: 'peer-changed', peer, status, facts, load, loadAtMs, rttMs })
  }

  /** Much changes that nobody tells us, such as the memory of a GPU: it is read anew each time. */
  #reportWithin(withinMs: number): void {
    const { timeline } = this.#init
    const atMs = timeline.nowMs + withinMs
    if (this.#isStopped || this.#reportAtMs <= atMs) return
    if (this.#report !== undefined) timeline.cancel(this.#report)
    this.#reportAtMs = atMs
    this.#report = timeline.at(atMs, this.#tellLoad)
  }

  readonly #tellLoad = (): void => {
    const { member, tell, options } = this.#init
    this.#report = undefined
    this.#reportAtMs = NEVER
    const load = member.load()
    tell?.({ type: 'peer-changed', peer: member.peer, status: 'alive', load })
    this.step({ type: 'self-changed', load })
    this.#reportWithin(options.loadIntervalMs)
  }

  /** Most events move the wake later, and each would plan what the next takes away. */
  #armWake(): void {
    const { wakeAtMs } = this.#membership
    if (this.#isStopped || this.#armedAtMs <= wakeAtMs) return
    const { timeline } = this.#init
    if (this.#wake !== undefined) timeline.cancel(this.#wake)
    this.#wake = undefined
    this.#armedAtMs = wakeAtMs
    if (wakeAtMs !== NEVER) this.#wake = timeline.at(wakeAtMs - CLOCK_AHEAD_MS, this.#woken)
  }

  readonly #woken = (): void => {
    const isDue = this.#armedAtMs >= this.#membership.wakeAtMs
    this.#wake = undefined
    this.#armedAtMs = NEVER
    if (isDue) this.step({ type: 'tick' })
    else this.#armWake()
  }
}

const NO_CLAIMS: readonly PeerClaim[] = []
