/**
 * How it went: times and queues over the run, and which groups of nodes were busy when.
 */
import type { Comparison, ContestantResult } from '../../experiment/comparison.ts'
import type { PlannedFault } from '../../scenario/faults.ts'
import { fixed, showMs, showValue } from '../figures.ts'
import { counted } from '../findings.ts'
import { html, type Markup, type MarkupPart } from '../markup.ts'
import { heatMapPlot, meanOf } from '../plot/heat-map.ts'
import { type LineAxis, lineChart, type Mark } from '../plot/line-chart.ts'
import { type PooledMoment, pooledTimeline } from '../pooled.ts'
import { figure, figures, section } from './parts.ts'

interface TimeChart {
  readonly id: string
  readonly title: string
  readonly y: LineAxis
  readonly of: (moment: PooledMoment) => number
}

const CHARTS: readonly TimeChart[] = [
  {
    id: 'ttft-p50',
    title: 'Time to first token, p50',
    y: { kind: 'log', label: 'p50 of each interval', show: showMs },
    of: moment => moment.ttftP50Ms,
  },
  {
    id: 'ttft-p99',
    title: 'Time to first token, p99',
    y: { kind: 'log', label: 'p99 of each interval', show: showMs },
    of: moment => moment.ttftP99Ms,
  },
  {
    id: 'queued',
    title: 'Queue',
    y: { kind: 'linear', label: 'Requests waiting, all nodes', show: showTick },
    of: moment => moment.queued,
  },
  {
    id: 'running',
    title: 'Running',
    y: { kind: 'linear', label: 'Requests worked on, all nodes', show: showTick },
    of: moment => moment.running,
  },
]

export function timeSection(comparison: Comparison): Markup {
  const { contestants } = comparison
  const timelines = contestants.map(({ runs }) => pooledTimeline(runs))
  const marks = marksOf(comparison)
  return section({
    id: 'time',
    title: 'Over time',
    lead: 'Means over the runs of each contestant. Shaded: the warm-up, which is not measured. Upright dashes: planned faults, and the end of arrivals.',
    body: figures(
      CHARTS.map(chart => {
        const plot = lineChart({
          id: `time-${chart.id}`,
          title: `${chart.title} over time`,
          description: `One line for each of ${contestants.map(({ name }) => name).join(', ')}.`,
          x: { kind: 'linear', label: 'Time', show: showSeconds, isTight: true },
          y: chart.y,
          lines: timelines.map((timeline, index) => ({
            name: contestants[index]?.name ?? '',
            index,
            points: timeline.map(moment => ({ x: moment.atMs, y: chart.of(moment) })),
          })),
          marks,
        })
        return figure(plot, chart.title, contestants)
      }),
    ),
  })
}

function marksOf({ scenario }: Comparison): readonly Mark[] {
  const { warmUpMs, durationMs, faults } = scenario
  const warmUp = warmUpMs > 0 ? [{ from: 0, to: warmUpMs, label: 'Warm-up' }] : []
  const end = { from: durationMs, to: durationMs, label: 'end of arrivals' }
  return [...warmUp, end, ...faults.planned.map(faultMark)]
}

function faultMark(fault: PlannedFault): Mark {
  const whom =
    fault.type === 'partition' ? counted(fault.cells.length, 'cell') : counted(fault.count, 'node')
  return { from: fault.atMs, to: fault.atMs, label: `${fault.type}: ${whom}` }
}

export function utilizationSection({ contestants }: Comparison): Markup {
  const seed = contestants[0]?.runs[0]?.seed
  return section({
    id: 'utilization',
    title: 'Utilization',
    lead: [
      `Each row is a group of nodes, each column an interval of the run${seed === undefined ? '' : ` with seed ${seed}`}. Rows that differ at the same time are uneven load. `,
      html`<span class="scale">idle <span class="ramp" aria-hidden="true"></span> busy</span>`,
    ],
    body: figures(contestants.map(heatFigure)),
  })
}

function heatFigure(contestant: ContestantResult, index: number): MarkupPart {
  const map = contestant.runs[0]?.heatMap
  if (map === undefined || map.rows.every(({ ratios }) => ratios.length === 0)) {
    return figure(html`<p class="none">Nothing was recorded.</p>`, contestant.name)
  }
  const means = map.rows.map(({ ratios }) => meanOf(ratios))
  const { utilizationMean, utilizationDeviation } = contestant.estimates
  const plot = heatMapPlot({
    id: `heat-${index}`,
    title: `${contestant.name}: utilization`,
    description: `${map.rows.length} groups of nodes; their means over the whole time lie between ${showValue(Math.min(...means), 'ratio')} and ${showValue(Math.max(...means), 'ratio')}.`,
    map,
    showTime: showSeconds,
  })
  const caption = `${contestant.name}: ${showValue(utilizationMean.mean, 'ratio')} busy, spread over nodes ${showValue(utilizationDeviation.mean, 'ratio')}`
  return figure(plot, caption)
}

/** Ticks of time: whole numbers of the unit, since they are round. */
function showSeconds(ms: number): string {
  return ms === 0 ? '0' : showMs(ms)
}

function showTick(value: number): string {
  return Number.isInteger(value) ? fixed(value, 0) : String(Number(value.toPrecision(3)))
}
