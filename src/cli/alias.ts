/**
 * `skein alias`: names that clients ask for, and the models behind them.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand, usageError } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { kindPath, resourcePath } from './policy-path.ts'
import { changesAnswer, resourceList } from './policy-wire.ts'
import { showChanges } from './show-changes.ts'
import { table } from './table.ts'

const WEIGHT_MAX = 10_000

const nameWord = { name: 'name', meaning: 'What clients ask for; it hides a model of that name.' }

interface Target {
  readonly model: string
  readonly weight?: number
}

/** `MODEL:90`. Names of models have colons too, but seldom end in one and digits alone. */
function targetOf(word: string): Target {
  const [, model, digits] = /^(.+):(\d+)$/.exec(word) ?? []
  if (model === undefined) return { model: word }
  const weight = Number(digits)
  if (weight <= WEIGHT_MAX) return { model, weight }
  throw usageError(`expected a weight from 0 to ${WEIGHT_MAX}, found ${digits} in ${word}`)
}

export const aliasSet = defineCommand({
  name: 'alias set',
  summary: 'Say which models are behind a name that clients ask for.',
  words: [
    nameWord,
    {
      name: 'target',
      isRepeated: true,
      meaning: 'A model or another alias, and its share of the requests: `llama-3.1-8b:90`.',
    },
  ],
  flags: {
    variant: {
      type: 'string',
      multiple: true,
      value: 'MODEL',
      meaning:
        'A smaller variant of the target, the best first: serves what no peer can begin at once with a larger one, and the answer says so.',
    },
    fallback: {
      type: 'string',
      multiple: true,
      value: 'MODEL',
      meaning: 'Tried when the chosen target cannot serve, in the order given.',
    },
    ...clientFlags,
  },
  notes: [
    'Without a weight a target has 100. For a model whose own name ends in a colon and digits, give the weight too: `phi:14:100`.',
  ],

  async run({ flags, words: [name = '', ...targets] }, io) {
    const { variant: variants, fallback: fallbacks } = flags
    // A peer of an earlier release knows no variants.
    const some = variants.length > 0 ? { variants } : {}
    const spec = { targets: targets.map(targetOf), ...some, fallbacks }
    const request = { method: 'PUT', path: resourcePath('aliases', name), body: { spec } } as const
    const answer = await createClient(io, flags).send(request, changesAnswer)
    showChanges(io, answer, { isJson: flags.json, asked: [{ kind: 'aliases', name }] })
    return 0
  },
})

export const aliasList = defineCommand({
  name: 'alias list',
  summary: 'List the aliases and what is behind them.',
  flags: clientFlags,

  async run({ flags }, io) {
    const { items } = await createClient(io, flags).get(kindPath('aliases'), resourceList)
    if (flags.json) writeJson(io, { aliases: items })
    else {
      const rows = items.map(({ name, spec }) => [
        name,
        targetText(spec['targets']),
        namesText(spec['variants']),
        namesText(spec['fallbacks']),
      ])
      for (const line of table(['ALIAS', 'TARGETS', 'VARIANTS', 'FALLBACKS'], rows))
        writeLine(io, line)
    }
    return 0
  },
})

function namesText(names: unknown): string {
  return Array.isArray(names) ? names.map(String).join(', ') || '-' : '-'
}

function targetText(targets: unknown): string {
  if (!Array.isArray(targets)) return '-'
  return targets
    .map((target: Partial<Target> | null) => `${target?.model}:${target?.weight}`)
    .join(', ')
}

export const aliasDelete = defineCommand({
  name: 'alias delete',
  summary: 'Remove an alias.',
  words: [nameWord],
  flags: clientFlags,

  async run({ flags, words: [name = ''] }, io) {
    const request = { method: 'DELETE', path: resourcePath('aliases', name) } as const
    const answer = await createClient(io, flags).send(request, changesAnswer)
    showChanges(io, answer, { isJson: flags.json })
    return 0
  },
})
