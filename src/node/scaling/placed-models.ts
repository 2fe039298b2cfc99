/**
 * The models whose placement names how many replicas there are to be, and the peers that may hold
 * each, in the words of the planner. Models without such a placement are not among them, and so are
 * never touched.
 */
import type { PlacementSpec } from '../../consensus/policy/kinds/placements.ts'
import type { PolicyViews } from '../../consensus/policy/views.ts'
import type { ModelFacts } from '../../core/peer-state.ts'
import type { ReplicaState } from '../../scheduler/replica-plan.ts'
import type { PlacedModel } from '../../scheduler/replica-planner.ts'
import type { ScalingAdvice } from '../../scheduler/scaling.ts'
import { type ServedModel, servedModel } from '../../scheduler/served-model.ts'
import type { NodeView } from '../gateway.ts'
import type { PlacementRules } from './observe.ts'

export interface PlacedModelsInit {
  readonly nodes: readonly NodeView[]
  readonly advice: readonly ScalingAdvice[]
  readonly views: Pick<PolicyViews, 'list' | 'spec'>
  readonly mayServe: PlacementRules['mayServe']
}

type PlacedReplica = PlacedModel['replicas'][number]

export function placedModels(init: PlacedModelsInit): readonly PlacedModel[] {
  const { nodes, advice, views, mayServe } = init
  const directions = new Map(advice.map(({ model, direction }) => [model, direction]))
  const placed = new Map<string, PlacedModel & { readonly replicas: PlacedReplica[] }>()
  for (const { name: model } of views.list('placements')) {
    const spec = views.spec('placements', model)
    if (spec === undefined || !namesReplicas(spec)) continue
    const { minReplicas: replicasMin, maxReplicas: replicasMax, priority } = spec
    const limits = { replicasMin, replicasMax }
    const direction = directions.get(model)
    placed.set(model, { model, limits, priority, direction, replicas: [] })
  }
  for (const node of nodes) {
    for (const facts of node.facts?.models ?? []) {
      const model = placed.get(facts.id)
      if (model === undefined || facts.price !== undefined || !mayServe(node, facts.id)) continue
      const replica = replicaAt(node, facts)
      if (replica !== undefined) model.replicas.push(replica)
    }
  }
  return [...placed.values()]
}

function namesReplicas({ minReplicas, maxReplicas }: PlacementSpec): boolean {
  return minReplicas > 0 || maxReplicas !== null
}

/** `undefined`: it holds nothing, and cannot be asked to. */
function replicaAt(node: NodeView, facts: ModelFacts): PlacedReplica | undefined {
  const own = node.load.models.find(({ model }) => model === facts.id)
  const served = servedModel(facts, own, node.load)
  const state = stateAt(node, served)
  if (state === undefined) return undefined
  const { queuedCount, runningCount, hotPrefixes } = served.load
  return {
    peer: node.peer,
    state,
    liveCount: queuedCount + runningCount,
    hotPrefixCount: hotPrefixes?.length ?? 0,
    headroomRatio: served.vramFreeRatio ?? 0,
  }
}

function stateAt(node: NodeView, { load, hasFaultyGpu }: ServedModel): ReplicaState | undefined {
  const unready = load.unready?.state
  const isHeld = unready === undefined || unready === 'loading'
  if (node.status === 'suspect') return isHeld ? 'unsure' : undefined
  if (node.status !== 'alive') return undefined
  if (node.load.isDraining) return 'draining'
  if (hasFaultyGpu || unready === 'failed') return 'faulty'
  return unready ?? 'ready'
}
