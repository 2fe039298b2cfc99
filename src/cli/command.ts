/**
 * What a command of `skein` is, and how its words and flags are read.
 *
 * A command declares its flags once; parsing, `--help` and docs/reference/cli.md come from that
 * declaration. `node:util` splits the words; the checks are ours, so that a mistake is answered
 * with what was probably meant.
 */
import { parseArgs } from 'node:util'
import { didYouMean } from '../core/did-you-mean.ts'
import { MeshError } from '../core/errors.ts'
import type { CliDeps, Io } from './io.ts'

export interface FlagSpec {
  readonly type: 'string' | 'boolean'
  /** May be given more than once; the value is then a list. */
  readonly multiple?: true
  /** One letter that stands for it too: `f` for `-f`. */
  readonly short?: string
  /** What stands for the value in the help: `FILE`, `URL`. */
  readonly value?: string
  /** An empty text is a value too. Elsewhere it is a mistake, most often an unset variable. */
  readonly mayBeEmpty?: true
  readonly meaning: string
}

export type Flags = Readonly<Record<string, FlagSpec>>

type FlagValue<Spec extends FlagSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec extends { readonly multiple: true }
    ? readonly string[]
    : string | undefined

export type FlagValues<F extends Flags> = { readonly [Name in keyof F]: FlagValue<F[Name]> }

interface WordSpec {
  /** As in the usage line: `ticket`. */
  readonly name: string
  readonly meaning: string
  readonly isOptional?: true
  /** Of the last one only: there may be more of it. */
  readonly isRepeated?: true
}

interface Invocation<F extends Flags> {
  readonly flags: FlagValues<F>
  /** In the order of the command's `words`. */
  readonly words: readonly string[]
}

export interface CommandDefinition<F extends Flags> {
  /** One or two words: `config show`. */
  readonly name: string
  readonly summary: string
  readonly words?: readonly WordSpec[]
  readonly flags: F
  /** Lines that follow in the help. */
  readonly notes?: readonly string[]
  /** @returns the exit code. */
  run(invocation: Invocation<F>, io: Io, deps: CliDeps): Promise<number>
}

export interface Command {
  readonly name: string
  readonly summary: string
  readonly words: readonly WordSpec[]
  readonly flags: Flags
  readonly notes: readonly string[]
  run(args: readonly string[], io: Io, deps: CliDeps): Promise<number>
}

export function defineCommand<F extends Flags>(definition: CommandDefinition<F>): Command {
  const { name, summary, words = [], flags, notes = [] } = definition
  const run = async (args: readonly string[], io: Io, deps: CliDeps) =>
    definition.run(parse(args, definition), io, deps)
  return { name, summary, words, flags, notes, run }
}

/** A mistake on the command line; exits with 2. */
export function usageError(message: string, hint?: string): MeshError {
  return new MeshError(message, { code: 'ERR_USAGE', hint })
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

type Values = Record<string, boolean | string | string[] | undefined>

/** @throws MeshError ERR_USAGE */
function parse<F extends Flags>(
  args: readonly string[],
  definition: CommandDefinition<F>,
): Invocation<F> {
  const { name, flags } = definition
  const helpHint = `\`skein help ${name}\` lists its words and flags.`
  const options = Object.fromEntries(
    Object.entries(flags).map(([flag, { type, short }]) => [
      flag,
      { type, multiple: true, ...(short === undefined ? {} : { short }) },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true })

  const values = unsetValues(flags)
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const spec = flags[token.name]
    if (spec === undefined) throw unknownFlag(token.rawName, definition)
    setValue(values, token, checkedValue(token, spec, helpHint))
  }
  checkWords(words, definition, helpHint)
  // Each value was set above from the type that its own spec names.
  return { flags: values as FlagValues<F>, words }
}

const emptyHint = 'If it comes from a variable of the shell, that is not set.'

function unsetValues(flags: Flags): Values {
  const values: Values = {}
  for (const [flag, { type, multiple }] of Object.entries(flags)) {
    if (type === 'boolean') values[flag] = false
    else values[flag] = multiple === true ? [] : undefined
  }
  return values
}

function setValue(values: Values, { name, rawName }: OptionToken, value: string | true): void {
  const before = values[name]
  if (Array.isArray(before)) before.push(String(value))
  else if (typeof before !== 'string') values[name] = value
  else throw usageError(`expected ${rawName} once, found it twice`)
}

function checkedValue(token: OptionToken, spec: FlagSpec, helpHint: string): string | true {
  const { rawName, value, inlineValue } = token
  if (spec.type === 'boolean') {
    if (value === undefined) return true
    throw usageError(`expected ${rawName} without a value, found ${rawName}=${value}`, helpHint)
  }
  const placeholder = spec.value ?? 'a value'
  if (value === '' && spec.mayBeEmpty !== true) {
    throw usageError(`expected ${placeholder} after ${rawName}, found an empty text`, emptyHint)
  }
  if (value === undefined) throw usageError(`expected ${placeholder} after ${rawName}`, helpHint)
  // A dash alone stands for stdin.
  if (value.startsWith('-') && value !== '-' && inlineValue !== true) {
    throw usageError(
      `expected ${placeholder} after ${rawName}, found ${value}`,
      `If that is the value, write ${rawName}=${value}`,
    )
  }
  return value
}

function unknownFlag(
  rawName: string,
  { name, flags }: Pick<CommandDefinition<Flags>, 'name' | 'flags'>,
): MeshError {
  const known = [...Object.keys(flags), 'help'].map(flag => `--${flag}`)
  const meant = didYouMean(rawName, known)
  const hint =
    meant === undefined ? `\`skein help ${name}\` lists its flags.` : `Did you mean ${meant}?`
  return usageError(`\`skein ${name}\` has no flag ${rawName}`, hint)
}

function checkWords(
  found: readonly string[],
  { name, words = [] }: { readonly name: string; readonly words?: readonly WordSpec[] },
  helpHint: string,
): void {
  const missing = words.find(
    (word, index) => word.isOptional !== true && found[index] === undefined,
  )
  if (missing !== undefined) {
    throw usageError(`\`skein ${name}\` needs ${withArticle(missing.name)}`, helpHint)
  }
  const emptyAt = found.indexOf('')
  const empty = words[Math.min(emptyAt, words.length - 1)]
  if (emptyAt >= 0 && empty !== undefined) {
    throw usageError(`expected ${withArticle(empty.name)}, found an empty text`, emptyHint)
  }
  const extra = words.at(-1)?.isRepeated === true ? undefined : found[words.length]
  if (extra !== undefined) {
    throw usageError(`\`skein ${name}\` does not know what to do with ${extra}`, helpHint)
  }
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`
}
