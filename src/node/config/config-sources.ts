/**
 * The places a configuration comes from, each read into the same shape: option → value and
 * source. Nothing is checked here but whether an option of that name exists; `config.ts` checks
 * the values that win.
 */
import { assert } from '../../core/assert.ts'
import { readBounded } from './bounded-file.ts'
import { type ConfigProblem, PROBLEMS_MAX, showFound, unknownKey } from './config-problem.ts'
import type { OptionFacts } from './config-schema.ts'

export interface Setting {
  readonly value: unknown
  /** As `ConfigProblem.source`. */
  readonly source: string
}

export interface Layer {
  /** `section.option` → its setting. */
  readonly settings: ReadonlyMap<string, Setting>
  readonly problems: readonly ConfigProblem[]
}

/** One command line flag that sets an option. */
export interface FlagSetting {
  /** As the person wrote it: `--http-port`. */
  readonly flag: string
  /** A list if the flag may be repeated. */
  readonly value: string | readonly string[]
}

/** Variables that begin like ours and are for `skein`'s client commands. */
const CLIENT_VARIABLES = ['SKEIN_NODE', 'SKEIN_API_KEY_FILE'] as const

const PREFIX = 'SKEIN_'

/** A configuration has a few kilobytes; anything larger is another file. */
const FILE_MAX_BYTES = 1_048_576

/** Some editors begin a file with it. */
const BYTE_ORDER_MARK = /^\ufeff/

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i

/** What a text means for an option; the text itself if it is none of its kind. */
function decode(text: string, facts: OptionFacts): unknown {
  if (facts.isNullable && text === 'null') return null
  if (facts.isNumber) return NUMBER.test(text) ? Number(text) : text
  if (facts.isBoolean) return text === 'true' || (text === 'false' ? false : text)
  if (!facts.isJson) return text
  try {
    return JSON.parse(text)
  } catch {
    // The check of the value then says what was expected and shows this text.
    return text
  }
}

export function environmentLayer(
  options: readonly OptionFacts[],
  variables: Readonly<Record<string, string | undefined>>,
): Layer {
  const byVariable = new Map(options.map(facts => [facts.variable, facts]))
  const settings = new Map<string, Setting>()
  const problems: ConfigProblem[] = []
  for (const [variable, text] of Object.entries(variables)) {
    if (text === undefined || !variable.startsWith(PREFIX)) continue
    if (CLIENT_VARIABLES.some(name => name === variable)) continue
    const facts = byVariable.get(variable)
    const source = `environment ${variable}`
    if (facts === undefined) {
      problems.push(unknownKey(variable, { source: 'environment', known: byVariable.keys() }))
    } else {
      settings.set(facts.key, { value: decode(text, facts), source })
    }
  }
  return { settings, problems }
}

export function flagLayer(
  options: readonly OptionFacts[],
  flags: ReadonlyMap<string, FlagSetting>,
): Layer {
  const settings = new Map<string, Setting>()
  for (const [key, { flag, value }] of flags) {
    const facts = options.find(option => option.key === key)
    assert(facts !== undefined, `${flag} sets ${key}, which is an option`)
    const decoded = typeof value === 'string' ? decode(value, facts) : value
    settings.set(key, { value: decoded, source: `flag ${flag}` })
  }
  return { settings, problems: [] }
}

/** Every key the text of the object has, `__proto__` too; `undefined`: it is no object. */
function entriesOf(json: unknown): readonly (readonly [string, unknown])[] | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined
  return Object.entries(json)
}

function fileProblem(path: string, expected: string, found?: string): Layer {
  const problem = { key: path, expected, found, source: 'file' }
  return { settings: new Map(), problems: [problem] }
}

/** @param isRequired Whether a missing file is a problem. */
export function fileLayer(
  options: readonly OptionFacts[],
  { path, isRequired }: { readonly path: string; readonly isRequired: boolean },
): Layer {
  let text: string | undefined
  try {
    text = readBounded(path, FILE_MAX_BYTES)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    if (isMissing && !isRequired) return { settings: new Map(), problems: [] }
    return fileProblem(path, `expected a file that can be read, found ${code}`)
  }
  if (text === undefined) return fileProblem(path, `expected at most ${FILE_MAX_BYTES} bytes`)
  return parseFile(options, path, text.replace(BYTE_ORDER_MARK, ''))
}

function parseFile(options: readonly OptionFacts[], path: string, text: string): Layer {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return fileProblem(path, `expected JSON: ${error instanceof Error ? error.message : error}`)
  }
  const sections = entriesOf(json)
  if (sections === undefined) return fileProblem(path, 'expected an object', showFound(json))

  const source = `file ${path}`
  const known = new Map(options.map(facts => [facts.key, facts]))
  const sectionNames = new Set(options.map(facts => facts.section))
  const settings = new Map<string, Setting>()
  const problems: ConfigProblem[] = []
  const addUnknown = (key: string, names: Iterable<string>) => {
    // A suggestion is dear to find, and these are not told any more.
    const isTold = problems.length < PROBLEMS_MAX
    problems.push(unknownKey(key, { source, known: isTold ? names : [] }))
  }
  for (const [section, content] of sections) {
    if (!sectionNames.has(section)) {
      addUnknown(section, sectionNames)
      continue
    }
    const values = entriesOf(content)
    if (values === undefined) {
      const expected = 'expected an object of options'
      problems.push({ key: section, expected, found: showFound(content), source })
      continue
    }
    for (const [option, value] of values) {
      const key = `${section}.${option}`
      if (known.has(key)) settings.set(key, { value, source })
      else addUnknown(key, known.keys())
    }
  }
  return { settings, problems }
}
