/**
 * The `skein` command: finds the command that the words name, runs it, and turns whatever
 * happens into an exit code.
 */
import { didYouMean } from '../core/did-you-mean.ts'
import { type Command, usageError } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, programHelp } from './help.ts'
import type { CliDeps, Io } from './io.ts'
import { reportError } from './report-error.ts'

interface Found {
  readonly command: Command
  /** What follows its name. */
  readonly rest: readonly string[]
}

/** @throws MeshError ERR_USAGE */
function find(args: readonly string[]): Found {
  const [first = '', second] = args
  const pair = commands.find(({ name }) => name === `${first} ${second}`)
  if (pair !== undefined) return { command: pair, rest: args.slice(2) }
  const single = commands.find(({ name }) => name === first)
  if (single !== undefined) return { command: single, rest: args.slice(1) }

  throw usageError(`there is no command ${first}`, hintFor(first, second))
}

/** The command that was meant; of a group of commands, which there are. */
function hintFor(first: string, second: string | undefined): string {
  const names = commands.map(({ name }) => name)
  const group = names.filter(name => name.startsWith(`${first} `))
  const near = didYouMean(second === undefined ? first : `${first} ${second}`, names)
  const ofGroup = group.find(name => name === near || group.length === 1)
  const meant = group.length > 0 ? ofGroup : (near ?? didYouMean(first, names))
  if (meant !== undefined) return `Did you mean \`skein ${meant}\`?`
  if (group.length === 0) return '`skein help` lists them.'
  const seconds = group.map(name => name.slice(first.length + 1))
  return `After \`skein ${first}\` comes one of ${seconds.join(', ')}.`
}

async function dispatch(args: readonly string[], io: Io, deps: CliDeps): Promise<number> {
  const [first] = args
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const topic = first === 'help' ? args.slice(1).filter(word => !word.startsWith('-')) : []
    io.write(topic.length > 0 ? commandHelp(find(topic).command) : programHelp(commands))
    return 0
  }
  if (first === '--version' || first === '-v') return dispatch(['version'], io, deps)

  const { command, rest } = find(args)
  const ownWords = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (ownWords.includes('--help') || ownWords.includes('-h')) {
    io.write(commandHelp(command))
    return 0
  }
  return await command.run(rest, io, deps)
}

/** @returns the exit code; never rejects. */
export async function runCli(args: readonly string[], io: Io, deps: CliDeps): Promise<number> {
  try {
    return await dispatch(args, io, deps)
  } catch (error) {
    return reportError(error, io, args.includes('--json'))
  }
}
