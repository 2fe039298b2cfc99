/**
 * `skein models`: what the mesh can be asked for, and on how many peers.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { table } from './table.ts'
import { modelList } from './wire.ts'

const HEADERS = ['MODEL', 'PEERS', 'ENGINE', 'CONTEXT', 'CAN', 'NOTE']

export const models = defineCommand({
  name: 'models',
  summary: 'List the models that the mesh serves.',
  flags: clientFlags,

  async run({ flags }, io) {
    const answer = await createClient(io, flags).get('/mesh/v1/models', modelList)
    const sorted = answer.models.toSorted((a, b) => a.id.localeCompare(b.id))
    if (flags.json) {
      writeJson(io, { models: sorted })
      return 0
    }
    const rows = sorted.map(({ id, facts, peers }) => [
      id,
      String(peers.length),
      facts.engine,
      facts.contextTokens === 0 ? '-' : String(facts.contextTokens),
      facts.capabilities.join(', '),
      facts.caution ?? '',
    ])
    for (const line of table(HEADERS, rows)) writeLine(io, line)
    if (rows.length === 0) io.complain('hint: no peer serves a model yet; see `skein nodes`.')
    return 0
  },
})
