/**
 * A scenario like a mesh that runs: its engines with the speeds that were measured, its zones, and its
 * traffic. Beside each number that matters stands whether it was measured or assumed.
 */
import { Document, isMap } from 'yaml'
import type { Scenario, ScenarioInput } from '../scenario/scenario.ts'
import { type EngineGroup, groupEngines, type ServingEngine } from './engine-groups.ts'
import { type FittedSpeed, fitSpeed } from './fit-speed.ts'
import { type MeasuredRequest, observationsOf } from './observations.ts'

export interface CalibrationInput {
  readonly name: string
  readonly engines: readonly ServingEngine[]
  /** Streamed, of any peer. Each list by a clock of its own: those of two are not compared. */
  readonly recordings: readonly (readonly MeasuredRequest[])[]
  /** Between peers of one zone, and of two, as the asked peer measures them. */
  readonly intraRttsMs: readonly number[]
  readonly interRttsMs: readonly number[]
  /** Peers that take requests. */
  readonly ingressCount: number
  /** By which the mesh chooses. */
  readonly strategy: Scenario['strategies'][number]
  readonly traffic: Traffic
}

/** What the requests of the scenario are like. */
export type Traffic =
  | { readonly type: 'trace'; readonly file: string; readonly durationMs: number }
  | { readonly type: 'sample'; readonly durationMs: number; readonly requests: readonly Sampled[] }
  | { readonly type: 'unknown' }

export interface Sampled {
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  readonly outputTokensMax?: number | undefined
}

interface CalibratedTraffic {
  readonly durationMs: number
  readonly comment: string
  readonly workload: ScenarioInput['workload']
}

interface CalibratedGroup {
  readonly group: EngineGroup
  readonly fitted: FittedSpeed | undefined
  readonly profile: ScenarioInput['gpus'][string]
  readonly comment: string
}

/** Of numbers that were measured. */
const SIGNIFICANT_DIGITS = 4

const PARALLEL_ASSUMED = 64
const KV_TOKENS_ASSUMED = 400_000
const KV_TOKENS_MAX = 1_000_000_000

/** Without any measurement, as the scheduler assumes it. */
const PREFILL_ASSUMED_PER_SECOND = 1_000
const DECODE_ASSUMED_PER_SECOND = 30

/** Values that stand for a distribution. */
const QUANTILES = 20

const GIB = 1024 ** 3
const DURATION_ASSUMED_MS = 60_000
const DURATION_MIN_MS = 1_000
const WARM_UP_MAX_MS = 5_000

/** As YAML, to be read by `parseScenario`. */
export function calibratedScenario(input: CalibrationInput): string {
  const groups = groupEngines(input.engines).map(group => calibrate(group, input.recordings))
  const { network, comment } = networkOf(groups, input)
  const { durationMs, workload, comment: trafficComment } = trafficOf(input)
  const scenario: ScenarioInput = {
    name: input.name,
    durationMs,
    warmUpMs: Math.min(WARM_UP_MAX_MS, Math.round(durationMs / 10)),
    runs: 1,
    gpus: Object.fromEntries(groups.map(({ group, profile }) => [group.name, profile])),
    topology: { cells: cellsOf(groups) },
    network,
    ingresses: { count: Math.max(1, input.ingressCount) },
    workload,
    strategies: [input.strategy],
  }
  const document = new Document(scenario)
  document.commentBefore = ' Made from a running mesh. Prices, power and load times are assumed.'
  for (const { group, comment: own } of groups) note(document, ['gpus', group.name], own)
  note(document, ['network'], comment)
  note(document, ['workload'], trafficComment)
  return document.toString({ lineWidth: 0 })
}

/** Above the fields of what stands at the path. */
function note(document: Document, path: readonly string[], comment: string): void {
  const found = document.getIn(path, true)
  if (!isMap(found)) return
  found.commentBefore = comment
    .split('\n')
    .map(line => ` ${line}`)
    .join('\n')
}

function calibrate(
  group: EngineGroup,
  recordings: CalibrationInput['recordings'],
): CalibratedGroup {
  const [first] = group.engines as [ServingEngine]
  const { parallelMax, contextTokens, vramBytes, gpus } = first
  const sequencesMax = parallelMax || PARALLEL_ASSUMED
  const fitted = fitSpeed(
    group.engines.flatMap(({ peer }) =>
      recordings.flatMap(requests =>
        observationsOf(
          requests.filter(each => each.peer === peer),
          sequencesMax,
        ),
      ),
    ),
  )
  const speed = fitted ?? speedByRates(group.engines)
  const kvCacheTokens = Math.min(KV_TOKENS_MAX, contextTokens * sequencesMax) || KV_TOKENS_ASSUMED
  const comment = [
    fitted === undefined
      ? ratesComment(group.engines)
      : `Measured: steps and prompts, from ${fitted.observationCount} times of requests; half of them are explained to ${(100 * fitted.errorRatio).toFixed(1)} %.`,
    parallelMax > 0 ? 'Told by the engine: sequencesMax.' : 'Assumed: sequencesMax.',
    contextTokens > 0
      ? 'Worked out: kvCacheTokens, the context of each sequence.'
      : 'Assumed: kvCacheTokens.',
    'Assumed: nothing per token of context.',
    ...(gpus.length === 0 ? ['Assumed: vramGib; it has no GPU.'] : []),
  ].join('\n')
  const llm = {
    stepBaseMs: rounded(Math.max(0.001, speed.stepBaseMs)),
    stepPerSequenceMs: rounded(speed.stepPerSequenceMs),
    prefillTokenMs: rounded(Math.max(0.000_001, speed.prefillTokenMs)),
    ...{ sequencesMax, kvCacheTokens },
  }
  const vram = gpus.length > 0 && vramBytes > 0 ? { vramGib: rounded(vramBytes / GIB) } : {}
  return { group, fitted, comment, profile: { ...vram, llm } }
}

/** What peers tell the scheduler of their speed, if they have measured any. */
function speedByRates(engines: readonly ServingEngine[]) {
  const prefill = meanOf(engines.map(each => each.prefillTokensPerSecond).filter(Boolean))
  const decode = meanOf(engines.map(each => each.decodeTokensPerSecond).filter(Boolean))
  return {
    stepBaseMs: 1_000 / (decode ?? DECODE_ASSUMED_PER_SECOND),
    stepPerSequenceMs: 0,
    prefillTokenMs: 1_000 / (prefill ?? PREFILL_ASSUMED_PER_SECOND),
  }
}

function ratesComment(engines: readonly ServingEngine[]): string {
  const isMeasured = engines.some(each => each.decodeTokensPerSecond > 0)
  return isMeasured
    ? 'Measured: the rates that the peers tell, at the load they had. Assumed: a batch costs no more than one sequence.'
    : 'Assumed: all speeds, since nothing was measured yet; `skein sim calibrate --probe 50` measures.'
}

function cellsOf(groups: readonly CalibratedGroup[]): Scenario['topology']['cells'] {
  const zones = new Map<string, Scenario['topology']['cells'][number]['nodes']>()
  for (const { group } of groups) {
    for (const zone of new Set(group.engines.map(each => each.zone))) {
      const count = group.engines.filter(each => each.zone === zone).length
      const node = { count, gpu: group.name, models: [group.model], coldModels: [], speedRatio: 1 }
      zones.set(zone, [...(zones.get(zone) ?? []), node])
    }
  }
  return [...zones].map(([zone, nodes]) => ({ count: 1, zone, nodes }))
}

function networkOf(
  groups: readonly CalibratedGroup[],
  { intraRttsMs, interRttsMs }: CalibrationInput,
) {
  const besides = meanOf(groups.flatMap(({ fitted }) => fitted?.onceMs ?? []))
  const intraMs = meanOf(intraRttsMs)
  const interMs = meanOf(interRttsMs)
  const withinMs = besides ?? intraMs
  const lines = [
    besides === undefined
      ? `${intraMs === undefined ? 'Assumed' : 'Measured'}: the round trip within a zone.`
      : 'Measured: the round trip within a zone, with all that a request takes besides the engine.',
    `${interMs === undefined ? 'Assumed' : 'Measured'}: the round trip between zones.`,
    'Assumed: jitter and bandwidth.',
  ]
  return {
    comment: lines.join('\n'),
    network: {
      intraCell: withinMs === undefined ? {} : { rttMs: rounded(withinMs) },
      interCell: interMs === undefined ? {} : { baseRttMs: rounded(interMs), msPerUnit: 0 },
    },
  }
}

function trafficOf({ traffic, engines }: CalibrationInput): CalibratedTraffic {
  const models = [...new Set(engines.map(({ model }) => model))]
  if (traffic.type === 'unknown') {
    return {
      durationMs: DURATION_ASSUMED_MS,
      comment: 'Assumed: all of it, since no request was seen.',
      workload: {
        arrivals: { type: 'poisson', loadRatio: 0.7 },
        classes: models.map(model => ({ kind: 'llm', model, share: 1 })),
      },
    }
  }
  const durationMs = Math.max(DURATION_MIN_MS, Math.ceil(traffic.durationMs))
  if (traffic.type === 'trace') {
    return {
      durationMs,
      comment: 'Recorded: a trace. Shares and lengths are those of its rows.',
      workload: {
        arrivals: { type: 'trace', format: 'skein', file: traffic.file },
        classes: models.map(model => ({ kind: 'llm', model, share: 1 })),
      },
    }
  }
  const { requests } = traffic
  const classes = models.flatMap(model => {
    const own = requests.filter(each => each.model === model)
    return own.length === 0 ? [] : [classOf(model, own)]
  })
  const requestsPerSecond = rounded((requests.length * 1_000) / durationMs)
  return {
    durationMs,
    comment: `Measured: ${requests.length} requests of late. Assumed: that they come by chance, and share nothing.`,
    workload: { arrivals: { type: 'poisson', requestsPerSecond }, classes },
  }
}

function classOf(model: string, requests: readonly Sampled[]) {
  const bounds = requests.flatMap(each => each.outputTokensMax ?? [])
  const isBounded = bounds.length === requests.length
  return {
    ...({ kind: 'llm', model, share: requests.length } as const),
    inputTokens: quantilesOf(requests.map(each => Math.max(1, Math.round(each.inputTokens)))),
    outputTokens: quantilesOf(requests.map(each => Math.max(1, Math.round(each.outputTokens)))),
    ...(isBounded ? { outputTokensMax: Math.max(1, ...bounds) } : {}),
  }
}

/** The middles of twenty equal parts of what was seen. */
function quantilesOf(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b)
  const weights = new Map<number, number>()
  for (let part = 0; part < QUANTILES; part += 1) {
    const index = Math.floor(((part + 0.5) / QUANTILES) * sorted.length)
    const value = sorted[index] ?? 1
    weights.set(value, (weights.get(value) ?? 0) + 1)
  }
  return {
    type: 'discrete' as const,
    values: [...weights].map(([value, weight]) => ({ value, weight })),
  }
}

function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0
    ? undefined
    : values.reduce((sum, each) => sum + each, 0) / values.length
}

const rounded = (value: number) => Number(value.toPrecision(SIGNIFICANT_DIGITS))
