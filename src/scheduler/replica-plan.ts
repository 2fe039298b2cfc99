/**
 * What is to be done about the replicas of one model, if anything: load it at one more peer, or
 * unload it at one.
 *
 *     too many           unload   the least used that is idle
 *     too few            load     where most memory is free
 *     advice up          load     up to the maximum
 *     advice down        unload   down to the minimum
 *
 * One thing at a time: nothing while it is loading anywhere, since what that changes is not seen
 * yet. A replica that may be lost counts where it could be one too many, and not where it could be
 * the last. Whoever sees the same comes to the same.
 */
import type { PeerId } from '../core/ids.ts'
import type { ScalingAdvice } from './scaling.ts'

export interface ReplicaLimits {
  readonly replicasMin: number
  /** `null`: as many as there may be. */
  readonly replicasMax: number | null
}

/**
 * `ready`: it takes requests. `cold`, `sleeping`: it could. `unsure`: it did, and is not heard of
 * now. `draining`, `faulty`: neither counted nor touched.
 */
export type ReplicaState =
  | 'ready'
  | 'cold'
  | 'sleeping'
  | 'loading'
  | 'unsure'
  | 'draining'
  | 'faulty'

/** A peer that may hold the model. */
export interface Replica {
  readonly peer: PeerId
  readonly state: ReplicaState
  /** Requests for the model that wait or run there. */
  readonly liveCount: number
  /** Prompts that are in its cache: what it was used for of late, and what unloading loses. */
  readonly hotPrefixCount: number
  /** Free share of its memory, 0 to 1. */
  readonly headroomRatio: number
  /** Times in a row that it was asked in vain. */
  readonly failureCount: number
  /** Something is being loaded or unloaded there, so that its memory is about to change. */
  readonly isBusy: boolean
}

export interface ReplicaAction {
  readonly action: 'load' | 'unload' | 'wake'
  readonly peer: PeerId
}

export interface ReplicaSituation {
  readonly limits: ReplicaLimits
  readonly replicas: readonly Replica[]
  /** `undefined`: no advice. */
  readonly direction: ScalingAdvice['direction'] | undefined
}

/** @returns at most one thing to do. */
export function planReplica(situation: ReplicaSituation): ReplicaAction | undefined {
  const { limits, replicas, direction } = situation
  if (replicas.some(({ state }) => state === 'loading')) return undefined
  const { replicasMin, replicasMax } = limits
  const maxCount = replicasMax ?? Number.POSITIVE_INFINITY
  const readyCount = countOf(replicas, 'ready')
  const heldCount = readyCount + countOf(replicas, 'unsure')
  if (readyCount > maxCount) return unload(replicas)
  if (heldCount < replicasMin) return load(replicas)
  if (direction === 'up' && heldCount < maxCount) return load(replicas)
  if (direction === 'down' && readyCount > replicasMin) return unload(replicas)
  return undefined
}

function load(replicas: readonly Replica[]): ReplicaAction | undefined {
  const best = replicas
    .filter(({ state, isBusy }) => (state === 'cold' || state === 'sleeping') && !isBusy)
    .toSorted(
      (a, b) =>
        a.failureCount - b.failureCount || b.headroomRatio - a.headroomRatio || byPeer(a, b),
    )[0]
  if (best === undefined) return undefined
  return { action: best.state === 'sleeping' ? 'wake' : 'load', peer: best.peer }
}

function unload(replicas: readonly Replica[]): ReplicaAction | undefined {
  const least = replicas
    .filter(({ state, liveCount, isBusy }) => state === 'ready' && liveCount === 0 && !isBusy)
    .toSorted(
      (a, b) =>
        a.failureCount - b.failureCount ||
        a.hotPrefixCount - b.hotPrefixCount ||
        a.headroomRatio - b.headroomRatio ||
        byPeer(a, b),
    )[0]
  return least === undefined ? undefined : { action: 'unload', peer: least.peer }
}

function countOf(replicas: readonly Replica[], wanted: ReplicaState): number {
  return replicas.filter(({ state }) => state === wanted).length
}

/** By code unit, the same on every machine. */
function byPeer(a: Replica, b: Replica): number {
  if (a.peer === b.peer) return 0
  return a.peer < b.peer ? -1 : 1
}
