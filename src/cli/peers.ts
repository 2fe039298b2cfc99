/**
 * `skein peers`: who belongs to the mesh, and who is cut off from it.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { nodePath, nodeWord } from './drain.ts'
import { findNode, knownNodes } from './find-node.ts'
import { writeJson, writeLine } from './io.ts'
import { complainOfMalformed } from './malformed-nodes.ts'
import { labelText } from './policy-get.ts'
import { kindPath } from './policy-path.ts'
import { changesAnswer, resourceList } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'
import { shortPeer, table } from './table.ts'
import { nodeList } from './wire.ts'

const HEADERS = ['NAME', 'PEER', 'STATUS', 'ROLE', 'ADMITTED BY', 'ADMITTED AT', 'LABELS']

interface PeerLine {
  readonly peer: string
  readonly name: string
  readonly status: string
  readonly role: string
  readonly admittedBy: string
  readonly admittedAtMs: number | null
  readonly labels: Readonly<Record<string, string>>
}

function row({ peer, name, status, role, admittedBy, admittedAtMs, labels }: PeerLine) {
  const at = new Date(admittedAtMs ?? Number.NaN)
  return [
    name || '-',
    shortPeer(peer),
    status,
    role,
    admittedBy,
    Number.isNaN(at.getTime()) ? '-' : at.toISOString(),
    labelText(labels),
  ]
}

export const peersList = defineCommand({
  name: 'peers list',
  summary: 'List who belongs to the mesh, and who is denied.',
  flags: clientFlags,
  notes: ['STATUS is that of `skein nodes`; `never seen` if the asked peer has not heard of it.'],

  async run({ flags }, io) {
    const client = createClient(io, flags)
    const [roster, denied, { nodes, malformed }] = await Promise.all([
      client.get(kindPath('roster'), resourceList),
      client.get(kindPath('denied'), resourceList),
      client.get('/mesh/v1/nodes', nodeList),
    ])
    complainOfMalformed(io, malformed)
    const seen = new Map(nodes.map(node => [node.peer, node]))
    const nameOf = (peer: string) => seen.get(peer)?.facts?.name ?? ''
    const members = roster.items.map(({ name: peer, spec, labels }): PeerLine => {
      const { role, admittedBy, admittedAtMs } = spec
      return {
        peer,
        name: nameOf(peer),
        status: seen.get(peer)?.status ?? 'never seen',
        role: String(role ?? '-'),
        admittedBy: String(admittedBy ?? '-'),
        admittedAtMs: typeof admittedAtMs === 'number' ? admittedAtMs : null,
        labels,
      }
    })
    const cutOff = denied.items.map(({ name: peer, spec }) => ({
      peer,
      name: nameOf(peer),
      reason: String(spec['reason'] ?? ''),
    }))
    if (flags.json) {
      writeJson(io, { members, denied: cutOff })
      return 0
    }
    for (const line of table(HEADERS, members.map(row))) writeLine(io, line)
    if (cutOff.length === 0) return 0
    const rows = cutOff.map(({ peer, name, reason }) => [name || '-', peer, reason || '-'])
    writeLine(io)
    for (const line of table(['DENIED', 'PEER', 'REASON'], rows)) writeLine(io, line)
    return 0
  },
})

export const peersDeny = defineCommand({
  name: 'peers deny',
  summary: 'Cut a peer off everywhere, for good.',
  words: [nodeWord],
  flags: {
    reason: { type: 'string', value: 'TEXT', meaning: 'Why, for whoever wonders.' },
    ...clientFlags,
  },
  notes: ['`skein peers admit` takes it back: it may join again then, with a new ticket.'],

  async run({ flags, words: [word = ''] }, io) {
    const client = createClient(io, flags)
    const { peer } = findNode(await knownNodes(client), word)
    const body = flags.reason === undefined ? {} : { reason: flags.reason }
    const answer = await client.post(nodePath(peer, 'deny'), body, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

export const peersAdmit = defineCommand({
  name: 'peers admit',
  summary: 'Take a peer off the deny-list, so that it may join again.',
  words: [{ ...nodeWord, meaning: 'Its id, or enough of the beginning or end of it.' }],
  flags: clientFlags,

  async run({ flags, words: [word = ''] }, io) {
    const client = createClient(io, flags)
    const { items } = await client.get(kindPath('denied'), resourceList)
    const denied = items.map(({ name }) => ({ peer: name, name: '' }))
    const { peer } = findNode(denied, word)
    const answer = await client.post(nodePath(peer, 'admit'), {}, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})
