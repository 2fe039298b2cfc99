/**
 * How the fields of a request are refused: by name, with what was expected and what was found.
 */
import { MeshError } from '../core/errors.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Longer than any model's id. */
export const MODEL_LENGTH_MAX = 512

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @param expected What the field must be, for example `an integer of at least 1`. */
export function invalid(param: string, expected: string, found: unknown): MeshError {
  return new MeshError(`\`${param}\` must be ${expected}; found ${describe(found)}.`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param },
  })
}

/** Never a text itself: messages reach logs, and prompts must not. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array'
  if (value === '') return 'an empty string'
  if (typeof value === 'string') return `a string of length ${value.length}`
  if (typeof value === 'object') return 'an object'
  return `${typeof value} ${String(value)}`
}
