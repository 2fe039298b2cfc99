/**
 * A scenario that a person names: a file, stdin, or one that comes with Skein; with what the command line
 * sets in it. What is run is kept as text, so that it can be run again.
 */
import { basename, dirname, extname } from 'node:path'
import { parse, stringify } from 'yaml'
import type { PlannedScenario } from '../../../sim/experiment/plan.ts'
import { type Setting, withSettings } from '../../../sim/experiment/settings.ts'
import { parseScenario } from '../../../sim/scenario/parse.ts'
import { PRESETS, presetText } from '../../../sim/scenario/presets.ts'
import type { Scenario } from '../../../sim/scenario/scenario.ts'
import { didYouMean } from '../../core/did-you-mean.ts'
import { MeshError } from '../../core/errors.ts'
import type { Io } from '../io.ts'
import { readText } from '../read-text.ts'
import { ownTraceFolder, readTrace, tracePath } from './trace-file.ts'

/** A YAML file may say one thing a million times by aliases of aliases. */
const ALIASES_MAX = 100

export interface ScenarioSource {
  /** How a report tells it from others: `small`, or the name of the file. */
  readonly label: string
  /** As the person wrote it, for messages. */
  readonly name: string
  readonly text: string
  /** Where its traces are. */
  readonly folder: string
}

/** @throws MeshError ERR_CONFIG if there is none of this name. */
export async function openScenario(name: string, io: Io): Promise<ScenarioSource> {
  const preset = PRESETS.find(each => each === name)
  if (preset !== undefined) {
    return { label: preset, name, text: presetText(preset), folder: ownTraceFolder() }
  }
  try {
    const text = await readText(name, io)
    if (name === '-') return { label: 'stdin', name: 'stdin', text, folder: '.' }
    return { label: basename(name, extname(name)), name, text, folder: dirname(name) }
  } catch (error) {
    throw withMeantPreset(error, name)
  }
}

/** Whoever mistypes `small` names a file that is not there. */
function withMeantPreset(error: unknown, name: string): unknown {
  const meant = didYouMean(name, PRESETS)
  if (!(error instanceof MeshError) || meant === undefined) return error
  const hint = `Did you mean ${meant}? Presets are ${PRESETS.join(', ')}.`
  return new MeshError(error.message, { code: error.code, hint, cause: error })
}

/**
 * The source with settings made. Comments are lost with them.
 *
 * @throws MeshError ERR_USAGE if a path leads nowhere, ERR_CONFIG if the scenario is wrong without them.
 */
export function withSettingsMade(
  source: ScenarioSource,
  settings: readonly Setting[],
): ScenarioSource {
  if (settings.length === 0) return source
  parseScenario(source.text, source.name)
  const data: unknown = parse(source.text, { maxAliasCount: ALIASES_MAX })
  return { ...source, text: stringify(withSettings(data, settings)) }
}

/** @throws MeshError ERR_CONFIG if the scenario or its trace is wrong. */
export function scenarioOf({ text, name }: ScenarioSource): Scenario {
  return parseScenario(text, name)
}

/** What to keep elsewhere so that it can be run there: the trace is named by its whole path. */
export function keptText(source: ScenarioSource): string {
  const value = tracePath(scenarioOf(source), source.folder)
  if (value === undefined) return source.text
  return withSettingsMade(source, [{ path: 'workload.arrivals.file', value }]).text
}

/** Ready to run. Sources of one trace share it. @throws MeshError ERR_CONFIG. */
export function planned(sources: readonly ScenarioSource[]): readonly PlannedScenario[] {
  const traces = new Map<string, PlannedScenario['trace']>()
  return sources.map(source => {
    const scenario = scenarioOf(source)
    const path = tracePath(scenario, source.folder)
    if (path === undefined) return { scenario, trace: undefined }
    const { arrivals, classes } = scenario.workload
    // What reading it depends on.
    const key = JSON.stringify([path, arrivals, classes])
    if (!traces.has(key)) traces.set(key, readTrace(scenario, source.folder))
    return { scenario, trace: traces.get(key) }
  })
}
