/**
 * One probe each protocol period: is this member there?
 *
 *     period begins --> ping --ack--> alive
 *                        |late
 *                        '--> ask some helpers to ping it --ack--> alive
 *                                   '--nothing by the end of the period--> failed
 *
 * Every other period belongs to our ward, the member that follows us in the ring of ids: so every
 * member is probed by somebody within two periods, where chance alone leaves one in a thousand
 * unprobed for seven. In the periods between, members are probed in a shuffled order, all of them
 * before anyone again. Whoever others doubt is probed before its turn.
 *
 * Source: Das, Gupta, Motivala, "SWIM", DSN 2002, sections 3.1 and 4.3; nacks: Lifeguard, 2017,
 * section IV.A. The ward is ours.
 */
import { assert } from '../core/assert.ts'
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { Random } from '../core/random.ts'
import { patienceMs, type RoundTrip } from './round-trip.ts'

export interface ProberOptions {
  readonly probeIntervalMs: number
  readonly probeTimeoutMinMs: number
  readonly probeTimeoutMaxMs: number
  readonly indirectProbeCount: number
}

/** What the prober asks about the members. */
export interface ProbeScope {
  /** Whom to probe: everyone believed alive or doubted. */
  targets(): readonly PeerId[]
  isTarget(peer: PeerId): boolean
  /** Whom to probe more often than others. `undefined`: nobody. */
  ward(): PeerId | undefined
  /** Whether a message can be sent to it now. */
  isReachable(peer: PeerId): boolean
  /** Some members, chosen by chance, that can be sent a message; never the target. */
  helpers(target: PeerId, count: number): readonly PeerId[]
  /** When anything came from it directly. */
  heardAtMs(peer: PeerId): number
  roundTrip(peer: PeerId): RoundTrip | undefined
}

export type ProbeStep =
  | { readonly type: 'ping'; readonly to: PeerId; readonly sequence: number }
  | {
      readonly type: 'ask'
      readonly helpers: readonly PeerId[]
      readonly target: PeerId
      readonly sequence: number
    }
  | { readonly type: 'reached'; readonly peer: PeerId }
  /** @param healthDelta Signs that the fault may be ours. */
  | { readonly type: 'failed'; readonly peer: PeerId; readonly healthDelta: number }

interface Probe {
  readonly target: PeerId
  readonly sequence: number
  readonly startedAtMs: number
  /** When helpers are asked. `NEVER` once they are. */
  askAtMs: number
  endMs: number
  /** Who was asked, and when. */
  helpers: readonly PeerId[]
  askedAtMs: number
  nackCount: number
  isAcked: boolean
}

/** Doubted members that wait to be probed. */
const URGENT_MAX = 16

export class Prober {
  readonly #options: ProberOptions
  readonly #scope: ProbeScope
  readonly #random: Random
  readonly #nextSequence: () => number
  #order: PeerId[] = []
  /** Those in the order, which may be thousands. */
  readonly #ordered = new Set<PeerId>()
  #isWardsTurn = false
  readonly #urgent = new Set<PeerId>()
  #probe: Probe | undefined
  /** When the next period begins if no probe is running. */
  #idleUntilMs = 0
  #hasBegun = false

  constructor(
    options: ProberOptions,
    deps: { scope: ProbeScope; random: Random; nextSequence: () => number },
  ) {
    this.#options = options
    this.#scope = deps.scope
    this.#random = deps.random
    this.#nextSequence = deps.nextSequence
  }

  get wakeAtMs(): number {
    if (this.#probe === undefined) return this.#idleUntilMs
    return Math.min(this.#probe.askAtMs, this.#probe.endMs)
  }

  /** A newcomer is probed somewhere in the present round, not after it. */
  add(peer: PeerId): void {
    if (this.#ordered.has(peer)) return
    this.#ordered.add(peer)
    this.#order.splice(this.#random.nextIndex(this.#order.length + 1), 0, peer)
  }

  /** Others doubt it: probe it next. */
  hurry(peer: PeerId): void {
    if (this.#urgent.size < URGENT_MAX) this.#urgent.add(peer)
  }

  /** @returns The round trip if the ack came from the target itself. */
  acked(from: PeerId, sequence: number, nowMs: number): number | undefined {
    const probe = this.#probe
    if (probe === undefined || probe.sequence !== sequence) return undefined
    probe.isAcked = true
    return from === probe.target ? nowMs - probe.startedAtMs : undefined
  }

  nacked(sequence: number): void {
    if (this.#probe?.sequence === sequence) this.#probe.nackCount += 1
  }

  /** Our connection to it ended in good order: that it does not answer now says nothing. */
  drop(peer: PeerId, nowMs: number): void {
    if (this.#probe?.target !== peer) return
    this.#probe = undefined
    this.#idleUntilMs = Math.max(this.#idleUntilMs, nowMs)
  }

  /** We were deaf for so long. */
  extend(durationMs: number): void {
    if (this.#probe !== undefined) this.#probe.endMs += durationMs
  }

  /** @param healthFactor 1 or more; all times grow by it. */
  tick(nowMs: number, healthFactor: number): readonly ProbeStep[] {
    const steps: ProbeStep[] = []
    if (this.#probe !== undefined && this.#probe.endMs <= nowMs) steps.push(this.#end(this.#probe))
    if (!this.#hasBegun) {
      // By chance, so that a mesh that started together does not probe together.
      this.#hasBegun = true
      this.#idleUntilMs = nowMs + this.#random.next() * this.#options.probeIntervalMs
    } else if (this.#probe === undefined && this.#idleUntilMs <= nowMs) {
      steps.push(...this.#begin(nowMs, healthFactor))
    } else if (this.#probe !== undefined && this.#probe.askAtMs <= nowMs) {
      steps.push(...this.#ask(this.#probe, nowMs))
    }
    return steps
  }

  #begin(nowMs: number, healthFactor: number): ProbeStep[] {
    const endMs = nowMs + this.#options.probeIntervalMs * healthFactor
    this.#idleUntilMs = endMs
    const target = this.#nextTarget(nowMs)
    if (target === undefined) return []
    const isReachable = this.#scope.isReachable(target)
    const minMs = this.#options.probeTimeoutMinMs * healthFactor
    const maxMs = this.#options.probeTimeoutMaxMs * healthFactor
    const waitMs = patienceMs(this.#scope.roundTrip(target), { minMs, maxMs })
    const probe: Probe = {
      target,
      sequence: this.#nextSequence(),
      startedAtMs: nowMs,
      askAtMs: isReachable ? nowMs + waitMs : nowMs,
      endMs,
      helpers: [],
      askedAtMs: nowMs,
      nackCount: 0,
      isAcked: false,
    }
    this.#probe = probe
    if (isReachable) return [{ type: 'ping', to: target, sequence: probe.sequence }]
    return this.#ask(probe, nowMs)
  }

  #ask(probe: Probe, nowMs: number): ProbeStep[] {
    probe.askAtMs = NEVER
    if (this.#isReached(probe)) return []
    const { target, sequence } = probe
    const helpers = this.#scope.helpers(target, this.#options.indirectProbeCount)
    probe.helpers = helpers
    probe.askedAtMs = nowMs
    return helpers.length === 0 ? [] : [{ type: 'ask', helpers, target, sequence }]
  }

  #end(probe: Probe): ProbeStep {
    this.#probe = undefined
    const { target: peer } = probe
    if (this.#isReached(probe)) return { type: 'reached', peer }
    return { type: 'failed', peer, healthDelta: this.#healthDelta(probe) }
  }

  /**
   * Helpers that live and do not even say no are a sign that we cannot be heard; those that are
   * silent altogether may be gone like the target. Without helpers nobody can tell whose fault it is.
   */
  #healthDelta({ helpers, askedAtMs, nackCount }: Probe): number {
    if (helpers.length === 0) return 1
    const heardCount = helpers.filter(peer => this.#scope.heardAtMs(peer) >= askedAtMs).length
    return Math.max(0, heardCount - nackCount)
  }

  /** Anything that comes from a member shows that it lives. */
  #isReached({ isAcked, target, startedAtMs }: Probe): boolean {
    return isAcked || this.#scope.heardAtMs(target) > startedAtMs
  }

  #nextTarget(nowMs: number): PeerId | undefined {
    for (const peer of this.#urgent) {
      this.#urgent.delete(peer)
      if (this.#scope.isTarget(peer)) return peer
    }
    this.#isWardsTurn = !this.#isWardsTurn
    const ward = this.#isWardsTurn ? this.#scope.ward() : undefined
    // Of one that was heard a moment ago there is nothing to find out.
    const isQuiet = (peer: PeerId) =>
      nowMs - this.#scope.heardAtMs(peer) > this.#options.probeIntervalMs
    if (ward !== undefined && isQuiet(ward)) return ward
    return this.#nextInOrder()
  }

  #nextInOrder(): PeerId | undefined {
    for (let isFresh = false; ; isFresh = true) {
      for (let peer = this.#order.pop(); peer !== undefined; peer = this.#order.pop()) {
        this.#ordered.delete(peer)
        if (this.#scope.isTarget(peer)) return peer
      }
      if (isFresh) return undefined
      this.#order = shuffled(this.#scope.targets(), this.#random)
      for (const peer of this.#order) this.#ordered.add(peer)
    }
  }
}

/** Source: Fisher and Yates, as Knuth, "The Art of Computer Programming" 2, algorithm P. */
function shuffled(peers: readonly PeerId[], random: Random): PeerId[] {
  const order = [...peers]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = random.nextIndex(last + 1)
    const [a, b] = [order[last], order[other]]
    assert(a !== undefined && b !== undefined, 'both are within the list')
    order[last] = b
    order[other] = a
  }
  return order
}
