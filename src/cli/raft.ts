/**
 * `skein raft`: who decides in the mesh, and how it is changed by hand. Seldom needed: the mesh
 * chooses its voters itself.
 */
import { type Client, clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { nodeWord } from './drain.ts'
import { findNode, knownNodes } from './find-node.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { anyAnswer, type RaftLine, raftView } from './policy-wire.ts'
import { safeText, shortPeer, showMs, table } from './table.ts'

export const raftStatus = defineCommand({
  name: 'raft status',
  summary: 'Show who votes, who leads, and how current the asked peer is.',
  flags: clientFlags,
  notes: [
    'STALE is how long the asked peer has known no leader with a majority. Its policy may be old since then, and changes are refused.',
  ],

  async run({ flags }, io) {
    const client = createClient(io, flags)
    const view = await client.get('/mesh/v1/raft', raftView)
    if (flags.json) {
      writeJson(io, view)
      return 0
    }
    const nodes = await knownNodes(client)
    const nameOf = (peer: string | null | undefined) => {
      if (peer === null || peer === undefined) return 'none'
      const name = nodes.find(node => node.peer === peer)?.name ?? ''
      return name === '' ? shortPeer(peer) : `${name} (${shortPeer(peer)})`
    }
    showStatus(view, nameOf, io)
    return 0
  },
})

type NameOf = (peer: string | null | undefined) => string

function showStatus(view: RaftLine, nameOf: NameOf, io: Io): void {
  const { role, node, term, leader, lastLeader, hash } = view
  const last = leader == null && lastLeader != null ? `, last ${nameOf(lastLeader)}` : ''
  const facts = [
    ['ROLE', `${role}, node ${node}`],
    ['TERM', String(term)],
    ['LEADER', `${nameOf(leader)}${last}`],
    ['LOG', `${view.firstIndex} to ${view.lastIndex}`],
    ['COMMITTED', `${view.commitIndex}, applied ${view.appliedIndex}`],
    ['HASH', hash?.slice(0, 12) ?? '-'],
    [
      'STALE',
      view.staleSince == null ? 'no' : `${showMs(view.staleForMs)}, since ${view.staleSince}`,
    ],
    ...(view.isJoint ? [['VOTERS', 'being changed: the old and the new must both agree']] : []),
    ...(view.halted == null ? [] : [['HALTED', view.halted]]),
  ]
  for (const line of table(['', ''], facts).slice(1)) writeLine(io, line)
  writeLine(io)
  const progress = new Map(view.progress?.map(each => [each.node, each]))
  const rows = [
    ...view.voters.map(each => ({ ...each, part: 'voter' })),
    ...view.learners.map(each => ({ ...each, part: 'learner' })),
  ].map(({ part, peer, node: id, status }) => {
    const { state, matchIndex } = progress.get(id) ?? {}
    const has = matchIndex == null ? '-' : String(matchIndex)
    return [part, nameOf(peer), String(id), status ?? '-', state ?? '-', has]
  })
  for (const line of table(['PART', 'PEER', 'NODE', 'STATUS', 'STATE', 'HAS'], rows)) {
    writeLine(io, line)
  }
}

export const raftTransfer = defineCommand({
  name: 'raft transfer',
  summary: 'Let another voter lead, for example before the leader is stopped.',
  words: [{ ...nodeWord, isOptional: true, meaning: 'Who is to lead. Default: the mesh chooses.' }],
  flags: clientFlags,

  async run({ flags, words: [word] }, io) {
    const client = createClient(io, flags)
    const peer = word === undefined ? undefined : await peerOf(client, word)
    const body = peer === undefined ? {} : { peer }
    await client.post('/mesh/v1/raft:transfer', body, anyAnswer)
    done(io, { isJson: flags.json, did: 'asked to hand over', peer })
    return 0
  },
})

function changeOfVoters(verb: 'promote' | 'demote', summary: string) {
  return defineCommand({
    name: `raft ${verb}`,
    summary,
    words: [nodeWord],
    flags: clientFlags,
    notes: [
      'Only where persons choose the voters: `isAutomatic` of settings/voters is false. It is done once the peer has caught up; see `skein raft status`.',
    ],

    async run({ flags, words: [word = ''] }, io) {
      const client = createClient(io, flags)
      const peer = await peerOf(client, word)
      await client.post(`/mesh/v1/raft:${verb}`, { peer }, anyAnswer)
      done(io, { isJson: flags.json, did: `asked to ${verb}`, peer })
      return 0
    },
  })
}

export const raftPromote = changeOfVoters('promote', 'Make a peer a voter.')

export const raftDemote = changeOfVoters('demote', 'Take the vote from a peer.')

async function peerOf(client: Client, word: string): Promise<string> {
  return findNode(await knownNodes(client), word).peer
}

function done(
  io: Io,
  { isJson, did, peer }: { isJson: boolean; did: string; peer: string | undefined },
): void {
  if (isJson) writeJson(io, { done: did, peer })
  else writeLine(io, safeText(peer === undefined ? did : `${did}: ${peer}`))
}
