/**
 * Reads a scenario that a person has written, in YAML. Whatever is wrong with it is told at once, with the
 * path and the line.
 */
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import type { z } from 'zod'
import { didYouMean } from '../../src/core/did-you-mean.ts'
import { showFound } from '../../src/node/config/config-problem.ts'
import { fleetProblems } from './fleet-check.ts'
import { type Scenario, scenario } from './scenario.ts'
import {
  type ScenarioPath,
  type ScenarioProblem,
  throwScenarioProblems,
} from './scenario-problem.ts'
import {
  childOf,
  expectationOf,
  formFor,
  isRecord,
  keysOf,
  type SchemaNode,
  scenarioSchema,
} from './schema-tree.ts'

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
    throwScenarioProblems(name, fleetProblems(parsed.data), placeOf)
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

type Issue = z.core.$ZodIssue

function problemsOf(issue: Issue, schema: SchemaNode, value: unknown): readonly ScenarioProblem[] {
  const path = pathOf(issue.path)
  const { node, found } = walk(schema, value, path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => unknownKey(path, key, node))
  }
  if (issue.code === 'invalid_union') return unionProblems(issue, { path, schema, value })
  if (issue.code === 'invalid_key')
    return [unknownKey(path.slice(0, -1), String(path.at(-1)), node)]
  if (issue.code === 'custom') {
    return [{ path, text: `${issue.message}, found ${foundText(found)}` }]
  }
  const expected = node === undefined ? issue.message : `expected ${expectationOf(node)}`
  return [{ path, text: `${expected}, found ${foundText(found)}` }]
}

/** Of several forms, what is wrong with the one that is meant; else which there are. */
function unionProblems(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  { path, schema, value }: { path: ScenarioPath; schema: SchemaNode; value: unknown },
): readonly ScenarioProblem[] {
  const isKind = issue.errors.length === 0
  const at = isKind ? path.slice(0, -1) : path
  const { choice, node, found } = walk(schema, value, at)
  const meant = node === undefined ? -1 : (choice?.anyOf?.indexOf(node) ?? -1)
  const inner = issue.errors[meant] ?? []
  const isDeep = inner.length > 0 && isRecord(found)
  if (isDeep) {
    return inner.flatMap(each => {
      const placed = { ...each, path: [...path, ...each.path] }
      return problemsOf(placed, schema, value)
    })
  }
  if (isKind) {
    const kinds = (choice?.oneOf ?? []).map(({ properties }) => properties?.['type']?.const)
    const kind = isRecord(found) ? found['type'] : found
    return [{ path, text: `expected one of ${kinds.join(', ')}, found ${foundText(kind)}` }]
  }
  const expected = choice === undefined ? issue.message : `expected ${expectationOf(choice)}`
  return [{ path, text: `${expected}, found ${foundText(found)}` }]
}

function unknownKey(
  path: ScenarioPath,
  key: string,
  node: SchemaNode | undefined,
): ScenarioProblem {
  const near = node === undefined ? undefined : didYouMean(key, keysOf(node))
  const question = near === undefined ? '' : `; did you mean ${near}?`
  return { path: [...path, key], text: `there is no such field${question}` }
}

function foundText(found: unknown): string {
  return found === undefined ? 'nothing' : showFound(found)
}

function pathOf(path: readonly PropertyKey[]): ScenarioPath {
  return path.map(part => (typeof part === 'number' ? part : String(part)))
}

interface Walked {
  /** What must be there, in the form that is meant. `undefined`: that is not clear. */
  readonly node: SchemaNode | undefined
  /** With all its forms. */
  readonly choice: SchemaNode | undefined
  readonly found: unknown
}

function walk(schema: SchemaNode, value: unknown, path: ScenarioPath): Walked {
  let choice: SchemaNode | undefined = schema
  let found = value
  for (const key of path) {
    const form: SchemaNode | undefined = choice && formFor(choice, found)
    choice = form && childOf(form, key)
    const holder = typeof found === 'object' && found !== null ? found : {}
    found = Object.getOwnPropertyDescriptor(holder, key)?.value
  }
  const node = choice && (formFor(choice, found) ?? (isChoice(choice) ? undefined : choice))
  return { node, choice, found }
}

function isChoice({ oneOf, anyOf }: SchemaNode): boolean {
  return (oneOf ?? anyOf) !== undefined
}

/** The line of what is there, or of what it is missing from. */
function linePlace(document: Document, path: ScenarioPath, counter: LineCounter): string {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return ` (line ${counter.linePos(node.range[0]).line})`
  }
  return ''
}
