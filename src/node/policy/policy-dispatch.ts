/**
 * Sends a request where the policy says: follows aliases, keeps quotas, tries fallbacks.
 *
 *     asked model --alias--> targets, best first --> quotas --> Router --> answer --> tokens used
 *                                       ^------- it cannot serve: the next one
 *
 * All is read from the local copy, once per request. Where an alias has variants, the scheduler says
 * for which of them there is room, and an answer that a smaller one made says so.
 */
import type { RankOf } from '../../consensus/policy/alias-route.ts'
import { type QuotaSubjectType, quotaName } from '../../consensus/policy/kinds/quotas.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import { MeshError } from '../../core/errors.ts'
import type { Room } from '../../scheduler/degradation.ts'
import { estimateTokens } from '../answer-tokens.ts'
import type { Clock } from '../clock.ts'
import type { MeshAnswer, MeshRequest } from '../gateway.ts'
import type { Metrics } from '../metrics.ts'
import { WatchedChunks } from '../watched-chunks.ts'
import { withModel } from './model-field.ts'
import { type Lease, type Quota, QuotaLedger } from './quota-ledger.ts'
import { UsageReader } from './usage-reader.ts'

type Dispatch = (request: MeshRequest, signal: AbortSignal) => Promise<MeshAnswer>

export interface PolicyDispatchDeps {
  readonly views: () => PolicyViews
  readonly clock: Clock
  /** A number in [0, 1), by chance. */
  readonly draw: () => number
  readonly dispatch: Dispatch
  /** What the mesh has for the request now. @param best The model in whose place this would serve. */
  readonly room: (request: MeshRequest, best: string | undefined) => Room
  readonly metrics: { readonly scheduler: Pick<Metrics['scheduler'], 'degraded'> }
}

/** Who is asked first. */
const RANKS: Readonly<Record<Room, number>> = { now: 0, later: 1, none: 2 }

export class PolicyDispatch {
  readonly #deps: PolicyDispatchDeps
  readonly #ledger = new QuotaLedger()

  constructor(deps: PolicyDispatchDeps) {
    this.#deps = deps
  }

  /** As `Gateway.dispatch`. */
  async dispatch(request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    const { clock } = this.#deps
    const views = this.#deps.views()
    const { model: asked, inputTokens, caller } = request
    const lease = this.#lease(views, inputTokens, [
      ['key', caller?.key],
      ['tenant', caller?.tenant],
      ['model', asked],
    ])
    try {
      const route = views.resolve(asked, this.#deps.draw(), this.#rankFor(request))
      const answer = await this.#tryAll([route.model, ...route.fallbacks], request, signal)
      const insteadOf = route.insteadOf.get(answer.model)
      if (insteadOf !== undefined) this.#deps.metrics.scheduler.degraded.inc()
      const told = insteadOf === undefined ? answer : { ...answer, insteadOf }
      return lease === undefined ? told : this.#metered(told, lease, request, signal)
    } catch (error) {
      lease?.giveBack(clock.nowMs())
      throw error
    }
  }

  /** A model may stand in a route more than once; in one model's place it is looked for once. */
  #rankFor(request: MeshRequest): RankOf {
    const known = new Map<string, number>()
    return (model, best) => {
      const key = JSON.stringify([model, best])
      const rank = known.get(key) ?? RANKS[this.#deps.room({ ...request, model }, best)]
      known.set(key, rank)
      return rank
    }
  }

  async #tryAll(
    models: readonly string[],
    request: MeshRequest,
    signal: AbortSignal,
  ): Promise<MeshAnswer> {
    let failure: unknown
    for (const model of models) {
      try {
        return await this.#try(model, request, signal)
      } catch (error) {
        // The first says most: it is what was meant.
        failure ??= error
        if (signal.aborted || !mayFallBack(error)) throw error
      }
    }
    throw failure
  }

  async #try(model: string, request: MeshRequest, signal: AbortSignal): Promise<MeshAnswer> {
    const { clock, dispatch } = this.#deps
    if (model === request.model) return dispatch(request, signal)
    const lease = this.#lease(this.#deps.views(), request.inputTokens, [['model', model]])
    const changed = { ...request, model, body: withModel(request.body, model) }
    try {
      const answer = await dispatch(changed, signal)
      return lease === undefined ? answer : this.#metered(answer, lease, request, signal)
    } catch (error) {
      lease?.giveBack(clock.nowMs())
      throw error
    }
  }

  /**
   * `undefined`: no quota holds.
   *
   * @throws MeshError ERR_QUOTA_EXCEEDED.
   */
  #lease(
    views: PolicyViews,
    tokens: number,
    subjects: readonly (readonly [QuotaSubjectType, string | undefined])[],
  ): Lease | undefined {
    const quotas = subjects.flatMap(([type, subject]): readonly Quota[] => {
      const spec = subject === undefined ? undefined : views.quota(type, subject)
      return spec === undefined || subject === undefined
        ? []
        : [{ name: quotaName(type, subject), spec }]
    })
    if (quotas.length === 0) return undefined
    return this.#ledger.take(quotas, tokens, this.#deps.clock.nowMs())
  }

  #metered(
    answer: MeshAnswer,
    lease: Lease,
    request: MeshRequest,
    signal: AbortSignal,
  ): MeshAnswer {
    const { clock } = this.#deps
    const usage = new UsageReader()
    const chunks = WatchedChunks.of(usage.read(answer.chunks), signal, {
      onEnd: (_, size) => {
        const made = estimateTokens(request, size) ?? 0
        lease.settle(usage.totalTokens ?? request.inputTokens + made, clock.nowMs())
      },
    })
    return { ...answer, chunks }
  }
}

/** Another model may do better, unless the request itself is at fault or its time is over. */
function mayFallBack(error: unknown): boolean {
  if (!(error instanceof MeshError)) return false
  if (error.code === 'ERR_MODEL_NOT_FOUND') return true
  return error.kind.retry !== 'never' && error.code !== 'ERR_DEADLINE_EXCEEDED'
}
