/**
 * How deep a schema can be with its references followed.
 *
 * Whoever follows references, here and in the library, calls itself for each level and visits no
 * definition twice on the way. So the levels of all definitions together bound the stack it needs.
 */
import { isSchema, type Schema } from './schema-problem.ts'

/** The stack ends at somewhat less than twice as many. */
export const LEVELS_MAX = 500

/** @param definitions What the `$ref`s of the rewritten schema name. */
export function levelsOf(schema: Schema, definitions: ReadonlyMap<string, Schema>): number {
  return [schema, ...definitions.values()].reduce((total, one) => total + height(one), 0)
}

function height({ oneOf, properties, additionalProperties, items, prefixItems }: Schema): number {
  const named: unknown[] = isSchema(properties) ? Object.values(properties) : []
  const listed = [oneOf, prefixItems].flatMap((list: unknown) => (Array.isArray(list) ? list : []))
  const inner = [...named, ...listed, additionalProperties, items].filter(isSchema)
  return inner.reduce((highest, one) => Math.max(highest, 1 + height(one)), 1)
}
