/**
 * `skein policy get`: what the mesh has agreed on. Kinds, the resources of one, or one of them.
 */
import { stringify } from 'yaml'
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { kindPath, labelsOf, oneOf, requireKind, resourcePath } from './policy-path.ts'
import { policySummary, type ResourceLine, resourceAnswer, resourceList } from './policy-wire.ts'
import { safeText, showMs, table } from './table.ts'

const OUTPUTS = ['json', 'yaml', 'table'] as const

type Output = (typeof OUTPUTS)[number]

const HEADERS = ['NAME', 'REVISION', 'OWNER', 'LABELS', 'SPEC']

/** Of a cell of the table. */
const SPEC_MAX_CHARACTERS = 80

export const policyGet = defineCommand({
  name: 'policy get',
  summary: 'Show what the mesh has agreed on.',
  words: [
    { name: 'kind', isOptional: true, meaning: 'As `aliases`. Without it: all kinds, counted.' },
    { name: 'name', isOptional: true, meaning: 'One resource. Without it: all of the kind.' },
  ],
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'json|yaml|table',
      meaning: 'Form of the answer. Default: a table, or YAML for one resource.',
    },
    label: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      meaning: 'Only resources with this label.',
    },
    fresh: {
      type: 'boolean',
      meaning: 'First wait until the asked peer has everything agreed on before now.',
    },
    ...clientFlags,
  },
  notes: [
    'YAML has what an author decides, so that `skein policy apply -f` takes it again; JSON has the revision too.',
    'Hashes of keys and tickets are never shown.',
  ],

  async run({ flags, words: [kind, name] }, io) {
    const asked = oneOf(flags.output, { flag: '--output', words: OUTPUTS })
    const output = flags.json ? 'json' : asked
    const client = createClient(io, flags)
    const query = queryOf(flags)
    if (kind === undefined) return await showKinds(client, io, { output, query })
    await requireKind(client, kind)
    if (name !== undefined) {
      if (flags.label.length > 0) throw usageError('expected a name or --label, found both')
      const found = await client.get(`${resourcePath(kind, name)}${query}`, resourceAnswer)
      showOne(io, found, output ?? 'yaml')
      return 0
    }
    const { revision, items } = await client.get(`${kindPath(kind)}${query}`, resourceList)
    if (output === 'json') writeJson(io, { revision, items })
    else if (output === 'yaml') for (const item of items) io.write(`---\n${yamlOf(item)}`)
    else showTable(io, items)
    if (items.length === 0 && output !== 'json') io.complain(`There are no ${kind}.`)
    return 0
  },
})

function queryOf(flags: { readonly label: readonly string[]; readonly fresh: boolean }): string {
  const query = new URLSearchParams()
  for (const [label, value] of Object.entries(labelsOf(flags.label))) {
    query.append('label', `${label}=${value}`)
  }
  if (flags.fresh) query.append('linearizable', 'true')
  return query.size === 0 ? '' : `?${query}`
}

async function showKinds(
  client: Client,
  io: Io,
  { output, query }: { readonly output: Output | undefined; readonly query: string },
): Promise<number> {
  const summary = await client.get(`/mesh/v1/policy${query}`, policySummary)
  if (output === 'json') writeJson(io, summary)
  else if (output === 'yaml') io.write(safeText(stringify(summary)))
  else {
    const rows = Object.entries(summary.kinds).map(([each, count]) => [each, String(count)])
    for (const line of table(['KIND', 'COUNT'], rows)) writeLine(io, line)
    const { revision, hash, staleForMs } = summary
    const age = staleForMs === 0 ? '' : `, as of ${showMs(staleForMs)} ago`
    io.complain(safeText(`revision ${revision}, hash ${hash.slice(0, 12)}${age}`))
  }
  return 0
}

function showOne(io: Io, found: ResourceLine, output: Output): void {
  if (output === 'json') writeJson(io, found)
  else if (output === 'yaml') io.write(yamlOf(found))
  else showTable(io, [found])
}

/** What its author decides, in the form that `apply` takes. */
function yamlOf({ kind, name, owner, labels, spec }: ResourceLine): string {
  return safeText(stringify({ kind, name, owner, labels, spec }))
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`)
  return pairs.length === 0 ? '-' : pairs.join(',')
}

function showTable(io: Io, items: readonly ResourceLine[]): void {
  const rows = items.map(({ name, revision, owner, labels, spec }) => {
    const text = JSON.stringify(spec)
    const short =
      text.length > SPEC_MAX_CHARACTERS ? `${text.slice(0, SPEC_MAX_CHARACTERS)}…` : text
    return [name, String(revision), owner, labelText(labels), short]
  })
  for (const line of table(HEADERS, rows)) writeLine(io, line)
}
