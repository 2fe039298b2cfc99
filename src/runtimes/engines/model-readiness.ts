/**
 * Which models can answer at once, and when the others will.
 *
 *     cold ──load──> loading ──> ready        sleeping ──wake──> loading ──> ready
 *
 * Engines say in which state a model is, seldom how far it is. How long loading takes is learned
 * from the times before: of the whole way, not of one that was under way when first seen.
 */
import type { Unready } from '../../core/peer-state.ts'
import { DecayedMean } from '../openai/decayed-rate.ts'

/** It is not there before it is there. */
const PROGRESS_MAX_RATIO = 0.99

type Way = 'load' | 'wake'

interface ModelRecord {
  /** As last told. `undefined`: ready. */
  unready: Unready | undefined
  way: Way
  /** When it began to load. `undefined`: it does not, or began unseen. */
  loadingSinceMs: number | undefined
  /** We have it loaded ourselves: until that ends, no list knows better. */
  isOurs: boolean
  readonly tookMs: Readonly<{ [way in Way]: DecayedMean }>
}

export class ModelReadiness {
  readonly #records = new Map<string, ModelRecord>()
  readonly #onChanged: () => void

  /** @param onChanged After a model became ready, or stopped being so. */
  constructor(onChanged: () => void) {
    this.#onChanged = onChanged
  }

  /** Whether a model is being loaded now. */
  get isLoading(): boolean {
    return [...this.#records.values()].some(({ unready }) => unready?.state === 'loading')
  }

  /** Keeps these, with what was learned of them, and forgets others. */
  track(models: ReadonlySet<string>): void {
    for (const [model, { isOurs }] of this.#records) {
      if (!models.has(model) && !isOurs) this.#records.delete(model)
    }
  }

  /** The engine says so. */
  note(model: string, unready: Unready | undefined, nowMs: number): void {
    const known = this.#records.get(model)
    const record = known ?? this.#create(model)
    if (record.isOurs && unready?.state !== 'loading') return
    this.#become(record, unready, { nowMs, isSeen: known !== undefined })
  }

  /** We have it loaded, or woken. `end` follows. */
  begin(model: string, way: Way, nowMs: number): void {
    const record = this.#records.get(model) ?? this.#create(model)
    record.isOurs = true
    record.way = way
    this.#become(record, { state: 'loading' }, { nowMs, isSeen: true })
  }

  /** @param unready As what it is left. */
  end(model: string, unready: Unready | undefined, nowMs: number): void {
    const record = this.#records.get(model) ?? this.#create(model)
    record.isOurs = false
    this.#become(record, unready, { nowMs, isSeen: true })
  }

  /** With what is known of how far it is. `undefined`: it answers at once. */
  of(model: string, nowMs: number): Unready | undefined {
    const record = this.#records.get(model)
    if (record?.unready === undefined) return undefined
    const { state, progressRatio, readyInMs } = record.unready
    const tookMs = record.tookMs[record.way].value
    if (state === 'failed' || tookMs === undefined) return record.unready
    const elapsedMs = Math.max(0, nowMs - (record.loadingSinceMs ?? nowMs))
    return {
      state,
      progressRatio:
        progressRatio ??
        (state === 'loading' ? Math.min(PROGRESS_MAX_RATIO, elapsedMs / tookMs) : undefined),
      readyInMs: readyInMs ?? Math.max(0, Math.round(tookMs - elapsedMs)),
    }
  }

  #create(model: string): ModelRecord {
    const record: ModelRecord = {
      unready: undefined,
      way: 'load',
      loadingSinceMs: undefined,
      isOurs: false,
      tookMs: { load: new DecayedMean(), wake: new DecayedMean() },
    }
    this.#records.set(model, record)
    return record
  }

  #become(
    record: ModelRecord,
    unready: Unready | undefined,
    { nowMs, isSeen }: { readonly nowMs: number; readonly isSeen: boolean },
  ): void {
    const before = record.unready?.state
    const { loadingSinceMs } = record
    record.unready = unready
    if (unready?.state === 'loading') {
      if (before !== 'loading') record.loadingSinceMs = isSeen ? nowMs : undefined
    } else {
      if (unready === undefined && before === 'loading' && loadingSinceMs !== undefined) {
        record.tookMs[record.way].add(Math.max(1, nowMs - loadingSinceMs))
      }
      record.loadingSinceMs = undefined
      record.way = unready?.state === 'sleeping' ? 'wake' : 'load'
    }
    if (before !== unready?.state) this.#onChanged()
  }
}
