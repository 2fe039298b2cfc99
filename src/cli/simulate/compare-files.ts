/**
 * Makes one comparison of several files: of scenarios by running what they ask together, of results by
 * putting their runs together.
 */
import { stringify } from 'yaml'
import { assembleComparison } from '../../../sim/experiment/compare.ts'
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import { mergedRuns, mergedScenario } from '../../../sim/experiment/merge.ts'
import { usageError } from '../command.ts'
import type { Io } from '../io.ts'
import { writeInto } from './output-folder.ts'
import { isResultFile, readComparison, resultLabel } from './result-file.ts'
import { changedSource, type RunOptions, runScenario, runSource } from './run-scenario.ts'
import { openScenario, type ScenarioSource, scenarioOf } from './scenario-source.ts'
import { showComparison } from './show-comparison.ts'
import { tracePath } from './trace-file.ts'

/** @returns the exit code. */
export async function compareFiles(
  files: readonly string[],
  io: Io,
  options: RunOptions,
): Promise<number> {
  const results = files.filter(isResultFile)
  if (results.length === 0) return await compareScenarios(files, io, options)
  if (results.length < files.length) {
    throw usageError('expected scenarios or results, found both', 'Run the scenarios first.')
  }
  requireNoChanges(options)
  const comparison = mergedComparison(results)
  const { folder } = options
  if (folder !== undefined) {
    writeInto(folder, { 'scenario.yaml': stringify(comparison.scenario) })
  }
  return showComparison(comparison, io, options)
}

function requireNoChanges({ settings, assignments, strategies, threadCount }: RunOptions): void {
  const isChanged = settings.length + assignments.length + strategies.length > 0
  if (!isChanged && threadCount === undefined) return
  throw usageError('expected results without flags that change them, found some')
}

function mergedComparison(paths: readonly string[]): Comparison {
  const found = paths.map(readComparison)
  const versions = new Set(found.map(({ version }) => version))
  if (versions.size > 1) {
    throw usageError(
      `expected results of one version of Skein, found ${[...versions].join(', ')}`,
      'Run their scenarios again: `skein sim compare SCENARIO SCENARIO`.',
    )
  }
  const merged = mergedScenario(
    found.map(({ scenario }, index) => ({ label: resultLabel(paths[index] ?? ''), scenario })),
  )
  const runs = found.map(({ contestants }) => contestants.flatMap(each => each.runs))
  return assembleComparison({
    version: [...versions].join(),
    scenario: merged.scenario,
    runs: mergedRuns(merged, runs),
    cpuSeconds: found.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  })
}

async function compareScenarios(
  names: readonly string[],
  io: Io,
  options: RunOptions,
): Promise<number> {
  const [only = ''] = names
  if (names.length <= 1) return await runScenario(only, io, options)
  const sources: ScenarioSource[] = []
  for (const name of names) sources.push(changedSource(await openScenario(name, io), options))
  const merged = mergedScenario(
    sources.map(source => ({ label: source.label, scenario: scenarioOf(source) })),
  )
  const [first] = sources
  if (first === undefined) throw usageError('expected a scenario, found none')
  requireOneTrace(sources)
  return await runSource({ ...first, text: stringify(merged.scenario) }, io, options)
}

/** Two folders may each have a file of the same name. */
function requireOneTrace(sources: readonly ScenarioSource[]): void {
  const paths = new Set(sources.map(source => tracePath(scenarioOf(source), source.folder)))
  if (paths.size <= 1) return
  throw usageError(
    `expected scenarios with one trace, found ${[...paths].join(', ')}`,
    'Name it by its whole path in all of them.',
  )
}
