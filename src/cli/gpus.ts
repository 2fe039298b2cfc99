/**
 * `skein gpus`: the GPUs of all peers, and what is wrong with them.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { complainOfMalformed } from './malformed-nodes.ts'
import { table } from './table.ts'
import { type GpuLine, type NodeLine, nodeList } from './wire.ts'

const HEADERS = ['NODE', 'GPU', 'STATE', 'MEMORY', 'BUSY', 'HEAT', 'POWER', 'UUID']

const GIBIBYTE = 1_073_741_824

/** `undefined`: not told. */
const shown = (value: number | undefined, unit: string) =>
  value === undefined ? '-' : `${Math.round(value)} ${unit}`

const gibibytes = (bytes: number) => (bytes / GIBIBYTE).toFixed(1)

function stateOf({ isFaulty, isThrottled, faults = [] }: GpuLine): string {
  if (isFaulty) return `quarantined: ${faults.join('; ') || 'no reason told'}`
  return isThrottled ? 'throttled' : 'ok'
}

function row({ peer, facts }: NodeLine, gpu: GpuLine): readonly string[] {
  return [
    facts?.name ?? peer,
    gpu.name,
    stateOf(gpu),
    `${gibibytes(gpu.vramUsedBytes)} of ${gibibytes(gpu.vramTotalBytes)} GiB`,
    shown(gpu.utilizationRatio * 100, '%'),
    shown(gpu.temperatureCelsius, '°C'),
    shown(gpu.powerWatts, 'W'),
    gpu.uuid ?? '-',
  ]
}

export const gpus = defineCommand({
  name: 'gpus',
  summary: 'List the GPUs of the mesh, and why any must not be used.',
  flags: clientFlags,
  notes: [
    'A peer with a quarantined GPU gets no requests for what runs on it.',
    'What the asked peer knows of its own GPUs beyond this is in `skein nodes --json`, at `gpus`.',
  ],

  async run({ flags }, io) {
    const client = createClient(io, flags)
    const { nodes, malformed } = await client.get('/mesh/v1/nodes', nodeList)
    complainOfMalformed(io, malformed)
    // Of a peer that is gone we have the last numbers, which say nothing any more.
    const here = nodes
      .filter(({ status }) => status === 'alive' || status === 'suspect')
      .toSorted((a, b) => a.peer.localeCompare(b.peer))
    if (flags.json) {
      writeJson(io, { nodes: here.map(({ peer, load }) => ({ peer, gpus: load.gpus })) })
      return 0
    }
    const rows = here.flatMap(node => node.load.gpus.map(gpu => row(node, gpu)))
    if (rows.length === 0) io.complain('no peer tells of a GPU')
    else for (const line of table(HEADERS, rows)) writeLine(io, line)
    return 0
  },
})
