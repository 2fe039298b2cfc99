/**
 * `skein models`: what the mesh can be asked for, and on how many peers.
 */
import { clientFlags, createClient } from './client.ts'
import { defineCommand } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { table } from './table.ts'
import { type ModelLine, modelList } from './wire.ts'

const HEADERS = ['MODEL', 'PEERS', 'STATE', 'ENGINE', 'CONTEXT', 'CAN', 'NOTE']

export const models = defineCommand({
  name: 'models',
  summary: 'List the models that the mesh serves.',
  flags: clientFlags,

  async run({ flags }, io) {
    const answer = await createClient(io, flags).get('/mesh/v1/models', modelList)
    const sorted = answer.models.toSorted((a, b) => a.id.localeCompare(b.id))
    if (flags.json) {
      writeJson(io, { models: sorted })
      return 0
    }
    const rows = sorted.map(({ id, facts, peers, unready }) => [
      id,
      String(peers.length),
      stateText({ peers, unready }),
      facts.engine,
      facts.contextTokens === 0 ? '-' : String(facts.contextTokens),
      facts.capabilities.join(', '),
      facts.caution ?? '',
    ])
    for (const line of table(HEADERS, rows)) writeLine(io, line)
    if (rows.length === 0) io.complain('hint: no peer serves a model yet; see `skein nodes`.')
    return 0
  },
})

/** `ready` if any peer can answer at once; else the one that is nearest to it. */
function stateText({ peers, unready = [] }: Pick<ModelLine, 'peers' | 'unready'>): string {
  const readyCount = peers.length - unready.length
  if (unready.length === 0) return 'ready'
  if (readyCount > 0) return `ready on ${readyCount}`
  const [nearest] = unready.toSorted((a, b) => (a.readyInMs ?? FAR_MS) - (b.readyInMs ?? FAR_MS))
  if (nearest === undefined) return 'ready'
  const { state, progressRatio, readyInMs } = nearest
  const progress = progressRatio === undefined ? [] : [`${Math.round(progressRatio * 100)} %`]
  const time = readyInMs === undefined ? [] : [`${Math.ceil(readyInMs / 1_000)} s`]
  return [state, ...progress, ...time].join(', ')
}

/** Of one that does not say when it is ready. */
const FAR_MS = Number.MAX_SAFE_INTEGER
