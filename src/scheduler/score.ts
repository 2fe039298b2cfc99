/**
 * The score: how soon a peer would finish a request, made worse if it is short of memory.
 *
 *     workLeftMs = prefill tokens left / prefill rate + decode tokens left / decode rate
 *     serviceMs  = uncached prompt tokens / prefill rate + expected answer tokens / decode rate
 *     waitMs     = all prompts that are still to be read, and until one of `parallelism` places is free;
 *                  while one is, a tenth of the answers there
 *     etaMs      = waitMs + serviceMs + netMs + coldMs
 *     score      = etaMs / min(1, headroomRatio / knee) / ramp                  lowest wins
 *
 * An engine reads prompts one after the other, whoever has a place: whatever is still to be read comes
 * first. Answers it makes side by side, with D ms of them left. With n requests on c places, all busy,
 * q = n - c of them waiting: what is left of those that run is anything from nothing to all of them,
 * so a whole answer is D / (c/2 + q), the first place is free after 1/(c + 1) of it, and each further
 * one a c-th later. One place: the wait is the work. With a place free there is none to wait for; a
 * tenth stands for what requests that run together cost each other before it shows in the measured
 * rates, and tells apart what is else alike. What the parts are worth is in docs/decisions:
 * 2026-11-21-wait-for-a-place.md and 2026-11-21-prompts-in-turn.md.
 *
 * Work left includes our own picks that the peer has not reported (`reservations.ts`).
 *
 * A rate that a peer has not measured yet is assumed (`assumed-speed.ts`).
 *
 * `parallelism` is what the engine says it works on at once, 1 if it does not say. It is not cut
 * down to the requests that are there: then one more small request on a peer would raise the
 * divisor of all the work before it, and a peer would look better for having been picked. But an engine
 * in which requests wait takes no more at once than it runs, whatever it says.
 *
 * `headroomRatio` is the free share of what limits the peer: of the KV cache if the engine
 * reports it, less what our unreported picks will take; else of the memory of its best GPU; else
 * 1, since a peer without a GPU has no such limit that we could see. The knee of a KV cache is higher:
 * from 0.75 on requests wait for memory there (`admission/memory.ts`), and what runs still grows.
 *
 * The routing policy of a model may weigh the terms of eta, add what a provider asks, and give peers
 * more or less than their share, by which the score is divided (`score-weights.ts`).
 *
 * `ramp` is 1, and less for a peer that failed until lately (`breaker.ts`).
 *
 * `coldMs` is what the peer says it takes until the model can answer; if it does not say, the
 * option, less what is loaded already.
 *
 * What the peer is expected to find of the prompt in its cache (`prefix-match.ts`) is not read again.
 */
import type { ModelFacts, ModelLoad } from '../core/peer-state.ts'
import type { PromptPrefix } from '../core/prompt-prefix.ts'
import type { AssumedSpeed } from './assumed-speed.ts'
import type { ScoreTerms } from './decision.ts'
import type { SchedulerOptions } from './options.ts'
import type { PeerEntry } from './peer-entry.ts'
import { cachedRatio } from './prefix-match.ts'
import type { Reserved } from './reservations.ts'
import { costOf, PLAIN_WEIGHTS, type ScoreWeights, weighed } from './score-weights.ts'
import type { ServedModel } from './served-model.ts'

/** How much work a request is. */
export interface RequestSize {
  readonly inputTokens: number
  readonly outputTokensExpected: number
  /** `undefined`: no cache can help. */
  readonly prefix?: PromptPrefix | undefined
}

/** A peer that serves the model, with what we have already sent there. */
export interface Contender {
  readonly entry: PeerEntry
  readonly model: ServedModel
  readonly reserved: Reserved
  /** Stands in for what the peer has not measured. */
  readonly assumed: AssumedSpeed
  /** Share of its usual requests that it gets now, above 0, at most 1. `undefined`: all. */
  readonly rampRatio?: number | undefined
  /** `undefined`: the score is the time. */
  readonly weights?: ScoreWeights | undefined
  /** Of the requests, relative to other peers; above 0. `undefined`: 1. */
  readonly shareWeight?: number | undefined
}

/**
 * Keeps the score finite. A peer with full memory loses by a factor of 20 at the default knee,
 * and is still better than none: its engine queues until memory is free.
 */
const HEADROOM_FLOOR_RATIO = 0.01

/** What work that runs beside a request costs it. */
const TOGETHER_RATIO = 0.1

/** More streams than any engine batches; a peer that claims more must not seem to have no wait. */
const PARALLELISM_LIMIT = 1_024

export function parallelismOf({ parallelMax }: ModelFacts): number {
  return Number.isFinite(parallelMax) ? Math.min(Math.max(1, parallelMax), PARALLELISM_LIMIT) : 1
}

/** Requests it works on at once, by what it is seen to do: while some wait, no more than run. */
export function parallelismNow({ facts, load }: Pick<ServedModel, 'facts' | 'load'>): number {
  const stated = parallelismOf(facts)
  const { queuedCount, runningCount } = load
  return queuedCount > 0 && runningCount > 0 ? Math.min(stated, runningCount) : stated
}

/** Requests that could start at once. 0: a further one waits for another to end. */
export function freeSlotCount({ model, reserved }: Contender): number {
  const { queuedCount, runningCount } = model.load
  return Math.max(0, parallelismNow(model) - queuedCount - runningCount - reserved.count)
}

/** Share of the peer's KV cache that the request will fill. 0 if the cache's size is unknown. */
export function kvNeedRatio(size: RequestSize, { facts }: ServedModel): number {
  if (!(facts.contextTokens > 0)) return 0
  const tokens = size.inputTokens + size.outputTokensExpected
  // A longer request does not fit the model's context at all; that is for the engine to say.
  return Math.min(tokens, facts.contextTokens) / kvCapacityTokens(facts)
}

/** Free share of what limits the peer, 0 to 1, after our own picks. */
export function headroomRatioOf({ model, reserved }: Contender): number {
  const { kvUsedRatio, queuedCount, runningCount } = model.load
  if (kvUsedRatio === undefined) return model.vramFreeRatio ?? 1
  let freeRatio = 1 - kvUsedRatio
  if (reserved.count > 0 && model.facts.contextTokens > 0) {
    // Only picks that start at once take memory now; the others wait for some to be given back.
    const startCount = Math.max(0, parallelismNow(model) - queuedCount - runningCount)
    const tokens = reserved.prefillTokens + reserved.decodeTokens
    const startingTokens = Math.min(tokens, startCount * reserved.largestTokens)
    freeRatio -= startingTokens / kvCapacityTokens(model.facts)
  }
  return Math.min(1, Math.max(0, freeRatio))
}

/** Every term of the score of one peer for one request. */
export function scoreTerms(
  size: RequestSize,
  contender: Contender,
  options: SchedulerOptions,
): ScoreTerms {
  const { entry, model, reserved, assumed, rampRatio = 1, shareWeight = 1 } = contender
  const { facts, load } = model
  const prefillPerMs = (load.prefillTokensPerSecond || assumed.prefillTokensPerSecond) / 1_000
  const decodePerMs = (load.decodeTokensPerSecond || assumed.decodeTokensPerSecond) / 1_000

  const prefillLeftMs = (load.prefillTokensLeft + reserved.prefillTokens) / prefillPerMs
  const answersMs = (load.decodeTokensLeft + reserved.decodeTokens) / decodePerMs
  const workLeftMs = prefillLeftMs + answersMs
  const cachedTokens = size.inputTokens * cachedRatio(size.prefix, load.hotPrefixes)
  const uncachedTokens = size.inputTokens - cachedTokens
  const readMs = uncachedTokens / prefillPerMs
  const serviceMs = readMs + size.outputTokensExpected / decodePerMs
  const parallelism = parallelismNow(model)
  const netMs = entry.rttMs ?? options.rttDefaultMs
  const coldMs = coldMsOf(load, options)
  // Whoever tells of work but of no request has one at least.
  const ownCount = requestCount(contender)
  const count = Math.max(ownCount, workLeftMs > 0 ? 1 : 0)
  const waitMs = prefillLeftMs + placeWaitMs(answersMs, count, parallelism)
  const etaMs = waitMs + serviceMs + netMs + coldMs

  const headroomRatio = headroomRatioOf(contender)
  const limit = headroomOf(model)
  const cost = costOf(facts, size)
  const { weights = PLAIN_WEIGHTS } = contender
  const weighedMs = weighed({ waitMs, serviceMs, netMs, coldMs, cost }, weights)
  const usable = usableRatio({ headroomRatio, headroomOf: limit }, options)
  const score = weighedMs / usable / rampRatio / shareWeight
  const shareRatio = rampRatio * shareWeight
  const terms = {
    workLeftMs,
    prefillLeftMs,
    parallelism,
    waitMs,
    readMs,
    serviceMs,
    netMs,
    coldMs,
    etaMs,
    headroomRatio,
    headroomOf: limit,
    score,
    requestCount: ownCount,
  }
  if (cachedTokens === 0 && cost === 0 && shareRatio === 1) return terms
  return {
    ...terms,
    ...(cachedTokens === 0 ? {} : { cachedTokens }),
    ...(cost === 0 ? {} : { costDollars: cost }),
    ...(shareRatio === 1 ? {} : { shareRatio }),
  }
}

/** Of memory, as far as it slows a peer down: 1 above the knee. */
export function usableRatio(
  { headroomRatio, headroomOf: of }: Pick<ScoreTerms, 'headroomRatio' | 'headroomOf'>,
  { kvKneeRatio, vramKneeRatio }: Pick<SchedulerOptions, 'kvKneeRatio' | 'vramKneeRatio'>,
): number {
  const kneeRatio = of === 'kv-cache' ? kvKneeRatio : vramKneeRatio
  return Math.min(1, Math.max(HEADROOM_FLOOR_RATIO, headroomRatio) / kneeRatio)
}

/** What limits the peer, as far as it tells. */
function headroomOf({ load, vramFreeRatio }: ServedModel): ScoreTerms['headroomOf'] {
  if (load.kvUsedRatio !== undefined) return 'kv-cache'
  return vramFreeRatio === undefined ? 'nothing' : 'vram'
}

/** Until a place is free, if the answers that are made there have so much left together. */
export function placeWaitMs(answersMs: number, count: number, parallelism: number): number {
  const together = (TOGETHER_RATIO * answersMs) / parallelism
  const waitingCount = count - parallelism
  if (waitingCount < 0) return together
  const wholeMs = answersMs / (parallelism / 2 + waitingCount)
  return Math.max(together, wholeMs * (1 / (parallelism + 1) + waitingCount / parallelism))
}

/** Until the model can answer. */
function coldMsOf({ unready }: ModelLoad, { coldDefaultMs }: SchedulerOptions): number {
  if (unready === undefined) return 0
  return unready.readyInMs ?? coldDefaultMs * (1 - (unready.progressRatio ?? 0))
}

/** Prompt tokens that the peer has still to read, ours included: what keeps a further one waiting. */
export function prefillTokensLeft({ model, reserved }: Contender): number {
  return model.load.prefillTokensLeft + reserved.prefillTokens
}

/** More requests than any peer has. */
const NOT_IN_MEMORY_COUNT = 1_000_000

/** By how many requests a peer is longer: one that must load the model first comes after all others. */
export function queueRank(contender: Contender): number {
  const isInMemory = contender.model.load.unready === undefined
  return requestCount(contender) + (isInMemory ? 0 : NOT_IN_MEMORY_COUNT)
}

/** Requests that the peer has, ours included. */
function requestCount({ model, reserved }: Contender): number {
  return model.load.queuedCount + model.load.runningCount + reserved.count
}

/** Tokens a second that the peer can make with all its streams; the weight of its sample. */
export function capacityOf({ model, assumed, rampRatio = 1 }: Contender): number {
  const perStream = model.load.decodeTokensPerSecond || assumed.decodeTokensPerSecond
  return perStream * parallelismNow(model) * rampRatio
}

function kvCapacityTokens(facts: ModelFacts): number {
  return facts.contextTokens * parallelismOf(facts)
}
