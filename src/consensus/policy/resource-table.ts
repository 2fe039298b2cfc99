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

export interface JournalLine {
  readonly ref: ResourceRef
  readonly before: StoredResource | undefined
}

export class ResourceTable {
  readonly #format: PolicyFormat
  readonly #hash: SetHash
  /** Kind → name → resource. */
  readonly #kinds = new Map<string, Map<string, StoredResource>>()
  /** Key of a resource, which need not exist → the resources that name it, by key. */
  readonly #referrers = new Map<string, Map<string, ResourceRef>>()
  /** Key of a resource → what takes it out of the hash. */
  readonly #elements = new Map<string, bigint>()
  #bytes = 0
  #journal: JournalLine[] = []

  constructor(format: PolicyFormat, digest: Digest) {
    this.#format = format
    this.#hash = new SetHash(digest)
  }

  get hash(): string {
    return this.#hash.text
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

  #set(ref: ResourceRef, after: Resource | undefined): void {
    this.#takeOut(ref)
    if (after !== undefined) this.#bringIn(after)
  }

  #takeOut(ref: ResourceRef): void {
    const stored = this.get(ref)
    if (stored === undefined) return
    const key = refKey(ref)
    this.#kinds.get(ref.kind)?.delete(ref.name)
    const element = this.#elements.get(key)
    assert(element !== undefined, 'what is in the table is in its hash')
    this.#hash.remove(element)
    this.#elements.delete(key)
    this.#bytes -= stored.bytes
    for (const reference of stored.references) {
      const target = refKey(reference)
      const referrers = this.#referrers.get(target)
      referrers?.delete(key)
      if (referrers?.size === 0) this.#referrers.delete(target)
    }
  }

  #bringIn(resource: Resource): void {
    const { kind, name } = resource
    const key = refKey(resource)
    const text = canonicalText(resource)
    const stored = this.#store(resource, utf8Bytes(text))
    let names = this.#kinds.get(kind)
    if (names === undefined) {
      names = new Map()
      this.#kinds.set(kind, names)
    }
    names.set(name, stored)
    this.#elements.set(key, this.#hash.add(text))
    this.#bytes += stored.bytes
    for (const reference of stored.references) {
      const target = refKey(reference)
      let referrers = this.#referrers.get(target)
      if (referrers === undefined) {
        referrers = new Map()
        this.#referrers.set(target, referrers)
      }
      referrers.set(key, { kind, name })
    }
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
