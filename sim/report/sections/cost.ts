/**
 * What it costs: dollars against the time to the first token, and the front of the best.
 */
import type { Comparison, Estimate } from '../../experiment/comparison.ts'
import { decimalsFor, fixed, showEstimate, showMs } from '../figures.ts'
import type { Markup } from '../markup.ts'
import { isMeasured } from '../metric-words.ts'
import { FRONT_COST, FRONT_TIME, frontOf } from '../pareto.ts'
import { type Interval, scatter } from '../plot/scatter.ts'
import { figure, figures, section } from './parts.ts'

export function costSection(comparison: Comparison): Markup {
  const front = frontOf(comparison.contestants)
  const names = [...front].map(({ name }) => name)
  const points = comparison.contestants.flatMap((contestant, index) => {
    if (!isMeasured(contestant, FRONT_TIME)) return []
    const cost = contestant.estimates[FRONT_COST]
    const time = contestant.estimates[FRONT_TIME]
    return {
      name: contestant.name,
      index,
      x: intervalOf(cost),
      y: intervalOf(time),
      title: `${contestant.name}: ${showEstimate(cost, 'dollars')} for 1,000 tokens, p99 ${showEstimate(time, 'ms')}`,
      isRanked: contestant.rank !== undefined,
      isOnFront: front.has(contestant),
    }
  })
  const plot = scatter({
    id: 'pareto',
    title: 'Cost against p99 time to first token',
    description: `On the front: ${names.length === 0 ? 'nobody' : names.join(', ')}. ${points.map(({ title }) => title).join('. ')}`,
    x: { kind: 'linear', label: 'Dollars for 1,000 tokens', show: showDollars },
    y: { kind: 'log', label: 'p99 time to first token', show: showMs },
    points,
  })
  return section({
    id: 'cost',
    title: 'Cost',
    lead: `Down and to the left is better. ${frontWords(names)} Cost is of all GPUs that were there, by tokens read and made; contestants that are not ranked are hollow.`,
    body: figures([figure(plot, 'Cost of 1,000 tokens against p99 time to first token')]),
  })
}

function frontWords(names: readonly string[]): string {
  if (names.length === 0) return 'Nobody is on the front.'
  return `On the front, ringed: ${names.join(', ')}; no ranked contestant is both cheaper and faster.`
}

function intervalOf({ mean, halfWidth }: Estimate): Interval {
  return { value: mean, low: mean - halfWidth, high: mean + halfWidth }
}

function showDollars(value: number): string {
  return `$${fixed(value, decimalsFor(value, 3))}`
}
