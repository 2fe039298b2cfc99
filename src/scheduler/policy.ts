/**
 * What the mesh has agreed on about where requests run, in the words of the scheduler. Whoever
 * drives it takes them from the policy, and tells them anew when they change.
 */
import type { PeerId } from '../core/ids.ts'
import type { BreakerRule } from './breaker.ts'
import type { Exclusion } from './decision.ts'
import type { HedgeRule } from './hedge.ts'
import { STRATEGIES, type StrategyName } from './options.ts'
import type { PeerEntry } from './peer-entry.ts'
import { knownPlacement, type PlacementPolicy } from './placement.ts'
import type { ScoreWeights } from './score-weights.ts'

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
  /** In the mesh, with a provider, or which of the two first (`placement.ts`). */
  readonly placementPolicy: string
  readonly attemptsMax: number | null
  /** `undefined`: the score is the time. */
  readonly weights?: ScoreWeights | undefined
  /** The first whose labels a peer has counts. */
  readonly peerWeights?: readonly PeerWeight[] | undefined
}

/** What share of the requests some peers get, relative to others. */
export interface PeerWeight {
  /** A peer has all of them. Empty: every peer. */
  readonly labels: Labels
  /** 0: none. */
  readonly weight: number
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
  /** Tenant → the placement policy for its requests. Only those that have one. */
  readonly tenantPlacements: ReadonlyMap<string, string>
  /** Labels that the mesh has given a peer; they count before what it says of itself. */
  readonly labels: ReadonlyMap<PeerId, Labels>
  /** `undefined`: as this node is configured. */
  readonly breaker?: BreakerRule | undefined
  /** The same. */
  readonly hedging?: HedgeRule | undefined
}

export const NO_POLICY: SchedulingPolicy = {
  drained: new Set(),
  placements: new Map(),
  routing: new Map(),
  defaultRouting: undefined,
  tenantPlacements: new Map(),
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

/** What is said of where a request may run: of its model, then of whose it is. All of it holds. */
export function placementsOf(
  policy: SchedulingPolicy,
  model: string,
  tenant: string | undefined,
): readonly PlacementPolicy[] {
  const ofModel = routingOf(policy, model)?.placementPolicy
  const ofTenant = tenant === undefined ? undefined : policy.tenantPlacements.get(tenant)
  return [ofModel, ofTenant].flatMap(name => (name === undefined ? [] : [knownPlacement(name)]))
}

/** Why the mesh does not let the peer serve the model. `undefined`: it does. */
export function forbiddenBy(
  policy: SchedulingPolicy,
  entry: Pick<PeerEntry, 'peer' | 'facts'>,
  model: string,
): Exclusion | undefined {
  const { peer } = entry
  if (policy.drained.has(peer)) return 'draining'
  if (shareWeightOf(policy, entry, model) === 0) return 'policy-forbids'
  const placement = policy.placements.get(model)
  if (placement === undefined) return undefined
  if (placement.peers.size > 0 && !placement.peers.has(peer)) return 'not-placed'
  return hasLabels(policy, entry, placement.labels) ? undefined : 'not-placed'
}

/** Share of the model's requests that the peer is to get, relative to others. */
export function shareWeightOf(
  policy: SchedulingPolicy,
  peer: Pick<PeerEntry, 'peer' | 'facts'>,
  model: string,
): number {
  const rules = routingOf(policy, model)?.peerWeights
  if (rules === undefined) return 1
  return rules.find(({ labels }) => hasLabels(policy, peer, labels))?.weight ?? 1
}

function hasLabels(
  { labels: agreed }: SchedulingPolicy,
  { peer, facts }: Pick<PeerEntry, 'peer' | 'facts'>,
  labels: Labels,
): boolean {
  const own = agreed.get(peer)
  return Object.entries(labels).every(
    ([name, value]) => (own?.[name] ?? facts?.labels[name]) === value,
  )
}
