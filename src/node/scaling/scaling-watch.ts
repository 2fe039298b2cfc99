/**
 * Watches how much each model of the mesh is asked for, and passes on what should be done about it:
 * to the log, to the metrics, and to a webhook if there is one.
 *
 *     peers as this one sees them --every `intervalMs`--> Scaling --advice--> log, metric, webhook
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
import { observe } from './observe.ts'

/** Models that are followed; each has a line in the metrics. */
const MODELS_MAX = 64

export interface ScalingWatchDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'scaling'>
  readonly nodes: () => readonly NodeView[]
  readonly views: () => Pick<PolicyViews, 'setting' | 'placement'>
  readonly onAdvice: (advice: ScalingAdvice) => void
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
    const { clock, views, nodes, metrics } = this.#deps
    const nowMs = clock.nowMs()
    const policy = views()
    this.#scaling.step({ type: 'rule-changed', rule: policy.setting('scaling') }, nowMs)
    const observations = observe(nodes(), model => policy.placement(model))
    for (const model of this.#followed) {
      if (!observations.has(model)) this.#scaling.step({ type: 'model-gone', model }, nowMs)
    }
    for (const [model, observation] of observations) {
      const event = { type: 'model-observed', model, observation } as const
      for (const { advice } of this.#scaling.step(event, nowMs)) this.#tell(advice)
    }
    const demands = this.#scaling.demands()
    metrics.scaling.demand.reset()
    for (const [model, demand] of demands) metrics.scaling.demand.set({ model }, demand)
    this.#followed = new Set(demands.keys())
  }

  #tell(advice: ScalingAdvice): void {
    const { logger, metrics, onAdvice } = this.#deps
    logger.info('a model should have another number of replicas', { ...advice })
    metrics.scaling.advice.inc({ direction: advice.direction })
    onAdvice(advice)
  }
}
