/**
 * The fleet that a scenario means, node by node: groups of cells and GPUs spelled out, slices cut, names
 * replaced by what they stand for.
 */
import { Random } from '../../src/core/random.ts'
import { between } from '../chance.ts'
import { fleetProblems } from './fleet-check.ts'
import type { BatchSpeed, GpuProfile, LanguageSpeed } from './hardware.ts'
import type { Scenario } from './scenario.ts'
import { throwScenarioProblems } from './scenario-problem.ts'
import type { NodeGroup } from './topology.ts'

export interface ResolvedModel {
  readonly name: string
  readonly kind: 'llm' | 'vision' | 'asr'
  /** Not in memory at first. */
  readonly isCold: boolean
}

/** What the nodes of one group have in common; they share the object. */
export interface ResolvedHardware {
  /** Name of the profile. */
  readonly gpu: string
  /** As it is here: what a slice has of it, at the speed of the group. */
  readonly profile: GpuProfile
  readonly models: readonly ResolvedModel[]
}

export interface ResolvedNode {
  readonly index: number
  readonly cell: number
  readonly zone: string
  readonly hardware: ResolvedHardware
}

export interface ResolvedCell {
  readonly zone: string
  readonly coordinates: readonly number[]
}

export interface ResolvedFleet {
  readonly cells: readonly ResolvedCell[]
  /** Cell by cell. */
  readonly nodes: readonly ResolvedNode[]
}

/**
 * Cells whose place is left to chance get it from the seed of the scenario, the same in every run.
 *
 * @throws MeshError ERR_CONFIG if the parts of the scenario do not fit.
 */
export function resolveFleet(scenario: Scenario): ResolvedFleet {
  throwScenarioProblems(scenario.name, fleetProblems(scenario))
  const random = new Random(scenario.seed)
  const { dimensions, extent } = scenario.network.interCell
  const cells: ResolvedCell[] = []
  const nodes: ResolvedNode[] = []
  for (const { count, zone, coordinates, nodes: groups } of scenario.topology.cells) {
    const hardware = groups.map(group => hardwareOf(scenario, group))
    for (let copy = 0; copy < count; copy += 1) {
      const cell = cells.length
      const drawn = Array.from({ length: dimensions }, () => between(random, -extent, extent))
      cells.push({ zone, coordinates: coordinates ?? drawn })
      for (const [index, group] of groups.entries()) {
        const nodeCount = group.count * (group.mig?.count ?? 1)
        for (let each = 0; each < nodeCount; each += 1) {
          nodes.push({
            index: nodes.length,
            cell,
            zone,
            hardware: hardware[index] as ResolvedHardware,
          })
        }
      }
    }
  }
  return { cells, nodes }
}

function hardwareOf({ gpus, workload }: Scenario, group: NodeGroup): ResolvedHardware {
  const whole = gpus[group.gpu] as GpuProfile
  const named = group.models === undefined ? undefined : new Set(group.models)
  const models = new Map<string, ResolvedModel>()
  for (const { model: name, kind } of workload.classes) {
    const isServed = named === undefined ? whole[kind] !== undefined : named.has(name)
    if (isServed) models.set(name, { name, kind, isCold: group.coldModels.includes(name) })
  }
  const profile = sliceOf(whole, group.mig?.fraction ?? 1, group.speedRatio)
  return { gpu: group.gpu, profile, models: [...models.values()] }
}

/**
 * A slice works and remembers by its share, and costs by it. Time to load and how long a batch waits
 * are not the GPU's.
 */
function sliceOf(whole: GpuProfile, fraction: number, speedRatio: number): GpuProfile {
  const slower = 1 / (fraction * speedRatio)
  return {
    vramGib: whole.vramGib * fraction,
    dollarsPerHour: whole.dollarsPerHour * fraction,
    idleWatts: whole.idleWatts * fraction,
    busyWatts: whole.busyWatts * fraction,
    llm: whole.llm && languageSlice(whole.llm, fraction, slower),
    vision: whole.vision && batchSlice(whole.vision, fraction, slower),
    asr: whole.asr && batchSlice(whole.asr, fraction, slower),
  }
}

function languageSlice(whole: LanguageSpeed, fraction: number, slower: number): LanguageSpeed {
  return {
    ...whole,
    stepBaseMs: whole.stepBaseMs * slower,
    stepPerSequenceMs: whole.stepPerSequenceMs * slower,
    stepPerContextTokenMs: whole.stepPerContextTokenMs * slower,
    prefillTokenMs: whole.prefillTokenMs * slower,
    sequencesMax: shareOf(whole.sequencesMax, fraction),
    kvCacheTokens: shareOf(whole.kvCacheTokens, fraction),
  }
}

function batchSlice(whole: BatchSpeed, fraction: number, slower: number): BatchSpeed {
  return {
    ...whole,
    batchBaseMs: whole.batchBaseMs * slower,
    perUnitMs: whole.perUnitMs * slower,
    batchMax: shareOf(whole.batchMax, fraction),
  }
}

function shareOf(whole: number, fraction: number): number {
  return Math.max(1, Math.floor(whole * fraction))
}
