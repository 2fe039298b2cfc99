/**
 * Advice about replicas, per model: only what holds for a while is said, and after something was
 * said nothing more for a while, so that its effect is seen first.
 *
 *     hold --verdict up or down--> leaning --the same for holdMs--> advise, cooldownMs of silence
 *      ^                             |
 *      '------- another verdict -----'
 *
 * The machine decides nothing about where: whoever hears the advice has replicas to add or take.
 */
import { type Machine, NEVER } from '../core/machine.ts'
import {
  demandRatio,
  type ScalingObservation,
  type ScalingRule,
  type ScalingVerdict,
  scalingVerdict,
} from './scaling-demand.ts'

export interface ScalingAdvice {
  readonly model: string
  readonly direction: Exclude<ScalingVerdict, 'hold'>
  readonly demandRatio: number
  readonly replicaCount: number
  /** One more or one less. */
  readonly replicasWanted: number
}

export type ScalingEvent =
  | { readonly type: 'rule-changed'; readonly rule: ScalingRule }
  | {
      readonly type: 'model-observed'
      readonly model: string
      readonly observation: ScalingObservation
    }
  | { readonly type: 'model-gone'; readonly model: string }
  | { readonly type: 'tick' }

export interface ScalingEffect {
  readonly type: 'advise'
  readonly advice: ScalingAdvice
}

interface ModelState {
  verdict: ScalingVerdict
  /** Since when the verdict is the same. */
  sinceMs: number
  silentUntilMs: number
  demandRatio: number
}

export class Scaling implements Machine<ScalingEvent, ScalingEffect> {
  #rule: ScalingRule
  readonly #modelsMax: number
  readonly #models = new Map<string, ModelState>()

  /** It is observed from outside, and nothing is due by time alone. */
  readonly wakeAtMs = NEVER

  /** @param modelsMax Models that are followed; further ones are not. */
  constructor(rule: ScalingRule, modelsMax: number) {
    this.#rule = rule
    this.#modelsMax = modelsMax
  }

  step(event: ScalingEvent, nowMs: number): readonly ScalingEffect[] {
    switch (event.type) {
      case 'rule-changed':
        this.#rule = event.rule
        return []
      case 'model-gone':
        this.#models.delete(event.model)
        return []
      case 'model-observed':
        return this.#observe(event.model, event.observation, nowMs)
      case 'tick':
        return []
    }
  }

  /** Model id → its demand, as last observed. */
  demands(): ReadonlyMap<string, number> {
    return new Map(Array.from(this.#models, ([model, state]) => [model, state.demandRatio]))
  }

  #observe(
    model: string,
    observation: ScalingObservation,
    nowMs: number,
  ): readonly ScalingEffect[] {
    const state = this.#stateOf(model, nowMs)
    if (state === undefined) return []
    const verdict = scalingVerdict(observation, this.#rule)
    state.demandRatio = demandRatio(observation, this.#rule)
    if (verdict !== state.verdict) {
      state.verdict = verdict
      state.sinceMs = nowMs
    }
    const { holdMs, cooldownMs } = this.#rule
    if (verdict === 'hold') return []
    if (nowMs - state.sinceMs < holdMs || nowMs < state.silentUntilMs) return []
    state.silentUntilMs = nowMs + cooldownMs
    const { replicaCount } = observation
    const replicasWanted = replicaCount + (verdict === 'up' ? 1 : -1)
    const advice = { model, direction: verdict, demandRatio: state.demandRatio }
    return [{ type: 'advise', advice: { ...advice, replicaCount, replicasWanted } }]
  }

  #stateOf(model: string, nowMs: number): ModelState | undefined {
    const known = this.#models.get(model)
    if (known !== undefined || this.#models.size >= this.#modelsMax) return known
    const state: ModelState = {
      verdict: 'hold',
      sinceMs: nowMs,
      silentUntilMs: Number.NEGATIVE_INFINITY,
      demandRatio: 0,
    }
    this.#models.set(model, state)
    return state
  }
}
