/**
 * What a comparison says, before any table: who is first, who is not ranked, what must not be believed.
 */
import type {
  Comparison,
  ContestantResult,
  EstimateName,
  PairedDifference,
} from '../experiment/comparison.ts'
import { showChange, showEstimate } from './figures.ts'

/** A check that does not hold, in one run or more. */
export interface BrokenCheck {
  readonly contestant: string
  readonly name: string
  readonly seeds: readonly number[]
  /** In the first of them. */
  readonly found: string
}

/** By place; those without one last, in their order. */
export function ranked({ contestants }: Comparison): readonly ContestantResult[] {
  const place = ({ rank }: ContestantResult) => rank ?? Number.POSITIVE_INFINITY
  return contestants.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
}

export function brokenChecks({ contestants }: Comparison): readonly BrokenCheck[] {
  return contestants.flatMap(({ name: contestant, runs }) => {
    const broken = runs.flatMap(({ seed, checks }) =>
      checks.filter(({ holds }) => !holds).map(check => ({ ...check, seed })),
    )
    const names = [...new Set(broken.map(({ name }) => name))]
    return names.map(name => {
      const same = broken.filter(check => check.name === name)
      return { contestant, name, seeds: same.map(({ seed }) => seed), found: same[0]?.found ?? '' }
    })
  })
}

/** Each once, rising. */
export function seedsOf({ contestants }: Comparison): readonly number[] {
  const seeds = contestants.flatMap(({ runs }) => runs.map(({ seed }) => seed))
  return [...new Set(seeds)].toSorted((a, b) => a - b)
}

/** `seed 3`, `seeds 1 to 5`. */
export function seedWords(seeds: readonly number[]): string {
  const [first, last] = [seeds[0], seeds.at(-1)]
  if (first === undefined || last === undefined) return 'no seed'
  if (seeds.length === 1) return `seed ${first}`
  const isRow = seeds.length > 2 && last - first === seeds.length - 1
  return `seeds ${isRow ? `${first} to ${last}` : seeds.join(', ')}`
}

/** Whether there are intervals at all: of one run nothing is known but the run. */
export function hasIntervals({ contestants }: Comparison): boolean {
  return contestants.some(({ runs }) => runs.length > 1)
}

/** `2 other contestants`, `1 other contestant`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** Who is first and by how much, in a sentence. */
export function headline(comparison: Comparison): string {
  const [first, ...others] = ranked(comparison).filter(({ rank }) => rank !== undefined)
  if (first === undefined) return 'Nobody is ranked.'
  const p99 = showEstimate(first.estimates['ttftMs.p99'], 'ms')
  const time = `p99 time to first token of ${p99}`
  if (others.length === 0) return `${first.name}, alone in the ranking, has a ${time}.`
  return `${first.name} is first of ${others.length + 1} with a ${time}.`
}

/** What each of the others does to one metric, by the first contestant. */
export function differenceWords(
  { differences }: Comparison,
  metric: EstimateName,
): readonly string[] {
  return differences
    .filter(difference => difference.metric === metric)
    .map(difference => `${difference.contestant} ${verdictWords(difference)}`)
}

function verdictWords({ against, ratio, verdict }: PairedDifference): string {
  if (verdict === 'no significant difference') return `and ${against}: no significant difference`
  return `is ${verdict} than ${against} by ${showChange(ratio).replace('+', '')}`
}
