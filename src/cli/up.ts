/**
 * `skein up`: starts this machine's peer and, if it belongs to no mesh yet, a new mesh.
 */
import { defineCommand } from './command.ts'
import { peerFlags } from './peer-flags.ts'
import { runPeer } from './run-peer.ts'

export const up = defineCommand({
  name: 'up',
  summary: 'Start this machine: go on with its mesh, or begin a new one.',
  flags: peerFlags,
  notes: ['Every other option: docs/reference/config.md. What is in effect: `skein config show`.'],
  run: ({ flags }, io, deps) => runPeer({ type: 'up' }, flags, io, deps),
})
