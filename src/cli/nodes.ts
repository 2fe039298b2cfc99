/**
 * `skein nodes`: the peers of the mesh as one of them sees them.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { complainOfMalformed } from './malformed-nodes.ts'
import { shortPeer, showMs, table } from './table.ts'
import { type NodeLine, nodeList } from './wire.ts'

const HEADERS = [
  'NAME',
  'PEER',
  'STATUS',
  'ZONE',
  'MODELS',
  'QUEUED',
  'RUNNING',
  'RTT',
  'AGE',
  'PATH',
  'INCARNATION',
]

function row(node: NodeLine): readonly string[] {
  const { facts, load } = node
  // Of a peer that is gone we have the last numbers, which say nothing any more.
  const isGone = node.status === 'dead' || node.status === 'left'
  const sum = (count: 'queuedCount' | 'runningCount') =>
    isGone ? '-' : String(load.models.reduce((total, model) => total + model[count], 0))
  return [
    facts?.name ?? '-',
    shortPeer(node.peer),
    load.isDraining && !isGone ? `${node.status}, draining` : node.status,
    facts?.zone || '-',
    facts?.models.map(({ id }) => id).join(', ') || '-',
    sum('queuedCount'),
    sum('runningCount'),
    showMs(node.rttMs),
    showMs(node.ageMs),
    node.path,
    String(node.incarnation),
  ]
}

export const nodes = defineCommand({
  name: 'nodes',
  summary: 'List the peers of the mesh and how busy they are.',
  flags: clientFlags,
  notes: [
    'RTT is the round trip of the asked peer to that peer, AGE how old the numbers are that it has of it.',
    'PATH is how it reaches it: self, direct or none. INCARNATION is higher after every start of that peer.',
  ],

  async run({ flags }, io) {
    const client = createClient(io, flags)
    const { nodes: found, malformed } = await client.get('/mesh/v1/nodes', nodeList)
    const sorted = found.toSorted((a, b) => a.peer.localeCompare(b.peer))
    complainOfMalformed(io, malformed)
    if (flags.json) writeJson(io, { nodes: sorted })
    else for (const line of table(HEADERS, sorted.map(row))) writeLine(io, line)
    return 0
  },
})
