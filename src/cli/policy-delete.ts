/**
 * `skein policy delete`: takes one resource out of the policy.
 */
import { isLastAdminKey, warnOfNoAdminKey } from './admin-keys.ts'
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { requireKind, resourcePath, wholeNumber } from './policy-path.ts'
import { changesAnswer } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'

export const policyDelete = defineCommand({
  name: 'policy delete',
  summary: 'Take a resource out of the policy.',
  words: [
    { name: 'kind', meaning: 'As `aliases`; `skein policy get` lists them.' },
    { name: 'name', meaning: 'Of the resource.' },
  ],
  flags: {
    revision: {
      type: 'string',
      value: 'N',
      meaning: 'Only if it is still at this revision.',
    },
    ...clientFlags,
  },

  async run({ flags, words: [kind = '', name = ''] }, io) {
    const max = Number.MAX_SAFE_INTEGER
    const revision = wholeNumber(flags.revision, { flag: '--revision', min: 1, max })
    const client = createClient(io, flags)
    await requireKind(client, kind)
    const headers = revision === undefined ? {} : { 'if-match': `"${revision}"` }
    const path = resourcePath(kind, name)
    const isLast = kind === 'keys' && (await isLastAdminKey(client, name, io.wallMs()))
    const answer = await client.send({ method: 'DELETE', path, headers }, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    if (isLast) warnOfNoAdminKey(io)
    return 0
  },
})
