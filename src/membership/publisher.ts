/**
 * Our own claims: what we say of ourselves, and when.
 *
 * A change is said at once if the last claim is long enough ago, else as soon as it is, together
 * with whatever else has changed by then. "Long enough" grows with the mesh, so that all claims of
 * all peers together stay within `claimsPerSecondMax`. Without a change nothing is said: probes
 * carry the version of our newest claim, and so confirm it.
 *
 * Every claim carries our facts. It could leave them out when they have not changed; but then
 * whoever missed the one claim that had them, or met us through a third peer, would know our
 * load and not our models.
 */
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import { isSameLoad } from './load-change.ts'
import type { MembershipOptions } from './options.ts'
import type { PeerClaim } from './peer-claim.ts'
import type { Coordinate } from './vivaldi.ts'

export interface Self {
  readonly peer: PeerId
  /** Higher than at any start before. */
  readonly incarnation: number
  readonly facts: PeerFacts
  readonly load: PeerLoad
}

export class Publisher {
  readonly #options: MembershipOptions
  /** What we said last. Version 0 was never said. */
  #claim: PeerClaim
  /** What the next claim will say. */
  #facts: PeerFacts
  #load: PeerLoad
  /** Goes out with the next claim; it is no reason for one. */
  coordinate: Coordinate | undefined
  #hasChanged = false
  #hasLeft = false
  #isNewsOfLife = true
  #intervalMs: number
  /** `undefined`: nothing was said yet. */
  #publishedAtMs: number | undefined

  constructor({ peer, incarnation, facts, load }: Self, options: MembershipOptions) {
    this.#options = options
    this.#facts = facts
    this.#load = load
    this.#intervalMs = options.publishMinIntervalMs
    const start = { version: 0, factsVersion: 1, coordinate: undefined, isLeaving: false }
    this.#claim = { peer, incarnation, facts, load, ...start }
  }

  get claim(): PeerClaim {
    return this.#claim
  }

  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** Whether the last claim says more than a new load: that we live, go, or what we offer. */
  get isNewsOfLife(): boolean {
    return this.#isNewsOfLife
  }

  /** When the next claim is due, in monotonic ms. 0: at once. */
  get dueAtMs(): number {
    if (this.#hasLeft) return NEVER
    if (this.#publishedAtMs === undefined) return 0
    return this.#hasChanged ? this.#publishedAtMs + this.#intervalMs : NEVER
  }

  /** The mesh has so many members, us included. */
  pace(meshSize: number): void {
    const { publishMinIntervalMs, claimsPerSecondMax } = this.#options
    this.#intervalMs = Math.max(publishMinIntervalMs, (meshSize * 1_000) / claimsPerSecondMax)
  }

  change(facts: PeerFacts | undefined, load: PeerLoad | undefined): void {
    if (facts !== undefined) {
      this.#facts = facts
      this.#hasChanged = true
    }
    if (load !== undefined && !isSameLoad(load, this.#load)) {
      this.#load = load
      this.#hasChanged = true
    }
  }

  /** Somebody holds something of this incarnation against us: the next claim is of a higher one. */
  outbid(incarnation: number): void {
    this.#claim = { ...this.#claim, incarnation: incarnation + 1, version: 0 }
    this.#isNewsOfLife = true
  }

  /** The next claim, if it is due. */
  publish(nowMs: number): PeerClaim | undefined {
    if (nowMs < this.dueAtMs) return undefined
    return this.#publish(nowMs)
  }

  /** The next claim, though it may not be due: others are wrong about us. */
  publishNow(nowMs: number): PeerClaim | undefined {
    return this.#hasLeft ? undefined : this.#publish(nowMs)
  }

  /** The last claim, at once: we may not be here any more when the next is due. */
  leave(nowMs: number): PeerClaim | undefined {
    if (this.#hasLeft) return undefined
    this.#hasLeft = true
    return this.#publish(nowMs)
  }

  #publish(nowMs: number): PeerClaim {
    const { facts, factsVersion, version } = this.#claim
    const haveFactsChanged = this.#facts !== facts
    this.#isNewsOfLife = version === 0 || haveFactsChanged || this.#hasLeft
    this.#claim = {
      ...this.#claim,
      version: version + 1,
      facts: this.#facts,
      factsVersion: factsVersion + (haveFactsChanged ? 1 : 0),
      load: this.#load,
      coordinate: this.coordinate,
      isLeaving: this.#hasLeft,
    }
    this.#hasChanged = false
    this.#publishedAtMs = nowMs
    return this.#claim
  }
}
