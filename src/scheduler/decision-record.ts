/**
 * Writes down one choice: who was looked at, what each was worth, who was left out and why.
 */
import type { PeerId } from '../core/ids.ts'
import type { Candidate, DecisionRecord } from './decision.ts'
import type { ScheduleRequest } from './events.ts'
import type { PeerEntry } from './peer-entry.ts'
import type { Contender, RequestSize } from './score.ts'
import type { Choice, Scored } from './strategy.ts'
import { type Survey, stateAgeMs } from './survey.ts'

/** The part of a record that a further attempt writes anew. */
export type ChoiceRecord = Pick<
  DecisionRecord,
  | 'candidates'
  | 'candidatesOmittedCount'
  | 'notLookedAtCount'
  | 'withoutModelCount'
  | 'rule'
  | 'chosen'
>

export interface ChoiceContext {
  readonly self: PeerId
  readonly candidatesKept: number
  readonly nowMs: number
}

/** Of a request for which nothing has been chosen yet. */
export function newRecord(
  { id, atWallMs, model }: Pick<ScheduleRequest, 'id' | 'atWallMs' | 'model'>,
  made: { readonly size: RequestSize; readonly strategy: string; readonly ingress: PeerId },
): DecisionRecord {
  const { inputTokens, outputTokensExpected } = made.size
  return {
    ...{ id, atWallMs, ingress: made.ingress, model, inputTokens, outputTokensExpected },
    ...{ strategy: made.strategy, candidates: [], chosen: undefined, attempts: [] },
    outcome: 'pending',
  }
}

/** @param choice `undefined`: nobody was eligible. */
export function recordChoice(
  { eligible, excluded, notLookedAtCount, withoutModelCount }: Survey,
  choice: Choice | undefined,
  { self, candidatesKept, nowMs }: ChoiceContext,
): ChoiceRecord {
  const candidate = (entry: PeerEntry, contender: Contender | undefined) => ({
    peer: entry.peer,
    stateAgeMs: stateAgeMs(entry, self, nowMs),
    reservedCount: contender?.reserved.count ?? 0,
  })

  const { scored = [], homes = [] } = choice ?? {}
  const candidates: Candidate[] = keptOf(scored, choice?.chosen, candidatesKept).map(
    ({ contender, terms }) => {
      const home = homes.indexOf(contender)
      const listed = { ...candidate(contender.entry, contender), terms }
      return home < 0 ? listed : { ...listed, home }
    },
  )
  const isRoom = candidates.length < candidatesKept
  const inSample = new Set(isRoom ? scored.map(({ contender }) => contender) : [])
  for (const contender of eligible) {
    if (candidates.length >= candidatesKept) break
    if (!inSample.has(contender)) candidates.push(candidate(contender.entry, contender))
  }
  for (const { entry, exclusion, contender } of excluded) {
    if (candidates.length >= candidatesKept) break
    candidates.push({ ...candidate(entry, contender), exclusion })
  }
  return {
    candidates,
    candidatesOmittedCount: eligible.length + excluded.length - candidates.length,
    notLookedAtCount,
    withoutModelCount,
    rule: choice?.rule,
    chosen: choice?.chosen.contender.entry.peer,
  }
}

/** What each is worth, the best first, then those that may not, and why; at most so many. */
export function candidatesOf(
  survey: Survey,
  scored: readonly Scored[],
  context: ChoiceContext,
): readonly Candidate[] {
  const [chosen] = scored
  const choice = chosen === undefined ? undefined : { chosen, scored }
  return recordChoice(survey, choice, context).candidates
}

/** The best of those scored, and the chosen in any case: it may be one of many equals. */
function keptOf(
  scored: readonly Scored[],
  chosen: Scored | undefined,
  keptMax: number,
): readonly Scored[] {
  const kept = scored.slice(0, keptMax)
  if (chosen === undefined || kept.includes(chosen)) return kept
  return [...kept.slice(0, -1), chosen]
}
