/**
 * How many requests an engine really takes at once, learned from what it says of itself: a setting
 * that is too high would let all that waits into the engine's own queue, where the first is first.
 *
 *     requests wait in it, two readings in a row  --> it takes what it ran, the more of both
 *     none wait, and it runs as many as it may    --> a quarter more, to find out
 *     none wait, and it runs less                 --> nothing is learned
 *
 * One reading is not enough: after a burst an engine shows for a moment few that run and many that
 * wait. What is the same reading as before is not counted again, or every request would let it grow.
 */
interface EngineReading {
  /** Requests that wait inside it, whoever sent them. */
  readonly queuedCount: number
  /** Requests it works on. */
  readonly runningCount: number
  /** How old that is. `undefined`: the engine tells nothing of itself. */
  readonly metricsAgeMs?: number | undefined
}

/** How much more is tried. */
const GROWTH_RATIO = 0.25

/** Readings that are closer together are one: ages are rounded. */
const SAME_READING_MS = 1

export class LearnedParallel {
  /** 1 or more. */
  #limit = Number.POSITIVE_INFINITY
  #readAtMs = Number.NEGATIVE_INFINITY
  /** What it ran at the last reading, if requests waited then. */
  #ranWithQueue: number | undefined

  /** @param statedCount What it is said to take; never more than that. */
  limit(statedCount: number): number {
    return Math.min(statedCount, this.#limit)
  }

  observe({ queuedCount, runningCount, metricsAgeMs }: EngineReading, nowMs: number): void {
    if (metricsAgeMs === undefined || nowMs - metricsAgeMs <= this.#readAtMs + SAME_READING_MS)
      return
    this.#readAtMs = nowMs - metricsAgeMs
    if (queuedCount > 0 && runningCount > 0) {
      if (this.#ranWithQueue !== undefined) this.#limit = Math.max(this.#ranWithQueue, runningCount)
      this.#ranWithQueue = runningCount
      return
    }
    this.#ranWithQueue = undefined
    if (queuedCount > 0 || runningCount < this.#limit) return
    this.#limit = runningCount + Math.max(1, Math.floor(runningCount * GROWTH_RATIO))
  }
}
