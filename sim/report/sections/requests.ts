/**
 * Where every request went: nothing may be lost between these numbers.
 */
import type { Comparison, ContestantResult } from '../../experiment/comparison.ts'
import type { Counts } from '../../experiment/run-result.ts'
import { showCount } from '../figures.ts'
import type { Markup, MarkupPart } from '../markup.ts'
import { section, table } from './parts.ts'

type CountName = Exclude<keyof Counts, 'reasons'>

export function requestsSection({ contestants }: Comparison): Markup {
  return section({
    id: 'requests',
    title: 'Requests',
    lead: 'All requests of all runs, those of the warm-up included. Arrived = completed + rejected + failed + in flight at the end; admitted = arrived − rejected.',
    body: [
      table({
        caption: 'Requests by how they ended, sums over runs',
        columns: [
          { label: 'Contestant', isText: true },
          { label: 'Arrived' },
          { label: 'Admitted' },
          { label: 'Completed' },
          { label: 'Rejected' },
          { label: 'Failed' },
          { label: 'In flight' },
          { label: 'Bounces', meaning: 'Peers that sent a request back to whoever chose them.' },
          { label: 'Retries', meaning: 'Requests sent again, to another peer.' },
          { label: 'Hedges won', meaning: 'Second copies that answered first, of those sent.' },
        ],
        rows: contestants.map(contestant => ({
          head: contestant.name,
          cells: countCells(contestant),
        })),
      }),
      reasonTable(contestants),
    ],
  })
}

function total({ runs }: ContestantResult, name: CountName): number {
  return runs.reduce((sum, { counts }) => sum + counts[name], 0)
}

function countCells(contestant: ContestantResult): readonly string[] {
  const sum = (name: CountName) => total(contestant, name)
  return [
    showCount(sum('arrived')),
    showCount(sum('arrived') - sum('rejected')),
    showCount(sum('completed')),
    showCount(sum('rejected')),
    showCount(sum('failed')),
    showCount(sum('inFlight')),
    showCount(sum('bounces')),
    showCount(sum('retries')),
    `${showCount(sum('hedgesWon'))} of ${showCount(sum('hedgesSent'))}`,
  ]
}

/** Reason → requests of all runs that were turned away or lost for it. */
export function reasonsOf({ runs }: ContestantResult): ReadonlyMap<string, number> {
  const reasons = new Map<string, number>()
  for (const { counts } of runs) {
    for (const [reason, count] of Object.entries(counts.reasons)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count)
    }
  }
  return reasons
}

function reasonTable(contestants: readonly ContestantResult[]): MarkupPart {
  const found = contestants.map(reasonsOf)
  const reasons = [...new Set(found.flatMap(each => [...each.keys()]))].toSorted()
  if (reasons.length === 0) return ''
  return table({
    caption: 'Rejected and failed requests by reason, sums over runs',
    columns: [
      { label: 'Reason', isText: true },
      ...contestants.map(({ name }) => ({ label: name })),
    ],
    rows: reasons.map(reason => ({
      head: reason,
      cells: found.map(each => showCount(each.get(reason) ?? 0)),
    })),
  })
}
