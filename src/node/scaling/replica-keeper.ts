/**
 * Has models loaded and unloaded as their placement and the demand want it.
 *
 *     what was seen, advice --we lead--> ReplicaPlanner --act--> do we still lead? --> ModelControl
 *                                              ^                                           |
 *                                              '---------------- done, failed -------------'
 *
 * Only who leads the agreement acts, so that nothing is done twice; without a leader nobody does. A
 * leader acts from its second look on, when it has heard what the last one did, and has a majority
 * confirm that it leads before each action. How long ago the last one acted it does not know.
 */
import type { PolicyViews } from '../../consensus/policy/views.ts'
import { hasCode, MeshError } from '../../core/errors.ts'
import {
  type ActionOutcome,
  type ModelToScale,
  type PlacedModel,
  ReplicaPlanner,
} from '../../scheduler/replica-planner.ts'
import type { Clock } from '../clock.ts'
import type { Agreement } from '../consensus/agreement.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import type { ModelControl } from '../model-control.ts'

export interface ReplicaKeeperDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly metrics: Pick<Metrics, 'scaling'>
  readonly agreement: Pick<Agreement, 'status' | 'catchUp'> & {
    readonly views: Pick<PolicyViews, 'setting'>
  }
  readonly control: Pick<ModelControl, 'act'>
  readonly onEvent: (event: string, facts: Readonly<Record<string, unknown>>) => void
}

export class ReplicaKeeper {
  readonly #deps: ReplicaKeeperDeps
  readonly #actionTimeoutMs: number
  readonly #planner = new ReplicaPlanner()
  readonly #closing = new AbortController()
  readonly #acting = new Set<Promise<void>>()
  /** In which we led when we last looked. */
  #ledTerm: number | undefined

  constructor(deps: ReplicaKeeperDeps, actionTimeoutMs: number) {
    this.#deps = deps
    this.#actionTimeoutMs = actionTimeoutMs
  }

  /** @param models What is seen now; not asked for if we do not lead. */
  look(models: () => readonly PlacedModel[]): void {
    const { agreement, clock } = this.#deps
    const { role, term } = agreement.status()
    const ledTerm = this.#ledTerm
    this.#ledTerm = role === 'leader' ? term : undefined
    if (role !== 'leader' || term !== ledTerm || this.#closing.signal.aborted) return
    const { cooldownMs } = agreement.views.setting('scaling')
    const event = { type: 'looked', models: models(), cooldownMs } as const
    for (const { type: _, ...wanted } of this.#planner.step(event, clock.nowMs())) {
      const acting = this.#act(wanted, term).finally(() => this.#acting.delete(acting))
      this.#acting.add(acting)
    }
  }

  /** Waits for no engine: what it has begun it ends by itself. */
  async close(): Promise<void> {
    this.#closing.abort(
      new MeshError('expected a peer that runs, found one that is stopping', {
        code: 'ERR_STOPPING',
      }),
    )
    await Promise.all(this.#acting)
  }

  async #act(wanted: ModelToScale, term: number): Promise<void> {
    const { clock, metrics } = this.#deps
    const outcome = (await this.#stillLeads(term)) ? await this.#try(wanted) : 'dropped'
    const { model, action } = wanted
    metrics.scaling.actions.inc({ action, outcome })
    this.#planner.step({ type: 'action-ended', model, outcome }, clock.nowMs())
  }

  async #stillLeads(term: number): Promise<boolean> {
    const { agreement, logger } = this.#deps
    try {
      await agreement.catchUp()
    } catch (error) {
      logger.info('no majority lets us load or unload models', { error })
      return false
    }
    const { role, term: termNow } = agreement.status()
    return role === 'leader' && termNow === term && !this.#closing.signal.aborted
  }

  async #try(wanted: ModelToScale): Promise<ActionOutcome> {
    const { clock, logger, onEvent } = this.#deps
    const deadline = new AbortController()
    const endMs = clock.nowMs() + this.#actionTimeoutMs
    const cancel = clock.wakeAt(endMs, () => deadline.abort(this.#tooLong(wanted)))
    try {
      await this.#ask(wanted, AbortSignal.any([this.#closing.signal, deadline.signal]))
      logger.info('a model has another number of replicas', { ...wanted })
      onEvent('model-scaled', { ...wanted })
      return 'done'
    } catch (error) {
      if (this.#closing.signal.aborted) return 'dropped'
      const code = error instanceof MeshError ? error.code : undefined
      logger.warn('the replicas of a model could not be changed', { ...wanted, error })
      onEvent('model-not-scaled', { ...wanted, code })
      return 'failed'
    } finally {
      cancel()
    }
  }

  /** An engine that cannot load a model on request does so when it is asked for a token. */
  async #ask(wanted: ModelToScale, signal: AbortSignal): Promise<void> {
    const { control } = this.#deps
    try {
      await control.act(wanted, signal)
    } catch (error) {
      if (wanted.action === 'unload' || !hasCode(error, 'ERR_NOT_SUPPORTED')) throw error
      await control.act({ ...wanted, action: 'warm' }, signal)
    }
  }

  #tooLong({ action, model, peer }: ModelToScale): MeshError {
    const waited = `${this.#actionTimeoutMs} ms`
    return new MeshError(`expected ${peer} to ${action} ${model} within ${waited}, found it busy`, {
      code: 'ERR_DEADLINE_EXCEEDED',
      hint: 'A model that takes longer needs a higher `scaling.actionTimeoutMs`.',
    })
  }
}
