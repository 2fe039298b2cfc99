/**
 * What zod found wrong, in words: what was expected by the schema and what is there, and of a name that
 * is not known which one was meant.
 */
import type { z } from 'zod'
import { didYouMean } from '../../src/core/did-you-mean.ts'
import { showFound } from '../../src/node/config/config-problem.ts'
import type { ScenarioPath, ScenarioProblem } from './scenario-problem.ts'
import {
  childOf,
  expectationOf,
  formFor,
  isRecord,
  keysOf,
  type SchemaNode,
} from './schema-tree.ts'

type Issue = z.core.$ZodIssue

/** @param value The whole of what was parsed, and its schema. */
export function problemsOf(
  issue: Issue,
  schema: SchemaNode,
  value: unknown,
): readonly ScenarioProblem[] {
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
  // JSON has no word for NaN and infinity.
  if (typeof found === 'number' && !Number.isFinite(found)) return String(found)
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
