/**
 * The schema of a scenario as a tree that can be walked: which fields there are at a place, what their
 * values must be and what they mean. Error messages, the comments of presets and
 * docs/reference/scenario.md all come from here, so they cannot disagree.
 */
import { z } from 'zod'
import { scenario } from './scenario.ts'

/** The part of JSON Schema that zod writes for scenarios. */
export interface SchemaNode {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly description?: string
  readonly unit?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  /** Of a map from names of one's own. */
  readonly additionalProperties?: SchemaNode | boolean
  readonly propertyNames?: SchemaNode
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
}

export function scenarioSchema(): SchemaNode {
  // What zod writes is JSON; of that, the part above is read.
  return z.toJSONSchema(scenario, { io: 'input' }) as SchemaNode
}

/** The forms a value may have; one, if it has no choice. */
export function formsOf(node: SchemaNode): readonly SchemaNode[] {
  return node.oneOf ?? node.anyOf ?? [node]
}

/** The form that a value is meant to have. `undefined`: it is not clear. */
export function formFor(node: SchemaNode, value: unknown): SchemaNode | undefined {
  const forms = formsOf(node)
  if (forms.length === 1) return forms[0]
  return forms.find(({ type, properties }) => {
    if (type !== 'object') return typeof value === type
    const kind = properties?.['type']?.const
    return isRecord(value) && (kind === undefined || value['type'] === kind)
  })
}

/** What stands at a key of an object, or an index of a list. */
export function childOf(node: SchemaNode, key: string | number): SchemaNode | undefined {
  if (typeof key === 'number') return node.items
  const named = node.properties
  if (named !== undefined && Object.hasOwn(named, key)) return named[key]
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : undefined
}

/** Keys that an object may have; empty for one whose names are one's own. */
export function keysOf(node: SchemaNode): readonly string[] {
  return Object.keys(node.properties ?? {}).concat(
    (node.propertyNames?.enum ?? []).filter(name => typeof name === 'string'),
  )
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What a right value is, to follow "expected". */
export function expectationOf(node: SchemaNode): string {
  const forms = formsOf(node)
  if (forms.length > 1) return choiceText(forms)
  if (node.enum !== undefined) return `one of ${node.enum.join(', ')}`
  if (node.const !== undefined) return String(node.const)
  switch (node.type) {
    case 'integer':
      return `${rangeText('an integer', node)}${unitText(node)}`
    case 'number':
      return `${rangeText('a number', node)}${unitText(node)}`
    case 'string':
      return `a text of ${node.minLength ?? 0} to ${node.maxLength} characters`
    case 'boolean':
      return 'true or false'
    case 'array':
      return `a list of ${node.minItems ?? 0} to ${node.maxItems}`
    default:
      return 'an object'
  }
}

function choiceText(forms: readonly SchemaNode[]): string {
  const kinds = forms.flatMap(({ properties }) => properties?.['type']?.const ?? [])
  if (kinds.length === forms.length) return `an object whose type is one of ${kinds.join(', ')}`
  return forms.map(expectationOf).join(', or ')
}

function rangeText(
  noun: string,
  { minimum, exclusiveMinimum: above, maximum }: SchemaNode,
): string {
  if (above !== undefined) return `${noun} above ${above} and up to ${maximum}`
  return `${noun} from ${minimum} to ${maximum}`
}

function unitText({ unit }: SchemaNode): string {
  return unit === undefined ? '' : ` ${unit}`
}
