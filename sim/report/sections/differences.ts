/**
 * Pairs of runs on the same random numbers: by how much contestants differ from the first, and whether by
 * more than chance.
 */
import type { Comparison, EstimateName, PairedDifference } from '../../experiment/comparison.ts'
import { bareEstimate, showChange, UNKNOWN, unitFor, withUnit } from '../figures.ts'
import { hasIntervals } from '../findings.ts'
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { wordsOf } from '../metric-words.ts'
import { shortened } from '../plain-text.ts'
import { type DotRow, dotPlot } from '../plot/dot-plot.ts'
import { figure, figures, type Row, section, table } from './parts.ts'

const DRAWN: readonly EstimateName[] = [
  'ttftMs.p99',
  'endToEndMs.p99',
  'slowdown.p99',
  'goodputPerSecond',
]

const IMPORTANT: ReadonlySet<EstimateName> = new Set<EstimateName>([
  ...DRAWN,
  'ttftMs.p50',
  'tpotMs.p50',
  'endToEndMs.p50',
  'dollarsPerThousandTokens',
  'wastedRatio',
])

export function differencesSection(comparison: Comparison): Markup {
  const { differences } = comparison
  const base = differences[0]?.against
  if (base === undefined) {
    return section({
      id: 'differences',
      title: 'Differences',
      lead: 'Fewer than two contestants are ranked, so there is nothing to compare.',
      body: '',
    })
  }
  const important = differences.filter(({ metric }) => IMPORTANT.has(metric))
  const others = differences.filter(({ metric }) => !IMPORTANT.has(metric))
  return section({
    id: 'differences',
    title: 'Differences',
    lead: `Contestants met the same requests under each seed, so each pair of runs is compared by itself, against ${base}. ${testWords(comparison)}`,
    body: [
      figures(DRAWN.map(metric => forest(metric, comparison))),
      differenceTable(`Differences from ${base}`, important),
      others.length === 0
        ? ''
        : html`<details><summary>All other numbers (${others.length})</summary>${differenceTable(`Other differences from ${base}`, others)}</details>`,
    ],
  })
}

function testWords(comparison: Comparison): string {
  return hasIntervals(comparison)
    ? 'A difference counts if chance alone would make one as large in fewer than 5 % of such experiments, all contestants taken together (paired t-test, corrected after Holm).'
    : 'Of one run nothing can be said about chance: run several seeds.'
}

/** Shares of what the first has, on an axis where twice and half are equally far from the middle. */
function forest(metric: EstimateName, { contestants, differences }: Comparison): Markup {
  const { label, better } = wordsOf(metric)
  const against = shortened(differences[0]?.against ?? '', 24)
  const rows = differences
    .filter(each => each.metric === metric)
    .map((each): DotRow => {
      const index = contestants.findIndex(({ name }) => name === each.contestant)
      return forestRow(each, Math.max(0, index))
    })
  const plot = dotPlot({
    id: `forest-${metric.replace('.', '-')}`,
    title: `${label}: differences`,
    description: rows.map(({ name, note }) => `${name}: ${note}`).join('. '),
    rows,
    axis: {
      kind: 'log',
      label: `1× = ${against}, ${better === 'more' ? 'more is better →' : '← less is better'}`,
      show: times => `${Number(times.toPrecision(3))}×`,
    },
    reference: 1,
  })
  return figure(plot, label)
}

function forestRow(each: PairedDifference, index: number): DotRow {
  const { contestant, difference, ratio, verdict } = each
  // Of a mean of 0 there are no shares; then there is no dot either.
  const isKnown = ratio !== 0 || difference.mean === 0
  const half = difference.mean === 0 ? 0 : Math.abs(ratio / difference.mean) * difference.halfWidth
  const dot = {
    value: 1 + ratio,
    low: 1 + ratio - half,
    high: 1 + ratio + half,
    title: `${contestant}: ${showChange(ratio)}, ${verdict}`,
    weight: verdict === 'no significant difference' ? ('hollow' as const) : ('full' as const),
  }
  return {
    name: contestant,
    index,
    dots: isKnown ? [dot] : [],
    note: verdict === 'no significant difference' ? 'no difference' : showChange(ratio),
    noteClass: verdictClass(verdict),
  }
}

function verdictClass(verdict: PairedDifference['verdict']): string {
  return verdict === 'no significant difference' ? 'same' : verdict
}

function differenceTable(caption: string, differences: readonly PairedDifference[]): Markup {
  return table({
    caption,
    columns: [
      { label: 'Contestant', isText: true },
      { label: 'Number', isText: true },
      { label: 'Difference' },
      { label: 'In relation' },
      { label: 'Verdict', isText: true },
    ],
    rows: differences.map(differenceRow),
  })
}

function differenceRow(each: PairedDifference): Row {
  const { label, quantity } = wordsOf(each.metric)
  const unit = unitFor(quantity, [each.difference.mean])
  // Of shares, the difference is in points of the hundred.
  const shownUnit = quantity === 'ratio' ? { ...unit, suffix: ' points' } : unit
  const shown = bareEstimate(each.difference, quantity, unit)
  const relation = each.ratio === 0 && each.difference.mean !== 0 ? UNKNOWN : showChange(each.ratio)
  const verdict: MarkupPart = html`<span class="verdict ${verdictClass(each.verdict)}">${each.verdict}</span>`
  return {
    head: each.contestant,
    cells: [label, withUnit(shown, shownUnit), relation, verdict],
  }
}
