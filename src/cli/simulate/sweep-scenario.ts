/**
 * A grid of scenarios, all run at once: every contestant of every point under every seed.
 */
import { gridOf, parseSetting, type Setting } from '../../../sim/experiment/settings.ts'
import { jsonReport } from '../../../sim/report/json-report.ts'
import type { Labels, SweepPoint } from '../../../sim/report/sweep-grid.ts'
import { sweepHtml } from '../../../sim/report/sweep-html.ts'
import { sweepCsv, sweepTable } from '../../../sim/report/sweep-table.ts'
import { type Io, writeJson } from '../io.ts'
import { runExperiment } from './experiment.ts'
import { writeInto } from './output-folder.ts'
import { changedSource, type RunOptions } from './run-scenario.ts'
import {
  keptText,
  openScenario,
  planned,
  type ScenarioSource,
  withSettingsMade,
} from './scenario-source.ts'
import { exitCodeOf, lookOf } from './show-comparison.ts'

/** @returns the exit code. */
export async function sweepScenario(name: string, io: Io, options: RunOptions): Promise<number> {
  const { assignments, folder, isJson } = options
  const grid = gridOf(assignments.map(parseSetting))
  const base = changedSource(await openScenario(name, io), { ...options, assignments: [] })
  const sources = grid.map(settings => withSettingsMade(base, settings))
  const plan = planned(sources)
  if (folder !== undefined) writeInto(folder, scenarioFiles(sources))

  const comparisons = await runExperiment(plan, io, options)
  const points = comparisons.map((comparison, index) => ({
    labels: labelsOf(grid[index] ?? []),
    comparison,
  }))
  if (folder !== undefined) writeInto(folder, pointFiles(points))
  if (isJson) for (const point of points) writeJson(io, point)
  else {
    io.write(sweepTable(points, lookOf(io)))
    if (folder !== undefined) io.complain(`(the report: ${folder}/sweep.html)`)
  }
  return exitCodeOf(comparisons, io)
}

/**
 * What a column says of a path: `loadRatio`, and of a count what is counted: `nodes` for
 * `topology.cells.0.nodes.0.count`.
 */
function shortName(path: string): string {
  const parts = path.split(/[.[\]]+/).filter(part => part !== '' && !/^\d+$/.test(part))
  const [beforeLast, last = path] = parts.slice(-2)
  return last === 'count' && beforeLast !== undefined ? beforeLast : last
}

function labelsOf(settings: readonly Setting[]): Labels {
  const names = settings.map(({ path }) => shortName(path))
  const isUnclear = new Set(names).size < names.length
  return Object.fromEntries(
    settings.map(({ path, value }, index) => [
      isUnclear ? path : (names[index] ?? path),
      typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
}

/** `01`, `02` …: in the order of the grid, and of names. */
function folderOf(index: number, count: number): string {
  return String(index + 1).padStart(String(count).length, '0')
}

function scenarioFiles(sources: readonly ScenarioSource[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    sources.map((source, index) => [
      `${folderOf(index, sources.length)}/scenario.yaml`,
      keptText(source),
    ]),
  )
}

/** Pages of single points are made by `skein sim report`: hundreds of them would be read by nobody. */
function pointFiles(points: readonly SweepPoint[]): Readonly<Record<string, string>> {
  const results = points.map(({ comparison }, index) => [
    `${folderOf(index, points.length)}/results.json`,
    jsonReport(comparison),
  ])
  return {
    'sweep.html': sweepHtml(points),
    'sweep.csv': sweepCsv(points),
    ...Object.fromEntries(results),
  }
}
