/**
 * A resource: one thing the mesh has agreed on.
 */
import { z } from 'zod'
import { compareText, type JsonObject } from './canonical.ts'
import type { PolicyFormat } from './format.ts'
import { actor, labels } from './kinds/fields.ts'
import type { Kind, ResourceRef } from './kinds/kind.ts'

export interface Resource extends ResourceRef {
  /** Index of the log entry that changed it last. */
  readonly revision: number
  readonly owner: string
  readonly labels: Readonly<Record<string, string>>
  /** Version of the kind's schema that `spec` is written in. */
  readonly schemaVersion: number
  /** Every field is there, also those that were left to their default when it was written. */
  readonly spec: JsonObject
}

/** What of a resource its author decides, besides the spec. */
export const resourceHead = z.strictObject({
  owner: actor().describe('Whom to ask about it. As first written: its author.'),
  labels: labels().default({}).describe('Names and values to find it by.'),
})

export function refKey({ kind, name }: ResourceRef): string {
  // No name has a space in it.
  return `${kind} ${name}`
}

export function compareRefs(a: ResourceRef, b: ResourceRef): number {
  return compareText(a.kind, b.kind) || compareText(a.name, b.name)
}

/** `undefined`: there is no such kind. */
export function kindOf({ kinds }: PolicyFormat, kind: string): Kind | undefined {
  return Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
}

/** The resource as anybody may see it: without the fields that recognise a secret. */
export function withoutSecrets(format: PolicyFormat, resource: Resource): Resource {
  const secret = kindOf(format, resource.kind)?.secretFields ?? []
  if (secret.length === 0) return resource
  const shown = Object.entries(resource.spec).filter(([field]) => !secret.includes(field))
  return { ...resource, spec: Object.fromEntries(shown) }
}
