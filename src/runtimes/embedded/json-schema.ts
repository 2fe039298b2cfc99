/**
 * Rewrites a client's JSON Schema into the part of it that the engine's grammars can hold.
 *
 * A grammar fixes the shape of an answer: objects with all their properties, arrays, enumerations,
 * alternatives, references. It cannot check values, so `minimum` or `pattern` are left to the model;
 * where the client demands strictness they are refused instead. What would change the shape and
 * cannot be held (`allOf`, `not`, …) is always refused, and so is what makes no sense: words that are
 * not what JSON Schema says, or that no value can follow together. The library would make something
 * of them, and say so on stderr at best.
 *
 * A grammar is built on the event loop, at a cost that grows with the square of the schema, so every
 * count has a bound. Measured on two cores, a schema at all of its bounds takes about 50 ms.
 */
import type { GbnfJsonSchema } from 'node-llama-cpp'
import { MeshError } from '../../core/errors.ts'
import { isEndless } from './endless-schema.ts'
import { ALTERNATIVES_MAX, hasTooManyAlternatives } from './grammar-alternatives.ts'
import { alternativesOf } from './schema-alternatives.ts'
import { COUNT_WORDS, checkCounts, checkItemCounts, checkPropertyCounts } from './schema-counts.ts'
import { LEVELS_MAX, levelsOf } from './schema-levels.ts'
import { isSchema, kindOf, type Schema, schemaProblem } from './schema-problem.ts'
import { checkRequired, checkText, type TypeName, typesOf, valuesOf } from './schema-values.ts'

const DEPTH_MAX = 32

/** A string or array that must be longer cannot be held; llama.cpp takes no 2000 repetitions. */
const COUNT_MAX = 1_000

/**
 * The same beside `properties` or `prefixItems`: what is repeated there are up to three rules of the
 * grammar that nothing before has used, each of which llama.cpp counts.
 */
const REST_COUNT_MAX = 600

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
  const levels = levelsOf(rewritten, rewriter.definitions)
  if (levels > LEVELS_MAX) {
    throw refused(field, `${levels} levels in it and its definitions, more than ${LEVELS_MAX}`)
  }
  if (hasTooManyAlternatives(rewritten, rewriter.definitions)) {
    throw refused(
      field,
      `one in which, with its references, more than ${ALTERNATIVES_MAX} alternatives begin alike`,
    )
  }
  if (isEndless(rewritten, rewriter.definitions)) {
    throw refused(field, 'one of which, or of a definition of which, no value ever ends')
  }
  return rewritten as GbnfJsonSchema
}

class Rewriter {
  /** Name → what it stands for, rewritten. Of any scope. */
  readonly definitions = new Map<string, Schema>()
  readonly #isStrict: boolean
  readonly #size: SchemaSize
  /** Names that a `$ref` may use here: of the schemas around, outermost first. */
  readonly #scopes: ReadonlySet<string>[] = []

  constructor({ isStrict, size = new SchemaSize() }: SchemaOptions) {
    this.#isStrict = isStrict
    this.#size = size
  }

  rewrite(schema: unknown, at: string, depth: number): Schema {
    this.#size.add('parts', 1, at)
    if (depth > DEPTH_MAX) throw refused(at, `a schema nested deeper than ${DEPTH_MAX} levels`)
    if (!isSchema(schema)) throw refused(at, `${kindOf(schema)}, which is not a schema object`)
    this.#check(schema, at)

    const definitions = definitionsOf(schema, at)
    if (definitions === undefined) return this.#shape(schema, at, depth)
    this.#scopes.push(new Set(Object.keys(definitions)))
    const shape = this.#shape(schema, at, depth)
    const $defs = this.#each(definitions, `${at}.$defs`, depth)
    this.#scopes.pop()
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
    checkCounts(schema, at)
  }

  #shape(schema: Schema, at: string, depth: number): Schema {
    const { $ref } = schema
    if ($ref !== undefined) return this.#reference($ref, at)
    const types = typesOf(schema, at)
    const alternatives = alternativesOf(schema, at)
    if (alternatives !== undefined) {
      return { oneOf: alternatives.map(one => this.rewrite(one.schema, one.at, depth + 1)) }
    }
    const values = valuesOf(schema, types, at, (count, place) =>
      this.#size.add('enumValues', count, place),
    )
    if (values !== undefined) {
      return schema['const'] === undefined ? { enum: values } : { const: values[0] }
    }
    checkRequired(schema, at)
    const [type = impliedType(schema), ...others] = types ?? []
    if (others.length === 0) return this.#ofType(type, schema, at, depth)
    return { oneOf: types?.map(one => this.#ofType(one, schema, at, depth)) }
  }

  #reference($ref: unknown, at: string): Schema {
    const [, name] = /^#\/(?:\$defs|definitions)\/(.+)$/s.exec(String($ref)) ?? []
    if (name === undefined) throw refused(`${at}.$ref`, 'a reference other than #/$defs/…')
    if (this.#scopes.some(names => names.has(name))) return { $ref: `#/$defs/${name}` }
    throw refused(`${at}.$ref`, 'a reference to no definition of it')
  }

  #ofType(type: TypeName | undefined, schema: Schema, at: string, depth: number): Schema {
    switch (type) {
      case 'object':
        return this.#object(schema, at, depth)
      case 'array':
        return this.#array(schema, at, depth)
      case 'string':
        if (FORMATS.includes(String(schema['format']))) return { type, format: schema['format'] }
        return { type, ...this.#counts(schema, type, at) }
      case undefined:
        return { oneOf: ['string', 'number', 'boolean', 'null'].map(one => ({ type: one })) }
      default:
        return { type }
    }
  }

  #object(schema: Schema, at: string, depth: number): Schema {
    const { properties, additionalProperties } = schema
    // JSON Schema's default is `true`, but with named properties people mean just those.
    const mayHaveMore = additionalProperties ?? properties === undefined
    checkPropertyCounts(schema, mayHaveMore !== false, at)
    for (const name of Object.keys(properties ?? {})) checkText(name, `${at}.properties`)
    return {
      type: 'object',
      ...(properties === undefined
        ? {}
        : { properties: this.#each(properties, `${at}.properties`, depth) }),
      additionalProperties:
        typeof mayHaveMore === 'boolean'
          ? mayHaveMore
          : this.rewrite(mayHaveMore, `${at}.additionalProperties`, depth + 1),
      ...this.#counts(schema, 'object', at),
    }
  }

  #array(schema: Schema, at: string, depth: number): Schema {
    const { items, prefixItems } = schema
    if (prefixItems !== undefined && !Array.isArray(prefixItems)) {
      throw schemaProblem(`${at}.prefixItems`, 'an array of schemas', kindOf(prefixItems))
    }
    checkItemCounts(schema, at)
    const isAny = items === undefined || typeof items === 'boolean'
    return {
      type: 'array',
      ...(isAny ? {} : { items: this.rewrite(items, `${at}.items`, depth + 1) }),
      ...(prefixItems === undefined
        ? {}
        : {
            prefixItems: prefixItems.map((one, i) =>
              this.rewrite(one, `${at}.prefixItems.${i}`, depth + 1),
            ),
          }),
      ...this.#counts(schema, 'array', at),
      ...(items === false ? { maxItems: prefixItems?.length ?? 0 } : {}),
    }
  }

  #each(schemas: unknown, at: string, depth: number): Readonly<Record<string, Schema>> {
    if (!isSchema(schemas)) throw refused(at, `${kindOf(schemas)}, not an object of schemas`)
    return Object.fromEntries(
      Object.entries(schemas).map(([name, one]) => [
        name,
        this.rewrite(one, `${at}.${name}`, depth + 1),
      ]),
    )
  }

  /** How often what may be repeated. An upper count beyond what grammars hold is a check of values. */
  #counts(schema: Schema, type: keyof typeof COUNT_WORDS, at: string): Schema {
    const counts: Record<string, number> = {}
    const isRest = schema['properties'] !== undefined || schema['prefixItems'] !== undefined
    const max = isRest && type !== 'string' ? REST_COUNT_MAX : COUNT_MAX
    for (const word of COUNT_WORDS[type]) {
      const count = schema[word]
      if (typeof count !== 'number') continue
      if (count > max) {
        if (!this.#isStrict && word.startsWith('max')) continue
        throw refused(`${at}.${word}`, `${count}, more than the ${max} that grammars can hold`)
      }
      this.#size.add('repetitions', count, `${at}.${word}`)
      counts[word] = count
    }
    return counts
  }
}

/** Under both of the names that they may have. */
function definitionsOf({ $defs, definitions }: Schema, at: string): Schema | undefined {
  for (const [word, found] of Object.entries({ $defs, definitions })) {
    if (found === undefined || isSchema(found)) continue
    throw schemaProblem(`${at}.${word}`, 'an object of schemas', kindOf(found))
  }
  if ($defs === undefined && definitions === undefined) return undefined
  return { ...(definitions as Schema), ...($defs as Schema) }
}

function impliedType(schema: Schema): TypeName | undefined {
  const { properties, additionalProperties, items, prefixItems } = schema
  if (properties !== undefined || additionalProperties !== undefined) return 'object'
  return items === undefined && prefixItems === undefined ? undefined : 'array'
}

function refused(at: string, found: string): MeshError {
  return schemaProblem(at, 'a schema this engine can follow', found)
}
