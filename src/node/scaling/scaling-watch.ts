/**
 * Watches how much each model of the mesh is asked for, and passes on what should be done about it:
 * to the log, to the metrics, and to a webhook if there is one.
 *
 *     peers as this one sees them --every `intervalMs`--> Scaling --advice--> log, metric, webhook
 *                                                                        '--> ReplicaKeeper
 *
 * It is advice: nothing is loaded or unloaded here. Every peer watches for itself and comes to about
 * the same result, so one peer with a webhook is enough, two if one may be lost.
 */
import type { PolicyViews } from '../../consensus/policy/views.ts'
import { Scaling, type ScalingAdvice } from '../../scheduler/scaling.ts'
import type { Clock } from '../clock.ts'
import type { NodeView } from '../gateway.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { observe, type PlacementRules } from './observe.ts'

/** Models that are followed; each has a line in the metrics. */
const MODELS_MAX = 64

export interface ScalingWatchDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'scaling'>
  readonly nodes: () => readonly NodeView[]
  readonly views: () => Pick<PolicyViews, 'setting' | 'placement'>
  readonly mayServe: PlacementRules['mayServe']
  /** Called after each look, also if there is no advice. */
  readonly onLooked: (look: Look) => void
}

export interface Look {
  readonly nodes: readonly NodeView[]
  readonly advice: readonly ScalingAdvice[]
}

export class ScalingWatch {
  readonly #deps: ScalingWatchDeps
  readonly #intervalMs: number
  readonly #scaling: Scaling
  #followed: ReadonlySet<string> = new Set()
  #cancel = () => {}

  constructor(deps: ScalingWatchDeps, intervalMs: number) {
    this.#deps = deps
    this.#intervalMs = intervalMs
    this.#scaling = new Scaling(deps.views().setting('scaling'), MODELS_MAX)
    this.#lookLater()
  }

  close(): void {
    this.#cancel()
  }

  #lookLater(): void {
    const { clock } = this.#deps
    this.#cancel = clock.wakeAt(clock.nowMs() + this.#intervalMs, () => {
      this.#look()
      this.#lookLater()
    })
  }

  #look(): void {
    const { clock, views, metrics, mayServe, onLooked } = this.#deps
    const nodes = this.#deps.nodes()
    const nowMs = clock.nowMs()
    const policy = views()
    this.#scaling.step({ type: 'rule-changed', rule: policy.setting('scaling') }, nowMs)
    const placementOf = (model: string) => policy.placement(model)
    const observations = observe(nodes, { placementOf, mayServe })
    for (const model of this.#followed) {
      if (!observations.has(model)) this.#scaling.step({ type: 'model-gone', model }, nowMs)
    }
    const advice = Array.from(observations, ([model, observation]) =>
      this.#scaling.step({ type: 'model-observed', model, observation }, nowMs),
    ).flatMap(effects => effects.map(effect => effect.advice))
    for (const each of advice) this.#tell(each)
    const demands = this.#scaling.demands()
    metrics.scaling.demand.reset()
    for (const [model, demand] of demands) metrics.scaling.demand.set({ model }, demand)
    this.#followed = new Set(demands.keys())
    onLooked({ nodes, advice })
  }

  #tell(advice: ScalingAdvice): void {
    const { logger, metrics } = this.#deps
    logger.info('a model should have another number of replicas', { ...advice })
    metrics.scaling.advice.inc({ direction: advice.direction })
  }
}
