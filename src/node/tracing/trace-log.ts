/**
 * The latest traces, oldest dropped first.
 */
import type { DecisionId } from '../../core/ids.ts'
import type { RequestTrace } from './request-trace.ts'

export class TraceLog {
  readonly #tracesMax: number
  /** In the order they began. At most `tracesMax`. */
  readonly #traces = new Map<DecisionId, RequestTrace>()

  /** @param tracesMax At least 1. */
  constructor(tracesMax: number) {
    this.#tracesMax = tracesMax
  }

  /** Takes in a trace. What becomes of it is written into it. */
  put(trace: RequestTrace): void {
    const isKnown = this.#traces.has(trace.decisionId)
    this.#traces.set(trace.decisionId, trace)
    if (isKnown || this.#traces.size <= this.#tracesMax) return
    const [oldest] = this.#traces.keys()
    if (oldest !== undefined) this.#traces.delete(oldest)
  }

  forget(id: DecisionId): void {
    this.#traces.delete(id)
  }

  /** `undefined`: never made here, or too old to be kept. */
  get(id: DecisionId): RequestTrace | undefined {
    return this.#traces.get(id)
  }

  /** Newest first, at most `limit`. */
  recent(limit: number): readonly RequestTrace[] {
    return [...this.#traces.values()].slice(-limit).toReversed()
  }
}
