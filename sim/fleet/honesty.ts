/**
 * What must hold of a run if its figures are to be believed: nothing is lost, no GPU works more than
 * it served, no memory stays taken.
 */
import type { Counts, HonestyCheck } from '../experiment/run-result.ts'
import type { FleetNode } from './fleet-node.ts'

/** Sums of many small times differ by as much. */
const SUM_ERROR_RATIO = 1e-6

export function honestyChecks(
  { arrived, completed, rejected, failed, inFlight }: Counts,
  nodes: readonly FleetNode[],
): readonly HonestyCheck[] {
  const ended = completed + rejected + failed + inFlight
  const isDone = inFlight === 0
  const engines = nodes.flatMap(({ servers }) => [...servers.values()].map(each => each.engine))
  const totals = engines.map(each => each.totals)
  const busyMs = sum(totals.map(each => each.busyMs))
  const serviceMs = sum(totals.map(each => each.serviceMs))
  const kvTokens = sum(engines.map(each => each.kvUsedTokens))
  const inside = sum(nodes.map(each => each.inside.size))
  return [
    {
      name: 'every request that arrived is accounted for',
      holds: ended === arrived && inFlight >= 0,
      found: `${arrived} arrived; ${completed} completed, ${rejected} rejected, ${failed} failed, ${inFlight} in flight`,
    },
    {
      name: 'engines were busy for as long as they served',
      holds: Math.abs(busyMs - serviceMs) <= SUM_ERROR_RATIO * Math.max(1, busyMs),
      found: `${busyMs.toFixed(3)} ms busy, ${serviceMs.toFixed(3)} ms of service`,
    },
    {
      name: 'all memory is given back when nothing is left to do',
      holds: !isDone || (kvTokens === 0 && inside === 0),
      found: isDone
        ? `${kvTokens} tokens held, ${inside} requests at nodes`
        : 'requests were in flight',
    },
  ]
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0)
}
