/**
 * Reads a scenario that a person has written, in YAML. Whatever is wrong with it is told at once, with the
 * path and the line.
 */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { fleetProblems } from './fleet-check.ts'
import { problemsOf } from './issue-problems.ts'
import { type Scenario, scenario } from './scenario.ts'
import { type ScenarioPath, throwScenarioProblems } from './scenario-problem.ts'
import { scenarioSchema } from './schema-tree.ts'
import { strategyProblems } from './strategy-check.ts'

/** A YAML file may say one thing a million times by aliases of aliases. */
const ALIASES_MAX = 100

const TEXT_MAX = 4 * 1024 * 1024

/**
 * @param name Of the file, for messages.
 * @throws MeshError ERR_CONFIG with every problem.
 */
export function parseScenario(text: string, name: string): Scenario {
  const counter = new LineCounter()
  const { document, value } = readYaml(text, name, counter)
  const placeOf = (path: ScenarioPath) => linePlace(document, path, counter)
  const parsed = scenario.safeParse(value)
  if (parsed.success) {
    const problems = [...fleetProblems(parsed.data), ...strategyProblems(parsed.data)]
    throwScenarioProblems(name, problems, placeOf)
    return parsed.data
  }
  const schema = scenarioSchema()
  const problems = parsed.error.issues.flatMap(issue => problemsOf(issue, schema, value))
  throwScenarioProblems(name, problems, placeOf)
  throw new TypeError('a scenario that is refused has problems', { cause: parsed.error })
}

function readYaml(
  text: string,
  name: string,
  counter: LineCounter,
): { readonly document: Document; readonly value: unknown } {
  if (text.length > TEXT_MAX) {
    throwFault(name, `expected at most ${TEXT_MAX} characters, found ${text.length}`)
  }
  try {
    const document = parseDocument(text, { lineCounter: counter })
    const [error] = document.errors
    if (error !== undefined) {
      const { line, col } = counter.linePos(error.pos[0])
      const what = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '')
      throwFault(name, `expected YAML, found at line ${line}, column ${col}: ${what}`)
    }
    return { document, value: document.toJS({ maxAliasCount: ALIASES_MAX }) }
  } catch (error) {
    // An alias of nothing, too many of them, or values nested without end.
    const isFault = error instanceof ReferenceError || error instanceof RangeError
    if (isFault) throwFault(name, `expected YAML, found: ${error.message}`)
    throw error
  }
}

function throwFault(name: string, text: string): void {
  throwScenarioProblems(name, [{ path: [], text }])
}

/** The line of what is there, or of what it is missing from. */
function linePlace(document: Document, path: ScenarioPath, counter: LineCounter): string {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return ` (line ${counter.linePos(node.range[0]).line})`
  }
  return ''
}
