/**
 * The configuration of a peer: from which sources, in which order, and whether it is right.
 *
 *     defaults  <  profile  <  file  <  environment  <  flags    the right one wins, per option
 *
 * The file is JSON, `{"section": {"option": value}}`: the one that `--config` names, else
 * `config.json` in the data folder if there is one. A variable is `SKEIN_SECTION__OPTION`.
 * Whatever is wrong in any of them is reported together, each with its key and its source.
 *
 * The sections are given by the composition root, since a peer does not know its edges. This is
 * the only file that reads the environment of the process.
 */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { nodeOptions } from '../options.ts'
import { type ConfigProblem, showFound, throwProblems, unknownKey } from './config-problem.ts'
import { type ConfigOf, describeOptions, type OptionFacts, type Sections } from './config-schema.ts'
import {
  environmentLayer,
  type FlagSetting,
  fileLayer,
  flagLayer,
  type Layer,
  type Setting,
} from './config-sources.ts'
import { type Preset, presetLayer } from './preset.ts'

export interface ConfigSources {
  /** What `environment()` returns, or a part of it. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** The file that `--config` names. */
  readonly file?: string | undefined
  /** `section.option` → the flag that sets it. */
  readonly flags: ReadonlyMap<string, FlagSetting>
}

/** One option as it takes effect. */
export interface ConfigEntry {
  readonly key: string
  readonly value: unknown
  /** `default`, `profile NAME`, `file PATH`, `environment NAME` or `flag --name`. */
  readonly source: string
}

export interface LoadedConfig<Config> {
  readonly config: Config
  /** Every option of every section, in the order they are declared. */
  readonly entries: readonly ConfigEntry[]
}

/** The variables of this process. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env
}

/**
 * Reads all sources and checks what wins.
 *
 * @throws MeshError ERR_CONFIG with every problem of every source.
 */
export function loadConfig<S extends Sections>(
  sections: S,
  sources: ConfigSources,
  presets: readonly Preset[] = [],
): LoadedConfig<ConfigOf<S>> {
  const options = describeOptions(sections)
  const strong = [
    environmentLayer(options, sources.variables),
    flagLayer(options, sources.flags),
  ] as const
  const layers: readonly Layer[] = [readFile(options, sources.file, strong), ...strong]
  const said = new Map(layers.flatMap(layer => [...layer.settings]))
  const settings = new Map([...presetLayer(presets, said).settings, ...said])
  const problems = layers.flatMap(layer => layer.problems)

  const config: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(sections)) {
    const own = options.filter(facts => facts.section === name)
    const section = checkSection(schema, own, settings)
    config[name] = section.value
    problems.push(...section.problems, ...overriddenProblems(schema, own, layers))
  }
  throwProblems(problems)

  const entries = options.map(({ key, section, option }) => {
    const values = optionValues.parse(config[section])
    return { key, value: values[option], source: settings.get(key)?.source ?? 'default' }
  })
  // Each section is the output of its own schema, which is what ConfigOf says.
  return { config: config as ConfigOf<S>, entries }
}

const optionValues = z.record(z.string(), z.unknown())

function readFile(
  options: readonly OptionFacts[],
  named: string | undefined,
  strong: readonly Layer[],
): Layer {
  if (named !== undefined) return fileLayer(options, { path: resolve(named), isRequired: true })

  const settings = new Map(strong.flatMap(layer => [...layer.settings]))
  const dataDir = nodeOptions.shape.dataDir.safeParse(settings.get('node.dataDir')?.value)
  if (!dataDir.success) return { settings: new Map(), problems: [] }

  const path = join(resolve(dataDir.data), 'config.json')
  const found = fileLayer(options, { path, isRequired: false })
  const moved = found.settings.get('node.dataDir')
  if (moved === undefined) return found
  const problem = {
    key: 'node.dataDir',
    expected: 'the file in the data folder cannot name another data folder',
    found: showFound(moved.value),
    source: moved.source,
  }
  return { settings: found.settings, problems: [...found.problems, problem] }
}

/**
 * Parses one section. Rules over several options are only checked by zod when each option is
 * right by itself; so options that are wrong are replaced by their defaults and the section is
 * parsed again, until nothing new is found.
 */
function checkSection(
  schema: z.ZodType,
  own: readonly OptionFacts[],
  settings: ReadonlyMap<string, Setting>,
): { readonly value: unknown; readonly problems: readonly ConfigProblem[] } {
  const problems = own.flatMap(({ key }) => unseenKey(key, settings.get(key)))
  const wrong = new Set<string>()
  for (;;) {
    const set = own.filter(({ key, option }) => settings.has(key) && !wrong.has(option))
    const parsed = schema.safeParse(
      Object.fromEntries(set.map(({ key, option }) => [option, settings.get(key)?.value])),
    )
    if (parsed.success) return { value: parsed.data, problems }

    problems.push(...parsed.error.issues.map(issue => problemOf(issue, own, settings)))
    const named = parsed.error.issues.map(issue => String(issue.path[0]))
    const blamed = set.filter(({ option }) => named.includes(option))
    // A rule that names no option we set can only be met by none of them.
    for (const { option } of blamed.length > 0 ? blamed : set) wrong.add(option)
    if (set.length === 0) return { value: undefined, problems }
  }
}

/** A wrong value that a stronger source overrides waits for the day that source is gone. */
function overriddenProblems(
  schema: z.ZodType,
  own: readonly OptionFacts[],
  layers: readonly Layer[],
): readonly ConfigProblem[] {
  if (!(schema instanceof z.ZodObject)) return []
  return own.flatMap(({ key, option }) => {
    const set = layers.filter(({ settings }) => settings.has(key))
    return set.slice(0, -1).flatMap(({ settings }) => {
      const parsed = z.safeParse(schema.shape[option], settings.get(key)?.value)
      const issues = parsed.success ? [] : parsed.error.issues
      const placed = issues.map(issue => ({ ...issue, path: [option, ...issue.path] }))
      const unseen = unseenKey(key, settings.get(key))
      return [...unseen, ...placed.map(issue => problemOf(issue, own, settings))]
    })
  })
}

/** zod drops a key of this name without a word, for the safety of those who would copy it. */
function unseenKey(key: string, setting: Setting | undefined): readonly ConfigProblem[] {
  const value = setting?.value
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return []
  return [unknownKey(`${key}[__proto__]`, { source: setting?.source ?? 'default', known: [] })]
}

function problemOf(
  issue: z.core.$ZodIssue,
  own: readonly OptionFacts[],
  settings: ReadonlyMap<string, Setting>,
): ConfigProblem {
  const [option, ...inside] = issue.path
  const facts = own.find(each => each.option === option)
  if (facts === undefined) {
    const key = own[0]?.section ?? 'config'
    return { key, expected: issue.message, found: undefined, source: 'all sources' }
  }
  const setting = settings.get(facts.key)
  const source = setting?.source ?? 'default'
  const isOwn = inside.length === 0 && issue.code !== 'custom'
  const json = facts.isJson && source.startsWith('environment') ? ' as JSON' : ''
  return {
    key: `${facts.key}${inside.map(part => `[${String(part)}]`).join('')}`,
    expected: isOwn ? `expected ${facts.expected}${json}` : issue.message,
    found: showFound(inner(setting === undefined ? facts.default : setting.value, inside)),
    source,
  }
}

/** The part of a value that an issue is about. */
function inner(value: unknown, path: readonly PropertyKey[]): unknown {
  const [first, ...rest] = path
  if (first === undefined || typeof value !== 'object' || value === null) return value
  return inner(Object.getOwnPropertyDescriptor(value, first)?.value, rest)
}
