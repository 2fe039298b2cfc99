/**
 * One scenario with one seed, run to its end, and what many of them have shown.
 */
import { forkRandom, pick } from './chance.ts'
import { CONSENSUS_SCENARIOS } from './consensus/scenarios.ts'
import { MEMBERSHIP_SCENARIOS } from './membership/scenarios.ts'
import type { World } from './world.ts'

/** What a seed forks its chance for. */
const SIZE_PURPOSE = 9
const SCENARIO_PURPOSE = 10

interface ScenarioInit {
  readonly seed: number
  readonly peerCount: number
  readonly durationMs?: number
}

interface ScenarioReport {
  readonly world: World
  readonly figures: Readonly<Record<string, number>>
}

/** Something that makes promises, and the scenarios that try them. */
interface Subject {
  readonly scenarios: {
    readonly [name: string]: (init: ScenarioInit) => Promise<ScenarioReport>
  }
  /** Sizes of a mesh that a seed chooses from; what stands here twice is chosen twice as often. */
  readonly peerCounts: readonly number[]
}

export const SUBJECTS = {
  membership: {
    scenarios: MEMBERSHIP_SCENARIOS,
    // A run with 50 costs as much as twenty with 5.
    peerCounts: [5, 5, 5, 5, 5, 5, 20, 20, 20, 50],
  },
  consensus: {
    scenarios: CONSENSUS_SCENARIOS,
    // Three voters up to ten peers, then five; the others follow.
    peerCounts: [3, 3, 5, 5, 7, 12],
  },
} as const satisfies Record<string, Subject>

export type SubjectName = keyof typeof SUBJECTS

export interface SeedRun {
  readonly subject: SubjectName
  readonly scenario: string
  readonly seed: number
  /** By the seed unless given. */
  readonly peerCount?: number
  readonly durationMs?: number
}

export interface Outcome {
  readonly scenario: string
  readonly seed: number
  readonly peerCount: number
  /** What was found instead of what was promised. */
  readonly failure?: string
  /** The command that runs it again. */
  readonly replay: string
  readonly figures: Readonly<Record<string, number>>
  readonly eventCount: number
  /** How long it took for real; set by whoever has a real clock. */
  readonly tookMs?: number
}

export function scenarioNames(subject: SubjectName): readonly string[] {
  return Object.keys(SUBJECTS[subject].scenarios)
}

/** The size of the mesh that a seed stands for. */
export function peerCountOf(subject: SubjectName, seed: number): number {
  return pick<number>(forkRandom(seed, SIZE_PURPOSE), SUBJECTS[subject].peerCounts)
}

/** The one scenario that a seed stands for where each is run once. */
export function scenarioOf(subject: SubjectName, seed: number): string {
  return pick(forkRandom(seed, SCENARIO_PURPOSE), scenarioNames(subject))
}

/** Never rejects: a broken promise, or a bug, is an outcome. */
export async function runSeed(run: SeedRun): Promise<Outcome> {
  const { subject, scenario, seed, peerCount = peerCountOf(subject, seed), durationMs } = run
  const about = { scenario, seed, peerCount, replay: replayCommand({ ...run, peerCount }) }
  const init = { seed, peerCount, ...(durationMs === undefined ? {} : { durationMs }) }
  const { scenarios }: Subject = SUBJECTS[subject]
  try {
    const play = scenarios[scenario]
    if (play === undefined) throw new TypeError(`expected a scenario, found ${scenario}`)
    const { world, figures } = await play(init)
    return { ...about, figures, eventCount: world.time.eventCount }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    return { ...about, failure, figures: {}, eventCount: 0 }
  }
}

export function replayCommand(run: SeedRun): string {
  const { subject, scenario, seed, peerCount, durationMs } = run
  const duration = durationMs === undefined ? '' : ` --duration-ms ${durationMs}`
  return `npm run soak -- ${subject} --scenario ${scenario} --seed ${seed} --peers ${peerCount}${duration}`
}

interface Row {
  readonly scenario: string
  readonly peerCount: number
  readonly runs: number
  readonly failures: number
  /** Figure → median and worst. */
  readonly figures: Readonly<Record<string, { readonly median: number; readonly worst: number }>>
}

function rowsOf(outcomes: readonly Outcome[]): readonly Row[] {
  const groups = new Map<string, Outcome[]>()
  for (const outcome of outcomes) {
    const key = `${outcome.scenario} ${outcome.peerCount}`
    groups.set(key, [...(groups.get(key) ?? []), outcome])
  }
  return [...groups.values()]
    .map(group => {
      const { scenario = '', peerCount = 0 } = group[0] ?? {}
      const failures = group.filter(({ failure }) => failure !== undefined).length
      return { scenario, peerCount, runs: group.length, failures, figures: figuresOf(group) }
    })
    .toSorted((a, b) => a.scenario.localeCompare(b.scenario) || a.peerCount - b.peerCount)
}

function figuresOf(outcomes: readonly Outcome[]): Row['figures'] {
  const names = new Set(outcomes.flatMap(({ figures }) => Object.keys(figures)))
  return Object.fromEntries(
    [...names].map(name => {
      const values = outcomes
        .flatMap(({ figures }) => figures[name] ?? [])
        .toSorted((a, b) => a - b)
      const median = values[Math.floor(values.length / 2)] ?? 0
      return [name, { median: Math.round(median), worst: Math.round(values.at(-1) ?? 0) }]
    }),
  )
}

/** A line for each scenario and size: runs, failures, and each figure as `median/worst`. */
export function table(outcomes: readonly Outcome[]): string {
  const head = `${'scenario'.padEnd(11)}peers  runs  failed  figures (median/worst)`
  const lines = rowsOf(outcomes).map(({ scenario, peerCount, runs, failures, figures }) => {
    const shown = Object.entries(figures).map(
      ([name, { median, worst }]) => `${name} ${median}/${worst}`,
    )
    const counts = `${peerCount}`.padStart(5) + `${runs}`.padStart(6) + `${failures}`.padStart(8)
    return `${scenario.padEnd(11)}${counts}  ${shown.join(', ')}`
  })
  return [head, ...lines].join('\n')
}

/** All of it for programs. */
export function summary(outcomes: readonly Outcome[]) {
  const failures = outcomes.filter(({ failure }) => failure !== undefined)
  const sum = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0)
  return {
    runs: outcomes.length,
    failures: failures.map(({ replay, failure }) => ({ replay, failure })),
    events: sum(({ eventCount }) => eventCount),
    cpuSeconds: Math.round(sum(({ tookMs = 0 }) => tookMs) / 1_000),
    scenarios: rowsOf(outcomes),
  }
}
