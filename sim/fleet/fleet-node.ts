/**
 * One node of the fleet: the models that it serves, on one GPU or a slice of one.
 *
 * Several models on one GPU share its time: while so many of them work, each takes so many times as
 * long. What of its time any of them worked is its busy time.
 */
import type { PeerFacts, PeerLoad } from '../../src/core/peer-state.ts'
import { HotPrefixes } from '../../src/node/hot-prefixes.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { Attempt } from './attempt.ts'
import { ModelServer, type ModelServerInit } from './model-server.ts'

export interface FleetNodeListener {
  /** The first token of an answer is there. @param cachedTokens Of the prompt, not read again. */
  onFirstToken(attempt: Attempt, cachedTokens: number): void
  onEnd(attempt: Attempt): void
  onRefused(attempt: Attempt, reason: string, retryAfterMs: number | undefined): void
  /** How busy it is has changed. */
  onChanged(node: FleetNode): void
}

export type ServedInit = Omit<ModelServerInit, 'timeline' | 'listener'>

export interface FleetNodeInit {
  readonly index: number
  readonly peer: string
  readonly cell: number
  readonly zone: string
  /** Name of its GPU's profile, for the reports. */
  readonly gpu: string
  readonly models: readonly ServedInit[]
  readonly timeline: Timeline
  readonly listener: FleetNodeListener
}

export class FleetNode {
  readonly index: number
  readonly peer: string
  readonly cell: number
  readonly gpu: string
  readonly facts: PeerFacts
  readonly servers: ReadonlyMap<string, ModelServer>
  readonly #listener: FleetNodeListener
  readonly #timeline: Timeline
  readonly #hotPrefixes = new HotPrefixes()
  /** Whoever knows the node as it was at this version knows how it is. */
  version = 0
  isDown = false
  isDraining = false
  #slowdown = 1
  #workingCount = 0
  #workingSinceMs = 0
  #busyMs = 0
  readonly #inside = new Set<Attempt>()

  constructor(init: FleetNodeInit) {
    const { index, peer, cell, zone, gpu, models, timeline, listener } = init
    this.index = index
    this.peer = peer
    this.cell = cell
    this.gpu = gpu
    this.#listener = listener
    this.#timeline = timeline
    const own = this.#serverListener()
    this.servers = new Map(
      models.map(each => [each.facts.id, new ModelServer({ ...each, timeline, listener: own })]),
    )
    this.facts = {
      ...{ version: '', name: peer, zone, labels: {}, addresses: [] },
      models: [...this.servers.values()].map(({ facts }) => facts),
    }
  }

  /** Requests that it has. */
  get inside(): ReadonlySet<Attempt> {
    return this.#inside
  }

  get queuedCount(): number {
    let count = 0
    for (const { queuedCount } of this.servers.values()) count += queuedCount
    return count
  }

  get runningCount(): number {
    let count = 0
    for (const { runningCount } of this.servers.values()) count += runningCount
    return count
  }

  /** In which anything was worked on, until now. Of several models, waiting for a batch counts too. */
  get busyMs(): number {
    const [first] = this.servers.values()
    if (first !== undefined && this.servers.size === 1) return first.engine.totals.busyMs
    const openMs = this.#workingCount > 0 ? this.#timeline.nowMs - this.#workingSinceMs : 0
    return this.#busyMs + openMs
  }

  serverOf(attempt: Attempt): ModelServer | undefined {
    return this.servers.get(attempt.flight.request.model)
  }

  /** It must be one that serves the model and takes requests. */
  arrive(attempt: Attempt): void {
    this.#inside.add(attempt)
    this.serverOf(attempt)?.arrive(attempt)
    this.#changed()
  }

  cancel(attempt: Attempt): void {
    if (!this.#inside.delete(attempt)) return
    this.serverOf(attempt)?.cancel(attempt)
    this.#changed()
  }

  /** Its process ends. @returns what it had. */
  crash(): readonly Attempt[] {
    const lost = [...this.#inside]
    for (const attempt of lost) attempt.state = 'ended'
    this.#inside.clear()
    for (const server of this.servers.values()) server.stop()
    for (const id of this.servers.keys()) this.#hotPrefixes.forget(id)
    this.isDown = true
    this.#changed()
    return lost
  }

  restart(): void {
    this.isDown = false
    this.#changed()
  }

  drain(isDraining: boolean): void {
    this.isDraining = isDraining
    this.#changed()
  }

  /** From now on it takes so many times as long. 1: as ever. */
  slowDown(factor: number): void {
    this.#slowdown = factor
    this.#share()
  }

  load(): PeerLoad {
    const models = Array.from(this.servers.values(), server =>
      server.load(this.#hotPrefixes.of(server.facts.id)),
    )
    return { models, gpus: [], isDraining: this.isDraining }
  }

  #serverListener() {
    const listener = this.#listener
    return {
      onReleased: ({ flight: { request } }: Attempt) => {
        if (request.prefix !== undefined) this.#hotPrefixes.served(request.model, request.prefix)
      },
      onFirstToken: (attempt: Attempt, cachedTokens: number) => {
        this.version += 1
        listener.onFirstToken(attempt, cachedTokens)
      },
      onEnd: (attempt: Attempt) => {
        this.#inside.delete(attempt)
        this.#changed()
        listener.onEnd(attempt)
      },
      onRefused: (attempt: Attempt, reason: string, retryAfterMs: number | undefined) => {
        this.#inside.delete(attempt)
        listener.onRefused(attempt, reason, retryAfterMs)
      },
    }
  }

  #changed(): void {
    this.version += 1
    this.#account()
    this.#listener.onChanged(this)
  }

  /** Notes from when to when it works, and shares its time between its models. */
  #account(): void {
    let workingCount = 0
    for (const { isBusy } of this.servers.values()) workingCount += Number(isBusy)
    if (workingCount === this.#workingCount) return
    if (this.#workingCount > 0) this.#busyMs += this.#timeline.nowMs - this.#workingSinceMs
    this.#workingSinceMs = this.#timeline.nowMs
    this.#workingCount = workingCount
    if (this.servers.size > 1) this.#share()
  }

  #share(): void {
    const factor = this.#slowdown * Math.max(1, this.#workingCount)
    for (const { engine } of this.servers.values()) engine.slowDown(factor)
  }
}
