/**
 * A JSON Schema as it came, and the error that says what is wrong with a part of it.
 */
import { MeshError } from '../../core/errors.ts'

export type Schema = Readonly<Record<string, unknown>>

/** Names of properties are as long as a client likes; an error is not. */
const PLACE_MAX_CHARS = 200

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param at The part, for example `response_format.json_schema.schema.properties.age.type`. */
export function schemaProblem(at: string, expected: string, found: string): MeshError {
  const place = at.length > PLACE_MAX_CHARS ? `${at.slice(0, PLACE_MAX_CHARS)}…` : at
  return new MeshError(`${place}: expected ${expected}, found ${found}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param: place },
  })
}

/** What a value is, in words. Of a text only its length, which may be long. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length <= 32 ? JSON.stringify(value) : 'a long text'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
