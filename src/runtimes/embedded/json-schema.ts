/**
 * Rewrites a client's JSON Schema into the part of it that the engine's grammars can hold.
 *
 * A grammar fixes the shape of an answer: objects with all their properties, arrays, enumerations,
 * alternatives, references. It cannot check values, so `minimum` or `pattern` are left to the model;
 * where the client demands strictness they are refused instead. What would change the shape and
 * cannot be held (`allOf`, `not`, …) is always refused.
 *
 * A grammar is built on the event loop, at a cost that grows with the square of the schema, so every
 * count has a bound. Measured on two cores, a schema at all of its bounds takes about 50 ms.
 */
import type { GbnfJsonSchema } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import { ALTERNATIVES_MAX, hasTooManyAlternatives } from './grammar-alternatives.ts'

type Schema = Readonly<Record<string, unknown>>

const DEPTH_MAX = 32

/** A string or array that must be longer cannot be held; llama.cpp takes no 2000 repetitions. */
const COUNT_MAX = 1_000

/** As many types as JSON Schema has. */
const TYPES_MAX = 7

/** What is counted over all schemas of one request. */
const BOUNDS = {
  parts: { max: 2_000, what: 'parts (schemas within schemas)' },
  /** As many as OpenAI takes. */
  enumValues: { max: 1_000, what: 'enum values in all' },
  repetitions: { max: 10_000, what: 'repetitions (minItems, maxLength and the like) in all' },
} as const

/** The sizes of the schemas of one request, together. */
export class SchemaSize {
  readonly #counts = { parts: 0, enumValues: 0, repetitions: 0 }

  /** @throws MeshError ERR_INVALID_REQUEST beyond a bound. */
  add(kind: keyof typeof BOUNDS, count: number, at: string): void {
    this.#counts[kind] += count
    const { max, what } = BOUNDS[kind]
    const found = this.#counts[kind]
    if (found <= max) return
    throw new MeshError(
      `${at}: expected at most ${max} ${what}, found ${kind === 'parts' ? 'at least ' : ''}${found}`,
      { code: 'ERR_INVALID_REQUEST', details: { param: at, max, found } },
    )
  }
}

const SHAPE_CHANGERS = ['allOf', 'not', 'if', 'patternProperties', 'dependentSchemas', 'contains']
const VALUE_CHECKS = ['pattern', 'minimum', 'maximum', 'multipleOf', 'uniqueItems', 'propertyNames']
const FORMATS = ['date-time', 'time', 'date']
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']

export interface SchemaOptions {
  /** What errors call the schema, for example `tools.0.function.parameters`. */
  readonly field: string
  /** Refuse what a grammar cannot check. */
  readonly isStrict: boolean
  /** Of the schemas of the request so far. */
  readonly size?: SchemaSize
}

/** @throws MeshError ERR_INVALID_REQUEST, naming the part that is not supported. */
export function grammarSchema(schema: Schema, options: SchemaOptions): GbnfJsonSchema {
  const { field } = options
  const rewriter = new Rewriter(options)
  const rewritten = rewriter.rewrite(schema, field, 0)
  if (rewriter.hasUnknownReference()) throw refused(field, 'a $ref to no definition of it')
  if (hasTooManyAlternatives(rewritten, rewriter.definitions)) {
    throw refused(
      field,
      `one in which, with its references, more than ${ALTERNATIVES_MAX} alternatives begin alike`,
    )
  }
  return rewritten as GbnfJsonSchema
}

class Rewriter {
  /** Name → what it stands for, rewritten. Of any scope. */
  readonly definitions = new Map<string, Schema>()
  readonly #isStrict: boolean
  readonly #size: SchemaSize
  readonly #references = new Set<string>()

  constructor({ isStrict, size = new SchemaSize() }: SchemaOptions) {
    this.#isStrict = isStrict
    this.#size = size
  }

  hasUnknownReference(): boolean {
    return [...this.#references].some(name => !this.definitions.has(name))
  }

  rewrite(schema: unknown, at: string, depth: number): Schema {
    this.#size.add('parts', 1, at)
    if (depth > DEPTH_MAX) throw refused(at, `a schema nested deeper than ${DEPTH_MAX} levels`)
    if (!isSchema(schema)) throw refused(at, 'something that is not a schema object')
    this.#check(schema, at)

    const shape = this.#shape(schema, at, depth)
    const definitions = schema['$defs'] ?? schema['definitions']
    if (definitions === undefined) return shape
    const $defs = this.#each(definitions, `${at}.$defs`, depth)
    for (const [name, one] of Object.entries($defs)) this.#define(name, one)
    return { ...shape, $defs }
  }

  /** A name that means different things in different scopes is taken for all of them. */
  #define(name: string, definition: Schema): void {
    const other = this.definitions.get(name)
    this.definitions.set(name, other === undefined ? definition : { oneOf: [other, definition] })
  }

  #check(schema: Schema, at: string): void {
    const refusedWords = this.#isStrict ? [...SHAPE_CHANGERS, ...VALUE_CHECKS] : SHAPE_CHANGERS
    const found = refusedWords.find(word => schema[word] !== undefined)
    if (found !== undefined) throw refused(`${at}.${found}`, 'a rule that grammars cannot hold')
  }

  #shape(schema: Schema, at: string, depth: number): Schema {
    const { $ref, type } = schema
    if (typeof $ref === 'string') return this.#reference($ref, at)
    if (schema['const'] !== undefined) return { const: literal(schema['const'], `${at}.const`) }
    if (Array.isArray(schema['enum'])) return this.#enumeration(schema['enum'], at)

    const alternatives = schema['anyOf'] ?? schema['oneOf']
    if (Array.isArray(alternatives)) {
      return { oneOf: alternatives.map((one, i) => this.rewrite(one, `${at}.${i}`, depth + 1)) }
    }
    if (Array.isArray(type)) {
      if (type.length > TYPES_MAX) throw refused(`${at}.type`, `${type.length} types`)
      const single = type.map(one => this.#ofType({ ...schema, type: one }, at, depth))
      return { oneOf: single }
    }
    return this.#ofType(schema, at, depth)
  }

  #reference($ref: string, at: string): Schema {
    const [, name] = /^#\/(?:\$defs|definitions)\/(.+)$/s.exec($ref) ?? []
    if (name === undefined) throw refused(`${at}.$ref`, 'a reference other than #/$defs/…')
    this.#references.add(name)
    return { $ref: `#/$defs/${name}` }
  }

  #enumeration(values: readonly unknown[], at: string): Schema {
    this.#size.add('enumValues', values.length, `${at}.enum`)
    return { enum: values.map(value => literal(value, `${at}.enum`)) }
  }

  #ofType(schema: Schema, at: string, depth: number): Schema {
    const type = schema['type'] ?? (isSchema(schema['properties']) ? 'object' : undefined)
    switch (type) {
      case 'object':
        return this.#object(schema, at, depth)
      case 'array':
        return this.#array(schema, at, depth)
      case 'string':
        if (FORMATS.includes(String(schema['format']))) return { type, format: schema['format'] }
        return { type, ...this.#counts(schema, at) }
      case 'number':
      case 'integer':
      case 'boolean':
      case 'null':
        return { type }
      case undefined:
        return { oneOf: ['string', 'number', 'boolean', 'null'].map(one => ({ type: one })) }
      default:
        throw refused(`${at}.type`, JSON.stringify(type))
    }
  }

  #object(schema: Schema, at: string, depth: number): Schema {
    const { properties, additionalProperties } = schema
    // JSON Schema's default is `true`, but with named properties people mean just those.
    const mayHaveMore = additionalProperties ?? properties === undefined
    return {
      type: 'object',
      ...(properties === undefined
        ? {}
        : { properties: this.#each(properties, `${at}.properties`, depth) }),
      additionalProperties: isSchema(mayHaveMore)
        ? this.rewrite(mayHaveMore, `${at}.additionalProperties`, depth + 1)
        : mayHaveMore,
      ...this.#counts(schema, at),
    }
  }

  #array(schema: Schema, at: string, depth: number): Schema {
    const { items, prefixItems } = schema
    return {
      type: 'array',
      ...(isSchema(items) ? { items: this.rewrite(items, `${at}.items`, depth + 1) } : {}),
      ...(Array.isArray(prefixItems)
        ? {
            prefixItems: prefixItems.map((one, i) =>
              this.rewrite(one, `${at}.prefixItems.${i}`, depth + 1),
            ),
          }
        : {}),
      ...this.#counts(schema, at),
    }
  }

  #each(schemas: unknown, at: string, depth: number): Readonly<Record<string, Schema>> {
    if (!isSchema(schemas)) throw refused(at, 'something that is not an object of schemas')
    return Object.fromEntries(
      Object.entries(schemas).map(([name, one]) => [
        name,
        this.rewrite(one, `${at}.${name}`, depth + 1),
      ]),
    )
  }

  /** How often what may be repeated. An upper count beyond what grammars hold is a check of values. */
  #counts(schema: Schema, at: string): Schema {
    const counts: Record<string, number> = {}
    for (const word of COUNTS) {
      const count = schema[word]
      if (count === undefined) continue
      if (typeof count !== 'number') throw refused(`${at}.${word}`, 'a count that is no number')
      if (count > COUNT_MAX) {
        if (!this.#isStrict && word.startsWith('max')) continue
        throw refused(
          `${at}.${word}`,
          `${count}, more than the ${COUNT_MAX} that grammars can hold`,
        )
      }
      this.#size.add('repetitions', Math.max(0, count), `${at}.${word}`)
      counts[word] = count
    }
    return counts
  }
}

/** Grammars spell out values that are no objects or arrays. */
function literal(value: unknown, at: string): unknown {
  if (typeof value !== 'object' || value === null) return value
  throw refused(at, 'a value that is an object or an array')
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(at: string, found: string): MeshError {
  return new MeshError(`${at}: expected a schema this engine can follow, found ${found}`, {
    code: 'ERR_INVALID_REQUEST',
    details: { param: at },
  })
}
