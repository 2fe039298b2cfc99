/**
 * What the peers say of each model, as scaling reads it. Models that only providers serve are left
 * out: they have no replicas of ours.
 */
import type { PlacementSpec } from '../../consensus/policy/kinds/placements.ts'
import type { ScalingObservation } from '../../scheduler/scaling-demand.ts'
import type { NodeView } from '../gateway.ts'

interface Sums {
  listedCount: number
  readyCount: number
  queuedCount: number
  readonly latenciesMs: number[]
}

type Placement = Pick<PlacementSpec, 'minReplicas' | 'maxReplicas'>

export function observe(
  nodes: readonly NodeView[],
  placementOf: (model: string) => Placement | undefined,
): ReadonlyMap<string, ScalingObservation> {
  const sums = new Map<string, Sums>()
  for (const node of nodes) if (node.status !== 'left') addNode(sums, node)
  return new Map(
    Array.from(sums, ([model, sum]) => [model, observationOf(sum, placementOf(model))] as const),
  )
}

function addNode(sums: Map<string, Sums>, { status, facts, load }: NodeView): void {
  for (const model of facts?.models ?? []) {
    if (model.price !== undefined) continue
    const sum = sums.get(model.id) ?? {
      ...{ listedCount: 0, readyCount: 0, queuedCount: 0 },
      latenciesMs: [],
    }
    sums.set(model.id, sum)
    sum.listedCount += 1
    const own = load.models.find(each => each.model === model.id)
    if (status !== 'alive' || load.isDraining || own?.unready !== undefined) continue
    sum.readyCount += 1
    sum.queuedCount += own?.queuedCount ?? 0
    if (own?.latencyP95Ms !== undefined) sum.latenciesMs.push(own.latencyP95Ms)
  }
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
    healthyRatio: readyCount / listedCount,
    replicasMin: placement?.minReplicas ?? 0,
    replicasMax: placement?.maxReplicas ?? null,
  }
}
