/**
 * `skein drain` and `skein undrain`: a drained peer finishes what it has and gets nothing new, on
 * every peer of the mesh and across restarts.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { findNode, knownNodes } from './find-node.ts'
import { changesAnswer } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'

export const nodeWord = {
  name: 'node',
  meaning: 'A peer: its name, its id, or enough of the beginning or end of the id.',
}

export const drain = defineCommand({
  name: 'drain',
  summary: 'Give a peer nothing new, so that it can be stopped.',
  words: [nodeWord],
  flags: {
    reason: { type: 'string', value: 'TEXT', meaning: 'Why, for whoever wonders.' },
    ...clientFlags,
  },
  notes: ['It stays drained when it is started again, until `skein undrain`.'],

  async run({ flags, words: [word = ''] }, io) {
    const client = createClient(io, flags)
    const { peer } = findNode(await knownNodes(client), word)
    const body = flags.reason === undefined ? {} : { reason: flags.reason }
    const answer = await client.post(nodePath(peer, 'drain'), body, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

export const undrain = defineCommand({
  name: 'undrain',
  summary: 'Give a drained peer work again.',
  words: [nodeWord],
  flags: clientFlags,

  async run({ flags, words: [word = ''] }, io) {
    const client = createClient(io, flags)
    const { peer } = findNode(await knownNodes(client), word)
    const answer = await client.post(nodePath(peer, 'undrain'), {}, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

export function nodePath(peer: string, verb: 'drain' | 'undrain' | 'deny' | 'admit'): string {
  return `/mesh/v1/nodes/${encodeURIComponent(peer)}:${verb}`
}
