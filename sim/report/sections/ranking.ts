/**
 * Who is first: the headline, the table of places with what matters most, and who is not ranked and why.
 */
import type { Comparison, ContestantResult, EstimateName } from '../../experiment/comparison.ts'
import { UNKNOWN, unitFor } from '../figures.ts'
import { differenceWords, hasIntervals, headline, ranked } from '../findings.ts'
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { bestOf, wordsOf } from '../metric-words.ts'
import { estimateCell, type Row, section, table, unitMark } from './parts.ts'

interface Headline {
  readonly name: EstimateName
  readonly label: string
  readonly hasInterval?: boolean
}

const HEADLINES: readonly Headline[] = [
  { name: 'ttftMs.p50', label: 'TTFT p50' },
  { name: 'ttftMs.p99', label: 'TTFT p99', hasInterval: true },
  { name: 'endToEndMs.p99', label: 'End to end p99', hasInterval: true },
  { name: 'slowdown.p99', label: 'Slowdown p99', hasInterval: true },
  { name: 'tpotMs.p50', label: 'TPOT p50' },
  { name: 'goodputRatio', label: 'Goodput' },
  { name: 'completionRatio', label: 'Completed' },
  { name: 'utilizationMean', label: 'Busy' },
  { name: 'herdingIndex', label: 'Herding' },
  { name: 'dollarsPerThousandTokens', label: '1,000 tokens' },
]

export function rankingSection(comparison: Comparison): Markup {
  const order = ranked(comparison)
  const differences = differenceWords(comparison, 'ttftMs.p99')
  return section({
    id: 'ranking',
    title: 'Result',
    lead: html`<strong>${headline(comparison)}</strong>`,
    body: [
      differences.length === 0
        ? ''
        : html`<p>By the same measure, run against run: ${differences.join('; ')}.</p>`,
      table({
        caption: `Places by p99 time to first token${intervalWords(comparison)}`,
        columns: [
          { label: 'Contestant', isText: true },
          ...HEADLINES.map(({ name, label }) => ({
            label: [label, unitMark(unitOf(name, order))],
            meaning: wordsOf(name).meaning,
          })),
        ],
        rows: order.map((contestant, place) => rankingRow(contestant, place, order)),
      }),
      unrankedList(order),
    ],
  })
}

/** What numbers after ± are. */
export function intervalWords(comparison: Comparison): string {
  return hasIntervals(comparison) ? '; means over runs ± 95 % confidence' : '; of one run'
}

function unitOf(name: EstimateName, contestants: readonly ContestantResult[]) {
  return unitFor(
    wordsOf(name).quantity,
    contestants.map(({ estimates }) => estimates[name].mean),
  )
}

function rankingRow(
  contestant: ContestantResult,
  place: number,
  order: readonly ContestantResult[],
): Row {
  const rivals = order.filter(({ rank }) => rank !== undefined)
  const cells = HEADLINES.map(({ name, hasInterval }): MarkupPart => {
    const unit = unitOf(name, order)
    const cell = estimateCell(contestant, name, { unit, hasInterval: hasInterval === true })
    const best = bestOf(
      name,
      rivals.map(({ estimates }) => estimates[name]),
    )
    // Those that are ranked come first, so places are the same in both lists.
    return contestant.rank !== undefined && best.has(place) ? html`<b>${cell}</b>` : cell
  })
  return {
    head: html`<span class="place"><span class="rank">${contestant.rank ?? UNKNOWN}</span><span>${contestant.name}</span></span>`,
    cells,
    className: contestant.rank === undefined ? 'unranked' : '',
  }
}

function unrankedList(order: readonly ContestantResult[]): MarkupPart {
  const unranked = order.filter(({ rank }) => rank === undefined)
  if (unranked.length === 0) return ''
  const items = unranked.map(
    ({ name, unrankedBecause }) =>
      html`<li><strong>${name}</strong> is not ranked, because ${unrankedBecause ?? 'it was not compared'}.</li>`,
  )
  return html`<ul class="notice warning" aria-label="Not ranked">${items}</ul>`
}
