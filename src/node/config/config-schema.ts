/**
 * What the configuration consists of, read from the zod schemas of its sections: the name,
 * type, default, range and meaning of each option. Error messages, the environment's names and
 * docs/reference/config.md all come from here, so they cannot disagree.
 */
import { z } from 'zod'
import { assert } from '../../core/assert.ts'

/** Section → schema of its options. A section is an object of options, one level deep. */
export type Sections = Readonly<Record<string, z.ZodType>>

export type ConfigOf<S extends Sections> = { readonly [Name in keyof S]: z.output<S[Name]> }

export interface OptionFacts {
  /** `section.option`. */
  readonly key: string
  readonly section: string
  readonly option: string
  /** `SKEIN_SECTION__OPTION`. */
  readonly variable: string
  /** How it is written in the environment: as it stands, or as JSON. */
  readonly isJson: boolean
  readonly isNumber: boolean
  readonly isBoolean: boolean
  readonly isNullable: boolean
  /** `undefined`: there is none, the option is optional. */
  readonly default: unknown
  /** What a right value is, to follow "expected". */
  readonly expected: string
  readonly unit: string | undefined
  readonly meaning: string
}

/** The part of JSON Schema that zod writes for the values of our options. */
const valueSchema = z.object({
  /** What may be null is written as a list of types, or as `anyOf` below. */
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  unit: z.string().optional(),
  /** What a right value is, where the rest of the schema does not say it. */
  expected: z.string().optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  maxItems: z.number().optional(),
})

type ValueSchema = z.output<typeof valueSchema>

const property = valueSchema.extend({
  default: z.unknown().optional(),
  description: z.string().optional(),
  anyOf: z.array(valueSchema).optional(),
})

type Property = z.output<typeof property>

const sectionSchema = z.object({ properties: z.record(z.string(), property) })

/** `probeIntervalMs` → `PROBE_INTERVAL_MS`; `p2p` → `P2P`. */
function screamingSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, letter => `_${letter}`).toUpperCase()
}

function numberRange(schema: ValueSchema): string {
  const { minimum = Number.MIN_SAFE_INTEGER, exclusiveMinimum: above, maximum } = schema
  const noun = schema.type === 'integer' ? 'an integer' : 'a number'
  const hasMax = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
  if (above !== undefined) return `${noun} above ${above}${hasMax ? ` and up to ${maximum}` : ''}`
  if (minimum === Number.MIN_SAFE_INTEGER) return hasMax ? `${noun} of at most ${maximum}` : noun
  return hasMax ? `${noun} from ${minimum} to ${maximum}` : `${noun} of at least ${minimum}`
}

function textRange({ minLength = 0, maxLength }: ValueSchema): string {
  if (maxLength === undefined) return minLength > 0 ? 'a non-empty text' : 'a text'
  return `a text of ${minLength} to ${maxLength} characters`
}

function expectation(facts: ValueSchema): string {
  if (facts.expected !== undefined) return facts.expected
  if (facts.enum !== undefined) return `one of ${facts.enum.join(', ')}`
  switch (facts.type) {
    case 'integer':
    case 'number':
      return numberRange(facts)
    case 'string':
      return textRange(facts)
    case 'boolean':
      return 'true or false'
    case 'array':
      return facts.maxItems === undefined ? 'a list' : `a list of at most ${facts.maxItems}`
    default:
      return 'an object'
  }
}

function factsOf(section: string, option: string, facts: Property): OptionFacts {
  const types = Array.isArray(facts.type) ? facts.type : [facts.type]
  const choices = facts.anyOf ?? types.map(type => ({ ...facts, type }))
  const isNullable = choices.some(({ type }) => type === 'null')
  const value = choices.find(({ type }) => type !== 'null') ?? facts
  return {
    key: `${section}.${option}`,
    section,
    option,
    variable: `SKEIN_${screamingSnake(section)}__${screamingSnake(option)}`,
    isNumber: value.type === 'integer' || value.type === 'number',
    isBoolean: value.type === 'boolean',
    isNullable,
    isJson: value.type === 'array' || value.type === 'object' || value.type === undefined,
    default: facts.default,
    expected: isNullable ? `${expectation(value)}, or null` : expectation(value),
    unit: value.unit ?? facts.unit,
    meaning: facts.description ?? '',
  }
}

/** Every option of every section, in the order they are declared. */
export function describeOptions(sections: Sections): readonly OptionFacts[] {
  return Object.entries(sections).flatMap(([section, schema]) => {
    const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    const parsed = sectionSchema.safeParse(json)
    assert(parsed.success, `section ${section} is an object of options`)
    return Object.entries(parsed.data.properties).map(([option, facts]) =>
      factsOf(section, option, facts),
    )
  })
}
