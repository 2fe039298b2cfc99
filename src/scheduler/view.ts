/**
 * What the scheduler knows of the peers: who is alive, which models they serve, how busy they
 * were when we last heard.
 *
 *     news of a peer --> its entry --> for each model it serves: its place among those who do
 *
 * A decision reads only those that serve its model; taking in news costs the same however many
 * peers there are. Peers that run a model stand apart from those that pass it on to a provider who
 * asks a price, since policies tell the two apart.
 */
import type { PeerId } from '../core/ids.ts'
import type { ModelFacts } from '../core/peer-state.ts'
import type { TokenDensity } from '../core/token-density.ts'
import { type PeerChange, PeerEntry, Rounds } from './peer-entry.ts'
import type { ServedModel } from './served-model.ts'
import { ServingPeers } from './serving-peers.ts'

/** Where a request may run: in the mesh, or with a provider that asks a price. */
export type Side = 'local' | 'cloud'

export const SIDES = ['local', 'cloud'] as const satisfies readonly Side[]

export const sideOf = ({ facts }: ServedModel): Side =>
  facts.price === undefined ? 'local' : 'cloud'

/** Peers that are asked what a model weighs: if none of so many tells, it is not known. */
const WEIGHED_LOOKS_MAX = 64

const NOBODY = new ServingPeers()

export class View {
  readonly #peersMax: number
  readonly #entries = new Map<PeerId, PeerEntry>()
  readonly #rounds = new Rounds()
  /** Model id → those that serve it; nobody is never kept. */
  readonly #serving = {
    local: new Map<string, ServingPeers>(),
    cloud: new Map<string, ServingPeers>(),
  }
  #ignoredCount = 0

  constructor(peersMax: number) {
    this.#peersMax = peersMax
  }

  /** Times a peer was not taken in because the view was full. */
  get ignoredCount(): number {
    return this.#ignoredCount
  }

  get size(): number {
    return this.#entries.size
  }

  entries(): IterableIterator<PeerEntry> {
    return this.#entries.values()
  }

  get(peer: PeerId): PeerEntry | undefined {
    return this.#entries.get(peer)
  }

  serving(model: string, side: Side): ServingPeers {
    return this.#serving[side].get(model) ?? NOBODY
  }

  /** What a peer says of the model, and of the memory it takes. `undefined`: not known. */
  weighed(model: string): ModelFacts | undefined {
    const serving = this.serving(model, 'local')
    for (let place = 0; place < Math.min(serving.size, WEIGHED_LOOKS_MAX); place++) {
      const { facts } = serving.at(place).model
      if (facts.weightsBytes !== undefined) return facts
    }
    return undefined
  }

  /** As those say who run it. `undefined`: none does, or none knows. */
  tokenDensity(model: string): TokenDensity | undefined {
    return this.serving(model, 'local').tokenDensity
  }

  /** Ids of the models that somebody alive serves. */
  models(): ReadonlySet<string> {
    const { local, cloud } = this.#serving
    const served = [...local, ...cloud].filter(([, serving]) => serving.hasAlive)
    return new Set(served.map(([model]) => model))
  }

  /**
   * Takes in a change; see `PeerEntry.change`.
   *
   * @returns the peer, if its load was taken.
   */
  change(change: PeerChange): PeerEntry | undefined {
    let entry = this.#entries.get(change.peer)
    if (entry === undefined) {
      if (this.#entries.size >= this.#peersMax) {
        this.#ignoredCount += 1
        return undefined
      }
      entry = new PeerEntry(change.peer, this.#rounds)
      this.#entries.set(change.peer, entry)
    }
    const before = entry.models
    const isNews = entry.change(change)
    this.#place(entry, before)
    return isNews ? entry : undefined
  }

  /** The peer says that what we know of it is its newest. Our reservations are another matter. */
  confirm(
    peer: PeerId,
    { rttMs, nowMs }: { readonly rttMs: number | undefined; readonly nowMs: number },
  ): void {
    this.#entries.get(peer)?.confirm(rttMs, nowMs)
  }

  /** Another peer knows nothing newer of anybody. */
  confirmAll(nowMs: number): void {
    this.#rounds.next(nowMs)
  }

  forget(peer: PeerId): void {
    const entry = this.#entries.get(peer)
    if (entry === undefined) return
    this.#entries.delete(peer)
    for (const [id, model] of entry.models) this.#unplace(peer, id, sideOf(model))
  }

  #place(entry: PeerEntry, before: ReadonlyMap<string, ServedModel>): void {
    if (before !== entry.models) this.#unplaceFormer(entry, before)
    for (const [id, model] of entry.models) {
      const peers = this.#serving[sideOf(model)]
      let serving = peers.get(id)
      if (serving === undefined) {
        serving = new ServingPeers()
        peers.set(id, serving)
      }
      serving.set(entry, model)
    }
  }

  /** It does not serve them any more, or on another side. */
  #unplaceFormer(entry: PeerEntry, before: ReadonlyMap<string, ServedModel>): void {
    for (const [id, model] of before) {
      const now = entry.models.get(id)
      if (now === undefined || sideOf(now) !== sideOf(model)) {
        this.#unplace(entry.peer, id, sideOf(model))
      }
    }
  }

  #unplace(peer: PeerId, model: string, side: Side): void {
    const serving = this.#serving[side].get(model)
    serving?.delete(peer)
    if (serving?.size === 0) this.#serving[side].delete(model)
  }
}
