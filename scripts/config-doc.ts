/**
 * Writes docs/reference/config.md from the schemas: `npx node scripts/config-doc.ts`. A test says
 * whether the page is what this would write.
 */
import { writeFileSync } from 'node:fs'
import { configSections } from '../src/config-sections.ts'
import { describeOptions, type OptionFacts } from '../src/node/config/config-schema.ts'

const PAGE = 'docs/reference/config.md'

const OPENING = `# Configuration

Every option of a peer: its default, its range and what it does. For whoever runs \`skein up\` or
\`skein join\`. Generated from the schemas that check the values (\`npx node scripts/config-doc.ts\`).

## Where values come from

Weakest first; per option, the strongest source that sets it wins:

1. the default below
2. the file: JSON in UTF-8, with or without a byte order mark, \`{"section": {"option": value}}\`; the one that \`--config FILE\` names, else
   \`config.json\` in the data folder if there is one
3. the environment: the variable below; lists and objects as JSON
4. the flags of \`skein up\` and \`skein join\`, see [cli.md](cli.md)

\`skein config show\` prints every option, its value and where that came from.

Whatever is wrong is reported at once (the first 20 problems, and how many more there are), with the
key, what was expected, what was found and where; the peer does not start and the exit code is 2. A
wrong value that a stronger source overrides is reported too, and so is an empty variable, unless the
option takes an empty text. An option or variable that does not exist is an error, never ignored. Durations are whole
milliseconds, sizes whole bytes. Secrets are never values: an option names the file that holds them.
Relative paths start at the folder in which the command runs.

Two variables are read by the commands that ask a peer (\`skein nodes\`, \`skein chat\`, …), not by the
peer: \`SKEIN_NODE\` (its URL) and \`SKEIN_API_KEY_FILE\`.
`

/** A pipe would end the cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function defaultText({ default: value, unit, isNumber }: OptionFacts): string {
  if (value === undefined) return 'none'
  const shown = `\`${JSON.stringify(value)}\``
  return isNumber && unit !== undefined && value !== null ? `${shown} ${unit}` : shown
}

function row(facts: OptionFacts): string {
  const { option, variable, expected, meaning } = facts
  const head = `\`${option}\`<br>\`${variable}\``
  return `| ${head} | ${cell(defaultText(facts))} | ${cell(expected)} | ${cell(meaning)} |`
}

/** The page as it must be. */
export function configDoc(): string {
  const options = describeOptions(configSections)
  const sections = Object.keys(configSections).map(section => {
    const rows = options.filter(facts => facts.section === section).map(row)
    return [
      `## ${section}`,
      '',
      '| Option, variable | Default | Value | Meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n')
  })
  return [OPENING, ...sections].join('\n')
}

if (import.meta.main) writeFileSync(PAGE, configDoc())
