/**
 * What is wrong with a resource or command, field by field: where, what was expected, what was
 * found, and what the author may have meant.
 *
 * The words are for people. Nothing here gets into the state: another release may word it better.
 */
import { z } from 'zod'
import { didYouMean } from '../../core/did-you-mean.ts'
import { childPath, isJsonObject } from './canonical.ts'

export interface FieldProblem {
  /** `spec.targets[0].weight`. */
  readonly path: string
  readonly expected: string
  readonly found: string
  readonly hint?: string | undefined
}

/** Problems that are told; whoever made more has another file in mind. */
const PROBLEMS_MAX = 20

/** Longest part of a wrong value that is shown. */
export const FOUND_MAX = 80

export interface Judged {
  readonly schema: z.ZodType
  readonly value: unknown
  /** Where the value stands in what the author wrote. */
  readonly path: string
  /** Fields whose values are told to nobody. */
  readonly secretFields?: readonly string[]
}

export function problemsOf(error: z.core.$ZodError, judged: Judged): readonly FieldProblem[] {
  return error.issues.flatMap(issue => problemsOfIssue(issue, judged)).slice(0, PROBLEMS_MAX)
}

function problemsOfIssue(issue: z.core.$ZodIssue, judged: Judged): readonly FieldProblem[] {
  const path = issue.path.reduce<string>(childPath, judged.path)
  if (issue.code === 'unrecognized_keys') {
    const known = knownFields(judged.schema, issue.path)
    return issue.keys.map(key => unknownField(childPath(path, key), key, known))
  }
  const isSecret = judged.secretFields?.includes(String(issue.path[0])) === true
  const value = innerValue(judged.value, issue.path)
  // Where it is about how many there are, what they are does not tell it.
  const isCounted = issue.code === 'too_small' || issue.code === 'too_big'
  const isUnsaid = isSecret || (isCounted && Array.isArray(value))
  return [
    { path, expected: expectation(issue), found: isUnsaid ? kindOfValue(value) : shown(value) },
  ]
}

/** The value is not told: it may be a secret in the wrong place. */
function unknownField(path: string, key: string, known: readonly string[]): FieldProblem {
  const meant = didYouMean(key, known)
  const list = known.length === 0 ? '' : `: ${known.join(', ')}`
  const hint = meant === undefined ? {} : { hint: `Did you mean \`${meant}\`?` }
  return {
    path,
    expected: `one of the known fields${list}`,
    found: 'a field of another name',
    ...hint,
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'an integer',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // A schema with words of its own has put them into the message.
      return issue.message.startsWith('Invalid input')
        ? (NOUNS[issue.expected] ?? issue.expected)
        : issue.message
    case 'too_small':
      return bound(issue, issue.inclusive === false ? 'above' : 'of at least', issue.minimum)
    case 'too_big':
      return bound(issue, issue.inclusive === false ? 'below' : 'of at most', issue.maximum)
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `one of ${issue.options.join(', ')}`
        : issue.message
    default:
      return issue.message
  }
}

function bound(
  { origin, message }: { readonly origin: string; readonly message: string },
  relation: string,
  limit: number | bigint,
): string {
  if (!message.startsWith('Too ')) return message
  if (origin === 'string') return `a text ${relation} ${limit} characters`
  if (origin === 'array') return `a list ${relation} ${limit}`
  return `${origin === 'int' ? 'an integer' : 'a number'} ${relation} ${limit}`
}

function innerValue(value: unknown, path: readonly PropertyKey[]): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return value
  return innerValue(Object.getOwnPropertyDescriptor(value, first)?.value, rest)
}

function kindOfValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`
  return NOUNS[typeof value] ?? typeof value
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === '') return 'an empty text'
  const text = JSON.stringify(value)
  return text.length > FOUND_MAX ? `${text.slice(0, FOUND_MAX)}…` : text
}

/** Names of the fields that an object at `path` may have, in all its forms. */
function knownFields(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let places: readonly unknown[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })]
  for (const part of path) places = places.flatMap(forms).flatMap(place => inside(place, part))
  return [...new Set(places.flatMap(forms).flatMap(place => Object.keys(fieldsOf(place))))]
}

/** A schema and the alternatives it consists of. */
function forms(schema: unknown): readonly unknown[] {
  if (!isJsonObject(schema)) return []
  const choices = [schema['oneOf'], schema['anyOf']].filter(Array.isArray).flat()
  return choices.length === 0 ? [schema] : choices.flatMap(forms)
}

function fieldsOf(schema: unknown): Readonly<Record<string, unknown>> {
  const fields = isJsonObject(schema) ? schema['properties'] : undefined
  return isJsonObject(fields) ? fields : {}
}

function inside(schema: unknown, part: PropertyKey): readonly unknown[] {
  if (!isJsonObject(schema)) return []
  if (typeof part === 'number') return [schema['items']]
  const fields = fieldsOf(schema)
  const name = String(part)
  return Object.hasOwn(fields, name) ? [fields[name]] : []
}
