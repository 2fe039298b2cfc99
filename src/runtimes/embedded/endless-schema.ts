/**
 * Finds schemas that no finite value follows: `a = {next: a}`, or a reference that leads to itself.
 *
 * A value ends if all its parts end, and a reference if its target does. Beginning with nothing
 * known to end, what is found to end is added, and whoever refers to it is looked at again.
 */
import { isSchema, type Schema } from './schema-problem.ts'

type Definitions = ReadonlyMap<string, Schema>

/**
 * @param definitions What the `$ref`s of the rewritten schema name; none is missing.
 * @returns Whether the schema, or one of the definitions, is followed by no value.
 */
export function isEndless(schema: Schema, definitions: Definitions): boolean {
  const referrers = referrersOf(definitions)
  const ending = new Set<string>()
  const due = [...definitions.keys()]
  for (let name = due.pop(); name !== undefined; name = due.pop()) {
    if (ending.has(name) || !ends(definitions.get(name) ?? {}, ending)) continue
    ending.add(name)
    due.push(...(referrers.get(name) ?? []))
  }
  return ending.size < definitions.size || !ends(schema, ending)
}

/** Name → the definitions whose end may hang on it. */
function referrersOf(definitions: Definitions): ReadonlyMap<string, readonly string[]> {
  const referrers = new Map<string, string[]>()
  for (const [name, definition] of definitions) {
    for (const target of targets(definition)) {
      const known = referrers.get(target)
      if (known === undefined) referrers.set(target, [name])
      else known.push(name)
    }
  }
  return referrers
}

function targets(schema: Schema): ReadonlySet<string> {
  const { oneOf } = schema
  const target = targetOf(schema)
  if (target !== undefined) return new Set([target])
  const inner = Array.isArray(oneOf) ? (oneOf as Schema[]) : parts(schema)
  return new Set(inner.flatMap(one => [...targets(one)]))
}

function targetOf({ $ref }: Schema): string | undefined {
  return typeof $ref === 'string' ? $ref.slice('#/$defs/'.length) : undefined
}

function ends(schema: Schema, ending: ReadonlySet<string>): boolean {
  const { oneOf } = schema
  const target = targetOf(schema)
  if (target !== undefined) return ending.has(target)
  if (Array.isArray(oneOf)) return oneOf.some((one: Schema) => ends(one, ending))
  return parts(schema).every(part => ends(part, ending))
}

/** What every value of it has. */
function parts(schema: Schema): readonly Schema[] {
  const { properties, additionalProperties, minProperties, items, prefixItems, minItems } = schema
  const named: unknown[] = isSchema(properties) ? Object.values(properties) : []
  const listed: unknown[] = Array.isArray(prefixItems) ? prefixItems : []
  const fixed = [...named, ...listed]
  if (Number(minProperties ?? 0) > named.length) fixed.push(additionalProperties)
  if (Number(minItems ?? 0) > listed.length) fixed.push(items)
  return fixed.filter(isSchema)
}
