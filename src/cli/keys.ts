/**
 * `skein keys`: the API keys of the mesh. A key is shown when it is made and never again: the mesh
 * keeps only what is needed to recognise it.
 */
import { isLastAdminKey, keyStatus, warnOfNoAdminKey } from './admin-keys.ts'
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { timeMs } from './duration.ts'
import { writeJson, writeLine } from './io.ts'
import { kindPath, oneOf, resourcePath } from './policy-path.ts'
import { changesAnswer, createdKey, type ResourceLine, resourceList } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'
import { table } from './table.ts'

const ROLES = ['inference', 'operator', 'admin'] as const

const HEADERS = ['KEY', 'ROLES', 'TENANT', 'MODELS', 'EXPIRES', 'STATUS']

const nameWord = {
  name: 'name',
  meaning: 'The public part of the key: letters, digits, `.`, `_` or `-`.',
}

export const keysCreate = defineCommand({
  name: 'keys create',
  summary: 'Make an API key, and show it once.',
  words: [nameWord],
  flags: {
    role: {
      type: 'string',
      value: ROLES.join('|'),
      meaning:
        'What its bearer may do: ask models, also steer the mesh, or all. Default: inference.',
    },
    tenant: { type: 'string', value: 'TENANT', meaning: 'Whose quotas and priority count.' },
    models: {
      type: 'string',
      multiple: true,
      value: 'MODEL,…',
      meaning: 'Models and aliases it may ask for. Default: all.',
    },
    expires: {
      type: 'string',
      value: 'TIME',
      meaning: 'When it ends: 12h, 30d, or a date. Default: never.',
    },
    ...clientFlags,
  },
  notes: [
    'stdout is the key alone, so that it can go into a file: skein keys create ops --role admin > ops.key',
  ],

  async run({ flags, words: [name = ''] }, io) {
    const role = oneOf(flags.role, { flag: '--role', words: ROLES }) ?? 'inference'
    const models = flags.models.flatMap(text => text.split(',')).filter(text => text !== '')
    const { tenant, expires } = flags
    const expiresAtMs =
      expires === undefined ? undefined : timeMs(expires, '--expires', { nowMs: io.wallMs() })
    const body = {
      name,
      role,
      ...(tenant === undefined ? {} : { tenant }),
      ...(models.length === 0 ? {} : { models }),
      ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() }),
    }
    const { key } = await createClient(io, flags).post('/mesh/v1/keys', body, createdKey)
    if (flags.json) writeJson(io, { name, key })
    else {
      writeLine(io, key)
      io.complain('Keep it: it is not shown again.')
    }
    return 0
  },
})

export const keysList = defineCommand({
  name: 'keys list',
  summary: 'List the API keys of the mesh, by their public parts.',
  flags: clientFlags,

  async run({ flags }, io) {
    const { items } = await createClient(io, flags).get(kindPath('keys'), resourceList)
    if (flags.json) writeJson(io, { keys: items })
    else {
      const rows = items.map(item => row(item, io.wallMs()))
      for (const line of table(HEADERS, rows)) writeLine(io, line)
    }
    return 0
  },
})

export const keysRevoke = defineCommand({
  name: 'keys revoke',
  summary: 'Remove an API key: every peer refuses it from then on.',
  words: [nameWord],
  flags: clientFlags,
  notes: [
    'With the last key of an admin, programs on a peer’s own machine may do everything there again without a key, unless it has a key file or listens on more than loopback.',
  ],

  async run({ flags, words: [name = ''] }, io) {
    const request = { method: 'DELETE', path: resourcePath('keys', name) } as const
    const client = createClient(io, flags)
    const isLast = await isLastAdminKey(client, name, io.wallMs())
    const answer = await client.send(request, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    if (isLast) warnOfNoAdminKey(io)
    return 0
  },
})

function row(key: ResourceLine, wallMs: number): readonly string[] {
  const { name, spec } = key
  const expiresAtMs = typeof spec['expiresAtMs'] === 'number' ? spec['expiresAtMs'] : undefined
  return [
    name,
    listText(spec['roles']),
    String(spec['tenant'] ?? '-'),
    spec['models'] === null ? 'all' : listText(spec['models']),
    expiresAtMs === undefined ? 'never' : dateText(expiresAtMs),
    keyStatus(key, wallMs),
  ]
}

function listText(value: unknown): string {
  return Array.isArray(value) && value.length > 0 ? value.map(String).join(', ') : '-'
}

/** Of another machine, and maybe no date at all. */
function dateText(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString()
}
