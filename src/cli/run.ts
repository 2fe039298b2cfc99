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

  const names = commands.map(({ name }) => name)
  const meant =
    names.find(name => name.startsWith(`${first} `)) ??
    didYouMean(second === undefined ? first : `${first} ${second}`, names) ??
    didYouMean(first, names)
  const hint = meant === undefined ? '`skein help` lists them.' : `Did you mean \`skein ${meant}\`?`
  throw usageError(`there is no command ${first}`, hint)
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
