/**
 * One estimate of several contestants as a column for a terminal, all in one unit.
 */
import type { ContestantResult, EstimateName } from '../experiment/comparison.ts'
import { bare, estimateParts, UNKNOWN, unitFor } from './figures.ts'
import { isMeasured, wordsOf } from './metric-words.ts'
import type { TextColumn } from './text-table.ts'

export interface ValueColumn {
  /** Two lines; the unit comes after the second. */
  readonly head: readonly [string, string]
  readonly name: EstimateName
  readonly hasInterval?: boolean
}

export function valueColumn(
  { head, name, hasInterval = false }: ValueColumn,
  contestants: readonly ContestantResult[],
): TextColumn {
  const { quantity } = wordsOf(name)
  const unit = unitFor(
    quantity,
    contestants.map(({ estimates }) => estimates[name].mean),
  )
  const cells = contestants.map(contestant => {
    if (!isMeasured(contestant, name)) return UNKNOWN
    const estimate = contestant.estimates[name]
    if (!hasInterval) return bare(estimate.mean, quantity, unit)
    const [mean, half] = estimateParts(estimate, quantity, unit)
    return half === undefined ? mean : `${mean} ±${half}`
  })
  return { head: [head[0], `${head[1]} ${unit.prefix}${unit.suffix.trim()}`.trim()], cells }
}
