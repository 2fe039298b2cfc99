/**
 * The `skein` commands that a page shows: those in its blocks of shell, and those in its sentences.
 */

export interface ShownCommand {
  /** As it stands there. */
  readonly line: string
  /** What follows `skein`. */
  readonly args: readonly string[]
}

const BLOCK = /```sh\n([\s\S]*?)```/g
const INLINE = /`(npx skein [^`]+)`/g

/** What the shell takes for itself: comments and redirections. */
const NOT_OURS = /(?:\s+#.*|\s*[<>]\s*\S+)$/

export function shownCommands(page: string): readonly ShownCommand[] {
  const blocks = [...page.matchAll(BLOCK)].flatMap(([, block = '']) => block.split('\n'))
  const inline = [...page.matchAll(INLINE)].map(([, command = '']) => command)
  return [...blocks, ...inline]
    .map(line => line.trim())
    .filter(line => line.startsWith('npx skein '))
    .map(line => ({ line, args: wordsOf(ours(line)).slice(2) }))
}

function ours(line: string): string {
  const shorter = line.replace(NOT_OURS, '')
  return shorter === line ? line : ours(shorter)
}

/** Words of a shell, of which some are in single quotes. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')
}
