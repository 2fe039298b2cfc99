/**
 * `skein raft recover` and `skein raft forget`: for a mesh that has lost the majority of its voters
 * for good. They work on the data folder of a peer that is stopped, never on one that runs.
 */
import { MeshError } from '../core/errors.ts'
import type { KeptAgreement } from '../node/consensus/recovery.ts'
import type { StoppedPeer } from '../node/recover-mesh.ts'
import { defineCommand, type FlagValues } from './command.ts'
import { type CliDeps, type Io, writeJson, writeLine } from './io.ts'
import { configSources, peerFlags } from './peer-flags.ts'
import { commandName } from './shell-word.ts'
import { safeText, table } from './table.ts'

const CONSENT = 'i-understand-that-unconfirmed-changes-are-lost'

const folderFlags = {
  'data-dir': peerFlags['data-dir'],
  json: { type: 'boolean', meaning: 'JSON for programs instead of text for people.' },
} as const

/** The folder as `skein up` would find it. @throws MeshError as `openStoppedPeer`. */
async function open(
  flags: FlagValues<typeof folderFlags>,
  io: Io,
  deps: CliDeps,
): Promise<StoppedPeer> {
  const { entries } = deps.configure(configSources({ 'data-dir': flags['data-dir'] }, io))
  const dataDir = entries.find(({ key }) => key === 'node.dataDir')?.value
  // Only these two commands need so much of a peer.
  const { openStoppedPeer } = await import('../node/recover-mesh.ts')
  return await openStoppedPeer(String(dataDir))
}

export const raftRecover = defineCommand({
  name: 'raft recover',
  summary: 'Offline: let a stopped peer go on alone after the majority of the voters is lost.',
  flags: {
    ...folderFlags,
    [CONSENT]: {
      type: 'boolean',
      meaning:
        'Do it without asking. Else it shows what there is, and asks for the id of the mesh.',
    },
  },
  notes: [
    'What begins is another mesh, with the policy that this peer has: nobody of the old one can take part in it without joining anew, so that old voters that come back change nothing here. Read docs/guide/operate.md first.',
    'Without consent nothing is changed: `skein raft recover < /dev/null` only shows what would be.',
  ],

  async run({ flags }, io, deps) {
    const peer = await open(flags, io, deps)
    try {
      const kept = await peer.readKept()
      if (!flags.json) showKept(peer, kept, io)
      if (!flags[CONSENT]) await requireConsent(peer.memory.meshId, io)
      const meshId = await peer.recover(io.wallMs())
      if (flags.json) writeJson(io, { ...factsOf(peer, kept), newMeshId: meshId })
      else showDone(meshId, io)
      return 0
    } finally {
      await peer.close()
    }
  },
})

function factsOf(
  { self, memory }: StoppedPeer,
  { term, commitIndex, lastIndex, voters }: KeptAgreement,
) {
  return { peer: self, meshId: memory.meshId, term, commitIndex, lastIndex, voters }
}

function showKept(peer: StoppedPeer, kept: KeptAgreement, io: Io): void {
  const { self, memory } = peer
  const { term, commitIndex, lastIndex, voters } = kept
  const unsure = lastIndex - commitIndex
  const rows = [
    ['MESH', memory.meshId],
    ['PEER', self],
    ['TERM', String(term)],
    ['AGREED', `up to ${commitIndex}`],
    [
      'LAST',
      unsure > 0
        ? `${lastIndex}: ${unsure} that may not be agreed on are kept too`
        : String(lastIndex),
    ],
    ...voters.map(({ node, peer: voter }) => [
      'VOTER',
      `${voter ?? `node ${node}`}${voter === self ? ' (this peer)' : ''}`,
    ]),
  ]
  for (const line of table(['', ''], rows).slice(1)) writeLine(io, safeText(line))
  io.complain('Lost is what the other voters agreed on and this peer has not. Compare AGREED and')
  io.complain('LAST with the other peers that are left, and recover the one with the highest.')
  io.complain('The other voters must be stopped, and must not be started again as they are.')
}

/** @throws MeshError ERR_USAGE. */
async function requireConsent(meshId: string, io: Io): Promise<void> {
  io.complain(`To go on, type the id of the mesh that is given up: ${meshId}`)
  for await (const line of io.lines('> ')) {
    if (line.trim() === meshId) return
    throw refused('another text')
  }
  throw refused('no more input')
}

function refused(found: string): MeshError {
  return new MeshError(`expected the id of the mesh, found ${found}; nothing was changed`, {
    code: 'ERR_USAGE',
    hint: `A script says --${CONSENT} instead.`,
  })
}

function showDone(meshId: string, io: Io): void {
  const skein = commandName(io.variables)
  writeLine(io, `This peer is now the only voter of the mesh ${meshId}.`)
  writeLine(
    io,
    `1. Start it: ${skein} up. The rest of its mesh is empty; make a ticket: ${skein} invite`,
  )
  writeLine(io, `2. On each other peer that is left, stopped: ${skein} raft forget`)
  writeLine(
    io,
    `3. There: ${skein} join TICKET. It keeps its identity, and its place in the roster.`,
  )
}

export const raftForget = defineCommand({
  name: 'raft forget',
  summary: 'Offline: let a stopped peer leave its mesh, so that it can join another.',
  flags: folderFlags,
  notes: [
    'Its identity stays, and its log is put aside when it joins. For the peers that are left after `skein raft recover` on one of them. A voter of a mesh that lives on is demoted first: `skein raft demote`.',
  ],

  async run({ flags }, io, deps) {
    const peer = await open(flags, io, deps)
    try {
      const { meshId, peers } = peer.memory
      await peer.forgetOthers()
      if (flags.json) writeJson(io, { peer: peer.self, meshId, forgotten: peers.length })
      else
        writeLine(
          io,
          `It is free to leave the mesh ${meshId}: ${commandName(io.variables)} join TICKET`,
        )
      return 0
    } finally {
      await peer.close()
    }
  },
})
