/**
 * `skein policy apply` and `skein policy diff`: makes the policy what a file says, all of it or
 * nothing, or tells what that would change.
 */
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { type Io, writeJson } from './io.ts'
import { readManifest, type WrittenResource } from './manifest.ts'
import { type ChangesAnswer, changesAnswer, policySummary } from './policy-wire.ts'
import { readText } from './read-text.ts'
import { showChanges } from './show-changes.ts'

const fileFlag = {
  type: 'string',
  short: 'f',
  multiple: true,
  value: 'FILE',
  meaning: 'YAML or JSON with any number of resources; - reads stdin.',
} as const

const pruneFlag = {
  type: 'boolean',
  meaning: 'Resources that no file names are deleted, of the kinds that are named.',
} as const

async function readFiles(
  paths: readonly string[],
  io: Io,
  command: string,
): Promise<readonly WrittenResource[]> {
  if (paths.length === 0) {
    throw usageError(`\`skein ${command}\` needs -f FILE`, 'A dash stands for stdin: -f -')
  }
  const all: WrittenResource[] = []
  for (const path of paths) all.push(...readManifest(await readText(path, io), path))
  return all
}

interface Applying {
  readonly resources: readonly WrittenResource[]
  readonly prune: boolean
  readonly dryRun: boolean
}

/** One command for all of them, so that nobody ever sees half. None of them changes nothing. */
async function apply(client: Client, applying: Applying): Promise<ChangesAnswer> {
  if (applying.resources.length > 0) {
    return await client.post('/mesh/v1/policy:apply', applying, changesAnswer)
  }
  const { revision } = await client.get('/mesh/v1/policy', policySummary)
  return { revision, changes: [] }
}

export const policyApply = defineCommand({
  name: 'policy apply',
  summary: 'Make the policy what a file says: all of it, or nothing.',
  flags: {
    file: fileFlag,
    prune: pruneFlag,
    'dry-run': { type: 'boolean', meaning: 'Only tell what would change.' },
    ...clientFlags,
  },
  notes: [
    'Each resource is `kind`, `name`, `spec` and, if you like, `labels` and `owner`; see docs/reference/policy.md for the kinds. Resources that the files do not name stay as they are, unless --prune.',
    'Fields of a spec that are left out get their defaults, also if they had other values before.',
  ],

  async run({ flags }, io) {
    const resources = await readFiles(flags.file, io, 'policy apply')
    const isDryRun = flags['dry-run']
    const answer = await apply(createClient(io, flags), {
      resources,
      prune: flags.prune,
      dryRun: isDryRun,
    })
    showChanges(io, answer, { isJson: flags.json, isDryRun, asked: resources })
    return 0
  },
})

export const policyDiff = defineCommand({
  name: 'policy diff',
  summary: 'Tell what `skein policy apply` would change. Exits with 1 if anything.',
  flags: { file: fileFlag, prune: pruneFlag, ...clientFlags },

  async run({ flags }, io) {
    const resources = await readFiles(flags.file, io, 'policy diff')
    const answer = await apply(createClient(io, flags), {
      resources,
      prune: flags.prune,
      dryRun: true,
    })
    const { revision, changes } = answer
    if (flags.json) writeJson(io, { revision, changes, dryRun: true })
    else showChanges(io, answer, { isJson: false, isDryRun: true })
    return changes.length === 0 ? 0 : 1
  },
})
