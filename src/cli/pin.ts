/**
 * `skein pin` and `skein unpin`: which peers are to hold a model.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { findNode, knownNodes } from './find-node.ts'
import { labelsOf } from './policy-path.ts'
import { changesAnswer } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'

const modelWord = { name: 'model', meaning: 'As `skein models` lists it.' }

export const pin = defineCommand({
  name: 'pin',
  summary: 'Say which peers are to hold a model.',
  words: [modelWord],
  flags: {
    to: {
      type: 'string',
      multiple: true,
      value: 'NODE',
      meaning: 'A peer, by name or id: it is to hold the model, and peers not named may not.',
    },
    label: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      meaning: 'Only peers with this label may hold it.',
    },
    ...clientFlags,
  },

  async run({ flags, words: [model = ''] }, io) {
    const labels = labelsOf(flags.label)
    if (flags.to.length === 0 && flags.label.length === 0) {
      throw usageError('`skein pin` needs --to NODE or --label NAME=VALUE')
    }
    const client = createClient(io, flags)
    const nodes = flags.to.length === 0 ? [] : await knownNodes(client)
    const peers = [...new Set(flags.to.map(word => findNode(nodes, word).peer))]
    const body = {
      ...(peers.length === 0 ? {} : { peers }),
      ...(flags.label.length === 0 ? {} : { labels }),
    }
    const answer = await client.post(modelPath(model, 'pin'), body, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

export const unpin = defineCommand({
  name: 'unpin',
  summary: 'Let any peer hold a model again.',
  words: [modelWord],
  flags: clientFlags,

  async run({ flags, words: [model = ''] }, io) {
    const client = createClient(io, flags)
    const answer = await client.post(modelPath(model, 'unpin'), {}, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})

/** Names of models have slashes and colons. */
function modelPath(model: string, verb: 'pin' | 'unpin'): string {
  return `/mesh/v1/models/${encodeURIComponent(model)}:${verb}`
}
