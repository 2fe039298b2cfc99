/**
 * `skein why <id>`: why a request went where it went.
 */
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { explain, type PeerNames } from './explain.ts'
import { writeJson, writeLine } from './io.ts'
import { decisionRecord, nodeList } from './wire.ts'

/** The names of the peers, as the asked one knows them. */
async function peerNames(client: Client): Promise<PeerNames> {
  const { nodes } = await client.get('/mesh/v1/nodes', nodeList)
  return new Map(nodes.flatMap(({ peer, facts }) => (facts ? [[peer, facts.name]] : [])))
}

export const why = defineCommand({
  name: 'why',
  summary: 'Explain why a request went where it went.',
  words: [
    {
      name: 'id',
      meaning: 'Decision id: the header x-skein-decision of every answer and refusal.',
    },
  ],
  flags: clientFlags,
  notes: ['Ask the peer that took the request; each keeps its latest decisions.'],

  async run({ flags, words: [id = ''] }, io) {
    const client = createClient(io, flags)
    const path = `/mesh/v1/decisions/${encodeURIComponent(id)}`
    const decision = await client.get(path, decisionRecord)
    if (flags.json) {
      writeJson(io, decision)
      return 0
    }
    for (const line of explain(decision, await peerNames(client))) writeLine(io, line)
    return 0
  },
})
