/**
 * Makes the nodes of a fleet, each with an engine for every model that it serves.
 */
import type { ModelFacts } from '../../src/core/peer-state.ts'
import type { AdmissionOptions } from '../../src/scheduler/admission/admission-queue.ts'
import { BatchEngine } from '../engines/batch.ts'
import { ContinuousBatchingEngine } from '../engines/continuous-batching.ts'
import type { EngineListener, SimulatedEngine } from '../engines/engine.ts'
import type { Timeline } from '../kernel/timeline.ts'
import type { BatchSpeed, GpuProfile, LanguageSpeed } from '../scenario/hardware.ts'
import type { ResolvedFleet, ResolvedModel } from '../scenario/resolve.ts'
import type { Attempt } from './attempt.ts'
import { FleetNode, type FleetNodeListener, type ServedInit } from './fleet-node.ts'
import { nodeName } from './node-name.ts'

export interface NodesInit {
  readonly timeline: Timeline
  readonly options: AdmissionOptions
  /** See `ModelServerInit`. */
  readonly isUnqueued: boolean
  readonly listener: FleetNodeListener
}

export function createNodes(fleet: ResolvedFleet, init: NodesInit): readonly FleetNode[] {
  return fleet.nodes.map(({ index, cell, zone, hardware }) => {
    const models = hardware.models.map(model => servedModel(model, hardware.profile, init))
    const { timeline, listener } = init
    const place = { index, peer: nodeName(index), cell, zone, gpu: hardware.gpu }
    return new FleetNode({ ...place, models, timeline, listener })
  })
}

function servedModel(
  { name, kind, isCold }: ResolvedModel,
  profile: GpuProfile,
  { timeline, options, isUnqueued }: NodesInit,
): ServedInit {
  const speed = profile[kind]
  if (speed === undefined) throw new Error('a resolved fleet serves what it can run')
  const createEngine = (listener: EngineListener<Attempt>): SimulatedEngine<Attempt> =>
    kind === 'llm'
      ? new ContinuousBatchingEngine({ timeline, speed: speed as LanguageSpeed, listener })
      : new BatchEngine({ timeline, speed: speed as BatchSpeed, listener })
  const facts: ModelFacts = {
    ...{ id: name, engine: 'sim', ownedBy: 'sim', capabilities: ['chat'] },
    ...{ contextTokens: 0, parallelMax: 0 },
  }
  return { facts, options, createEngine, loadMs: speed.loadMs, isCold, isUnqueued }
}
