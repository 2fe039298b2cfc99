/**
 * Every kind of resource the policy knows. The one place that lists them.
 */
import { type AliasSpec, aliases } from './aliases.ts'
import { type DeniedSpec, denied } from './denied.ts'
import { type DrainSpec, drains } from './drains.ts'
import { type KeySpec, keys } from './keys.ts'
import type { Kinds } from './kind.ts'
import { type PlacementSpec, placements } from './placements.ts'
import { type QuotaSpec, quotas } from './quotas.ts'
import { type RosterSpec, roster } from './roster.ts'
import { type RoutingSpec, routing } from './routing.ts'
import { type SettingName, type SettingSpecs, settings } from './settings.ts'
import { type TenantSpec, tenants } from './tenants.ts'
import { type TicketSpec, tickets } from './tickets.ts'

/** Kind → its spec in the newest version. */
export interface SpecByKind {
  readonly routing: RoutingSpec
  readonly placements: PlacementSpec
  readonly aliases: AliasSpec
  readonly keys: KeySpec
  readonly quotas: QuotaSpec
  readonly tenants: TenantSpec
  readonly tickets: TicketSpec
  readonly roster: RosterSpec
  readonly denied: DeniedSpec
  readonly drains: DrainSpec
  readonly settings: SettingSpecs[SettingName]
}

export type KindName = keyof SpecByKind

export const policyKinds = {
  routing,
  placements,
  aliases,
  keys,
  quotas,
  tenants,
  tickets,
  roster,
  denied,
  drains,
  settings,
} as const satisfies Readonly<Record<KindName, unknown>> & Kinds
