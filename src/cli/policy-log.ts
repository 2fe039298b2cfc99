/**
 * `skein policy log`: who changed what, when, and what became of it.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { wholeNumber } from './policy-path.ts'
import { type AuditLine, auditList } from './policy-wire.ts'
import { table } from './table.ts'

const HEADERS = ['INDEX', 'TIME', 'AUTHOR', 'ACTION', 'OUTCOME', 'WHAT']

/** The mesh remembers no more. */
const LIMIT_MAX = 4_096

function row({ index, atMs, author, action, outcome, items, moreCount }: AuditLine) {
  const named = items.map(({ kind, name, verb }) => `${verb} ${kind}/${name}`)
  const more = moreCount > 0 ? [`and ${moreCount} more`] : []
  const what = [...named, ...more].join(', ')
  return [String(index), new Date(atMs).toISOString(), author, action, outcome, what || '-']
}

export const policyLog = defineCommand({
  name: 'policy log',
  summary: 'Show who changed what in the policy, and when.',
  flags: {
    limit: {
      type: 'string',
      value: 'N',
      meaning: 'The latest N only, the newest first. Default: 100.',
    },
    ...clientFlags,
  },
  notes: [
    'Times are by the clock of the peer that took the command. Refused commands are in it too.',
  ],

  async run({ flags }, io) {
    const limit = wholeNumber(flags.limit, { flag: '--limit', min: 1, max: LIMIT_MAX }) ?? 100
    const { records } = await createClient(io, flags).get(
      `/mesh/v1/policy:log?limit=${limit}`,
      auditList,
    )
    if (flags.json) writeJson(io, { records })
    else for (const line of table(HEADERS, records.map(row))) writeLine(io, line)
    return 0
  },
})
