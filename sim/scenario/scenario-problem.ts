/**
 * What is wrong with a scenario, told all at once, each problem with its path.
 */
import { didYouMean } from '../../src/core/did-you-mean.ts'
import { MeshError } from '../../src/core/errors.ts'
import { PROBLEMS_MAX } from '../../src/node/config/config-problem.ts'

export type ScenarioPath = readonly (string | number)[]

export interface ScenarioProblem {
  readonly path: ScenarioPath
  /** As a clause: `expected …, found …`. */
  readonly text: string
}

/** `topology.cells[0].nodes[1].gpu` */
export function pathText(path: ScenarioPath): string {
  const text = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  return text.startsWith('.') ? text.slice(1) : text
}

/** Of a name that should be one of some others. */
export function unknownName(
  path: ScenarioPath,
  {
    found,
    known,
    what,
  }: { readonly found: string; readonly known: readonly string[]; what: string },
): ScenarioProblem {
  const near = didYouMean(found, known)
  const question = near === undefined ? '' : `; did you mean ${near}?`
  const list = known.length === 0 ? 'none' : known.slice(0, NAMES_SHOWN).join(', ')
  return { path, text: `expected ${what} (${list}), found ${JSON.stringify(found)}${question}` }
}

const NAMES_SHOWN = 8

/**
 * @param placeOf What to say of the place beside the path, if anything.
 * @throws MeshError ERR_CONFIG if there is any problem.
 */
export function throwScenarioProblems(
  name: string,
  problems: readonly ScenarioProblem[],
  placeOf: (path: ScenarioPath) => string = () => '',
): void {
  if (problems.length === 0) return
  const told = problems.slice(0, PROBLEMS_MAX)
  const moreCount = problems.length - told.length
  const lines = told.map(({ path, text }) =>
    path.length === 0 ? text : `${pathText(path)}: ${text}${placeOf(path)}`,
  )
  if (moreCount > 0) lines.push(`and ${moreCount} more`)
  const message =
    lines.length === 1
      ? `wrong scenario ${name}: ${lines[0]}`
      : `${problems.length} problems in the scenario ${name}:\n${lines.map(line => `  ${line}`).join('\n')}`
  throw new MeshError(message, {
    code: 'ERR_CONFIG',
    details: {
      problems: told.map(({ path, text }) => ({ path: pathText(path), text })),
      moreCount,
    },
    hint: 'docs/reference/scenario.md has every field; `skein sim init` writes a scenario that works.',
  })
}
