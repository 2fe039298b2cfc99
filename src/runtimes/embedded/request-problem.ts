/**
 * Says what is wrong with a request's fields in words: `temperature: expected a number of at most 2,
 * found 3`.
 *
 * Of what was found only numbers, kinds and sizes are told: messages reach logs, and prompts must
 * not. Where a schema has words of its own they follow "expected" as well.
 */
import type { z } from 'zod'
import { MeshError } from '../../core/errors.ts'

/** More help nobody, and a body can have a million. */
const PROBLEMS_MAX = 8

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
  record: 'an object',
}

/** What each kind of thing is measured in. */
const UNITS: Readonly<Record<string, string>> = {
  string: 'characters',
  array: 'entries',
  json: 'characters of JSON',
}

/** A word of the kind that fields with a choice of words hold, too short to be a prompt. */
const CHOICE = /^[\w.-]{1,32}$/

/** For zod: what was expected, where the schema itself does not say. */
export function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`
    case 'too_big':
      return `expected ${amount(issue.origin, `${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`)}`
    case 'too_small':
      return `expected ${amount(issue.origin, `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`)}`
    case 'invalid_value':
      return `expected ${oneOf(issue.values)}`
    case 'invalid_key':
      return 'expected the id of a token, a whole number, as the name'
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? `expected ${oneOf(issue.options)}`
        : 'expected another kind of value'
    default:
      return 'expected another value'
  }
}

/** All problems, up to some number, as one error about the first of them. */
export function requestProblem({ issues }: z.ZodError): MeshError {
  const told = issues.slice(0, PROBLEMS_MAX).map(problemText)
  const more = issues.length - told.length
  if (more > 0) told.push(`and ${more} more problems`)
  return new MeshError(told.join('; '), {
    code: 'ERR_INVALID_REQUEST',
    details: { param: issues[0]?.path.join('.') },
  })
}

function problemText(issue: z.core.$ZodIssue): string {
  const { path, message } = issue
  const problem = `${message}, found ${found(issue)}`
  return path.length === 0 ? problem : `${path.join('.')}: ${problem}`
}

function found({ code, path, input }: z.core.$ZodIssue): string {
  // The word that chooses one of several kinds of object; `input` is the whole object.
  const isKind = code === 'invalid_union' && typeof input === 'object' && input !== null
  const value = isKind ? (input as Record<string, unknown>)[String(path.at(-1))] : input
  const isChoice = isKind || code === 'invalid_value'
  if (isChoice && typeof value === 'string' && CHOICE.test(value)) return JSON.stringify(value)
  return described(isChoice && path.length > 0 ? value : input)
}

function amount(origin: string, bound: string): string {
  const unit = UNITS[origin]
  return unit === undefined ? `a number of ${bound}` : `${bound} ${unit}`
}

function oneOf(values: readonly unknown[]): string {
  const shown = values.map(value => JSON.stringify(value))
  const last = shown.pop()
  return shown.length === 0 ? String(last) : `${shown.join(', ')} or ${last}`
}

function described(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return `a text of ${counted(value.length, 'character')}`
  if (Array.isArray(value)) return `an array of ${counted(value.length, 'entry', 'entries')}`
  if (typeof value === 'object') {
    return `an object of ${counted(Object.keys(value).length, 'field')}`
  }
  return String(value)
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
