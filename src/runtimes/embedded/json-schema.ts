/**
 * Rewrites a client's JSON Schema into the part of it that the engine's grammars can hold.
 *
 * A grammar fixes the shape of an answer: objects with all their properties, arrays, enumerations,
 * alternatives, references. It cannot check values, so `minimum` or `pattern` are left to the model;
 * where the client demands strictness they are refused instead. What would change the shape and
 * cannot be held (`allOf`, `not`, …) is always refused.
 */
import type { GbnfJsonSchema } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'

type Schema = Readonly<Record<string, unknown>>

/** Deeper or larger schemas make grammars that take long to build. */
const DEPTH_MAX = 32
const PARTS_MAX = 1_000

const SHAPE_CHANGERS = ['allOf', 'not', 'if', 'patternProperties', 'dependentSchemas', 'contains']
const VALUE_CHECKS = ['pattern', 'minimum', 'maximum', 'multipleOf', 'uniqueItems', 'propertyNames']
const FORMATS = ['date-time', 'time', 'date']
const COUNTS = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']

export interface SchemaOptions {
  /** What errors call the schema, for example `tools.0.function.parameters`. */
  readonly field: string
  /** Refuse what a grammar cannot check. */
  readonly isStrict: boolean
}

/** @throws MeshError ERR_INVALID_REQUEST, naming the part that is not supported. */
export function grammarSchema(schema: Schema, options: SchemaOptions): GbnfJsonSchema {
  return new Rewriter(options).rewrite(schema, options.field, 0) as GbnfJsonSchema
}

class Rewriter {
  readonly #isStrict: boolean
  #partsCount = 0

  constructor({ isStrict }: SchemaOptions) {
    this.#isStrict = isStrict
  }

  rewrite(schema: unknown, at: string, depth: number): unknown {
    this.#partsCount += 1
    if (depth > DEPTH_MAX) throw refused(at, `a schema nested deeper than ${DEPTH_MAX} levels`)
    if (this.#partsCount > PARTS_MAX) throw refused(at, `a schema of more than ${PARTS_MAX} parts`)
    if (!isSchema(schema)) throw refused(at, 'something that is not a schema object')
    this.#check(schema, at)

    const definitions = schema['$defs'] ?? schema['definitions']
    return {
      ...this.#shape(schema, at, depth),
      ...(definitions === undefined
        ? {}
        : { $defs: this.#each(definitions, `${at}.$defs`, depth) }),
    }
  }

  #check(schema: Schema, at: string): void {
    const refusedWords = this.#isStrict ? [...SHAPE_CHANGERS, ...VALUE_CHECKS] : SHAPE_CHANGERS
    const found = refusedWords.find(word => schema[word] !== undefined)
    if (found !== undefined) throw refused(`${at}.${found}`, 'a rule that grammars cannot hold')
  }

  #shape(schema: Schema, at: string, depth: number): Schema {
    const { $ref, type } = schema
    if (typeof $ref === 'string') return { $ref: $ref.replace('#/definitions/', '#/$defs/') }
    if (schema['const'] !== undefined) return { const: schema['const'] }
    if (Array.isArray(schema['enum'])) return { enum: schema['enum'] }

    const alternatives = schema['anyOf'] ?? schema['oneOf']
    if (Array.isArray(alternatives)) {
      return { oneOf: alternatives.map((one, i) => this.rewrite(one, `${at}.${i}`, depth + 1)) }
    }
    if (Array.isArray(type)) {
      const single = type.map(one => this.#ofType({ ...schema, type: one }, at, depth))
      return { oneOf: single }
    }
    return this.#ofType(schema, at, depth)
  }

  #ofType(schema: Schema, at: string, depth: number): Schema {
    const type = schema['type'] ?? (isSchema(schema['properties']) ? 'object' : undefined)
    switch (type) {
      case 'object':
        return this.#object(schema, at, depth)
      case 'array':
        return this.#array(schema, at, depth)
      case 'string':
        return { type, ...picked(schema, FORMATS.includes(String(schema['format']))) }
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
      ...picked(schema, false),
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
      ...picked(schema, false),
    }
  }

  #each(schemas: unknown, at: string, depth: number): Schema {
    if (!isSchema(schemas)) throw refused(at, 'something that is not an object of schemas')
    return Object.fromEntries(
      Object.entries(schemas).map(([name, one]) => [
        name,
        this.rewrite(one, `${at}.${name}`, depth + 1),
      ]),
    )
  }
}

/** The counts that grammars can hold, and the format if they can hold it. */
function picked(schema: Schema, withFormat: boolean): Schema {
  const words = withFormat ? ['format'] : COUNTS
  return Object.fromEntries(
    words.filter(word => schema[word] !== undefined).map(word => [word, schema[word]]),
  )
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
