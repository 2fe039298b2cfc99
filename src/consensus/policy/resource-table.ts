/**
 * The resources of the mesh, with what must be at hand for every one: its spec as readers want it,
 * who names it, and the hash of all.
 *
 * Changes are made in place and written into a journal, so that a command of many changes can be
 * taken back as a whole. Every cost is of the resources changed, not of the table.
 */
import { assert } from '../../core/assert.ts'
import { canonicalText, type JsonObject, utf8Bytes } from './canonical.ts'
import type { PolicyFormat } from './format.ts'
import { type Reference, type ResourceRef, upgradeSpec } from './kinds/kind.ts'
import { compareRefs, kindOf, type Resource, refKey } from './resource.ts'
import { type Digest, SetHash } from './state-hash.ts'

export interface StoredResource {
  readonly resource: Resource
  /** The spec in the newest version that we know. */
  readonly spec: JsonObject
  readonly references: readonly Reference[]
  readonly bytes: number
}

interface CountedResource extends StoredResource {
  /** What takes it out of the hash. */
  readonly element: bigint
}

export interface JournalLine {
  readonly ref: ResourceRef
  readonly before: StoredResource | undefined
}

export class ResourceTable {
  readonly #format: PolicyFormat
  readonly #hash: SetHash
  /** Kind → name → resource. */
  readonly #kinds = new Map<string, Map<string, CountedResource>>()
  /** Key of a resource, which need not exist → the resources that name it, by key. */
  readonly #referrers = new Map<string, Map<string, ResourceRef>>()
  #bytes = 0
  #journal: JournalLine[] = []

  constructor(format: PolicyFormat, digest: Digest) {
    this.#format = format
    this.#hash = new SetHash(digest)
  }

  /** Of all resources, see `SetHash`. */
  get hashSum(): bigint {
    return this.#hash.sum
  }

  /** All resources as canonical text in UTF-8. */
  get bytes(): number {
    return this.#bytes
  }

  get({ kind, name }: ResourceRef): StoredResource | undefined {
    return this.#kinds.get(kind)?.get(name)
  }

  count(kind: string): number {
    return this.#kinds.get(kind)?.size ?? 0
  }

  /** In no particular order: sort what leaves the state. */
  ofKind(kind: string): Iterable<StoredResource> {
    return this.#kinds.get(kind)?.values() ?? []
  }

  /** Sorted by kind and name. */
  all(): readonly Resource[] {
    const resources = [...this.#kinds.values()].flatMap(names =>
      Array.from(names.values(), ({ resource }) => resource),
    )
    return resources.sort(compareRefs)
  }

  /** The resources that name this one, sorted: their order must not tell how they came to be. */
  referrers(ref: ResourceRef): readonly ResourceRef[] {
    return [...(this.#referrers.get(refKey(ref))?.values() ?? [])].sort(compareRefs)
  }

  put(resource: Resource): void {
    this.#write(resource, resource)
  }

  remove(ref: ResourceRef): void {
    this.#write(ref, undefined)
  }

  /** What was there at the last `commit`, for every resource written since, in that order. */
  written(): readonly JournalLine[] {
    // As it is with nearly every command.
    if (this.#journal.length === 1) return [...this.#journal]
    const first = new Map<string, JournalLine>()
    for (const line of this.#journal) {
      const key = refKey(line.ref)
      if (!first.has(key)) first.set(key, line)
    }
    return [...first.values()]
  }

  commit(): void {
    this.#journal = []
  }

  /** Takes back all that was written since the last `commit`. */
  rollback(): void {
    for (const { ref, before } of this.#journal.toReversed()) this.#set(ref, before?.resource)
    this.#journal = []
  }

  #write({ kind, name }: ResourceRef, after: Resource | undefined): void {
    const ref = { kind, name }
    this.#journal.push({ ref, before: this.get(ref) })
    this.#set(ref, after)
  }

  #set({ kind, name }: ResourceRef, after: Resource | undefined): void {
    const before = this.#kinds.get(kind)?.get(name)
    if (before !== undefined) this.#uncount(before)
    if (after !== undefined) this.#namesOf(kind).set(name, this.#count(after))
    else if (before !== undefined) this.#namesOf(kind).delete(name)
  }

  #namesOf(kind: string): Map<string, CountedResource> {
    let names = this.#kinds.get(kind)
    if (names === undefined) {
      names = new Map()
      this.#kinds.set(kind, names)
    }
    return names
  }

  #uncount({ resource, element, bytes, references }: CountedResource): void {
    this.#hash.remove(element)
    this.#bytes -= bytes
    for (const reference of references) {
      const target = refKey(reference)
      const referrers = this.#referrers.get(target)
      referrers?.delete(refKey(resource))
      if (referrers?.size === 0) this.#referrers.delete(target)
    }
  }

  #count(resource: Resource): CountedResource {
    const { kind, name } = resource
    const text = canonicalText(resource)
    const bytes = utf8Bytes(text)
    const stored = { ...this.#store(resource, bytes), element: this.#hash.add(text) }
    this.#bytes += bytes
    for (const reference of stored.references) {
      const target = refKey(reference)
      let referrers = this.#referrers.get(target)
      if (referrers === undefined) {
        referrers = new Map()
        this.#referrers.set(target, referrers)
      }
      referrers.set(refKey(resource), { kind, name })
    }
    return stored
  }

  #store(resource: Resource, bytes: number): StoredResource {
    const { name, schemaVersion } = resource
    const kind = kindOf(this.#format, resource.kind)
    assert(kind !== undefined, 'a resource in the table is of a kind we know')
    const spec = upgradeSpec(kind, resource.spec, {
      from: schemaVersion,
      to: kind.versions.length,
      name,
    })
    return { resource, spec, references: referencesOf(this.#format, resource), bytes }
  }
}

/** What a resource names, by the version it is written in. */
function referencesOf(format: PolicyFormat, resource: Resource): readonly Reference[] {
  const { name, schemaVersion, spec } = resource
  const version = kindOf(format, resource.kind)?.versions[schemaVersion - 1]
  // That version's schema has judged the spec, so it is what its references expect.
  return version?.references?.(name, spec as never) ?? []
}
