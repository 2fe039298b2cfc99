/**
 * Who may be ranked at all: short times prove nothing of a contestant that had less to do.
 *
 * The rules, each over every run, in the order in which they are told:
 *
 *     every honesty check holds
 *     something was measured
 *     99.9 % of the admitted requests were completed
 *     90 % of what arrived was admitted
 *     as much was admitted as by the contestant of the same seed that admitted most, less 0.1 %
 *
 * The last compares only with contestants that keep the rules before it: admitting what is then not
 * served must not put out those who refused it.
 */
import type { RunResult } from './run-result.ts'

const COMPLETION_MIN_RATIO = 0.999

/**
 * Times of the admitted tell of a load only if that load was admitted. Not a rule of comparing: all may
 * refuse the same, and their times still say nothing of what arrived.
 */
const ADMITTED_MIN_RATIO = 0.9

/** A p99 is of one request in a hundred; a tenth of those may be others before it is about others. */
const ADMITTED_TOLERANCE_RATIO = 0.001

/** In short runs, less than one request is no difference. */
const ADMITTED_TOLERANCE_COUNT = 1

/** All runs of one contestant. */
export interface Candidate {
  readonly name: string
  readonly runs: readonly RunResult[]
}

function admittedOf({ counts }: RunResult): number {
  return counts.arrived - counts.rejected
}

/** Rounded down: what falls short by little must not look as if it did not. */
function percent(ratio: number): string {
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`
}

/** Why a run does not count, whatever the others did. */
function faultOf(run: RunResult): string | undefined {
  const { seed, checks, counts, summaries } = run
  const broken = checks.find(({ holds }) => !holds)
  if (broken !== undefined)
    return `the check "${broken.name}" failed (seed ${seed}): ${broken.found}`
  if (summaries.ttftMs.count === 0) return `no request was measured (seed ${seed})`
  const admitted = admittedOf(run)
  if (counts.completed < COMPLETION_MIN_RATIO * admitted) {
    const found = percent(counts.completed / admitted)
    return `expected ${percent(COMPLETION_MIN_RATIO)} of the admitted requests completed, found ${found} (seed ${seed})`
  }
  if (admitted < ADMITTED_MIN_RATIO * counts.arrived) {
    const found = percent(admitted / counts.arrived)
    return `expected ${percent(ADMITTED_MIN_RATIO)} of what arrived admitted, found ${found} (seed ${seed})`
  }
  return undefined
}

/** Seed → most requests that any of these admitted. */
function mostAdmitted(candidates: readonly Candidate[]): ReadonlyMap<number, number> {
  const most = new Map<number, number>()
  for (const run of candidates.flatMap(({ runs }) => runs)) {
    most.set(run.seed, Math.max(most.get(run.seed) ?? 0, admittedOf(run)))
  }
  return most
}

function shortfallOf(run: RunResult, most: ReadonlyMap<number, number>): string | undefined {
  const admitted = admittedOf(run)
  const expected = most.get(run.seed) ?? 0
  const tolerance = Math.max(ADMITTED_TOLERANCE_COUNT, ADMITTED_TOLERANCE_RATIO * expected)
  if (admitted >= expected - tolerance) return undefined
  return `expected as much admitted as by the others, ${expected} requests, found ${admitted} (seed ${run.seed})`
}

function firstOf<Item>(items: readonly Item[], tell: (item: Item) => string | undefined) {
  for (const item of items) {
    const told = tell(item)
    if (told !== undefined) return told
  }
  return undefined
}

/** Name → why it is not ranked. Whoever is missing is ranked. */
export function unrankedOf(candidates: readonly Candidate[]): ReadonlyMap<string, string> {
  const unranked = new Map<string, string>()
  for (const { name, runs } of candidates) {
    const fault = firstOf(runs, faultOf)
    if (fault !== undefined) unranked.set(name, fault)
  }
  const sound = candidates.filter(({ name }) => !unranked.has(name))
  const most = mostAdmitted(sound)
  for (const { name, runs } of sound) {
    const shortfall = firstOf(runs, run => shortfallOf(run, most))
    if (shortfall !== undefined) unranked.set(name, shortfall)
  }
  return unranked
}
