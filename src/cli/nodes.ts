/**
 * `skein nodes`: the peers of the mesh as one of them sees them.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { shortPeer, showMs, table } from './table.ts'
import { type NodeLine, nodeList } from './wire.ts'

const HEADERS = ['NAME', 'PEER', 'STATUS', 'ZONE', 'MODELS', 'QUEUED', 'RUNNING', 'AGE', 'LINK']

function link({ isSelf, isConnected }: NodeLine): string {
  if (isSelf) return 'self'
  return isConnected ? 'open' : 'none'
}

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
    showMs(node.loadAgeMs),
    link(node),
  ]
}

export const nodes = defineCommand({
  name: 'nodes',
  summary: 'List the peers of the mesh and how busy they are.',
  flags: clientFlags,
  notes: ['AGE is how old the numbers are that the asked peer has of that peer.'],

  async run({ flags }, io) {
    const { nodes: found } = await createClient(io, flags).get('/mesh/v1/nodes', nodeList)
    const sorted = found.toSorted((a, b) => a.peer.localeCompare(b.peer))
    if (flags.json) writeJson(io, { nodes: sorted })
    else for (const line of table(HEADERS, sorted.map(row))) writeLine(io, line)
    return 0
  },
})
