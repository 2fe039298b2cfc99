/**
 * Who is first: the headline, the table of places with what matters most, and who is not ranked and why.
 */
import type { Comparison, ContestantResult, EstimateName } from '../../experiment/comparison.ts'
import { UNKNOWN, unitFor } from '../figures.ts'
import { differenceWords, hasIntervals, headline, ranked } from '../findings.ts'
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { bestOf, wordsOf } from '../metric-words.ts'
import { estimateCell, type Row, section, swatch, table, unitMark } from './parts.ts'

/** What the table shows, and its short names. */
const HEADLINES: readonly (readonly [EstimateName, string])[] = [
  ['ttftMs.p50', 'TTFT p50'],
  ['ttftMs.p99', 'TTFT p99'],
  ['tpotMs.p50', 'TPOT p50'],
  ['endToEndMs.p99', 'End to end p99'],
  ['slowdown.p99', 'Slowdown p99'],
  ['goodputRatio', 'Goodput'],
  ['completionRatio', 'Completed'],
  ['admittedPerSecond', 'Admitted'],
  ['utilizationMean', 'Utilization'],
  ['herdingIndex', 'Herding'],
  ['dollarsPerThousandTokens', 'Cost of 1,000 tokens'],
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
          ...HEADLINES.map(([name, label]) => ({
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
  const cells = HEADLINES.map(([name]): MarkupPart => {
    const cell = estimateCell(contestant, name, unitOf(name, order))
    const best = bestOf(
      name,
      rivals.map(({ estimates }) => estimates[name]),
    )
    // Those that are ranked come first, so places are the same in both lists.
    return contestant.rank !== undefined && best.has(place) ? html`<b>${cell}</b>` : cell
  })
  return {
    head: html`<span class="rank">${contestant.rank ?? UNKNOWN}</span>${contestant.name}`,
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

/** Chooses one contestant in all drawings; the legend of the page as well. */
export function picker(contestants: readonly ContestantResult[]): Markup {
  const choices = contestants.map(
    ({ name }, index) =>
      html`<label class="s${index}"><input type="radio" name="pick" id="pick-${index}"/>${swatch()}${name}</label>`,
  )
  return html`<fieldset class="picker"><legend>Highlight</legend><label><input type="radio" name="pick" id="pick-all" checked="checked"/>All</label>${choices}</fieldset>`
}
