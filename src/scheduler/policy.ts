/**
 * What the mesh has agreed on about where requests run, in the words of the scheduler. Whoever
 * drives it takes them from the policy, and tells them anew when they change.
 */
import type { PeerId } from '../core/ids.ts'
import type { Exclusion } from './decision.ts'
import { STRATEGIES, type StrategyName } from './options.ts'
import type { PeerEntry } from './view.ts'

type Labels = Readonly<Record<string, string>>

/** Which peers may serve a model. */
export interface PlacementRule {
  /** Empty: any. */
  readonly peers: ReadonlySet<PeerId>
  /** A peer has all of them. */
  readonly labels: Labels
}

/** How a peer is chosen for a model. */
export interface RoutingRule {
  /** One that we do not have counts as not set. */
  readonly strategy: string
  /** `cloud-only`: no peer of the mesh may serve it. */
  readonly placementPolicy: string
  readonly attemptsMax: number | null
}

export interface SchedulingPolicy {
  /** They finish what they have. */
  readonly drained: ReadonlySet<PeerId>
  /** By model. */
  readonly placements: ReadonlyMap<string, PlacementRule>
  /** By model. */
  readonly routing: ReadonlyMap<string, RoutingRule>
  /** For models without a rule of their own. */
  readonly defaultRouting: RoutingRule | undefined
  /** Labels that the mesh has given a peer; they count before what it says of itself. */
  readonly labels: ReadonlyMap<PeerId, Labels>
}

export const NO_POLICY: SchedulingPolicy = {
  drained: new Set(),
  placements: new Map(),
  routing: new Map(),
  defaultRouting: undefined,
  labels: new Map(),
}

export function routingOf(policy: SchedulingPolicy, model: string): RoutingRule | undefined {
  return policy.routing.get(model) ?? policy.defaultRouting
}

/** `undefined`: as this node is configured. */
export function strategyOf(policy: SchedulingPolicy, model: string): StrategyName | undefined {
  const name = routingOf(policy, model)?.strategy
  return STRATEGIES.find(known => known === name)
}

/** Why the mesh does not let the peer serve the model. `undefined`: it does. */
export function forbiddenBy(
  policy: SchedulingPolicy,
  { peer, facts }: Pick<PeerEntry, 'peer' | 'facts'>,
  model: string,
): Exclusion | undefined {
  if (policy.drained.has(peer)) return 'draining'
  if (routingOf(policy, model)?.placementPolicy === 'cloud-only') return 'policy-forbids'
  const placement = policy.placements.get(model)
  if (placement === undefined) return undefined
  if (placement.peers.size > 0 && !placement.peers.has(peer)) return 'not-placed'
  const agreed = policy.labels.get(peer)
  const hasLabels = Object.entries(placement.labels).every(
    ([name, value]) => (agreed?.[name] ?? facts?.labels[name]) === value,
  )
  return hasLabels ? undefined : 'not-placed'
}
