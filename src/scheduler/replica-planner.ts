/**
 * Loads and unloads over time: what is planned for each model, when it may be planned, and what
 * became of it.
 *
 *     quiet --looked: planReplica has something--> act, under way --ended--> settling --> quiet
 *       ^                                                                       |
 *       '------ cooldownMs since it began, and SETTLE_MS since it ended --------'
 *
 * The news of an action may come later than its end, so nothing more is done to that model or at
 * that peer until it has surely come: what is seen before that would be acted on twice. A peer
 * that fails is asked again after all others. What is kept is of models that were acted on, and is
 * forgotten with their placement.
 */
import type { PeerId } from '../core/ids.ts'
import { type Machine, NEVER } from '../core/machine.ts'
import {
  planReplica,
  type Replica,
  type ReplicaAction,
  type ReplicaSituation,
} from './replica-plan.ts'

/** Longer than news of a peer takes: it comes every two seconds at least. */
export const SETTLE_MS = 10_000

/** Models that are loaded or unloaded at once, in the whole mesh. */
export const ACTIONS_MAX = 8

/** A model whose placement names how many replicas it has. */
export interface PlacedModel extends Omit<ReplicaSituation, 'replicas'> {
  readonly model: string
  /** Whose turn is first if several want the same peer: the higher one's. */
  readonly priority: number
  readonly replicas: readonly Omit<Replica, 'failureCount' | 'isBusy'>[]
}

/** `dropped`: it was not tried. */
export type ActionOutcome = 'done' | 'failed' | 'dropped'

export interface ModelToScale extends ReplicaAction {
  readonly model: string
}

export type ReplicaPlannerEvent =
  | {
      readonly type: 'looked'
      /** All of them: what is known of others is forgotten. */
      readonly models: readonly PlacedModel[]
      readonly cooldownMs: number
    }
  | { readonly type: 'action-ended'; readonly model: string; readonly outcome: ActionOutcome }
  | { readonly type: 'tick' }

export interface ReplicaPlannerEffect extends ModelToScale {
  readonly type: 'act'
}

interface ModelState {
  /** Where something is under way, or was last. */
  peer: PeerId
  isActing: boolean
  startedAtMs: number
  endedAtMs: number
  /** Of peers that could not do as asked since it was last done. */
  readonly failures: Map<PeerId, number>
}

export class ReplicaPlanner implements Machine<ReplicaPlannerEvent, ReplicaPlannerEffect> {
  readonly #models = new Map<string, ModelState>()

  /** It is looked from outside, and nothing is due by time alone. */
  readonly wakeAtMs = NEVER

  step(event: ReplicaPlannerEvent, nowMs: number): readonly ReplicaPlannerEffect[] {
    switch (event.type) {
      case 'looked':
        return this.#look(event, nowMs)
      case 'action-ended':
        this.#end(event.model, event.outcome, nowMs)
        return []
      case 'tick':
        return []
    }
  }

  #look(
    { models, cooldownMs }: Extract<ReplicaPlannerEvent, { type: 'looked' }>,
    nowMs: number,
  ): readonly ReplicaPlannerEffect[] {
    this.#forgetOthers(new Set(models.map(({ model }) => model)))
    const effects: ReplicaPlannerEffect[] = []
    for (const placed of models.toSorted(byTurn)) {
      if (this.#actingCount >= ACTIONS_MAX) break
      if (!this.#isQuiet(placed.model, { cooldownMs, nowMs })) continue
      const action = this.#plan(placed, nowMs)
      if (action === undefined) continue
      this.#begin(placed, action.peer, nowMs)
      effects.push({ type: 'act', model: placed.model, ...action })
    }
    return effects
  }

  #plan({ model, replicas, ...rest }: PlacedModel, nowMs: number): ReplicaAction | undefined {
    const busy = this.#busyPeers(nowMs)
    const failures = this.#models.get(model)?.failures
    return planReplica({
      ...rest,
      replicas: replicas.map(replica => ({
        ...replica,
        failureCount: failures?.get(replica.peer) ?? 0,
        isBusy: busy.has(replica.peer),
      })),
    })
  }

  #begin({ model, replicas }: PlacedModel, peer: PeerId, nowMs: number): void {
    const known = this.#models.get(model)?.failures ?? []
    const failures = new Map([...known].filter(([id]) => replicas.some(each => each.peer === id)))
    const state = { peer, isActing: true, startedAtMs: nowMs, endedAtMs: nowMs, failures }
    this.#models.set(model, state)
  }

  #end(model: string, outcome: ActionOutcome, nowMs: number): void {
    const state = this.#models.get(model)
    if (state === undefined) return
    state.isActing = false
    state.endedAtMs = nowMs
    const { failures, peer } = state
    if (outcome === 'done') failures.clear()
    if (outcome === 'failed') failures.set(peer, (failures.get(peer) ?? 0) + 1)
  }

  #isQuiet(
    model: string,
    { cooldownMs, nowMs }: { readonly cooldownMs: number; readonly nowMs: number },
  ): boolean {
    const state = this.#models.get(model)
    if (state === undefined) return true
    if (isUnsettled(state, nowMs)) return false
    return nowMs - state.startedAtMs >= cooldownMs
  }

  #busyPeers(nowMs: number): ReadonlySet<PeerId> {
    const unsettled = [...this.#models.values()].filter(state => isUnsettled(state, nowMs))
    return new Set(unsettled.map(({ peer }) => peer))
  }

  get #actingCount(): number {
    return [...this.#models.values()].filter(({ isActing }) => isActing).length
  }

  #forgetOthers(placed: ReadonlySet<string>): void {
    for (const [model, { isActing }] of this.#models) {
      if (!placed.has(model) && !isActing) this.#models.delete(model)
    }
  }
}

function isUnsettled({ isActing, endedAtMs }: ModelState, nowMs: number): boolean {
  return isActing || nowMs - endedAtMs < SETTLE_MS
}

function byTurn(a: PlacedModel, b: PlacedModel): number {
  return b.priority - a.priority || (a.model < b.model ? -1 : 1)
}
