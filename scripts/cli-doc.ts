/**
 * Writes docs/reference/cli.md from the commands' own declarations: `npx node scripts/cli-doc.ts`.
 * A test says whether the page is what this would write.
 */
import { writeFileSync } from 'node:fs'
import type { Command } from '../src/cli/command.ts'
import { commands } from '../src/cli/commands.ts'
import { usageLine, usageRows } from '../src/cli/help.ts'

const PAGE = 'docs/reference/cli.md'

const OPENING = `# The skein command

Every command with its words and flags. For whoever types them or scripts them. Generated from the
same declarations as \`--help\` (\`npx node scripts/cli-doc.ts\`).

## What holds for all of them

- The result goes to stdout; progress, log lines and errors go to stderr.
- \`--json\` makes stdout JSON, one value per line. An error is then also a line there:
  \`{"event":"error","code":"ERR_…","message":"…","hint":"…"}\`.
- Exit codes: 0 done, 1 the operation failed, 2 wrong usage or configuration, 70 a bug of ours.
- \`skein up\`, \`skein join\`, \`skein demo\`, \`skein events --follow\` and \`skein policy watch\` run until SIGINT
  or SIGTERM, end gracefully and exit with 0.
  A second signal ends them at once with 1. \`skein demo\` without \`--keep\` also ends by itself.
  A signal within 400 ms of the first is taken for a copy of it, since one Ctrl-C reaches a command
  more than once under \`npm\` and \`npx\`: a script that means the second one waits half a second.
- With \`--json\`, \`skein up\` and \`skein join\` print exactly one line when they are ready,
  \`{"event":"ready","peerId":…,"http":…,"p2p":[…],"meshId":…,"ticket":…,"models":[…]}\`, then one
  line for each event.
- Log lines and the progress of \`skein up\` and \`skein join\` are one plain line each on stderr,
  \`warn: engine does not answer: error="…"\`. With \`--json\` or \`--log-level debug\` they are JSON
  objects there, \`{"time":…,"level":…,"message":…}\`, errors with their stacks; the level of progress
  is \`progress\`. The error that ends a command is told to people there too, \`skein: …\` and \`hint: …\`.
- An empty text is a mistake wherever an option takes none, in flags, words and variables alike:
  \`--api-key-file "$UNSET"\` exits with 2. Only \`--name\` and \`--zone\` may be empty.
- A peer ends gracefully when whoever started it is killed, if that was \`bin/skein.js\` under an older
  Node or \`skein demo\`.
- A key of the mesh is only ever given as a file, never on the command line.
- Where a peer is named, its name, its id, or enough of the beginning or end of its id is as good.
- \`skein policy diff\` exits with 1 if anything differs, as \`diff\` does.
- \`skein sim run\`, \`compare\`, \`sweep\` and \`report\` exit with 1 if a check of honesty failed: nothing of
  such a run is to be believed. How far they are is shown on stderr if that is a terminal; a signal ends
  them with 1, and no results are written.
`

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function section(command: Command): string {
  const rows = usageRows(command).map(
    ([head, meaning]) => `| \`${cell(head)}\` | ${cell(meaning)} |`,
  )
  const notes = command.notes.flatMap(note => ['', note])
  return [
    `## skein ${command.name}`,
    '',
    command.summary,
    '',
    '```',
    usageLine(command),
    '```',
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    ...notes,
    '',
  ].join('\n')
}

/** The page as it must be. */
export function cliDoc(): string {
  return [OPENING, ...commands.map(section)].join('\n')
}

if (import.meta.main) writeFileSync(PAGE, cliDoc())
