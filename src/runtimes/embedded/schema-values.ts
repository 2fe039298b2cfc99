/**
 * The words of a schema that say which values there are: `type`, `enum`, `const`.
 *
 * All of them hold together, so values are those that each of them allows. A schema that allows
 * none is refused: no answer could follow it.
 */
import { isSchema, kindOf, type Schema, schemaProblem } from './schema-problem.ts'

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const

export type TypeName = (typeof TYPES)[number]

type Scalar = string | number | boolean | null

const isTypeName = (value: unknown): value is TypeName => TYPES.some(name => name === value)

/** Each type once, or `undefined` if the schema names none. */
export function typesOf({ type }: Schema, at: string): readonly TypeName[] | undefined {
  if (type === undefined) return undefined
  const types: unknown[] = Array.isArray(type) ? type : [type]
  if (types.length === 0 || types.length > TYPES.length) {
    const found = types.length === 0 ? 'an empty array' : `${types.length} types`
    throw schemaProblem(`${at}.type`, `1 to ${TYPES.length} types`, found)
  }
  for (const one of types) {
    if (isTypeName(one)) continue
    const names = TYPES.map(name => JSON.stringify(name)).join(', ')
    throw schemaProblem(`${at}.type`, `types out of ${names}`, kindOf(one))
  }
  return [...new Set(types.filter(isTypeName))]
}

/**
 * The values that `enum`, `const` and the types allow, or `undefined` if every value of the types is.
 *
 * @param count Told how many values `enum` has before any of them is looked at.
 */
export function valuesOf(
  schema: Schema,
  types: readonly TypeName[] | undefined,
  at: string,
  count: (valueCount: number, at: string) => void,
): readonly Scalar[] | undefined {
  const { const: only, enum: several } = schema
  if (only === undefined && several === undefined) return undefined
  const word = several === undefined ? 'const' : 'enum'
  if (several !== undefined && (!Array.isArray(several) || several.length === 0)) {
    throw schemaProblem(`${at}.enum`, 'an array of at least one value', kindOf(several))
  }
  if (Array.isArray(several)) count(several.length, `${at}.enum`)

  const one = only === undefined ? undefined : scalar(only, `${at}.const`)
  const values = Array.isArray(several)
    ? several.map(value => scalar(value, `${at}.enum`))
    : [one ?? null]
  const allowed = values.filter(
    value =>
      (one === undefined || value === one) &&
      (types === undefined || types.some(type => isOfType(value, type))),
  )
  if (allowed.length > 0) return [...new Set(allowed)]
  throw schemaProblem(`${at}.${word}`, `a value that ${rulesBeside(schema, word)} allows`, 'none')
}

/** For people: what else says which values there are. */
function rulesBeside(schema: Schema, word: string): string {
  return ['type', 'const'].filter(one => one !== word && schema[one] !== undefined).join(' and ')
}

function isOfType(value: Scalar, type: TypeName): boolean {
  if (value === null) return type === 'null'
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}

/** Grammars spell out values that are no objects or arrays. */
function scalar(value: unknown, at: string): Scalar {
  switch (typeof value) {
    case 'string':
      checkText(value, at)
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      throw schemaProblem(at, 'numbers that a double can hold', 'one that is too large')
    case 'boolean':
      return value
    default:
      if (value === null) return value
      throw schemaProblem(at, 'texts, numbers, true, false or null', kindOf(value))
  }
}

/**
 * The library writes a text into a grammar as it stands, but for these three characters, quotes and
 * backslashes. Other control characters would come out raw, and that is no JSON.
 */
const ESCAPED = '\t\n\r'

/** @throws MeshError ERR_INVALID_REQUEST, naming the first character that grammars cannot spell. */
export function checkText(text: string, at: string): void {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const isControl = code < 0x20 && !ESCAPED.includes(character)
    const isHalf = code >= 0xd800 && code <= 0xdfff
    if (!(isControl || isHalf)) continue
    const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    throw schemaProblem(
      at,
      'texts without halves of characters, and with no control characters but tab and line ends',
      name,
    )
  }
}

/** @throws MeshError ERR_INVALID_REQUEST unless it is an array of texts, or absent. */
export function checkRequired({ required, properties, type }: Schema, at: string): void {
  if (required === undefined) return
  const names: unknown = required
  if (!(Array.isArray(names) && names.every(name => typeof name === 'string'))) {
    throw schemaProblem(`${at}.required`, 'an array of names', kindOf(names))
  }
  if (type !== 'object' && properties === undefined) return
  const known = isSchema(properties) ? properties : {}
  const missing = names.find(name => !Object.hasOwn(known, name))
  if (missing === undefined) return
  throw schemaProblem(`${at}.required`, 'names out of properties', kindOf(missing))
}
