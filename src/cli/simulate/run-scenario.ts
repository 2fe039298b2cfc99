/**
 * One scenario with what the command line makes of it, run and shown.
 */
import { parseSetting, type Setting } from '../../../sim/experiment/settings.ts'
import type { Scenario } from '../../../sim/scenario/scenario.ts'
import { usageError } from '../command.ts'
import type { Io } from '../io.ts'
import { runExperiment } from './experiment.ts'
import { writeInto } from './output-folder.ts'
import {
  keptText,
  openScenario,
  planned,
  type ScenarioSource,
  scenarioOf,
  withSettingsMade,
} from './scenario-source.ts'
import { showComparison } from './show-comparison.ts'
import { chosenStrategies } from './strategy-choice.ts'

const WARM_UP_SHARE = 10

export interface Changes {
  readonly settings: readonly Setting[]
  /** As they were written: `PATH=VALUE`. */
  readonly assignments: readonly string[]
  /** None: those of the scenario. */
  readonly strategies: readonly string[]
}

export interface RunOptions extends Changes {
  readonly threadCount: number | undefined
  readonly folder: string | undefined
  readonly isJson: boolean
}

/** @throws MeshError ERR_USAGE if it has none, or several. */
function oneValue(assignment: string): Setting {
  const { path, values } = parseSetting(assignment)
  const [value] = values
  if (values.length === 1) return { path, value }
  throw usageError(
    `expected one value for ${path}, found ${values.length}`,
    '`skein sim sweep` takes several.',
  )
}

/** Named settings first: what flags of their own set is set last. */
export function changedSource(source: ScenarioSource, changes: Changes): ScenarioSource {
  const { assignments, settings, strategies } = changes
  const named = assignments.map(oneValue)
  const warmUp = shorterWarmUp(scenarioOf(source), named, settings)
  const changed = withSettingsMade(source, [...named, ...settings, ...warmUp])
  if (strategies.length === 0) return changed
  const value = chosenStrategies(scenarioOf(changed), strategies)
  return withSettingsMade(changed, [{ path: 'strategies', value }])
}

/** A tenth of the time that a flag names, if nothing would be left to measure and nobody says otherwise. */
function shorterWarmUp(
  { warmUpMs }: Scenario,
  named: readonly Setting[],
  settings: readonly Setting[],
): readonly Setting[] {
  const durationMs = settings.find(({ path }) => path === 'durationMs')?.value
  const isSaid = named.some(({ path }) => path === 'warmUpMs')
  if (typeof durationMs !== 'number' || isSaid || warmUpMs < durationMs) return []
  return [{ path: 'warmUpMs', value: Math.floor(durationMs / WARM_UP_SHARE) }]
}

/** @returns the exit code. */
export async function runScenario(name: string, io: Io, options: RunOptions): Promise<number> {
  return await runSource(changedSource(await openScenario(name, io), options), io, options)
}

/** As it is. @returns the exit code. */
export async function runSource(
  source: ScenarioSource,
  io: Io,
  options: Omit<RunOptions, keyof Changes>,
): Promise<number> {
  const plan = planned([source])
  const { folder } = options
  if (folder !== undefined) writeInto(folder, { 'scenario.yaml': keptText(source) })
  const [comparison] = await runExperiment(plan, io, options)
  return comparison === undefined ? 0 : showComparison(comparison, io, options)
}
