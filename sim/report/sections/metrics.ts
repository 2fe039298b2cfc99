/**
 * Every number of every contestant, with its interval.
 */
import type { Comparison, ContestantResult, EstimateName } from '../../experiment/comparison.ts'
import { unitFor } from '../figures.ts'
import { html, type Markup } from '../markup.ts'
import { bestOf, ESTIMATE_NAMES, isMeasured, wordsOf } from '../metric-words.ts'
import { estimateCell, type Row, section, table, unitMark } from './parts.ts'
import { intervalWords } from './ranking.ts'

export function metricsSection(comparison: Comparison): Markup {
  const { contestants } = comparison
  return section({
    id: 'metrics',
    title: 'All numbers',
    lead: 'Of requests that came after the warm-up. The best mean among ranked contestants is bold; whether it is better by more than chance stands under Differences.',
    body: table({
      caption: `All numbers${intervalWords(comparison)}`,
      columns: [
        { label: 'Number', isText: true },
        ...contestants.map(({ name }) => ({ label: name })),
      ],
      rows: ESTIMATE_NAMES.map(name => metricRow(name, contestants)),
    }),
  })
}

function metricRow(name: EstimateName, contestants: readonly ContestantResult[]): Row {
  const { label, quantity } = wordsOf(name)
  const unit = unitFor(
    quantity,
    contestants.map(({ estimates }) => estimates[name].mean),
  )
  const ranked = contestants.filter(
    contestant => contestant.rank !== undefined && isMeasured(contestant, name),
  )
  const places = bestOf(
    name,
    ranked.map(({ estimates }) => estimates[name]),
  )
  const best = new Set(ranked.filter((_, place) => places.has(place)))
  return {
    head: html`${label}${unitMark(unit)}`,
    cells: contestants.map(contestant => {
      const cell = estimateCell(contestant, name, { unit, hasInterval: true })
      return best.has(contestant) ? html`<b>${cell}</b>` : cell
    }),
  }
}
