/**
 * What a scenario comes to, in words: how large the fleet is, what is asked of it, and how its news
 * travels.
 */
import {
  type Contestant,
  contestantsOf,
  type Scenario,
  type Signals,
} from '../scenario/scenario.ts'
import { showCount, showMs, showValue } from './figures.ts'

export interface FleetSize {
  readonly cells: number
  readonly gpus: number
  /** Engines: more than GPUs if those are cut into slices. */
  readonly nodes: number
}

export function fleetSize({ topology }: Scenario): FleetSize {
  const size = { cells: 0, gpus: 0, nodes: 0 }
  for (const { count, nodes } of topology.cells) {
    size.cells += count
    for (const group of nodes) {
      size.gpus += count * group.count
      size.nodes += count * group.count * (group.mig?.count ?? 1)
    }
  }
  return size
}

/** Name and value of what a reader looks for first. */
export function scenarioFacts(scenario: Scenario): readonly (readonly [string, string])[] {
  const { cells, gpus, nodes } = fleetSize(scenario)
  const cut = nodes === gpus ? '' : `, ${showCount(nodes)} nodes`
  return [
    ['GPUs', `${showCount(gpus)}${cut}`],
    ['Kinds', Object.keys(scenario.gpus).join(', ')],
    ['Cells', showCount(cells)],
    ['Ingresses', showCount(scenario.ingresses.count)],
    ['Requests', arrivalWords(scenario)],
    ['Duration', `${showMs(scenario.durationMs)}, after ${showMs(scenario.warmUpMs)} of warm-up`],
    ['Level', scenario.level],
  ]
}

/** How reports of nodes reached those who decide: a reader must know what was left out. */
export function gossipWords(scenario: Scenario): readonly string[] {
  if (scenario.level === 'full') {
    return [
      'Level full: every node and every ingress ran the membership and gossip of production, message by message.',
    ]
  }
  return [
    `Level aggregate: gossip was not run message by message. A report of a node reached each ingress after a delay drawn from a distribution: ${delayWords(scenario.signals)}.`,
    `That a node was gone was known ${showMs(scenario.faults.detectMs)} later, and not found out by probes.`,
    ...contestantsOf(scenario).flatMap(contestant => exceptionWords(contestant, scenario.signals)),
  ]
}

function delayWords({ delayMinMs, delayMaxMs, lossRatio, isOnAnswers }: Signals): string {
  const delay = rangeWords(delayMinMs, delayMaxMs)
  const loss = lossRatio === 0 ? 'none was lost' : `${showValue(lossRatio, 'ratio')} were lost`
  const answers = isOnAnswers ? 'answers brought news as well' : 'answers brought no news'
  return `${delay}; ${loss}; ${answers}`
}

/** As `aggregate-gossip.ts` draws it. */
function rangeWords(delayMinMs: number | undefined, delayMaxMs: number | undefined): string {
  if (delayMinMs === undefined && delayMaxMs === undefined) {
    return 'as many hops over the links as gossip takes in a mesh of this size'
  }
  const [min = 0, max = min] = [delayMinMs, delayMaxMs]
  return min >= max ? `always ${showMs(max)}` : `uniform from ${showMs(min)} to ${showMs(max)}`
}

function exceptionWords(
  { name, isFresh, isForgetful, signals }: Contestant,
  common: Signals,
): string[] {
  if (isFresh) return [`${name} knew the load of every node at the moment of each decision.`]
  if (isForgetful) return [`${name} did not count what it had sent itself.`]
  if (Object.keys(signals).length === 0) return []
  // A field that is left out is not one that is undefined.
  const own = { ...common, ...definedOf(signals) }
  return [`For ${name}: ${delayWords(own)}.`]
}

function definedOf(signals: Contestant['signals']): Partial<Signals> {
  return Object.fromEntries(Object.entries(signals).filter(([, value]) => value !== undefined))
}

function arrivalWords({ workload: { arrivals } }: Scenario): string {
  const kind = {
    poisson: 'Poisson',
    mmpp: 'in bursts (MMPP)',
    diurnal: 'by the time of day',
    trace: 'from a trace',
  }[arrivals.type]
  if (arrivals.loadRatio !== undefined) {
    return `${kind}, ${showValue(arrivals.loadRatio, 'ratio')} of what the fleet can do`
  }
  if (arrivals.requestsPerSecond === undefined) return kind
  return `${kind}, ${showValue(arrivals.requestsPerSecond, 'perSecond')}`
}
