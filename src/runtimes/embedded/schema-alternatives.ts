/**
 * Alternatives, `anyOf` or `oneOf`, with what stands beside them.
 *
 * Words beside alternatives hold for each of them: `{type: "object", properties, anyOf: [{required:
 * ["a"]}, …]}` is an object in every case. So they are moved into each.
 */
import { isSchema, kindOf, type Schema, schemaProblem } from './schema-problem.ts'
import { typesOf } from './schema-values.ts'

/** What shapes a value. */
const SHAPE_WORDS = [
  'type',
  'enum',
  'const',
  'format',
  'properties',
  'additionalProperties',
  'items',
  'prefixItems',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]

export interface Alternative {
  readonly schema: unknown
  readonly at: string
}

/** @returns `undefined` if the schema has none. */
export function alternativesOf(schema: Schema, at: string): readonly Alternative[] | undefined {
  const { anyOf, oneOf } = schema
  if (anyOf === undefined && oneOf === undefined) return undefined
  if (anyOf !== undefined && oneOf !== undefined) {
    throw schemaProblem(at, 'anyOf or oneOf', 'both')
  }
  const word = anyOf === undefined ? 'oneOf' : 'anyOf'
  const all = anyOf ?? oneOf
  if (!Array.isArray(all) || all.length === 0) {
    throw schemaProblem(`${at}.${word}`, 'an array of at least one schema', kindOf(all))
  }
  const beside = Object.fromEntries(
    SHAPE_WORDS.filter(one => schema[one] !== undefined).map(one => [one, schema[one]]),
  )
  return all.map((one: unknown, index) => {
    const place = `${at}.${word}.${index}`
    return { schema: isSchema(one) ? joined(beside, one, place) : one, at: place }
  })
}

function joined(beside: Schema, alternative: Schema, at: string): Schema {
  const words = Object.keys(beside)
  if (alternative['$ref'] !== undefined) {
    const lost = words.find(word => word !== 'type')
    if (lost === undefined) return alternative
    throw schemaProblem(`${at}.$ref`, `no reference, as ${lost} stands beside it`, 'one')
  }
  const both = words.filter(word => alternative[word] !== undefined)
  const agreed = both.map(word => [word, agreement(word, beside, alternative, at)])
  return { ...beside, ...alternative, ...Object.fromEntries(agreed) }
}

/** What a word means that stands beside an alternative and in it. */
function agreement(word: string, beside: Schema, alternative: Schema, at: string): unknown {
  const outer = beside[word]
  const inner = alternative[word]
  if (word === 'properties' && isSchema(outer) && isSchema(inner)) return { ...outer, ...inner }
  if (word === 'type') {
    const allowed = typesOf(beside, at) ?? []
    const types = (typesOf(alternative, at) ?? []).filter(one => allowed.includes(one))
    if (types.length > 0) return types
    throw schemaProblem(`${at}.type`, `a type out of ${allowed.join(', ')}`, 'none')
  }
  if (JSON.stringify(outer) === JSON.stringify(inner)) return inner
  throw schemaProblem(`${at}.${word}`, 'the same as beside the alternatives', 'another')
}
