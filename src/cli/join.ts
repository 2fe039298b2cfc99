/**
 * `skein join <ticket>`: starts this machine's peer as a member of the ticket's mesh.
 */
import { defineCommand } from './command.ts'
import { peerFlags } from './peer-flags.ts'
import { runPeer } from './run-peer.ts'

export const join = defineCommand({
  name: 'join',
  summary: 'Start this machine as a member of the mesh that gave out the ticket.',
  words: [{ name: 'ticket', meaning: 'What `skein up` or `skein invite` printed: skein1…' }],
  flags: peerFlags,
  notes: ['Later starts of the same data folder need no ticket: `skein up`.'],
  run: ({ flags, words: [ticket = ''] }, io, deps) =>
    runPeer({ type: 'join', ticket }, flags, io, deps),
})
