/**
 * Finds schemas that no finite value follows: `a = {next: a}`, or a reference that leads to itself.
 *
 * A value ends if all its parts end, and a reference if its target does. Beginning with nothing
 * known to end, what is found to end is added until nothing more is.
 */
import { isSchema, type Schema } from './schema-problem.ts'

type Definitions = ReadonlyMap<string, Schema>

/**
 * @param definitions What the `$ref`s of the rewritten schema name; none is missing.
 * @returns Whether the schema, or one of the definitions, is followed by no value.
 */
export function isEndless(schema: Schema, definitions: Definitions): boolean {
  const ending = new Set<string>()
  for (let before = -1; before < ending.size; ) {
    before = ending.size
    for (const [name, definition] of definitions) {
      if (ends(definition, ending)) ending.add(name)
    }
  }
  return ending.size < definitions.size || !ends(schema, ending)
}

function ends(schema: Schema, ending: ReadonlySet<string>): boolean {
  const { $ref, oneOf } = schema
  if (typeof $ref === 'string') return ending.has($ref.slice('#/$defs/'.length))
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
