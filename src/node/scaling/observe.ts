/**
 * What the peers say of each model, as scaling reads it. Models that only providers serve are left
 * out: they have no replicas of ours.
 *
 * A peer where the model is cold or sleeps is no replica, but neither is it one that is not well: it
 * was put there on purpose. What waits for it to be loaded is demand like any other.
 */
import type { PlacementSpec } from '../../consensus/policy/kinds/placements.ts'
import type { PeerId } from '../../core/ids.ts'
import type { ModelLoad, PeerFacts } from '../../core/peer-state.ts'
import type { ScalingObservation } from '../../scheduler/scaling-demand.ts'
import type { NodeView } from '../gateway.ts'

interface Sums {
  listedCount: number
  readyCount: number
  queuedCount: number
  readonly latenciesMs: number[]
}

type Placement = Pick<PlacementSpec, 'minReplicas' | 'maxReplicas'>

/** What the mesh has agreed on about the replicas of models. */
export interface PlacementRules {
  readonly placementOf: (model: string) => Placement | undefined
  /** Whether requests for the model may go to the peer. */
  readonly mayServe: (node: Seen, model: string) => boolean
}

interface Seen {
  readonly peer: PeerId
  readonly facts: PeerFacts | undefined
}

export function observe(
  nodes: readonly NodeView[],
  rules: PlacementRules,
): ReadonlyMap<string, ScalingObservation> {
  const sums = new Map<string, Sums>()
  for (const node of nodes) if (node.status !== 'left') addNode(sums, node, rules)
  return new Map(
    Array.from(
      sums,
      ([model, sum]) => [model, observationOf(sum, rules.placementOf(model))] as const,
    ),
  )
}

function addNode(sums: Map<string, Sums>, node: NodeView, { mayServe }: PlacementRules): void {
  for (const model of node.facts?.models ?? []) {
    if (model.price !== undefined || !mayServe(node, model.id)) continue
    const sum = sums.get(model.id) ?? {
      ...{ listedCount: 0, readyCount: 0, queuedCount: 0 },
      latenciesMs: [],
    }
    sums.set(model.id, sum)
    const own = node.load.models.find(each => each.model === model.id)
    addModel(sum, node, own)
  }
}

function addModel(sum: Sums, { status, load }: NodeView, own: ModelLoad | undefined): void {
  const isHere = status === 'alive' && !load.isDraining
  if (isHere) sum.queuedCount += own?.queuedCount ?? 0
  if (isPutAside(own)) return
  sum.listedCount += 1
  if (!isHere || own?.unready !== undefined) return
  sum.readyCount += 1
  if (own?.latencyP95Ms !== undefined) sum.latenciesMs.push(own.latencyP95Ms)
}

function isPutAside(load: ModelLoad | undefined): boolean {
  return load?.unready?.state === 'cold' || load?.unready?.state === 'sleeping'
}

function observationOf(
  { listedCount, readyCount, queuedCount, latenciesMs }: Sums,
  placement: Placement | undefined,
): ScalingObservation {
  const latencySumMs = latenciesMs.reduce((sum, latencyMs) => sum + latencyMs, 0)
  return {
    queuedCount,
    latencyMs: latenciesMs.length === 0 ? 0 : latencySumMs / latenciesMs.length,
    replicaCount: readyCount,
    healthyRatio: listedCount === 0 ? 1 : readyCount / listedCount,
    replicasMin: placement?.minReplicas ?? 0,
    replicasMax: placement?.maxReplicas ?? null,
  }
}
