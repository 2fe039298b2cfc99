/**
 * How a schema is refused: where, and in which words.
 */
import { hasCode } from '../../../src/core/errors.ts'
import { grammarSchema } from '../../../src/runtimes/embedded/json-schema.ts'

export const loose = { field: 'schema', isStrict: false }
export const strict = { field: 'schema', isStrict: true }

export function refusalText(schema: object): string {
  try {
    grammarSchema({ ...schema }, loose)
  } catch (error) {
    if (hasCode(error, 'ERR_INVALID_REQUEST')) return error.message
    throw error
  }
  return ''
}

export function refusedField(schema: object, options = loose): unknown {
  try {
    grammarSchema({ ...schema }, options)
  } catch (error) {
    if (hasCode(error, 'ERR_INVALID_REQUEST')) return error.details['param']
    throw error
  }
  return undefined
}
