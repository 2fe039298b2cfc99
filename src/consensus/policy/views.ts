/**
 * What other parts of a peer ask of the policy, on every request: answered from the local copy, at
 * a cost that does not grow with the policy.
 */
import type { PeerId } from '../../core/ids.ts'
import { type AliasRoute, type RankOf, resolveAlias } from './alias-route.ts'
import type { KindName, SpecByKind } from './kinds/policy-kinds.ts'
import { type QuotaSubjectType, quotaName } from './kinds/quotas.ts'
import type { RosterSpec } from './kinds/roster.ts'
import { DEFAULT_ROUTING } from './kinds/routing.ts'
import { type SettingName, type SettingSpecs, settingDefaults } from './kinds/settings.ts'
import type { PolicyState } from './policy-state.ts'
import { compareRefs, type Resource } from './resource.ts'

export interface ListFilter {
  /** Labels a resource has, all of them. */
  readonly labels?: Readonly<Record<string, string>>
}

export class PolicyViews {
  readonly #state: PolicyState
  /** A key's spec → the models it may ask for. */
  readonly #models = new WeakMap<object, ReadonlySet<string>>()

  constructor(state: PolicyState) {
    this.#state = state
  }

  /** As written, with revision and labels. May hold secrets, see `withoutSecrets`. */
  get(kind: KindName, name: string): Resource | undefined {
    return this.#state.table.get({ kind, name })?.resource
  }

  /** Sorted by name. */
  list(kind: KindName, { labels = {} }: ListFilter = {}): readonly Resource[] {
    const wanted = Object.entries(labels)
    return Array.from(this.#state.table.ofKind(kind), ({ resource }) => resource)
      .filter(resource => wanted.every(([name, value]) => resource.labels[name] === value))
      .sort(compareRefs)
  }

  /** In the newest version of the schema. */
  spec<K extends KindName>(kind: K, name: string): SpecByKind[K] | undefined {
    // The kind's schema has judged it, and its upgrades have made the newest version of it.
    return this.#state.table.get({ kind, name })?.spec as SpecByKind[K] | undefined
  }

  setting<N extends SettingName>(name: N): SettingSpecs[N] {
    return (this.spec('settings', name) as SettingSpecs[N] | undefined) ?? settingDefaults[name]
  }

  /**
   * Where a request for `model` goes.
   *
   * @param draw From [0, 1), by chance; equal draws and ranks give equal answers.
   */
  resolve(name: string, draw: number, rankOf: RankOf): AliasRoute {
    return resolveAlias(each => this.spec('aliases', each), { name, draw, rankOf })
  }

  routing(model: string): SpecByKind['routing'] | undefined {
    return this.spec('routing', model) ?? this.spec('routing', DEFAULT_ROUTING)
  }

  placement(model: string): SpecByKind['placements'] | undefined {
    return this.spec('placements', model)
  }

  quota(type: QuotaSubjectType, subject: string): SpecByKind['quotas'] | undefined {
    return this.spec('quotas', quotaName(type, subject))
  }

  /** `all`, or the names it may ask for. `undefined`: there is no such key. */
  allowedModels(key: string): 'all' | ReadonlySet<string> | undefined {
    const spec = this.spec('keys', key)
    if (spec === undefined) return undefined
    if (spec.models === null) return 'all'
    const known = this.#models.get(spec)
    if (known !== undefined) return known
    const models = new Set(spec.models)
    this.#models.set(spec, models)
    return models
  }

  isDrained(peer: PeerId): boolean {
    return this.#state.table.get({ kind: 'drains', name: peer }) !== undefined
  }

  isDenied(peer: PeerId): boolean {
    return this.#state.table.get({ kind: 'denied', name: peer }) !== undefined
  }

  /** `undefined`: it does not belong to the mesh. */
  role(peer: PeerId): RosterSpec['role'] | undefined {
    return this.spec('roster', peer)?.role
  }
}
