/**
 * `skein sim calibrate`: a scenario like the mesh that runs, from what its peers tell and what its
 * requests measured.
 */
import { dirname, relative } from 'node:path'
import type { Sampled, Traffic } from '../../../sim/calibrate/calibrated-scenario.ts'
import type { ServingEngine } from '../../../sim/calibrate/engine-groups.ts'
import type { MeasuredRequest } from '../../../sim/calibrate/observations.ts'
import { MeshError } from '../../core/errors.ts'
import { type Client, clientFlags, createClient } from '../client.ts'
import { defineCommand } from '../command.ts'
import { type Io, writeLine } from '../io.ts'
import { wholeNumber } from '../policy-path.ts'
import { commandName, shellWord } from '../shell-word.ts'
import { decisionList, type NodeLine, nodeList } from '../wire.ts'
import { ServedFollower } from './follow-served.ts'
import { probe } from './probe.ts'
import { GENERATING, measuredOf, newSalt, traceRow } from './record.ts'

const PROBES_MIN = 24
const PROBES_MAX = 10_000

const FILE_DEFAULT = 'calibrated.yaml'

/** Longer than any request that is kept. */
const EVER_WALL_MS = 8.64e15

const { json: _, ...askFlags } = clientFlags

export const simCalibrate = defineCommand({
  name: 'sim calibrate',
  summary: 'Write a scenario like the mesh that runs, with the speeds that it measured.',
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      meaning: `Where to; - is stdout. Default: ${FILE_DEFAULT}.`,
    },
    trace: {
      type: 'string',
      value: 'FILE',
      meaning: 'Recording of `skein sim record`: the traffic of the scenario, and times to fit to.',
    },
    probe: {
      type: 'string',
      value: 'N',
      meaning: 'First send so many small requests for each model, and fit to them too.',
    },
    ...askFlags,
  },
  notes: [
    'Beside each number stands whether it was measured or assumed. Speeds are fitted to the times of streamed requests that the peers still know, at least 16 for each kind of engine; with fewer, they are the rates that the peers tell.',
    'Probes are real requests: they cost what requests cost, and need a key with the role operator where keys are needed, as everything here does.',
    'A file that is there already stays as it is.',
  ],

  async run({ flags }, io) {
    const count = wholeNumber(flags.probe, { flag: '--probe', min: PROBES_MIN, max: PROBES_MAX })
    const client = createClient(io, flags)
    const path = flags.output ?? FILE_DEFAULT
    const { calibratedScenario } = await import('../../../sim/calibrate/calibrated-scenario.ts')
    const { parseScenario } = await import('../../../sim/scenario/parse.ts')
    const { writeNew } = await import('./output-folder.ts')
    const { readRecording } = await import('./recording.ts')
    const before = await observe(client, io)
    if (count !== undefined) await probeAll(client, before.nodes, { count, io })
    const seen = count === undefined ? before : await observe(client, io)
    const recorded = flags.trace === undefined ? undefined : readRecording(flags.trace)
    const { nodes } = seen
    const engines = enginesOf(nodes)
    if (engines.length === 0) throw nothingServed()
    const file = flags.trace === undefined ? '' : relativeTo(path, flags.trace)
    const traffic: Traffic =
      recorded === undefined
        ? before.traffic
        : { type: 'trace', file, durationMs: recorded.durationMs }
    const text = calibratedScenario({
      ...{ name: 'calibrated', engines, traffic },
      recordings: [
        ...(recorded === undefined ? [] : [recorded.requests]),
        // Of a recording that is new the peers know the same requests.
        ...(recorded === undefined || count !== undefined ? [seen.requests] : []),
      ],
      ...roundTripsOf(nodes),
      ingressCount: recorded?.ingressCount ?? nodes.length,
      strategy: await strategyOf(client),
    })
    parseScenario(text, path)
    if (path === '-') {
      io.write(text)
      return 0
    }
    writeNew(path, text)
    writeLine(io, `Written: ${path}`)
    writeLine(io, `Run it:  ${commandName(io.variables)} sim run ${shellWord(path)}`)
    return 0
  },
})

interface Observed {
  /** Those that are alive. */
  readonly nodes: readonly NodeLine[]
  readonly requests: readonly MeasuredRequest[]
  readonly traffic: Traffic
}

async function observe(client: Client, io: Io): Promise<Observed> {
  const { nodes } = await client.get('/mesh/v1/nodes', nodeList)
  const follower = new ServedFollower({ client, io, salt: newSalt() })
  await follower.poll()
  for (const { peer, reason } of follower.gaps(EVER_WALL_MS)) {
    if (reason.startsWith('ERR_')) io.complain(`${peer} does not tell what it served: ${reason}`)
  }
  const rows = follower
    .requests(0, EVER_WALL_MS)
    .filter(({ endpoint }) => GENERATING.has(endpoint))
    .map(each => traceRow(each, 0))
  const requests = rows.flatMap(measuredOf)
  const traffic: Traffic = rows.length === 0 ? { type: 'unknown' } : sampleOf(rows)
  return { nodes: nodes.filter(({ status }) => status === 'alive'), requests, traffic }
}

type Row = ReturnType<typeof traceRow>

function sampleOf(rows: readonly Row[]): Traffic {
  const durationMs = (rows.at(-1)?.atMs ?? 0) - (rows[0]?.atMs ?? 0)
  const requests: readonly Sampled[] = rows
  return { type: 'sample', durationMs, requests }
}

/** All models that are asked for tokens and run here. */
function enginesOf(nodes: readonly NodeLine[]): readonly ServingEngine[] {
  return nodes.flatMap(({ peer, facts, load }) =>
    (facts?.models ?? [])
      .filter(({ price, capabilities }) => {
        const makesTokens = capabilities.includes('chat') || capabilities.includes('completion')
        return price === undefined && makesTokens
      })
      .map(({ id, parallelMax, contextTokens }) => {
        const rates = load.models.find(({ model }) => model === id)
        return {
          ...{ peer, zone: facts?.zone ?? '', model: id, parallelMax, contextTokens },
          gpus: load.gpus.map(({ name }) => name),
          vramBytes: load.gpus.reduce((sum, { vramTotalBytes }) => sum + vramTotalBytes, 0),
          prefillTokensPerSecond: rates?.prefillTokensPerSecond ?? 0,
          decodeTokensPerSecond: rates?.decodeTokensPerSecond ?? 0,
        }
      }),
  )
}

function roundTripsOf(nodes: readonly NodeLine[]) {
  const ownZone = nodes.find(({ isSelf }) => isSelf)?.facts?.zone
  const others = nodes.filter(({ isSelf, rttMs }) => !isSelf && rttMs !== undefined)
  const rtts = (isOwn: boolean) =>
    others
      .filter(({ facts }) => (facts?.zone === ownZone) === isOwn)
      .flatMap(({ rttMs }) => rttMs ?? [])
  return { intraRttsMs: rtts(true), interRttsMs: rtts(false) }
}

async function probeAll(
  client: Client,
  nodes: readonly NodeLine[],
  { count, io }: { readonly count: number; readonly io: Io },
): Promise<void> {
  const engines = enginesOf(nodes)
  for (const model of new Set(engines.map(each => each.model))) {
    const contexts = engines.filter(each => each.model === model).map(each => each.contextTokens)
    io.complain(`Sending ${count} small requests for ${model}.`)
    const plan = { model, count, contextTokens: Math.min(...contexts) }
    await probe(client, plan, drawOne)
  }
}

function drawOne(): number {
  const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
  return word / 2 ** 32
}

/** By the latest decision. */
async function strategyOf(client: Client) {
  const { CONTESTANTS } = await import('../../../sim/scenario/scenario.ts')
  const { decisions } = await client.get('/mesh/v1/decisions?limit=1', decisionList)
  return CONTESTANTS.find(each => each === decisions[0]?.strategy) ?? 'mesh'
}

function relativeTo(scenario: string, trace: string): string {
  return scenario === '-' ? trace : relative(dirname(scenario), trace)
}

function nothingServed(): MeshError {
  return new MeshError('expected a mesh that serves a language model, found none', {
    code: 'ERR_NO_CAPACITY',
    hint: '`skein models` lists what is served.',
  })
}
