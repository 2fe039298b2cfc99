/**
 * The last decisions, to be explained. A ring: the oldest gives way to the newest.
 */
import type { DecisionId } from '../core/ids.ts'
import type { DecisionRecord } from './decision.ts'

export class DecisionLog {
  readonly #keptMax: number
  /** In the order the decisions were first put. */
  readonly #records = new Map<DecisionId, DecisionRecord>()

  constructor(keptMax: number) {
    this.#keptMax = keptMax
  }

  get(id: DecisionId): DecisionRecord | undefined {
    return this.#records.get(id)
  }

  /** Newest first, at most `limit`. */
  recent(limit: number): readonly DecisionRecord[] {
    const count = Math.min(Math.max(0, Math.floor(limit)), this.#records.size)
    return count === 0 ? [] : [...this.#records.values()].slice(-count).reverse()
  }

  add(record: DecisionRecord): void {
    this.#records.set(record.id, record)
    if (this.#records.size <= this.#keptMax) return
    for (const id of this.#records.keys()) {
      this.#records.delete(id)
      return
    }
  }

  /** Changes a decision that is still kept; one that gave way stays away. */
  update(id: DecisionId, change: Partial<Omit<DecisionRecord, 'id'>>): void {
    const record = this.#records.get(id)
    if (record !== undefined) this.#records.set(id, { ...record, ...change })
  }
}
