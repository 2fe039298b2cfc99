/**
 * Who may take a request: a peer that serves its model is either eligible or excluded for one reason.
 *
 * The first reason that holds is given, in the order of `exclusionOf`: what lasts longest first, so
 * that the reasons of a refusal tell a person most.
 */
import type { PeerId } from '../core/ids.ts'
import type { Breakers } from './breaker-table.ts'
import type { Exclusion } from './decision.ts'
import type { SchedulerOptions } from './options.ts'
import type { PeerEntry } from './peer-entry.ts'
import { beginsAtOnce } from './placement.ts'
import { forbiddenBy, type SchedulingPolicy } from './policy.ts'
import type { Reservations } from './reservations.ts'
import {
  type Contender,
  freeSlotCount,
  headroomRatioOf,
  kvNeedRatio,
  parallelismNow,
  type RequestSize,
} from './score.ts'
import type { View } from './view.ts'

export interface Excluded {
  readonly entry: PeerEntry
  readonly exclusion: Exclusion
  /** `undefined`: it does not serve the model. */
  readonly contender: Contender | undefined
}

/** What was found by looking. */
export interface Survey {
  readonly eligible: readonly Contender[]
  readonly excluded: readonly Excluded[]
  /** They serve the model, and nobody looked whether they are eligible. */
  readonly notLookedAtCount: number
  readonly withoutModelCount?: number | undefined
}

export interface SurveyDeps {
  /** This node. What it knows of itself is never stale. */
  readonly self: PeerId
  readonly options: SchedulerOptions
  readonly view: View
  readonly reservations: Reservations
  readonly policy: SchedulingPolicy
  readonly breakers: Breakers
}

export interface SurveyRequest {
  readonly model: string
  readonly size: RequestSize
  /** Peers that failed this request already. At most `attemptsMax`. */
  readonly tried: readonly PeerId[]
  /** The policy lets none of those that are looked at serve it. */
  readonly isForbidden: boolean
  /** The only peer that will do. `undefined`: any. */
  readonly target?: PeerId | undefined
  /** A peer whose queue is full may find it a place at the cost of another request. */
  readonly mayDisplace?: boolean | undefined
  /** It is a copy of a request that runs: only who begins it at once will do. */
  readonly isCopy?: boolean | undefined
}

/** How long ago it was last certain that what we know of a peer's load is its newest, in ms. */
export function stateAgeMs(entry: PeerEntry, self: PeerId, nowMs: number): number {
  return entry.peer === self ? 0 : nowMs - Math.max(entry.loadAtMs, entry.confirmedAtMs)
}

/** `undefined`: it is eligible. */
export function exclusionOf(
  contender: Contender,
  request: SurveyRequest,
  { self, options, policy, breakers }: SurveyDeps,
  nowMs: number,
): Exclusion | undefined {
  const { model, tried, isForbidden, target } = request
  const { entry } = contender
  if (entry.status !== 'alive') return 'not-alive'
  if (entry.load.isDraining) return 'draining'
  if (isForbidden) return 'policy-forbids'
  const forbidden = forbiddenBy(policy, entry, model)
  if (forbidden !== undefined) return forbidden
  if (tried.includes(entry.peer)) return 'already-tried'
  if (target !== undefined && entry.peer !== target) return 'not-targeted'
  if (contender.model.hasFaultyGpu) return 'gpu-faulty'
  if (contender.model.load.unready?.state === 'failed') return 'model-failed'
  if (!breakers.mayPass({ peer: entry.peer, model }, nowMs)) return 'breaker-open'
  if (stateAgeMs(entry, self, nowMs) > options.stateMaxAgeMs) return 'state-stale'
  return shortageOf(contender, request, options)
}

/** What the request would not find there now. */
function shortageOf(
  contender: Contender,
  { size, mayDisplace, isCopy }: SurveyRequest,
  { queueLengthMax }: SchedulerOptions,
): Exclusion | undefined {
  const isFull = queueLength(contender) >= queueLengthMax
  if (isFull && mayDisplace !== true) return 'queue-full'
  if (lacksMemory(contender, size)) return 'headroom-too-small'
  if (isCopy === true && !beginsAtOnce(contender, size)) return 'would-wait'
  return undefined
}

/** Requests that wait at the peer, and those of our picks that will. */
function queueLength({ model, reserved }: Contender): number {
  const { queuedCount, runningCount } = model.load
  const startCount = Math.max(0, parallelismNow(model) - queuedCount - runningCount)
  return queuedCount + Math.max(0, reserved.count - startCount)
}

/**
 * Whether the request would start at once and not find the memory it needs. One that has to wait
 * for another to end gets its memory then; and what an engine without any work calls used is a
 * cache that it gives up.
 */
function lacksMemory(contender: Contender, size: RequestSize): boolean {
  const { model, reserved } = contender
  if (model.load.kvUsedRatio === undefined) return false
  const isIdle = model.load.queuedCount + model.load.runningCount + reserved.count === 0
  if (isIdle || freeSlotCount(contender) === 0) return false
  return headroomRatioOf(contender) < kvNeedRatio(size, model)
}
