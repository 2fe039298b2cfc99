/**
 * What the scheduler knows of the peers: who is alive, which models they serve, how busy they
 * were when we last heard.
 *
 * A view keeps what others said, in the form a decision reads it in: one map from model to
 * facts and load per peer, made when news arrives rather than at every request. Numbers come from other
 * machines and are made harmless here (not a number, infinite or negative counts as 0), so that
 * no arithmetic after this point needs to ask.
 */
import type { PeerId } from '../core/ids.ts'
import type { PeerFacts, PeerLoad } from '../core/peer-state.ts'
import { type GpuLoad, type ModelFacts, type ModelLoad, NO_LOAD } from '../core/peer-state.ts'

export type PeerStatus = 'alive' | 'suspect' | 'dead' | 'left'

/** One model at one peer. */
export interface ServedModel {
  readonly facts: ModelFacts
  readonly load: ModelLoad
}

export interface PeerEntry {
  readonly peer: PeerId
  readonly status: PeerStatus
  readonly facts: PeerFacts | undefined
  readonly load: PeerLoad
  /** When `load` was received, in monotonic ms. `-Infinity`: never. */
  readonly loadAtMs: number
  /** When it was last certain that no newer load had been told. */
  readonly confirmedAtMs: number
  /** `undefined`: not measured. 0 for ourselves. */
  readonly rttMs: number | undefined
  /** Model id → what the peer says of it. Only models its facts list. */
  readonly models: ReadonlyMap<string, ServedModel>
  /** Any GPU of it must not be used; which model sits on which GPU is not known. */
  readonly hasFaultyGpu: boolean
  /** Free share of the GPU with the most free memory. `undefined`: no GPU reported. */
  readonly vramFreeRatio: number | undefined
}

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

export class View {
  readonly #peersMax: number
  readonly #entries = new Map<PeerId, PeerEntry>()
  #ignoredCount = 0

  constructor(peersMax: number) {
    this.#peersMax = peersMax
  }

  /** Times a peer was not taken in because the view was full. */
  get ignoredCount(): number {
    return this.#ignoredCount
  }

  entries(): IterableIterator<PeerEntry> {
    return this.#entries.values()
  }

  /** A model at every peer that serves it. */
  *serving(model: string): Generator<ServedModel> {
    for (const { models } of this.#entries.values()) {
      const served = models.get(model)
      if (served !== undefined) yield served
    }
  }

  get(peer: PeerId): PeerEntry | undefined {
    return this.#entries.get(peer)
  }

  /**
   * Takes in a change. A load received before the one we have is passed over: the end of an
   * answer is often fresher than gossip.
   *
   * @returns whether the load was taken.
   */
  change(change: PeerChange): boolean {
    const before = this.#entries.get(change.peer)
    if (before === undefined && this.#entries.size >= this.#peersMax) {
      this.#ignoredCount += 1
      return false
    }
    const loadAtMs = change.loadAtMs ?? Number.NEGATIVE_INFINITY
    const isNews = change.load !== undefined && loadAtMs >= (before?.loadAtMs ?? loadAtMs)
    this.#entries.set(
      change.peer,
      entryOf({
        peer: change.peer,
        status: change.status ?? before?.status ?? 'suspect',
        facts: change.facts ?? before?.facts,
        load: (isNews ? change.load : before?.load) ?? NO_LOAD,
        loadAtMs: isNews ? loadAtMs : (before?.loadAtMs ?? Number.NEGATIVE_INFINITY),
        confirmedAtMs: before?.confirmedAtMs ?? Number.NEGATIVE_INFINITY,
        rttMs: change.rttMs === undefined ? before?.rttMs : harmless(change.rttMs),
      }),
    )
    return isNews
  }

  /** The peer says that what we know of it is its newest. Our reservations are another matter. */
  confirm(
    peer: PeerId,
    { rttMs, nowMs }: { readonly rttMs: number | undefined; readonly nowMs: number },
  ): void {
    const entry = this.#entries.get(peer)
    if (entry === undefined) return
    const confirmedAtMs = confirmed(entry, nowMs)
    const known = rttMs === undefined ? entry.rttMs : harmless(rttMs)
    this.#entries.set(peer, { ...entry, confirmedAtMs, rttMs: known })
  }

  /** Another peer knows nothing newer of anybody. */
  confirmAll(nowMs: number): void {
    for (const [peer, entry] of this.#entries) {
      this.#entries.set(peer, { ...entry, confirmedAtMs: confirmed(entry, nowMs) })
    }
  }

  forget(peer: PeerId): void {
    this.#entries.delete(peer)
  }
}

type Stated = Pick<
  PeerEntry,
  'peer' | 'status' | 'facts' | 'load' | 'loadAtMs' | 'confirmedAtMs' | 'rttMs'
>

function entryOf(stated: Stated): PeerEntry {
  const loads = new Map(stated.load.models.map(load => [load.model, load]))
  const models = new Map<string, ServedModel>()
  for (const facts of stated.facts?.models ?? []) {
    models.set(facts.id, { facts, load: harmlessLoad(facts.id, loads.get(facts.id)) })
  }
  return {
    ...stated,
    models,
    hasFaultyGpu: stated.load.gpus.some(gpu => gpu.isFaulty),
    vramFreeRatio: bestFreeRatio(stated.load.gpus),
  }
}

function bestFreeRatio(gpus: readonly GpuLoad[]): number | undefined {
  if (gpus.length === 0) return undefined
  const free = gpus.map(({ vramTotalBytes, vramUsedBytes }) => {
    const totalBytes = harmless(vramTotalBytes)
    return totalBytes === 0 ? 0 : Math.max(0, 1 - harmless(vramUsedBytes) / totalBytes)
  })
  return Math.max(...free)
}

/** Of a peer that never told its load there is nothing to confirm. */
function confirmed({ loadAtMs, confirmedAtMs }: PeerEntry, nowMs: number): number {
  return loadAtMs === Number.NEGATIVE_INFINITY ? confirmedAtMs : nowMs
}

function harmless(value: number): number {
  return Number.isFinite(value) && value > 0 ? value : 0
}

/** A model that the load does not mention is idle and unmeasured. */
function harmlessLoad(model: string, load: ModelLoad | undefined): ModelLoad {
  return {
    model,
    queuedCount: harmless(load?.queuedCount ?? 0),
    runningCount: harmless(load?.runningCount ?? 0),
    prefillTokensLeft: harmless(load?.prefillTokensLeft ?? 0),
    decodeTokensLeft: harmless(load?.decodeTokensLeft ?? 0),
    prefillTokensPerSecond: harmless(load?.prefillTokensPerSecond ?? 0),
    decodeTokensPerSecond: harmless(load?.decodeTokensPerSecond ?? 0),
    kvUsedRatio: load?.kvUsedRatio === undefined ? undefined : harmless(load.kvUsedRatio),
  }
}
