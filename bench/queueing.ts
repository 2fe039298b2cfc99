/**
 * The simulator beside the theory of queues: mean times that are known exactly, and what came out of the
 * engines, the timeline and the scheduler that every simulated fleet runs with.
 *
 * A row holds if its whole 95 % confidence interval is within 2 % of theory.
 */
import { queueCases, type Validation, validate } from '../sim/validation/validation.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'

const SEED = 1

/** Of the requests of each row: to see that it works, too few to hold. */
const QUICK_SHARE = 0.02

const HEAD = ['queue', 'measure', 'load', 'requests', 'theory ms', 'found ms', 'off by %', 'holds']

export const queueing: Benchmark = {
  summary: 'what the simulator makes of queues with a known theory (about 5 minutes)',

  async run({ isQuick }, note) {
    const found: Validation[] = []
    for (const each of queueCases()) {
      note(`${each.name}, load ${each.load}`)
      found.push(validate(each, SEED, isQuick ? QUICK_SHARE : 1))
    }
    const failed = found.filter(({ holds }) => !holds && !isQuick)
    return {
      table: formatTable([HEAD, ...found.map(rowOf)]),
      figures: Object.fromEntries(found.map(each => [titleOf(each), each])),
      ratios: Object.fromEntries(found.map(each => [titleOf(each), each.errorRatio])),
      errors: failed.map(each => `${titleOf(each)} is not within 2 % of theory`),
    }
  },
}

function titleOf({ name, load }: Validation): string {
  return `${name}, load ${load}`
}

function rowOf(validation: Validation): readonly string[] {
  const { name, measure, load, jobCount, expectedMs, foundMs, holds } = validation
  const offRatio = foundMs.mean / expectedMs - 1
  return [
    ...[name, measure, String(load), String(jobCount), formatNumber(expectedMs, 1)],
    `${formatNumber(foundMs.mean, 1)} ± ${formatNumber(foundMs.halfWidth, 1)}`,
    `${offRatio > 0 ? '+' : ''}${formatNumber(100 * offRatio, 2)}`,
    holds ? 'yes' : 'no',
  ]
}
