/**
 * What a kind of resource is: who it may be called, what its spec holds in each version of its
 * schema, what it names, and how many there may be.
 *
 * A published version is frozen: peers of different releases must judge one command alike, so a
 * new field, bound or default is a new version with an `upgrade` from the one before. State keeps
 * a resource in the version it was written in; readers get it upgraded. So a mesh whose peers are
 * being replaced one by one has one state, and one hash of it, throughout.
 */
import type { z } from 'zod'
import { assert } from '../../../core/assert.ts'
import type { JsonObject } from '../canonical.ts'

/** The key in `schemas` for all names that have no schema of their own. */
export const ANY_NAME = '*'

export interface SpecVersion {
  /** First version of the command format in which this may be written. */
  readonly sinceCommandVersion: number
  /** Name of a resource, or `ANY_NAME`, → its spec. */
  readonly schemas: Readonly<Record<string, z.ZodType>>
  /** From a valid spec of the version before to a valid one of this. Absent only in the first. */
  readonly upgrade?: (spec: JsonObject) => JsonObject
  /**
   * What a resource of this version names. It decides about commands, so it belongs to the version
   * in which the resource was written, not to the newest.
   */
  readonly references?: References
}

/** @param spec Of the version it belongs to; a declaration takes it as its own type. */
export type References = (name: string, spec: never) => readonly Reference[]

/**
 * What one resource says about another.
 *
 * - `required`: it must exist, and cannot go while it is named
 * - `owned`: it must exist, and takes this resource with it when it goes
 * - `checked`: it must exist when it is first named, and may go later
 * - `mentioned`: it need not exist
 */
export type ReferenceRule = 'required' | 'owned' | 'checked' | 'mentioned'

export interface ResourceRef {
  readonly kind: string
  readonly name: string
}

export interface Reference extends ResourceRef {
  readonly rule: ReferenceRule
}

export interface Kind {
  /** One sentence for the docs. */
  readonly meaning: string
  readonly name: z.ZodType<string>
  /** What the name says, for the docs. */
  readonly nameMeaning: string
  readonly countMax: number
  /** `versions[n - 1]` is schema version n. */
  readonly versions: readonly SpecVersion[]
  /** Top-level fields of the spec that nobody is shown. */
  readonly secretFields?: readonly string[]
  /** What cannot exist beside a resource of this kind, and goes when it comes. */
  readonly evicts?: (name: string) => readonly ResourceRef[]
  /** Fields of the spec, and the resource as a whole, that only commands of their own may write. */
  readonly ownCommand?: { readonly fields: readonly string[]; readonly hint: string }
}

export type Kinds = Readonly<Record<string, Kind>>

/** A kind with one version, as all begin. */
export function firstVersion(
  schemas: Readonly<Record<string, z.ZodType>>,
  references?: References,
): readonly SpecVersion[] {
  return [{ sinceCommandVersion: 1, schemas, ...(references === undefined ? {} : { references }) }]
}

/** `undefined`: there is no such version, or no resource of this name in it. */
export function specSchema(
  kind: Kind,
  { schemaVersion, name }: { readonly schemaVersion: number; readonly name: string },
): z.ZodType | undefined {
  const schemas = kind.versions[schemaVersion - 1]?.schemas
  if (schemas === undefined) return undefined
  return Object.hasOwn(schemas, name) ? schemas[name] : schemas[ANY_NAME]
}

/** A valid spec of version `from` as one of version `to`. */
export function upgradeSpec(
  kind: Kind,
  spec: JsonObject,
  { from, to, name }: { readonly from: number; readonly to: number; readonly name: string },
): JsonObject {
  let current = spec
  for (let version = from + 1; version <= to; version++) {
    const upgrade = kind.versions[version - 1]?.upgrade
    assert(upgrade !== undefined, 'every version but the first has an upgrade to it')
    const schema = specSchema(kind, { schemaVersion: version, name })
    assert(schema !== undefined, 'an upgrade keeps the name of what it upgrades')
    const parsed = schema.safeParse(upgrade(current))
    assert(parsed.success, 'an upgrade gives a valid spec')
    current = parsed.data as JsonObject
  }
  return current
}
