/**
 * Makes one experiment of several that ask the same of different policies: their contestants compete in one
 * scenario, each with what its own scenario says of the scheduler and the signals.
 *
 * All else must be alike, the seeds too. Two fleets or two loads are not two policies: contestants would
 * not do the same work, and a place among them would mean nothing.
 */
import { MeshError } from '../../src/core/errors.ts'
import { type Contestant, contestantsOf, type Scenario, scenario } from '../scenario/scenario.ts'
import type { RunResult } from './run-result.ts'

/** What may differ. */
const POLICY_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'scheduler',
  'signals',
  'strategies',
])

const DIFFERENCES_TOLD_MAX = 5

/** A scenario, by the name of the file that it comes from. */
export interface NamedScenario {
  readonly label: string
  readonly scenario: Scenario
}

export interface MergedScenario {
  readonly scenario: Scenario
  /** Of each of the scenarios: name of a contestant there → here. Missing: it stood in an earlier one. */
  readonly names: readonly ReadonlyMap<string, string>[]
}

/** @throws MeshError ERR_CONFIG if they differ in more than policies. */
export function mergedScenario(all: readonly NamedScenario[]): MergedScenario {
  const [first, ...others] = all
  if (first === undefined) throw differing('a scenario', 'none')
  for (const other of others) requireAlike(first, other)

  const labels = distinctLabels(all)
  const kept = new Map<string, { readonly contestant: Contestant; readonly from: number }>()
  for (const [from, each] of all.entries()) {
    for (const contestant of resolvedContestants(each.scenario)) {
      const key = JSON.stringify([contestant.name, canonical(policyOf(contestant))])
      if (!kept.has(key)) kept.set(key, { contestant, from })
    }
  }
  const found = [...kept.values()]
  const isAmbiguous = (name: string) =>
    found.filter(({ contestant }) => contestant.name === name).length > 1
  const names = all.map(() => new Map<string, string>())
  const strategies = found.map(({ contestant, from }) => {
    const { name } = contestant
    const told = isAmbiguous(name) ? `${name} (${labels[from]})` : name
    names[from]?.set(name, told)
    return { ...contestant, name: told }
  })
  const signals = scenario.shape.signals.parse(undefined)
  return { scenario: { ...first.scenario, scheduler: {}, signals, strategies }, names }
}

/** Runs of several comparisons under their names in the merged one. */
export function mergedRuns(
  { names }: MergedScenario,
  runs: readonly (readonly RunResult[])[],
): readonly RunResult[] {
  return runs.flatMap((own, from) =>
    own.flatMap(run => {
      const contestant = names[from]?.get(run.contestant)
      return contestant === undefined ? [] : [{ ...run, contestant }]
    }),
  )
}

/** With all that its scenario says of it. */
function resolvedContestants(own: Scenario): readonly Contestant[] {
  return contestantsOf(own).map(each => ({
    ...each,
    scheduler: { ...own.scheduler, ...each.scheduler },
    signals: { ...own.signals, ...each.signals },
  }))
}

function policyOf({ name: _, ...policy }: Contestant): unknown {
  return policy
}

function distinctLabels(all: readonly NamedScenario[]): readonly string[] {
  const seen = new Map<string, number>()
  return all.map(({ label }) => {
    const count = (seen.get(label) ?? 0) + 1
    seen.set(label, count)
    return count === 1 ? label : `${label} ${count}`
  })
}

function requireAlike(first: NamedScenario, other: NamedScenario): void {
  const ownFields = Object.entries(first.scenario).filter(([name]) => !POLICY_FIELDS.has(name))
  const otherFields: Readonly<Record<string, unknown>> = other.scenario
  const paths = ownFields.flatMap(([name, value]) => differentPaths(value, otherFields[name], name))
  if (paths.length === 0) return
  const told = paths.slice(0, DIFFERENCES_TOLD_MAX).join(', ')
  const more = paths.length > DIFFERENCES_TOLD_MAX ? ', …' : ''
  throw differing(
    `${first.label} and ${other.label} to differ in scheduler, signals and strategies only`,
    `they differ in ${told}${more}`,
  )
}

function differing(expected: string, found: string): MeshError {
  return new MeshError(`expected ${expected}, found ${found}`, {
    code: 'ERR_CONFIG',
    hint: 'Fleets and loads are compared by `skein sim sweep FILE --set PATH=VALUE,VALUE`.',
  })
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function differentPaths(a: unknown, b: unknown, path: string): readonly string[] {
  if (!isObject(a) || !isObject(b)) return a === b ? [] : [path]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return [...names].flatMap(name => differentPaths(a[name], b[name], `${path}.${name}`))
}

/** Equal for equal values, in whatever order they were written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isObject(value)) return JSON.stringify(value) ?? ''
  const fields = Object.entries(value).filter(([, each]) => each !== undefined)
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${sorted.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join()}}`
}
