/**
 * The help texts: of the whole program and of one command, from their declarations.
 */
import type { Command, FlagSpec } from './command.ts'

function flagHead(name: string, { type, value, short }: FlagSpec): string {
  const names = short === undefined ? `--${name}` : `-${short}, --${name}`
  return type === 'boolean' ? names : `${names} ${value ?? 'VALUE'}`
}

export function usageLine({ name, words, flags }: Command): string {
  const places = words.map(({ name: word, isOptional, isRepeated }) => {
    const more = isRepeated === true ? '…' : ''
    return isOptional === true ? `[${word}${more}]` : `<${word}>${more}`
  })
  const hasFlags = Object.keys(flags).length > 0
  return ['skein', name, ...places, ...(hasFlags ? ['[flags]'] : [])].join(' ')
}

/** Each flag and word of a command, with what it means. */
export function usageRows({ words, flags }: Command): readonly (readonly [string, string])[] {
  return [
    ...words.map(word => [`<${word.name}>`, word.meaning] as const),
    ...Object.entries(flags).map(([name, spec]) => {
      const often = spec.multiple === true ? ' May be repeated.' : ''
      return [flagHead(name, spec), `${spec.meaning}${often}`] as const
    }),
    ['--help', 'Show this.'] as const,
  ]
}

export function commandHelp(command: Command): string {
  const rows = usageRows(command)
  const columns = Math.max(...rows.map(([head]) => head.length)) + 2
  const lines = rows.map(([head, meaning]) => `  ${head.padEnd(columns)}${meaning}`)
  const notes = command.notes.length > 0 ? ['', ...command.notes] : []
  return [command.summary, '', `Usage: ${usageLine(command)}`, '', ...lines, ...notes, ''].join(
    '\n',
  )
}

export function programHelp(commands: readonly Command[]): string {
  const columns = Math.max(...commands.map(({ name }) => name.length)) + 2
  return [
    'Skein: one OpenAI-compatible endpoint from the GPU machines you have.',
    '',
    'Usage: skein <command> [flags]',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(columns)}${summary}`),
    '',
    'Start with `skein demo` to see a mesh on this machine, or `skein up` to begin a real one.',
    '`skein help <command>` says more about a command.',
    '',
  ].join('\n')
}
