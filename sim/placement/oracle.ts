/**
 * Knows afterwards what was possible: when each request would have ended at each engine.
 *
 * An engine of a known speed that takes requests in order of arrival is its free slots and when each
 * will be free. In the order in which the requests came, each is tried at every engine, and then
 * stays where it really went.
 */

import type { EngineSpeed } from '../sim-engine.ts'

interface Went {
  readonly engine: string
  readonly promptTokens: number
  readonly tokenCount: number
  readonly startMs: number
  readonly endMs: number
}

export interface Landed {
  readonly engine: string
  /** As it was measured. */
  readonly durationMs: number
  /** By the speeds: how long it takes where it went, by how long it takes at the best engine. */
  readonly slowdown: number
}

export class Oracle {
  readonly #speeds: ReadonlyMap<string, EngineSpeed>
  readonly #went: Went[] = []

  constructor(speeds: ReadonlyMap<string, EngineSpeed>) {
    this.#speeds = speeds
  }

  /** How many an engine can answer, all its slots busy. */
  requestsPerSecond(speed: EngineSpeed, promptTokens: number, tokenCount: number): number {
    return (1_000 * speed.slotCount) / serviceMs(speed, { promptTokens, tokenCount })
  }

  landed(went: Went): void {
    this.#went.push(went)
  }

  judge(): readonly Landed[] {
    const freeAtMs = new Map(
      [...this.#speeds].map(([name, { slotCount }]) => [
        name,
        new Array<number>(slotCount).fill(0),
      ]),
    )
    const inOrder = this.#went.toSorted((a, b) => a.startMs - b.startMs)
    return inOrder.map(went => {
      const durations = new Map<string, number>()
      for (const [name, speed] of this.#speeds) {
        const soonestMs = Math.max(went.startMs, Math.min(...(freeAtMs.get(name) ?? [])))
        durations.set(name, soonestMs + serviceMs(speed, went) - went.startMs)
      }
      const thereMs = durations.get(went.engine) ?? Number.POSITIVE_INFINITY
      const slots = freeAtMs.get(went.engine) ?? []
      slots[slots.indexOf(Math.min(...slots))] = went.startMs + thereMs
      return {
        engine: went.engine,
        durationMs: went.endMs - went.startMs,
        slowdown: thereMs / Math.min(...durations.values()),
      }
    })
  }
}

function serviceMs(
  { prefillTokensPerSecond, decodeTokensPerSecond }: EngineSpeed,
  { promptTokens, tokenCount }: Pick<Went, 'promptTokens' | 'tokenCount'>,
): number {
  return 1_000 * (promptTokens / prefillTokensPerSecond + tokenCount / decodeTokensPerSecond)
}
