/**
 * How much a model is asked for, as one number, and what that says about its replicas.
 *
 *     demand = queueWeight · queued / queueReference + latencyWeight · latencyMs / slaMs
 *
 * Above `scaleUpRatio` it needs another replica, below `scaleDownRatio` it could do with one less;
 * what lies between keeps the two from taking turns. A model of whose replicas many are down needs
 * another one whatever the demand, and loses none.
 *
 * Source: D_net of DOF-MESH (Cyberpaisa/DOF-MESH, core/mesh_orchestrator.py and
 * core/mesh_metrics_collector.py, revision 41ecfad), with a minimum of replicas, which it lacks.
 */

/** As the mesh has agreed (`settings/scaling` of the policy). */
export interface ScalingRule {
  readonly queueWeight: number
  readonly latencyWeight: number
  /** Waiting requests that count as a demand of 1. */
  readonly queueReference: number
  /** Latency that counts as a demand of 1. */
  readonly slaMs: number
  readonly scaleUpRatio: number
  readonly scaleDownRatio: number
  readonly holdMs: number
  readonly cooldownMs: number
  readonly replicasMin: number
}

export interface ScalingObservation {
  /** Requests that wait, at all replicas. */
  readonly queuedCount: number
  /** Mean over those that report it. */
  readonly latencyMs: number
  /** Peers that can take requests for the model. */
  readonly replicaCount: number
  /** They, of all that list it and have not left. 0 to 1. */
  readonly healthyRatio: number
  /** What the placement of the model wants at least. */
  readonly replicasMin: number
  /** `null`: as many as there may be. */
  readonly replicasMax: number | null
}

export type ScalingVerdict = 'up' | 'down' | 'hold'

/** Fewer of the replicas than this are well: the model is in danger. */
const HEALTH_CRITICAL_RATIO = 0.4

/** From here on the model is healthy. */
const HEALTH_GOOD_RATIO = 0.8

/** Demands that differ less are equal. */
const DEMAND_STEPS = 10_000

export function demandRatio(
  { queuedCount, latencyMs }: Pick<ScalingObservation, 'queuedCount' | 'latencyMs'>,
  rule: ScalingRule,
): number {
  const { queueWeight, latencyWeight, queueReference, slaMs } = rule
  const demand = (queueWeight * queuedCount) / queueReference + (latencyWeight * latencyMs) / slaMs
  return Math.round(demand * DEMAND_STEPS) / DEMAND_STEPS
}

export function scalingVerdict(observation: ScalingObservation, rule: ScalingRule): ScalingVerdict {
  const { replicaCount, healthyRatio, replicasMax } = observation
  const replicasMin = Math.max(rule.replicasMin, observation.replicasMin)
  const mayGrow = replicasMax === null || replicaCount < replicasMax
  const demand = demandRatio(observation, rule)
  if (replicaCount < replicasMin) return mayGrow ? 'up' : 'hold'
  if (demand > rule.scaleUpRatio || healthyRatio < HEALTH_CRITICAL_RATIO) {
    return mayGrow ? 'up' : 'hold'
  }
  const isIdle = demand < rule.scaleDownRatio && healthyRatio >= HEALTH_GOOD_RATIO
  return isIdle && replicaCount > replicasMin ? 'down' : 'hold'
}
