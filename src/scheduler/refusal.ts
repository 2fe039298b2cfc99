/**
 * What a caller is told when no peer can take the request: which error it is, what was found,
 * and when to come back.
 *
 * No member serves the model           → ERR_MODEL_NOT_FOUND, with the models there are
 * Some could, but are full             → ERR_OVERLOADED, with when the least busy one is done
 * Those that serve it are out of reach → ERR_NO_CAPACITY, with the reasons, and when the first that
 *                                        rests after failures is tried again
 */
import type { ErrorCode } from '../core/errors.ts'
import { shownModel, unknownModel } from '../core/unknown-model.ts'
import type { Breakers } from './breaker-table.ts'
import type { Exclusion } from './decision.ts'
import type { SchedulerOptions } from './options.ts'
import { type Contender, type RequestSize, scoreTerms } from './score.ts'
import type { Survey } from './survey.ts'
import type { View } from './view.ts'

export interface Refusal {
  readonly code: ErrorCode
  /** What was expected and what was found, in one sentence. */
  readonly message: string
  /** `undefined`: nobody can say. */
  readonly retryAfterMs?: number | undefined
}

/** The words of a message, per reason. */
const reasons = {
  'not-alive': 'not alive',
  draining: 'draining',
  'not-placed': 'to which the model is not pinned',
  'policy-forbids': 'that the routing policy rules out',
  'model-missing': 'without the model',
  'model-failed': 'that could not load it',
  'not-targeted': 'that was not asked for',
  'state-stale': 'not heard from for too long',
  'gpu-faulty': 'with a faulty GPU',
  'headroom-too-small': 'out of memory',
  'queue-full': 'with a full queue',
  'already-tried': 'tried already',
  'would-wait': 'where a copy of it would wait',
  'breaker-open': 'resting after failures',
} as const satisfies Record<Exclusion, string>

export interface RefusalDeps {
  readonly options: SchedulerOptions
  readonly view: View
  readonly breakers: Breakers
  readonly nowMs: number
}

/** Says why none of the surveyed peers is eligible. */
export function refusalOf(
  model: string,
  size: RequestSize,
  { excluded }: Survey,
  { options, view, breakers, nowMs }: RefusalDeps,
): Refusal {
  const serving = excluded.filter(
    ({ entry, contender }) => contender !== undefined && entry.status !== 'left',
  )
  if (serving.length === 0) {
    return { code: 'ERR_MODEL_NOT_FOUND', message: unknownModel(model, view.models()) }
  }

  const counts = new Map<string, number>()
  for (const { exclusion } of serving) {
    counts.set(reasons[exclusion], (counts.get(reasons[exclusion]) ?? 0) + 1)
  }
  const found = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ')
  const message = `expected a peer that can take a request for ${shownModel(model)} now, found ${found}`

  const full = serving.flatMap(({ exclusion, contender }) => {
    const isFull = exclusion === 'queue-full' || exclusion === 'headroom-too-small'
    return isFull && contender !== undefined ? [contender] : []
  })
  if (full.length > 0) {
    return { code: 'ERR_OVERLOADED', message, retryAfterMs: retryAfterMs(full, size, options) }
  }
  const peers = serving.map(({ entry }) => entry.peer)
  const openForMs = breakers.openForMs(peers, model, nowMs)
  const isResting = counts.has(reasons['breaker-open']) && openForMs !== undefined
  if (!isResting) return { code: 'ERR_NO_CAPACITY', message }
  return { code: 'ERR_NO_CAPACITY', message, retryAfterMs: withinBounds(openForMs, options) }
}
/** When the peer with the least work left will have done it, in whole ms, kept within bounds. */
export function retryAfterMs(
  contenders: readonly Contender[],
  size: RequestSize,
  options: SchedulerOptions,
): number {
  let leastMs = options.retryAfterMaxMs
  for (const contender of contenders) {
    const { workLeftMs, parallelism } = scoreTerms(size, contender, options)
    leastMs = Math.min(leastMs, workLeftMs / parallelism)
  }
  return withinBounds(leastMs, options)
}

/** A wait in whole ms, within what a caller is ever advised; another peer may have named it. */
export function withinBounds(
  waitMs: number,
  { retryAfterMinMs, retryAfterMaxMs }: SchedulerOptions,
): number {
  const bounded = Math.min(retryAfterMaxMs, Math.max(retryAfterMinMs, Math.ceil(waitMs)))
  return Number.isNaN(bounded) ? retryAfterMaxMs : bounded
}

/** This node is the one that has too many. */
export function tooManyOpen(
  { eligible }: Pick<Survey, 'eligible'>,
  size: RequestSize,
  options: SchedulerOptions,
): Refusal {
  const { requestsMax } = options
  const message = `expected fewer than ${requestsMax} open requests at this node, found as many`
  const afterMs = retryAfterMs(eligible, size, options)
  return { code: 'ERR_OVERLOADED', message, retryAfterMs: afterMs }
}
