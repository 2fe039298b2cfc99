/**
 * Puts the runs of all contestants together: estimates, places, and what differs from the first by more
 * than chance.
 *
 * Places go by the mean 99th percentile of the time to the first token. Who may not be ranked (see
 * `ranking.ts`) has no place and no differences either: "better" would be said of other work.
 *
 * The contestants that are compared with one make several tests of each number, which are corrected
 * together (Holm). Numbers are not corrected for one another: whoever looks at fifty finds two or three
 * by chance, so decide which one matters before. The intervals are those of each difference by itself.
 */
import { assert } from '../../src/core/assert.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type {
  Comparison,
  ContestantResult,
  Estimate,
  EstimateName,
  PairedDifference,
} from './comparison.ts'
import { ESTIMATED } from './estimates.ts'
import { type Candidate, unrankedOf } from './ranking.ts'
import type { RunResult } from './run-result.ts'
import { estimateOf, pairedTest, significantOf } from './statistics.ts'

const RANKED_BY = 'ttftMs.p99'

export interface Experiment {
  /** Of the package that ran it. */
  readonly version: string
  readonly scenario: Scenario
  /** Of every contestant the same seeds, in any order. */
  readonly runs: readonly RunResult[]
  readonly cpuSeconds: number
}

/** In the order in which they come first; runs by seed. */
function candidatesOf(runs: readonly RunResult[]): readonly Candidate[] {
  const names = [...new Set(runs.map(({ contestant }) => contestant))]
  return names.map(name => ({
    name,
    runs: runs.filter(({ contestant }) => contestant === name).toSorted((a, b) => a.seed - b.seed),
  }))
}

function requirePairs(candidates: readonly Candidate[]): void {
  const seedsOf = ({ runs }: Candidate) => runs.map(({ seed }) => seed).join()
  const [first] = candidates
  const isPaired = first !== undefined && candidates.every(each => seedsOf(each) === seedsOf(first))
  assert(isPaired, 'every contestant ran under the same seeds')
}

function estimatesOf({ runs }: Candidate): Readonly<Record<EstimateName, Estimate>> {
  const entries = ESTIMATED.map(({ name, of }) => [name, estimateOf(runs.map(of))] as const)
  // Every name is in the list that the type is made of.
  return Object.fromEntries(entries) as Record<EstimateName, Estimate>
}

function rankAmong(own: number, all: readonly number[]): number {
  return 1 + all.filter(other => other < own).length
}

/** Of one number, each of `others` with `base`. */
function differencesOf(
  { name, isHigherBetter, of }: (typeof ESTIMATED)[number],
  base: Candidate,
  others: readonly Candidate[],
): readonly PairedDifference[] {
  const against = base.runs.map(of)
  const baseMean = estimateOf(against).mean
  const tests = others.map(({ runs }) => pairedTest(runs.map(of), against))
  const significant = significantOf(tests.map(({ probability }) => probability))
  return tests.map(({ difference }, index) => {
    const isBetter = difference.mean > 0 === isHigherBetter
    return {
      metric: name,
      contestant: others[index]?.name ?? '',
      against: base.name,
      difference,
      ratio: baseMean === 0 ? 0 : difference.mean / baseMean,
      verdict: !significant[index] ? 'no significant difference' : isBetter ? 'better' : 'worse',
    }
  })
}

/** Each ranked contestant with the first ranked one, in the order of contestants, then numbers. */
function allDifferences(ranked: readonly Candidate[]): readonly PairedDifference[] {
  const [base, ...others] = ranked
  if (base === undefined) return []
  const found = ESTIMATED.flatMap(each => differencesOf(each, base, others))
  return others.flatMap(({ name }) => found.filter(({ contestant }) => contestant === name))
}

export function assembleComparison(experiment: Experiment): Comparison {
  const { version, scenario, runs, cpuSeconds } = experiment
  const candidates = candidatesOf(runs)
  requirePairs(candidates)
  const unranked = unrankedOf(candidates)
  const ranked = candidates.filter(({ name }) => !unranked.has(name))
  const withEstimates = candidates.map(each => ({ ...each, estimates: estimatesOf(each) }))
  const rankedMeans = withEstimates
    .filter(({ name }) => !unranked.has(name))
    .map(({ estimates }) => estimates[RANKED_BY].mean)
  const contestants = withEstimates.map(
    (each): ContestantResult => ({
      ...each,
      rank: unranked.has(each.name)
        ? undefined
        : rankAmong(each.estimates[RANKED_BY].mean, rankedMeans),
      unrankedBecause: unranked.get(each.name),
    }),
  )
  return { version, scenario, contestants, differences: allDifferences(ranked), cpuSeconds }
}
