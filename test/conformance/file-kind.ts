/**
 * The kinds of data-driven files, how each is run, and how to tell which a file is: by the nearest
 * folder of its path that is named after a kind, else by the commands in it.
 */
import { createConfchange } from './confchange.ts'
import type { Case, Handler } from './data-driven.ts'
import { createInteraction, INTERACTION_COMMANDS } from './interaction/environment.ts'
import { runQuorum } from './quorum.ts'

export interface FileKind {
  readonly name: string
  /** Only files of this kind have one of these. */
  readonly commands: readonly string[]
  /** Makes the environment in which all cases of a file run, one after another. */
  readonly createHandler: () => Handler
  /** Takes out what does not count, of what is expected as of what is found. */
  readonly normalise?: (text: string) => string
}

const KINDS: readonly FileKind[] = [
  { name: 'quorum', commands: ['committed', 'vote'], createHandler: () => runQuorum },
  {
    name: 'confchange',
    commands: ['simple', 'enter-joint', 'leave-joint'],
    createHandler: createConfchange,
  },
  {
    name: 'interaction',
    commands: INTERACTION_COMMANDS,
    createHandler: createInteraction,
    normalise: withoutLog,
  },
]

/** @throws Error if neither its folders nor its commands tell. */
export function kindOf(path: string, cases: readonly Case[]): FileKind {
  const folders = path.split('/').slice(0, -1).reverse()
  const folder = folders.find(each => KINDS.some(({ name }) => name === each))
  const kind =
    KINDS.find(({ name }) => name === folder) ??
    KINDS.find(({ commands }) => cases.some(({ command }) => commands.includes(command)))
  if (kind !== undefined) return kind
  const names = KINDS.map(({ name }) => name).join(', ')
  throw new Error(`expected a folder named ${names} or commands of such files, found neither`)
}

/**
 * Takes out the lines that only tell what happens within: their words are not part of the
 * behaviour. A case that printed nothing else is as good as one that prints `ok`.
 */
export function withoutLog(text: string): string {
  const lines = text.split('\n').filter(line => !/^\s*(DEBUG|INFO|WARN|ERROR|FATAL)\b/.test(line))
  const rest = lines.join('\n')
  return rest.trim() === '' ? 'ok\n' : rest
}
