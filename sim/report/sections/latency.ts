/**
 * Times: percentiles of each contestant with what is known of them, and whole distributions with their
 * tails.
 */
import type { Comparison, ContestantResult, EstimateName } from '../../experiment/comparison.ts'
import type { SummaryName } from '../../experiment/run-result.ts'
import { showEstimate, showMs, showValue } from '../figures.ts'
import type { Markup } from '../markup.ts'
import { isMeasured, STATISTIC_LABELS, SUMMARY_WORDS } from '../metric-words.ts'
import { type Dot, dotPlot } from '../plot/dot-plot.ts'
import { type Line, lineChart } from '../plot/line-chart.ts'
import { pooledCurve } from '../pooled.ts'
import { figure, figures, section, subheading } from './parts.ts'

const SHOWN = ['ttftMs', 'endToEndMs', 'tpotMs', 'slowdown'] as const

const PERCENTILES = [
  ['p50', 'hollow'],
  ['p95', 'pale'],
  ['p99', 'full'],
] as const

type CurveName = 'ttftMs' | 'endToEndMs'

export function latencySection({ contestants }: Comparison): Markup {
  return section({
    id: 'latency',
    title: 'Latency',
    lead: 'Three dots per contestant: p50 (hollow), p95 (pale) and p99 (full, printed). Whiskers are 95 % confidence intervals of the mean over runs. Less is better; the axes are logarithmic.',
    body: [
      figures(SHOWN.map(summary => percentiles(summary, contestants))),
      subheading('Distributions'),
      figures(
        (['ttftMs', 'endToEndMs'] as const).flatMap(name => [
          distribution(name, contestants),
          tail(name, contestants),
        ]),
      ),
    ],
  })
}

function percentiles(summary: SummaryName, contestants: readonly ContestantResult[]): Markup {
  const { label, meaning, quantity } = SUMMARY_WORDS[summary]
  const rows = contestants.map((contestant, index) => {
    const isKnown = isMeasured(contestant, `${summary}.p99`)
    const p99 = contestant.estimates[`${summary}.p99`]
    return {
      name: contestant.name,
      index,
      dots: isKnown
        ? PERCENTILES.map(([statistic, weight]) =>
            estimateDot(contestant, { name: `${summary}.${statistic}`, statistic, weight }),
          )
        : [],
      note: isKnown ? showValue(p99.mean, quantity) : 'none measured',
    }
  })
  const plot = dotPlot({
    id: `percentiles-${summary}`,
    title: `${label}: percentiles`,
    description: rows.map(({ name, note }) => `${name}: p99 ${note}`).join('. '),
    rows,
    axis: {
      kind: 'log',
      label: meaning,
      show: value => (quantity === 'ms' ? showMs(value) : `${Number(value.toPrecision(3))}×`),
    },
  })
  return figure(plot, label)
}

interface DotOf {
  readonly name: EstimateName
  readonly statistic: 'p50' | 'p95' | 'p99'
  readonly weight: Dot['weight']
}

function estimateDot(contestant: ContestantResult, { name, statistic, weight }: DotOf): Dot {
  const estimate = contestant.estimates[name]
  const { mean, halfWidth } = estimate
  const quantity = name.startsWith('slowdown') ? 'times' : 'ms'
  return {
    value: mean,
    low: mean - halfWidth,
    high: mean + halfWidth,
    title: `${contestant.name}, ${STATISTIC_LABELS[statistic]}: ${showEstimate(estimate, quantity)}`,
    weight,
  }
}

function linesOf(
  name: CurveName,
  contestants: readonly ContestantResult[],
  yOf: (ratio: number) => number,
): readonly Line[] {
  return contestants.map((contestant, index) => ({
    name: contestant.name,
    index,
    points: pooledCurve(contestant.runs.map(({ curves }) => curves[name])).map(({ x, y }) => ({
      x,
      y: yOf(y),
    })),
  }))
}

function distribution(name: CurveName, contestants: readonly ContestantResult[]): Markup {
  const { label } = SUMMARY_WORDS[name]
  const plot = lineChart({
    id: `cdf-${name}`,
    title: `${label}: distribution`,
    description: `For each contestant, the share of requests served within a time. ${p50Words(name, contestants)}`,
    x: { kind: 'log', label, show: showMs },
    y: { kind: 'linear', label: 'Requests served within', show: showShare, values: [0, 1] },
    lines: linesOf(name, contestants, ratio => ratio),
  })
  return figure(plot, `${label}: share of requests within a time`, contestants)
}

/** The same the other way round, so that one in a hundred and one in a thousand can be seen. */
function tail(name: CurveName, contestants: readonly ContestantResult[]): Markup {
  const { label } = SUMMARY_WORDS[name]
  const plot = lineChart({
    id: `tail-${name}`,
    title: `${label}: tail`,
    description:
      'For each contestant, the share of requests that took longer than a time, on a logarithmic axis.',
    x: { kind: 'log', label, show: showMs },
    y: { kind: 'log', label: 'Requests that took longer', show: showShare },
    // Sums of shares leave dust behind, which is no request.
    lines: linesOf(name, contestants, ratio => (1 - ratio > 1e-9 ? 1 - ratio : 0)),
  })
  return figure(plot, `${label}: share of requests that took longer`, contestants)
}

function p50Words(name: CurveName, contestants: readonly ContestantResult[]): string {
  return contestants
    .filter(contestant => isMeasured(contestant, `${name}.p50`))
    .map(
      ({ name: who, estimates }) => `${who}: half within ${showMs(estimates[`${name}.p50`].mean)}`,
    )
    .join('. ')
}

/** `1 %`, `0.01 %`. */
export function showShare(ratio: number): string {
  return `${Number((ratio * 100).toPrecision(3))} %`
}
