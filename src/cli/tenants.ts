/**
 * `skein tenants`: those whose keys share quotas and a place in the queue.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { kindPath, oneOf, resourcePath } from './policy-path.ts'
import { changesAnswer, resourceList } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'
import { table } from './table.ts'

const PRIORITIES = ['low', 'normal', 'high', 'critical'] as const

const nameWord = { name: 'name', meaning: 'Of the tenant: letters, digits, `.`, `_` or `-`.' }

export const tenantsCreate = defineCommand({
  name: 'tenants create',
  summary: 'Make a tenant, for keys and quotas to belong to.',
  words: [nameWord],
  flags: {
    priority: {
      type: 'string',
      value: PRIORITIES.join('|'),
      meaning: 'Place in the queue when not everything can be served. Default: normal.',
    },
    description: { type: 'string', value: 'TEXT', meaning: 'Who that is.' },
    ...clientFlags,
  },

  async run({ flags, words: [name = ''] }, io) {
    const priority = oneOf(flags.priority, { flag: '--priority', words: PRIORITIES })
    const { description } = flags
    const spec = {
      ...(priority === undefined ? {} : { priority }),
      ...(description === undefined ? {} : { description }),
    }
    const path = resourcePath('tenants', name)
    // One that is there already is not to be changed by mistake.
    const headers = { 'if-none-match': '*' }
    const request = { method: 'PUT', path, body: { spec }, headers } as const
    showChanges(io, await createClient(io, flags).send(request, changesAnswer), {
      isJson: flags.json,
    })
    return 0
  },
})

export const tenantsList = defineCommand({
  name: 'tenants list',
  summary: 'List the tenants.',
  flags: clientFlags,

  async run({ flags }, io) {
    const { items } = await createClient(io, flags).get(kindPath('tenants'), resourceList)
    if (flags.json) writeJson(io, { tenants: items })
    else {
      const rows = items.map(({ name, spec }) => [
        name,
        String(spec['priority'] ?? '-'),
        spec['isSuspended'] === true ? 'suspended' : 'active',
        String(spec['description'] ?? '') || '-',
      ])
      for (const line of table(['TENANT', 'PRIORITY', 'STATUS', 'DESCRIPTION'], rows)) {
        writeLine(io, line)
      }
    }
    return 0
  },
})

export const tenantsDelete = defineCommand({
  name: 'tenants delete',
  summary: 'Remove a tenant that no key or quota names any more.',
  words: [nameWord],
  flags: clientFlags,

  async run({ flags, words: [name = ''] }, io) {
    const path = resourcePath('tenants', name)
    const client = createClient(io, flags)
    const answer = await client.send({ method: 'DELETE', path }, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})
