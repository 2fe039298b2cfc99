/**
 * A rate by the length of the prompt and by how many requests share the engine: short prompts are
 * dominated by what each costs at least, long ones by attention, and every stream slows the others.
 *
 *                  1    2-3   4-7   8-15  16-31  32-63  64 and more     at once
 *     up to 256    .     .     .
 *     up to 1 Ki   .     .
 *     ...
 *
 * Both axes double, or more. A cell that was never measured is answered by the nearest that was.
 */
import { DecayedRate } from './decayed-rate.ts'

export interface Mix {
  readonly promptTokens: number
  readonly concurrentCount: number
}

/** Each bound is four times the one before; what is longer than the last is a bucket as well. */
const PROMPT_BOUNDS = [256, 1_024, 4_096, 16_384, 65_536]

/** 64 at once and more are one bucket. */
const CONCURRENT_BUCKETS = 7

/** Cells lie so far apart at most. */
const DISTANCE_MAX = PROMPT_BOUNDS.length + CONCURRENT_BUCKETS

interface Cell {
  readonly prompt: number
  readonly concurrent: number
  readonly rate: DecayedRate
}

export class RateGrid {
  /** Those that were measured. */
  readonly #cells = new Map<number, Cell>()

  add(mix: Mix, amount: number, durationMs: number): void {
    if (amount <= 0 || durationMs <= 0) return
    const { prompt, concurrent } = placeOf(mix)
    const key = prompt * CONCURRENT_BUCKETS + concurrent
    const cell = this.#cells.get(key) ?? { prompt, concurrent, rate: new DecayedRate() }
    this.#cells.set(key, cell)
    cell.rate.add(amount, durationMs)
  }

  /** Of two cells equally near, the one first measured. 0 until the first measurement. */
  perSecondNear(mix: Mix): number {
    const { prompt, concurrent } = placeOf(mix)
    let nearest: DecayedRate | undefined
    let distance = DISTANCE_MAX
    for (const cell of this.#cells.values()) {
      const far = Math.abs(cell.prompt - prompt) + Math.abs(cell.concurrent - concurrent)
      if (far >= distance) continue
      nearest = cell.rate
      distance = far
    }
    return nearest?.perSecond ?? 0
  }
}

function placeOf({ promptTokens, concurrentCount }: Mix) {
  const bound = PROMPT_BOUNDS.findIndex(each => promptTokens <= each)
  const doublings = Math.floor(Math.log2(Math.max(1, concurrentCount)))
  return {
    prompt: bound === -1 ? PROMPT_BOUNDS.length : bound,
    concurrent: Math.min(CONCURRENT_BUCKETS - 1, doublings),
  }
}
