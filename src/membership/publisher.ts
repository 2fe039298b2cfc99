/**
 * Our own claims: what we say of ourselves, and when.
 *
 * A change is said at once if the last claim is `publishMinIntervalMs` ago, else as soon as it
 * is, together with whatever else has changed by then. Without a change, a claim goes out every
 * `publishMaxIntervalMs`: others take our silence for our end.
 *
 * Every claim carries our facts. It could leave them out when they have not changed; but then
 * whoever missed the one claim that had them, or met us through a third peer, would know our
 * load and not our models.
 */
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import type { MembershipOptions } from './options.ts'
import type { PeerClaim } from './peer-claim.ts'

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
  #hasChanged = false
  #hasLeft = false
  /** `undefined`: nothing was said yet. */
  #publishedAtMs: number | undefined

  constructor({ peer, incarnation, facts, load }: Self, options: MembershipOptions) {
    this.#options = options
    this.#facts = facts
    this.#load = load
    const start = { version: 0, factsVersion: 1, isLeaving: false }
    this.#claim = { peer, incarnation, facts, load, ...start }
  }

  get claim(): PeerClaim {
    return this.#claim
  }

  get hasLeft(): boolean {
    return this.#hasLeft
  }

  /** When the next claim is due, in monotonic ms. 0: at once. */
  get dueAtMs(): number {
    if (this.#hasLeft) return NEVER
    if (this.#publishedAtMs === undefined) return 0
    const { publishMinIntervalMs, publishMaxIntervalMs } = this.#options
    return this.#publishedAtMs + (this.#hasChanged ? publishMinIntervalMs : publishMaxIntervalMs)
  }

  change(facts: PeerFacts | undefined, load: PeerLoad | undefined): void {
    this.#facts = facts ?? this.#facts
    this.#load = load ?? this.#load
    this.#hasChanged = true
  }

  /** Somebody heard a claim of ours that is newer than what we said: say something newer yet. */
  outbid({ incarnation }: PeerClaim): void {
    this.#claim = { ...this.#claim, incarnation: incarnation + 1, version: 0 }
    this.#hasChanged = true
  }

  /** The next claim, if it is due. */
  publish(nowMs: number): PeerClaim | undefined {
    if (nowMs < this.dueAtMs) return undefined
    return this.#publish(nowMs)
  }

  /** The last claim, at once: we may not be here any more when the next is due. */
  leave(nowMs: number): PeerClaim | undefined {
    if (this.#hasLeft) return undefined
    this.#hasLeft = true
    return this.#publish(nowMs)
  }

  #publish(nowMs: number): PeerClaim {
    const haveFactsChanged = this.#facts !== this.#claim.facts
    this.#claim = {
      ...this.#claim,
      version: this.#claim.version + 1,
      facts: this.#facts,
      factsVersion: this.#claim.factsVersion + (haveFactsChanged ? 1 : 0),
      load: this.#load,
      isLeaving: this.#hasLeft,
    }
    this.#hasChanged = false
    this.#publishedAtMs = nowMs
    return this.#claim
  }
}
