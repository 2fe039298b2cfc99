/**
 * One peer in the view: what it last said, when that was, and when it was last certain.
 *
 * There is one entry per peer for as long as it is known; news changes it in place, so that taking
 * it in costs the same however many peers there are.
 */
import type { PeerId } from '../core/ids.ts'
import { type ModelLoad, NO_LOAD, type PeerFacts, type PeerLoad } from '../core/peer-state.ts'
import { harmless, type ServedModel, servedModel } from './served-model.ts'

export type PeerStatus = 'alive' | 'suspect' | 'dead' | 'left'

/** What changed about one peer. What is left out stays as it was. */
export interface PeerChange {
  readonly peer: PeerId
  readonly status?: PeerStatus | undefined
  readonly facts?: PeerFacts | undefined
  readonly load?: PeerLoad | undefined
  /** When `load` was received, in monotonic ms. */
  readonly loadAtMs?: number | undefined
  readonly rttMs?: number | undefined
}

/** Among so many a model is found sooner by looking than by a table of them. */
const FEW_MODELS = 8

/** Confirmations of everybody at once, shared by all entries: nobody has to be visited. */
export class Rounds {
  count = 0
  atMs = Number.NEGATIVE_INFINITY

  next(nowMs: number): void {
    this.count += 1
    this.atMs = nowMs
  }
}

export class PeerEntry {
  readonly peer: PeerId
  readonly #rounds: Rounds
  /** How many rounds there had been when the first load was told: those did not confirm it. */
  #roundsBefore = 0
  #confirmedAtMs = Number.NEGATIVE_INFINITY
  #status: PeerStatus = 'suspect'
  #facts: PeerFacts | undefined
  #load: PeerLoad = NO_LOAD
  #loadAtMs = Number.NEGATIVE_INFINITY
  #rttMs: number | undefined
  #models = new Map<string, ServedModel>()

  constructor(peer: PeerId, rounds: Rounds) {
    this.peer = peer
    this.#rounds = rounds
  }

  get status(): PeerStatus {
    return this.#status
  }

  get facts(): PeerFacts | undefined {
    return this.#facts
  }

  get load(): PeerLoad {
    return this.#load
  }

  /** When `load` was received, in monotonic ms. `-Infinity`: never. */
  get loadAtMs(): number {
    return this.#loadAtMs
  }

  /** When it was last certain that no newer load had been told. */
  get confirmedAtMs(): number {
    const { count, atMs } = this.#rounds
    const isConfirmed = this.#hasLoad && count > this.#roundsBefore
    return isConfirmed ? Math.max(this.#confirmedAtMs, atMs) : this.#confirmedAtMs
  }

  /** `undefined`: not measured. 0 for ourselves. */
  get rttMs(): number | undefined {
    return this.#rttMs
  }

  /** Model id → what the peer says of it. Only models its facts list. Another map only with other facts. */
  get models(): ReadonlyMap<string, ServedModel> {
    return this.#models
  }

  /** What is certain without a look at the request or the clock: whoever may not is never drawn. */
  get mayServe(): boolean {
    return this.#status === 'alive' && !this.#load.isDraining
  }

  /**
   * Takes in a change. A load received before the one we have is passed over: the end of an answer
   * is often fresher than gossip.
   *
   * @returns whether the load was taken.
   */
  change({ status, facts, load, loadAtMs, rttMs }: PeerChange): boolean {
    const atMs = loadAtMs ?? Number.NEGATIVE_INFINITY
    const isNews = load !== undefined && atMs >= this.#loadAtMs
    this.#status = status ?? this.#status
    this.#facts = facts ?? this.#facts
    if (rttMs !== undefined) this.#rttMs = harmless(rttMs)
    if (isNews) {
      if (!this.#hasLoad) this.#roundsBefore = this.#rounds.count
      this.#load = load
      this.#loadAtMs = atMs
    }
    if (facts !== undefined) this.#models = modelsOf(facts, this.#load)
    else if (isNews) renew(this.#models, this.#load)
    return isNews
  }

  /** It says that what we know of it is its newest. Of one that never told, there is nothing. */
  confirm(rttMs: number | undefined, nowMs: number): void {
    if (rttMs !== undefined) this.#rttMs = harmless(rttMs)
    if (this.#hasLoad) this.#confirmedAtMs = nowMs
  }

  get #hasLoad(): boolean {
    return this.#loadAtMs !== Number.NEGATIVE_INFINITY
  }
}

function modelsOf(facts: PeerFacts, load: PeerLoad): Map<string, ServedModel> {
  const loadOf = loadsOf(load)
  return new Map(facts.models.map(each => [each.id, servedModel(each, loadOf(each.id), load)]))
}

/** The same models, with another load. */
function renew(models: Map<string, ServedModel>, load: PeerLoad): void {
  const loadOf = loadsOf(load)
  for (const [id, { facts }] of models) models.set(id, servedModel(facts, loadOf(id), load))
}

/** Of a model that is told of twice, the last holds. */
function loadsOf({ models }: PeerLoad): (model: string) => ModelLoad | undefined {
  if (models.length <= FEW_MODELS) return id => models.findLast(({ model }) => model === id)
  const loads = new Map(models.map(each => [each.model, each]))
  return id => loads.get(id)
}
