/**
 * The counters of one engine over the last minute, as rates, means and shares.
 *
 * Two neighbouring readings make a rate, which fades with the next ones; the newest and the oldest
 * that is kept make means and quantiles, which a single second says too little about. A counter
 * that goes backwards is a restart: nothing from before it counts any more.
 */
import { DecayedRate } from '../openai/decayed-rate.ts'
import type { EngineCounters, EngineReading } from './engine-profile.ts'
import { bucketsBetween, quantileMs, totalOf } from './histogram.ts'

/** What means and quantiles are made of. */
const WINDOW_MS = 60_000

/** Readings that are kept lie so far apart at least: 13 of them are a window. */
const KEPT_GAP_MS = 5_000

const TOTALS = [
  ...(['promptTokens', 'outputTokens', 'prefixLookups', 'prefixHits'] as const),
  ...(['prefillMs', 'prefillCount', 'decodeStepMs', 'decodeStepCount'] as const),
] as const

type Total = (typeof TOTALS)[number]

interface Reading {
  readonly atMs: number
  readonly runningCount: number
  readonly counters: EngineCounters
}

export class CounterHistory {
  /** Oldest first. */
  #kept: Reading[] = []
  #newest: Reading | undefined
  #prefill = new DecayedRate()
  #decode = new DecayedRate()

  add({ counters = {}, runningCount = 0 }: EngineReading, nowMs: number): void {
    const reading = { atMs: nowMs, runningCount, counters }
    const before = this.#newest
    if (before !== undefined && isRestart(before.counters, counters)) this.#forget()
    else if (before !== undefined) this.#measure(before, reading)
    this.#newest = reading
    const { atMs: keptAtMs } = this.#kept.at(-1) ?? { atMs: Number.NEGATIVE_INFINITY }
    if (nowMs - keptAtMs >= KEPT_GAP_MS) this.#kept.push(reading)
    // One from before the window is its beginning.
    while ((this.#kept[1]?.atMs ?? nowMs) <= nowMs - WINDOW_MS) this.#kept.shift()
  }

  get prefillTokensPerSecond(): number {
    return this.#prefill.perSecond
  }

  /** Of one stream. */
  get decodeTokensPerSecond(): number {
    return this.#decode.perSecond
  }

  get prefixHitRatio(): number | undefined {
    return shareOf(this.#grown('prefixHits'), this.#grown('prefixLookups'))
  }

  get promptTokensMean(): number | undefined {
    return shareOf(this.#grown('promptTokens'), this.#grown('prefillCount'))
  }

  get answerTokensMean(): number | undefined {
    const latency = this.#latency()
    return latency === undefined
      ? undefined
      : shareOf(this.#grown('outputTokens'), totalOf(latency))
  }

  get latencyP95Ms(): number | undefined {
    const latency = this.#latency()
    return latency === undefined ? undefined : quantileMs(latency, 0.95)
  }

  #latency() {
    const after = this.#newest?.counters.latency
    const before = this.#kept[0]?.counters.latency
    return after === undefined || before === undefined ? undefined : bucketsBetween(before, after)
  }

  #grown(total: Total): number | undefined {
    return grownBetween(this.#kept[0], this.#newest, total)
  }

  #measure(before: Reading, after: Reading): void {
    const grown = (total: Total) => grownBetween(before, after, total) ?? 0
    const hitRatio = shareOf(grown('prefixHits'), grown('prefixLookups')) ?? 0
    this.#prefill.add(grown('promptTokens') * (1 - hitRatio), grown('prefillMs'))
    if (after.counters.decodeStepMs !== undefined) {
      this.#decode.add(grown('decodeStepCount'), grown('decodeStepMs'))
      return
    }
    const streams = (before.runningCount + after.runningCount) / 2
    this.#decode.add(grown('outputTokens'), (after.atMs - before.atMs) * streams)
  }

  #forget(): void {
    this.#kept = []
    this.#prefill = new DecayedRate()
    this.#decode = new DecayedRate()
  }
}

function grownBetween(
  before: Reading | undefined,
  after: Reading | undefined,
  total: Total,
): number | undefined {
  const earlier = before?.counters[total]
  const later = after?.counters[total]
  return earlier === undefined || later === undefined ? undefined : later - earlier
}

/** 0 to whatever; `undefined` if there is nothing to have a share of. */
function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  if (part === undefined || whole === undefined || whole <= 0) return undefined
  return Math.max(0, part) / whole
}

function isRestart(before: EngineCounters, after: EngineCounters): boolean {
  const isLess = TOTALS.some(
    total => (after[total] ?? Number.POSITIVE_INFINITY) < (before[total] ?? 0),
  )
  if (isLess) return true
  if (before.latency === undefined || after.latency === undefined) return false
  return bucketsBetween(before.latency, after.latency) === undefined
}
