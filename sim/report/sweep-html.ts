/**
 * A sweep as one page: how p99 times change with each parameter while the others stay, as many small
 * drawings, and one table of all points.
 */
import type { EstimateName } from '../experiment/comparison.ts'
import { showEstimate, showMs, unitFor } from './figures.ts'
import { brokenChecks, counted, seedsOf, seedWords } from './findings.ts'
import { html, type Markup, type MarkupPart } from './markup.ts'
import { isMeasured, wordsOf } from './metric-words.ts'
import { pageText } from './page.ts'
import { type Dot, type Line, type LineAxis, lineChart } from './plot/line-chart.ts'
import { scenarioFacts } from './scenario-facts.ts'
import { scenarioText } from './sections/method.ts'
import { description, fact, pickerOf } from './sections/page-head.ts'
import {
  estimateCell,
  figure,
  section,
  smallFigures,
  subheading,
  table,
  unitMark,
} from './sections/parts.ts'
import {
  type Cut,
  contestantNames,
  contestantOf,
  cutsAlong,
  type Parameter,
  parametersOf,
  type SweepPoint,
} from './sweep-grid.ts'
import { SWEEP_COLUMNS, sweepRows } from './sweep-table.ts'

const SWEEP_ID = 'skein-sweep'

const DRAWN: readonly EstimateName[] = ['ttftMs.p99', 'slowdown.p99']

/** Drawings of one number along one parameter; the table holds the rest. */
const CUTS_MAX = 12

/** Broken checks that are told one by one. */
const BROKEN_MAX = 8

/** From this ratio of the ends, a parameter is drawn on a logarithmic axis. */
const LOG_FROM_RATIO = 10

export function sweepHtml(points: readonly SweepPoint[]): string {
  const parameters = parametersOf(points)
  const names = contestantNames(points)
  const varied = parameters.filter(({ values }) => values.length > 1)
  const sections = varied.map((parameter, place) => alongSection(parameter, place, points))
  const name = points[0]?.comparison.scenario.name ?? 'Empty sweep'
  return pageText({
    title: `${name} – Skein sweep`,
    body: [
      pageHead(points, parameters),
      html`<main>${brokenNotice(points)}${pickerOf(names)}${sections}${tableSection(points, parameters)}${scenarioSection(points)}</main>`,
    ],
    contestantCount: names.length,
    data: { id: SWEEP_ID, value: points.map(keptOf) },
  })
}

/** Enough to run each point again and to draw it, without the curves of every run. */
function keptOf({ labels, comparison }: SweepPoint) {
  const { version, scenario, contestants, differences } = comparison
  const kept = contestants.map(({ name, rank, unrankedBecause, estimates, runs }) => ({
    name,
    rank,
    unrankedBecause,
    estimates,
    seeds: runs.map(({ seed }) => seed),
  }))
  return { labels, version, scenario, contestants: kept, differences }
}

function pageHead(points: readonly SweepPoint[], parameters: readonly Parameter[]): Markup {
  const first = points[0]?.comparison
  if (first === undefined) return html`<header><h1>Empty sweep</h1></header>`
  const swept = parameters.map(({ name, values }): [string, string] => [name, values.join(', ')])
  const facts = [
    ...swept,
    ...scenarioFacts(first.scenario),
    ['Runs of each point', seedWords(seedsOf(first))] as const,
    ['Version', first.version] as const,
  ]
  return html`<header><p class="kicker">Skein simulation: sweep over ${counted(points.length, 'point')}</p><h1>${first.scenario.name}</h1>${description(first.scenario.description)}<p class="lead">Facts beside the swept parameters are of the first point.</p><dl class="facts">${facts.map(fact)}</dl></header>`
}

function brokenNotice(points: readonly SweepPoint[]): MarkupPart {
  const broken = points.flatMap(point =>
    brokenChecks(point.comparison).map(check => ({ ...check, where: labelText(point) })),
  )
  if (broken.length === 0) return ''
  const items = broken
    .slice(0, BROKEN_MAX)
    .map(
      ({ where, contestant, seeds, name, found }) =>
        html`<li><strong>${contestant}</strong> at ${where}, ${seedWords(seeds)}: ${name}: ${found}</li>`,
    )
  const rest =
    broken.length > BROKEN_MAX ? html`<li>… and ${broken.length - BROKEN_MAX} more.</li>` : ''
  return html`<div class="notice broken" role="alert"><h2>${counted(broken.length, 'honesty check')} broken</h2><p>Do not believe the numbers of these runs.</p><ul>${items}${rest}</ul></div>`
}

function labelText({ labels }: SweepPoint): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function alongSection(parameter: Parameter, place: number, points: readonly SweepPoint[]): Markup {
  const cuts = cutsAlong(parameter, points)
  const shown = cuts.slice(0, CUTS_MAX)
  const more =
    cuts.length > shown.length
      ? ` The first ${shown.length} of ${cuts.length} are drawn; the table holds all.`
      : ''
  const names = contestantNames(points)
  return section({
    id: `along-${place}`,
    title: `Along ${parameter.name}`,
    lead: `One drawing for each combination of the other parameters, all on the same axes. Whiskers are 95 % confidence intervals; hollow dots are not ranked.${more}`,
    body: DRAWN.map(metric => [
      subheading(wordsOf(metric).label),
      cutFigures(shown, { id: `cut-${place}`, names, parameter, metric }),
    ]),
  })
}

interface Along {
  /** Where the ids of its drawings begin. */
  readonly id: string
  readonly names: readonly string[]
  readonly parameter: Parameter
  readonly metric: EstimateName
}

function cutFigures(cuts: readonly Cut[], along: Along): Markup {
  const { id, names, parameter, metric } = along
  const { label, quantity } = wordsOf(metric)
  const drawn = cuts.map(cut => ({ cut, lines: linesOf(cut, along) }))
  const values = drawn.flatMap(({ lines }) =>
    lines.flatMap(({ dots = [] }) => dots.flatMap(({ y, low, high }) => [y, low, high])),
  )
  const figuresOf = drawn.map(({ cut, lines }, index) => {
    const plot = lineChart({
      id: `${id}-${index}-${metric.replace('.', '-')}`,
      title: `${label} along ${parameter.name}${cut.label === '' ? '' : `, ${cut.label}`}`,
      description: lines.flatMap(({ dots = [] }) => dots.map(({ title }) => title)).join('. '),
      x: parameterAxis(parameter),
      y: {
        kind: 'log',
        label,
        show: value => (quantity === 'ms' ? showMs(value) : `${Number(value.toPrecision(3))}×`),
        values,
      },
      lines,
    })
    const legend = names.map(name => ({ name }))
    return figure(plot, cut.label === '' ? label : cut.label, legend)
  })
  return smallFigures(figuresOf)
}

function linesOf(cut: Cut, { names, parameter, metric }: Along): readonly Line[] {
  return names.map((name, index) => {
    const dots = cut.points.flatMap((point): Dot[] => {
      const contestant = contestantOf(point, name)
      if (contestant === undefined || !isMeasured(contestant, metric)) return []
      const { mean, halfWidth } = contestant.estimates[metric]
      const value = point.labels[parameter.name] ?? ''
      const shown = showEstimate(contestant.estimates[metric], wordsOf(metric).quantity)
      return [
        {
          x: placeOf(value, parameter),
          y: mean,
          low: mean - halfWidth,
          high: mean + halfWidth,
          title: `${name} at ${value}: ${shown}`,
          isHollow: contestant.rank === undefined,
        },
      ]
    })
    return { name, index, points: dots, dots }
  })
}

/** Texts stand side by side in their order. */
function placeOf(value: string | number, parameter: Parameter): number {
  return isNumeric(parameter) ? Number(value) : parameter.values.indexOf(value)
}

function isNumeric({ values }: Parameter): boolean {
  return values.every(value => typeof value === 'number')
}

function parameterAxis(parameter: Parameter): LineAxis {
  const { name, values } = parameter
  if (!isNumeric(parameter)) {
    const show = (place: number) => (Number.isInteger(place) ? String(values[place] ?? '') : '')
    const ends = [-0.5, values.length - 0.5]
    return { kind: 'linear', label: name, show, values: ends, isFromZero: false, isTight: true }
  }
  const numbers = values.map(Number)
  const [least = 1, largest = 1] = [numbers[0], numbers.at(-1)]
  const isLog = least > 0 && largest / least >= LOG_FROM_RATIO
  return {
    kind: isLog ? 'log' : 'linear',
    label: name,
    show: value => String(Number(value.toPrecision(4))),
    isFromZero: false,
    isTight: true,
  }
}

function tableSection(points: readonly SweepPoint[], parameters: readonly Parameter[]): Markup {
  const rows = sweepRows(points)
  const columns = SWEEP_COLUMNS.map(column => ({
    ...column,
    unit: unitFor(
      wordsOf(column.name).quantity,
      rows.map(({ contestant }) => contestant.estimates[column.name].mean),
    ),
  }))
  return section({
    id: 'points',
    title: 'All points',
    lead: 'By place within each point. Who has no place is not ranked; point at the dash to see why.',
    body: table({
      caption: 'Every contestant at every point; means over runs ± 95 % confidence',
      columns: [
        { label: 'Contestant', isText: true },
        ...parameters.map(({ name }) => ({ label: name })),
        { label: 'Place' },
        ...columns.map(({ head, unit }) => ({ label: [head.join(' '), unitMark(unit)] })),
      ],
      rows: rows.map(({ point, contestant }) => ({
        head: contestant.name,
        cells: [
          ...parameters.map(({ name }) => String(point.labels[name] ?? '–')),
          contestant.rank ?? html`<span title="${contestant.unrankedBecause ?? ''}">–</span>`,
          ...columns.map(({ name, unit, hasInterval }) =>
            estimateCell(contestant, name, { unit, hasInterval: hasInterval === true }),
          ),
        ],
        className: contestant.rank === undefined ? 'unranked' : '',
      })),
    }),
  })
}

function scenarioSection(points: readonly SweepPoint[]): MarkupPart {
  const first = points[0]
  if (first === undefined) return ''
  return section({
    id: 'scenario',
    title: 'The scenario',
    lead: `That of the first point (${labelText(first)}); the others differ in what is swept. Every scenario is in this page as JSON, beside its numbers.`,
    body: html`<details><summary>YAML</summary><pre tabindex="0"><code>${scenarioText(first.comparison.scenario)}</code></pre></details>`,
  })
}
