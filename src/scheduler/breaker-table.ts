/**
 * The circuit breakers of all peers, one for each model of each.
 *
 * A peer that is well has none: a circuit exists from its first failure until it is blank again. So
 * the usual request finds an empty table.
 */
import type { PeerId } from '../core/ids.ts'
import {
  type BreakerPacing,
  type BreakerRule,
  Circuit,
  type CircuitState,
  type Verdict,
} from './breaker.ts'
import type { BreakerOptions } from './breaker-options.ts'

export interface CircuitView {
  readonly peer: PeerId
  readonly model: string
  readonly state: CircuitState
  /** Failures in a row, while closed. */
  readonly failureCount: number
  /** Until it is tried again; 0 unless open. */
  readonly openForMs: number
  /** Times it opened of late; each makes the next one longer. */
  readonly openingCount: number
}

export interface CircuitChange {
  readonly peer: PeerId
  readonly model: string
  readonly state: 'open' | 'closed'
  /** How long it will be open; 0 if it closed. */
  readonly openForMs: number
}

/** Goes with a request, so that its outcome is held against the circuit it was sent through. */
export interface Pass {
  readonly peer: PeerId
  readonly model: string
  readonly epoch: number
}

interface Place {
  readonly peer: PeerId
  readonly model: string
}

export class Breakers {
  readonly #circuitsMax: number
  readonly #pacing: BreakerPacing
  readonly #defaultRule: BreakerRule
  #rules: BreakerRule & BreakerPacing
  /** Peer → model → its circuit. */
  readonly #byPeer = new Map<PeerId, Map<string, Circuit>>()
  #count = 0
  #untrackedCount = 0

  constructor(options: BreakerOptions) {
    this.#circuitsMax = options.breakersMax
    this.#pacing = {
      backoffMinMs: options.breakerBackoffMinMs,
      backoffMaxMs: options.breakerBackoffMaxMs,
      slowStartMs: options.breakerSlowStartMs,
    }
    this.#defaultRule = {
      failuresMax: options.breakerFailuresMax,
      openMs: options.breakerOpenMs,
      probesMax: options.breakerProbesMax,
    }
    this.#rules = { ...this.#defaultRule, ...this.#pacing }
  }

  /** Circuits kept. At most `breakersMax`. */
  get count(): number {
    return this.#count
  }

  /** Failures that were not counted, since every circuit kept was open. */
  get untrackedCount(): number {
    return this.#untrackedCount
  }

  /** @param rule What the mesh has agreed on. `undefined`: nothing, so our options hold. */
  setRule(rule: BreakerRule | undefined): void {
    this.#rules = { ...this.#defaultRule, ...rule, ...this.#pacing }
  }

  mayPass({ peer, model }: Place, nowMs: number): boolean {
    return this.#get(peer, model)?.mayPass(this.#rules, nowMs) ?? true
  }

  stateOf({ peer, model }: Place, nowMs: number): CircuitState {
    return this.#get(peer, model)?.stateAt(nowMs) ?? 'closed'
  }

  rampRatio({ peer, model }: Place, nowMs: number): number {
    return this.#get(peer, model)?.rampRatio(this.#rules, nowMs) ?? 1
  }

  /** A request goes to the peer. `settle` must follow. */
  enter({ peer, model }: Place): Pass {
    const circuit = this.#get(peer, model)
    circuit?.enter()
    return { peer, model, epoch: circuit?.epoch ?? 0 }
  }

  /** @returns what changed by that. */
  settle(pass: Pass, verdict: Verdict, nowMs: number): CircuitChange | undefined {
    const { peer, model, epoch } = pass
    let circuit = this.#get(peer, model)
    if (circuit === undefined && verdict === 'failure') circuit = this.#add(peer, model, nowMs)
    if (circuit === undefined) return undefined
    const state = circuit.settle(verdict, epoch, nowMs, this.#rules)
    if (circuit.isBlank(this.#pacing, nowMs)) this.#remove(peer, model)
    if (state === undefined) return undefined
    // The clock counts in fractions, which say nothing to whoever is told.
    const openForMs = state === 'open' ? Math.round(circuit.openUntilMs - nowMs) : 0
    return { peer, model, state, openForMs }
  }

  /** The peer may be tried with the model before its time. */
  revive({ peer, model }: Place, nowMs: number): void {
    this.#get(peer, model)?.revive(nowMs)
  }

  /** The peer is gone for good. */
  forget(peer: PeerId): void {
    this.#count -= this.#byPeer.get(peer)?.size ?? 0
    this.#byPeer.delete(peer)
  }

  /** Circuits that are open or half-open. */
  get openCount(): number {
    let count = 0
    for (const circuits of this.#byPeer.values()) {
      for (const { isClosed } of circuits.values()) if (!isClosed) count += 1
    }
    return count
  }

  /** Every circuit that is kept. */
  views(nowMs: number): readonly CircuitView[] {
    return [...this.#byPeer].flatMap(([peer, circuits]) =>
      Array.from(circuits, ([model, circuit]) => ({
        peer,
        model,
        state: circuit.stateAt(nowMs),
        failureCount: circuit.failureCount,
        openForMs: circuit.isClosed ? 0 : Math.max(0, circuit.openUntilMs - nowMs),
        openingCount: circuit.openingCount,
      })),
    )
  }

  /** Until the first of the peers may be tried with the model. `undefined`: none is open. */
  openForMs(peers: readonly PeerId[], model: string, nowMs: number): number | undefined {
    let leastMs: number | undefined
    for (const peer of peers) {
      const circuit = this.#get(peer, model)
      if (circuit === undefined || circuit.isClosed) continue
      leastMs = Math.min(
        leastMs ?? Number.POSITIVE_INFINITY,
        Math.max(0, circuit.openUntilMs - nowMs),
      )
    }
    return leastMs
  }

  #get(peer: PeerId, model: string): Circuit | undefined {
    return this.#count === 0 ? undefined : this.#byPeer.get(peer)?.get(model)
  }

  /** `undefined`: there is no room, and nothing to make any. */
  #add(peer: PeerId, model: string, nowMs: number): Circuit | undefined {
    if (this.#count >= this.#circuitsMax && !this.#makeRoom(nowMs)) {
      this.#untrackedCount += 1
      return undefined
    }
    const circuits = this.#byPeer.get(peer) ?? new Map<string, Circuit>()
    this.#byPeer.set(peer, circuits)
    const circuit = new Circuit()
    circuits.set(model, circuit)
    this.#count += 1
    return circuit
  }

  /** Forgets a circuit that is closed; what is open must not be taken for well. */
  #makeRoom(nowMs: number): boolean {
    for (const [peer, circuits] of this.#byPeer) {
      for (const [model, circuit] of circuits) {
        if (circuit.stateAt(nowMs) !== 'closed') continue
        this.#remove(peer, model)
        return true
      }
    }
    return false
  }

  #remove(peer: PeerId, model: string): void {
    const circuits = this.#byPeer.get(peer)
    if (circuits?.delete(model) !== true) return
    this.#count -= 1
    if (circuits.size === 0) this.#byPeer.delete(peer)
  }
}
