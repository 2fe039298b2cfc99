/**
 * Whether there is memory for one more request: it may start, has to wait, or had better go
 * elsewhere.
 *
 *     projected = used + what the request will take, of all there is
 *     low, normal      ≤ 0.75 accept     ≤ 0.90 defer     else reject
 *     high, critical   ≤ 0.90 accept                      else reject
 *
 * What counts is the KV cache, where the engine reports it. The memory of the GPU does not: a server
 * of language models takes nearly all of it when it starts and divides it up itself, so a card that
 * is full says nothing about room for requests. Without a report the rule is not applied.
 *
 * Engines that give every place in the batch a share of the cache of its own (llama.cpp) cannot run
 * out of it: as long as requests use no more than the shares of as many places, one more is let in.
 */
import type { Priority } from './priority.ts'

export type MemoryVerdict = 'accept' | 'defer' | 'reject'

export interface MemoryThresholds {
  /** Up to here everybody is accepted. */
  readonly acceptRatio: number
  /** Up to here what is high is accepted and the rest waits; beyond it, nobody is. */
  readonly rejectRatio: number
}

export function memoryVerdict(
  projectedRatio: number,
  priority: Priority,
  { acceptRatio, rejectRatio }: MemoryThresholds,
): MemoryVerdict {
  const isHigh = priority === 'high' || priority === 'critical'
  if (projectedRatio <= (isHigh ? rejectRatio : acceptRatio)) return 'accept'
  return !isHigh && projectedRatio <= rejectRatio ? 'defer' : 'reject'
}

export interface CacheUse {
  /** `undefined`: the engine does not say. */
  readonly kvUsedRatio?: number | undefined
  /** Tokens that fit in one place of the batch. 0: not known. */
  readonly contextTokens: number
  /** 0: not known. */
  readonly parallelMax: number
  readonly runningCount: number
  /** Of those that run and are not yet in `kvUsedRatio`. */
  readonly unseenTokens: number
}

/** Of a request that would start at once. */
export function cacheVerdict(
  tokens: number,
  priority: Priority,
  { kvUsedRatio, contextTokens, parallelMax, runningCount, unseenTokens }: CacheUse,
  thresholds: MemoryThresholds,
): MemoryVerdict {
  // What an engine without any work calls used is a cache that it gives up.
  if (kvUsedRatio === undefined || runningCount === 0) return 'accept'
  const isSizeKnown = contextTokens > 0 && parallelMax > 0
  const needTokens = Math.min(tokens, contextTokens) + unseenTokens
  const needRatio = isSizeKnown ? needTokens / (contextTokens * parallelMax) : 0
  const projectedRatio = kvUsedRatio + needRatio
  if (isSizeKnown && projectedRatio <= (runningCount + 1) / parallelMax) return 'accept'
  return memoryVerdict(projectedRatio, priority, thresholds)
}
