/**
 * `skein version`: which version this is, and what runs it.
 */
import { VERSION } from '../node/version.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'

export const version = defineCommand({
  name: 'version',
  summary: 'Print the version.',
  flags: { json: { type: 'boolean', meaning: 'JSON for programs instead of text for people.' } },

  async run({ flags }, io) {
    const node = process.versions.node
    if (flags.json) writeJson(io, { version: VERSION, node })
    else writeLine(io, `skein ${VERSION} (Node ${node})`)
    return 0
  },
})
