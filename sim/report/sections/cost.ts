/**
 * What it costs: dollars against how long requests take, and the front of the best.
 */
import type { Comparison, Estimate } from '../../experiment/comparison.ts'
import { showEstimate, showMs } from '../figures.ts'
import type { Markup } from '../markup.ts'
import { isMeasured, wordsOf } from '../metric-words.ts'
import { frontOf, type TradeOff } from '../pareto.ts'
import { type Interval, type ScatterPoint, scatter } from '../plot/scatter.ts'
import { figure, figures, section } from './parts.ts'

interface CostPlot extends TradeOff {
  readonly title: string
}

const PLOTS: readonly CostPlot[] = [
  {
    cost: 'dollarsPerThousandTokens',
    time: 'ttftMs.p99',
    title: 'Cost of all GPU time against p99 time to first token',
  },
  {
    cost: 'busyDollarsPerThousandTokens',
    time: 'endToEndMs.p99',
    title: 'Cost of busy GPU time against p99 end to end',
  },
]

export function costSection(comparison: Comparison): Markup {
  return section({
    id: 'cost',
    title: 'Cost',
    lead: 'Down and to the left is better. Ringed and joined: the Pareto front, on which no ranked contestant is both cheaper and faster. Contestants that are not ranked are hollow. First by the time of all GPUs that were there, then only by that in which they worked.',
    body: figures(PLOTS.map(plot => costFigure(comparison, plot))),
  })
}

function costFigure({ contestants }: Comparison, costPlot: CostPlot): Markup {
  const { cost, time, title } = costPlot
  const front = frontOf(contestants, costPlot)
  const names = [...front].map(({ name }) => name).join(', ')
  const points = contestants.flatMap((contestant, index): ScatterPoint[] => {
    if (!isMeasured(contestant, time)) return []
    const { [cost]: dollars, [time]: ms } = contestant.estimates
    return [
      {
        name: contestant.name,
        index,
        x: intervalOf(dollars),
        y: intervalOf(ms),
        title: `${contestant.name}: ${showEstimate(dollars, 'dollars')} for 1,000 tokens, ${showEstimate(ms, 'ms')}`,
        isRanked: contestant.rank !== undefined,
        isOnFront: front.has(contestant),
      },
    ]
  })
  const plot = scatter({
    id: `cost-${cost}`,
    title,
    description: `On the front: ${names === '' ? 'nobody' : names}. ${points.map(point => point.title).join('. ')}`,
    x: { kind: 'linear', label: 'Dollars for 1,000 tokens', show: showDollars },
    y: { kind: 'log', label: wordsOf(time).label, show: showMs },
    points,
  })
  return figure(plot, `${title}. On the front: ${names === '' ? 'nobody' : names}`)
}

function intervalOf({ mean, halfWidth }: Estimate): Interval {
  return { value: mean, low: mean - halfWidth, high: mean + halfWidth }
}

function showDollars(value: number): string {
  return `$${Number(value.toPrecision(6))}`
}
