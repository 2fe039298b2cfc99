/**
 * What the parts of a scenario say of one another: names that exist, models that somebody serves, faults
 * that find what they strike, something left to measure. Each part by itself is judged by its schema.
 */
import type { PlannedFault } from './faults.ts'
import type { Scenario } from './scenario.ts'
import { type ScenarioPath, type ScenarioProblem, unknownName } from './scenario-problem.ts'
import type { NodeGroup } from './topology.ts'

/** Slices may overlap by what is lost in rounding, as 7 × 0.143. */
const SLICES_ROUNDING = 0.01

export function fleetProblems(scenario: Scenario): readonly ScenarioProblem[] {
  return [
    ...durationProblems(scenario),
    ...sizeProblems(scenario),
    ...cellProblems(scenario),
    ...groupsOf(scenario).flatMap(({ group, path }) => groupProblems(scenario, group, path)),
    ...classProblems(scenario),
    ...faultProblems(scenario),
  ]
}

/** Nobody waits for hours to hear that nothing was measured. */
function durationProblems({ durationMs, warmUpMs }: Scenario): readonly ScenarioProblem[] {
  if (warmUpMs < durationMs) return []
  const text = `expected less than durationMs (${durationMs}), found ${warmUpMs}`
  return [{ path: ['warmUpMs'], text }]
}

/** At each level, more than fits into the memory of a large machine. */
const NODES_MAX = { aggregate: 1_000_000, full: 4_096 } as const

function sizeProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { level, topology } = scenario
  const nodeCount = topology.cells.reduce((sum, each) => sum + each.count * cellSize(each), 0)
  const most = NODES_MAX[level]
  if (nodeCount <= most) return []
  const text = `expected ${most} nodes at most at the level ${level}, found ${nodeCount}`
  return [{ path: ['topology', 'cells'], text }]
}

interface PlacedGroup {
  readonly group: NodeGroup
  readonly path: ScenarioPath
}

function groupsOf({ topology }: Scenario): readonly PlacedGroup[] {
  return topology.cells.flatMap(({ nodes }, cellGroup) =>
    nodes.map((group, index) => ({
      group,
      path: ['topology', 'cells', cellGroup, 'nodes', index],
    })),
  )
}

function cellProblems({ topology, network }: Scenario): readonly ScenarioProblem[] {
  const { dimensions } = network.interCell
  return topology.cells.flatMap(({ coordinates }, index) => {
    if (coordinates === undefined || coordinates.length === dimensions) return []
    const text = `expected ${dimensions} numbers, as network.interCell.dimensions says, found ${coordinates.length}`
    return [{ path: ['topology', 'cells', index, 'coordinates'], text }]
  })
}

function groupProblems(
  { gpus, workload }: Scenario,
  { gpu, mig, models, coldModels }: NodeGroup,
  path: ScenarioPath,
): readonly ScenarioProblem[] {
  const problems: ScenarioProblem[] = []
  const profile = Object.hasOwn(gpus, gpu) ? gpus[gpu] : undefined
  if (profile === undefined) {
    const known = Object.keys(gpus)
    problems.push(unknownName([...path, 'gpu'], { found: gpu, known, what: 'a name of `gpus`' }))
  }
  const slices = mig === undefined ? 0 : mig.fraction * mig.count
  if (slices > 1 + SLICES_ROUNDING) {
    const text = `expected slices that fit on one GPU, found ${slices} times its size`
    problems.push({ path: [...path, 'mig'], text })
  }
  const kinds = new Map(workload.classes.map(({ model, kind }) => [model, kind]))
  const all = [...kinds.keys()]
  for (const [index, model] of (models ?? []).entries()) {
    const at = [...path, 'models', index]
    const kind = kinds.get(model)
    if (kind === undefined) {
      problems.push(unknownName(at, { found: model, known: all, what: 'a model of the workload' }))
    } else if (profile !== undefined && profile[kind] === undefined) {
      const text = `expected a model that ${gpu} can run, found ${model}: gpus.${gpu}.${kind} is left out`
      problems.push({ path: at, text })
    }
  }
  for (const [index, model] of coldModels.entries()) {
    const known = models ?? all
    if (known.includes(model)) continue
    const at = [...path, 'coldModels', index]
    problems.push(
      unknownName(at, { found: model, known, what: 'one of the models of these nodes' }),
    )
  }
  return problems
}

function classProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const { workload } = scenario
  const kinds = new Map<string, string>()
  return workload.classes.flatMap(({ kind, model }, index) => {
    const path = ['workload', 'classes', index]
    const before = kinds.get(model) ?? kind
    kinds.set(model, before)
    if (before !== kind) {
      const text = `expected ${before}, as another class says of ${model}, found ${kind}`
      return [{ path: [...path, 'kind'], text }]
    }
    if (groupsOf(scenario).some(({ group }) => mayServe(scenario, group, model))) return []
    const text = `expected a model that some node serves, found ${model}, which none does`
    return [{ path: [...path, 'model'], text }]
  })
}

function mayServe({ gpus, workload }: Scenario, group: NodeGroup, model: string): boolean {
  const profile = Object.hasOwn(gpus, group.gpu) ? gpus[group.gpu] : undefined
  // An unknown GPU has been told of.
  if (profile === undefined) return true
  if (group.models !== undefined) return group.models.includes(model)
  return workload.classes.some(each => each.model === model && profile[each.kind] !== undefined)
}

function faultProblems(scenario: Scenario): readonly ScenarioProblem[] {
  const nodeCounts = nodeCountsOf(scenario)
  const cellCount = nodeCounts.length
  const problems: ScenarioProblem[] = []
  for (const [index, fault] of scenario.faults.planned.entries()) {
    const path = ['faults', 'planned', index]
    for (const [at, cell] of cellsOf(fault)) {
      if (cell < cellCount) continue
      const text = `expected a cell from 0 to ${cellCount - 1}, found ${cell}`
      problems.push({ path: [...path, ...at], text })
    }
  }
  return [
    ...problems,
    ...partitionProblems(scenario, cellCount),
    ...joinProblems(scenario, nodeCounts),
  ]
}

/** One ends before the next begins, and each leaves somebody to be cut off from. */
function partitionProblems({ faults }: Scenario, cellCount: number): readonly ScenarioProblem[] {
  let endMs = Number.NEGATIVE_INFINITY
  return [...faults.planned.entries()]
    .flatMap(([index, fault]) => (fault.type === 'partition' ? [{ index, fault }] : []))
    .toSorted((a, b) => a.fault.atMs - b.fault.atMs)
    .flatMap(({ index, fault }) => {
      const path = ['faults', 'planned', index]
      const { atMs, forMs, cells } = fault
      const isOverlapping = atMs < endMs
      const overlap = `expected no partition before the one until ${endMs} has ended, found ${atMs}`
      endMs = Math.max(endMs, atMs + forMs)
      const isWhole = new Set(cells).size >= cellCount
      const whole = `expected some of the ${cellCount} cells, cut off from others, found all`
      return [
        ...(isOverlapping ? [{ path: [...path, 'atMs'], text: overlap }] : []),
        ...(isWhole ? [{ path: [...path, 'cells'], text: whole }] : []),
      ]
    })
}

function cellsOf(fault: PlannedFault): readonly (readonly [ScenarioPath, number])[] {
  if (fault.type === 'partition') return fault.cells.map((cell, index) => [['cells', index], cell])
  return fault.cell === undefined ? [] : [[['cell'], fault.cell]]
}

/** Nodes of each cell. */
function nodeCountsOf({ topology }: Scenario): readonly number[] {
  return topology.cells.flatMap(cell => Array.from({ length: cell.count }, () => cellSize(cell)))
}

function cellSize({ nodes }: Scenario['topology']['cells'][number]): number {
  return nodes.reduce((sum, group) => sum + group.count * (group.mig?.count ?? 1), 0)
}

/** Nodes that join later are some of the topology, and one must be there before. */
function joinProblems(
  { faults }: Scenario,
  nodeCounts: readonly number[],
): readonly ScenarioProblem[] {
  const left = [...nodeCounts]
  let allLeft = nodeCounts.reduce((sum, count) => sum + count, 0)
  return faults.planned.flatMap((fault, index) => {
    if (fault.type !== 'join') return []
    const { cell, count } = fault
    const inCell = cell === undefined ? allLeft : (left[cell] ?? Number.POSITIVE_INFINITY)
    const most = Math.min(inCell, allLeft - 1)
    allLeft -= count
    if (cell !== undefined) left[cell] = inCell - count
    if (count <= most) return []
    const text = `expected at most ${Math.max(0, most)} nodes that join, since one is there before, found ${count}`
    return [{ path: ['faults', 'planned', index, 'count'], text }]
  })
}
