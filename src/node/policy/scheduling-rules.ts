/**
 * The part of the policy that the scheduler obeys, in its words.
 */

import { DEFAULT_ROUTING } from '../../consensus/policy/kinds/routing.ts'
import type { SettingSpecs } from '../../consensus/policy/kinds/settings.ts'
import type { PolicyChange } from '../../consensus/policy/outcome.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import type { RoutingRule, SchedulingPolicy } from '../../scheduler/policy.ts'

const KINDS: ReadonlySet<string> = new Set([
  ...['drains', 'placements', 'routing', 'roster', 'tenants', 'settings'],
])

/** Whether a change makes other rules. @param changes `undefined`: anything may have changed. */
export function changesRules(changes: readonly PolicyChange[] | undefined): boolean {
  return changes === undefined || changes.some(changesRule)
}

/** There may be thousands of tenants, and little of what is said of them is a rule. */
function changesRule({ kind, resource, previous }: PolicyChange): boolean {
  if (kind !== 'tenants') return KINDS.has(kind)
  return resource?.spec['placementPolicy'] !== previous?.spec['placementPolicy']
}

export function schedulingRules(views: PolicyViews): SchedulingPolicy {
  const routing = new Map<string, RoutingRule>()
  for (const { name } of views.list('routing')) {
    const spec = views.spec('routing', name)
    if (spec !== undefined) routing.set(name, spec)
  }
  const placements = views.list('placements').flatMap(({ name }) => {
    const spec = views.spec('placements', name)
    if (spec === undefined) return []
    return [[name, { peers: new Set(spec.peers), labels: spec.labels }] as const]
  })
  const tenants = views.list('tenants').flatMap(({ name }) => {
    const placement = views.spec('tenants', name)?.placementPolicy
    return placement === undefined ? [] : [[name, placement] as const]
  })
  const roster = views.list('roster').filter(({ labels }) => Object.keys(labels).length > 0)
  return {
    drained: new Set(views.list('drains').map(({ name }) => name)),
    placements: new Map(placements),
    routing,
    defaultRouting: routing.get(DEFAULT_ROUTING),
    tenantPlacements: new Map(tenants),
    breaker: views.spec('settings', 'breaker') as SettingSpecs['breaker'] | undefined,
    hedging: views.spec('settings', 'hedging') as SettingSpecs['hedging'] | undefined,
    labels: new Map(roster.map(({ name, labels }) => [name, labels])),
  }
}
