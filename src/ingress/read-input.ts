/**
 * Reads bodies, queries and headers by their schemas, and says of what is wrong where it stands,
 * what was expected, what was found, and what may have been meant.
 */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { jsonFault } from '../consensus/policy/canonical.ts'
import { invalid as invalidRefusal } from '../consensus/policy/outcome.ts'
import { type FieldProblem, problemsOf } from '../consensus/policy/problems.ts'
import { MeshError } from '../core/errors.ts'
import { refusalError } from '../node/policy/refusal-error.ts'
import { invalid, isObject } from './fields.ts'
import { bodyOf } from './inference-routes.ts'
import { parseJson } from './json-body.ts'

/** Fields of bodies that may hold a secret, in the right place or a wrong one. */
const SECRET_FIELDS = ['spec', 'resources']

/** No body is an empty object. @throws MeshError ERR_INVALID_REQUEST. */
export function readBody<Schema extends z.ZodType>(
  schema: Schema,
  request: FastifyRequest,
): z.output<Schema> {
  const bytes = bodyOf(request)
  const value = bytes.length === 0 ? {} : parseJson(bytes)
  // A schema drops `__proto__` without a word, and follows what is nested wherever it leads.
  const fault = jsonFault(value)
  if (fault !== undefined) throw refused([fault], 'body')
  return judged(schema, value, 'body')
}

/** @throws MeshError ERR_INVALID_REQUEST. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  request: FastifyRequest,
): z.output<Schema> {
  // Fastify's object has no prototype, which zod takes for no object.
  return judged(schema, { ...(request.query as object) }, 'query')
}

/** `?limit=`: how many at most. @throws MeshError ERR_INVALID_REQUEST. */
export function readLimit(
  query: unknown,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  const limit = isObject(query) ? query['limit'] : undefined
  if (limit === undefined) return fallback
  const count = typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : undefined
  if (count !== undefined && count >= 1 && count <= max) return count
  throw invalid('limit', `an integer from 1 to ${max}`, count ?? limit)
}

function judged<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  whole: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const about = { schema, value, path: '', secretFields: SECRET_FIELDS }
  throw refused(problemsOf(parsed.error, about), whole)
}

function refused(problems: readonly FieldProblem[], whole: string): MeshError {
  const placed = problems.map(each => ({ ...each, path: each.path === '' ? whole : each.path }))
  return refusalError(invalidRefusal(placed))
}

/** A switch of a query: `?name`, `?name=true`, `?name=false`. */
export const flag = (meaning: string) =>
  z
    .enum(['', 'true', 'false'])
    .optional()
    .transform(value => value === '' || value === 'true')
    .describe(meaning)

/** What must hold of the resource for a change to be made. */
export type Condition = number | 'absent' | 'present' | undefined

const REVISION = /^(?:W\/)?"?(\d{1,15})"?$/

/** @throws MeshError ERR_INVALID_REQUEST; ERR_CONFLICT if it can never hold. */
export function readCondition({ headers }: FastifyRequest): Condition {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers
  if (match !== undefined && noneMatch !== undefined) {
    throw invalid('if-match', 'absent beside If-None-Match', match)
  }
  if (noneMatch !== undefined) {
    if (noneMatch.trim() === '*') return 'absent'
    throw invalid('if-none-match', '`*`: only if it is not there', noneMatch)
  }
  if (match === undefined) return undefined
  if (match.trim() === '*') return 'present'
  const [, revision] = REVISION.exec(match.trim()) ?? []
  if (Number(revision) === 0) throw neverMet()
  if (revision !== undefined) return Number(revision)
  throw invalid('if-match', '`*` or one revision in quotes, as the ETag has it', match)
}

/** Well formed as it is, so it is answered as any other condition that does not hold. */
function neverMet(): MeshError {
  return new MeshError('expected the resource at revision 0, found that revisions begin with 1', {
    code: 'ERR_CONFLICT',
    details: { reason: 'conflict', isPrecondition: true },
    hint: 'Read it again, then change what you find; `If-None-Match: *` is for what is not there.',
  })
}

const REQUEST_ID = /^[A-Za-z0-9_-]{16,64}$/

/** The name by which a change may be sent again. @throws MeshError ERR_INVALID_REQUEST. */
export function readRequestId({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key === 'string' && REQUEST_ID.test(key)) return key
  throw invalid('idempotency-key', '16 to 64 letters, digits, `-` or `_`', key)
}

export const etag = (revision: number): string => `"${revision}"`
