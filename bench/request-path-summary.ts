/**
 * The figures of the `request-path` benchmark: from what each window showed to medians and ratios.
 *
 * Ratios are taken within a round, where both sides met the same machine; every figure is the
 * median over the rounds. *Added* time to the first token is the gateway's minus that of the direct
 * way in the same round.
 */
import { type BenchmarkResult, formatNumber, formatTable } from './benchmark.ts'
import type { PathName } from './gateway-path.ts'
import { median, ratio } from './statistics.ts'

export const KINDS = ['json', 'sse'] as const

type Kind = (typeof KINDS)[number]

const CONNECTION_COUNTS = [1, 32, 128] as const

export interface Scenario {
  readonly kind: Kind
  readonly connectionCount: number
}

/** `json1` … `sse128`, as the figures are named. */
export type ScenarioName = `${Kind}${number}`

export const nameOf = ({ kind, connectionCount }: Scenario): ScenarioName =>
  `${kind}${connectionCount}`

export const SCENARIOS: readonly Scenario[] = KINDS.flatMap(kind =>
  CONNECTION_COUNTS.map(connectionCount => ({ kind, connectionCount })),
)

/** What one window showed. */
export interface Measurement {
  readonly requestsPerSecond: number
  readonly tokensPerSecond: number
  readonly responseP50Ms: number | undefined
  readonly responseP99Ms: number | undefined
  readonly ttftP50Ms: number | undefined
  readonly ttftP99Ms: number | undefined
  readonly tokenGapP50Ms: number | undefined
  readonly tokenGapP99Ms: number | undefined
  /** Processor time of all between client and engine, per request answered. */
  readonly gatewayCpuUs: number | undefined
  /** Resident memory of the process the client talks to. */
  readonly ingressRssBytes: number | undefined
}

/** One round: way → scenario → measurement. */
export type Round = Partial<Record<PathName, Partial<Record<ScenarioName, Measurement>>>>

/** The median over the rounds of what `pick` finds in each. */
function over(rounds: readonly Round[], pick: (round: Round) => number | undefined) {
  return median(rounds.map(pick))
}

type Field = keyof Measurement

function field(round: Round, name: PathName, scenario: ScenarioName, wanted: Field) {
  return round[name]?.[scenario]?.[wanted]
}

/** How much later than without a gateway the first token comes. */
function addedTtftMs(
  round: Round,
  name: PathName,
  scenario: ScenarioName,
  wanted: 'ttftP50Ms' | 'ttftP99Ms',
): number | undefined {
  const withGateway = field(round, name, scenario, wanted)
  const without = field(round, 'direct', scenario, wanted)
  return withGateway === undefined || without === undefined ? undefined : withGateway - without
}

/** What is worth telling of each kind; the rest is missing or says nothing. */
const FIELDS: Readonly<Record<Kind, readonly Field[]>> = {
  json: ['requestsPerSecond', 'responseP50Ms', 'responseP99Ms', 'gatewayCpuUs', 'ingressRssBytes'],
  sse: [
    'requestsPerSecond',
    'tokensPerSecond',
    'ttftP50Ms',
    'ttftP99Ms',
    'tokenGapP50Ms',
    'tokenGapP99Ms',
    'gatewayCpuUs',
    'ingressRssBytes',
  ],
}

export function summarize(
  names: readonly PathName[],
  rounds: readonly Round[],
  errors: readonly string[],
): BenchmarkResult {
  const figures = Object.fromEntries(
    names.map(name => [
      name,
      Object.fromEntries(
        SCENARIOS.map(scenario => [nameOf(scenario), figuresOf(rounds, name, scenario)]),
      ),
    ]),
  )
  return { table: tableOf(names, rounds), figures, ratios: ratiosOf(rounds), errors }
}

function figuresOf(rounds: readonly Round[], name: PathName, scenario: Scenario) {
  const added = (wanted: 'ttftP50Ms' | 'ttftP99Ms') =>
    over(rounds, round => addedTtftMs(round, name, nameOf(scenario), wanted))
  return {
    ...Object.fromEntries(
      FIELDS[scenario.kind].map(wanted => [
        wanted,
        over(rounds, round => field(round, name, nameOf(scenario), wanted)),
      ]),
    ),
    ...(scenario.kind === 'sse' && {
      addedTtftP50Ms: added('ttftP50Ms'),
      addedTtftP99Ms: added('ttftP99Ms'),
    }),
  }
}

/** Every way against `direct`, and the mesh against the other gateways. */
const RATE_PAIRS = [
  ['local', 'direct'],
  ['mesh', 'direct'],
  ['fastify', 'direct'],
  ['portkey', 'direct'],
  ['mesh', 'fastify'],
  ['mesh', 'portkey'],
] as const satisfies readonly (readonly [PathName, PathName])[]

const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)

function ratiosOf(rounds: readonly Round[]): Record<string, number | undefined> {
  const ratios: Record<string, number | undefined> = {}
  for (const count of CONNECTION_COUNTS) {
    const rate = (round: Round, path: PathName) =>
      field(round, path, `json${count}`, 'requestsPerSecond')
    for (const [a, b] of RATE_PAIRS) {
      const name = `${a}To${capitalized(b)}RequestsPerSecondAt${count}`
      ratios[name] = over(rounds, round => ratio(rate(round, a), rate(round, b)))
    }
    for (const wanted of ['ttftP50Ms', 'ttftP99Ms'] as const) {
      const added = (round: Round, path: PathName) =>
        addedTtftMs(round, path, `sse${count}`, wanted)
      const name = `meshToFastifyAdded${capitalized(wanted.slice(0, -2))}At${count}`
      ratios[name] = over(rounds, round => ratio(added(round, 'mesh'), added(round, 'fastify')))
    }
  }
  return ratios
}

function rssMb(round: Round, name: PathName, scenario: ScenarioName): number | undefined {
  const bytes = field(round, name, scenario, 'ingressRssBytes')
  return bytes === undefined ? undefined : bytes / 1e6
}

function tableOf(names: readonly PathName[], rounds: readonly Round[]): string {
  const cell = (
    name: PathName,
    scenario: ScenarioName,
    [wanted, digits]: readonly [Field, number],
  ) =>
    formatNumber(
      over(rounds, round => field(round, name, scenario, wanted)),
      digits,
    )
  const rows = SCENARIOS.map(nameOf).flatMap(scenario =>
    names.map(name => [
      `${scenario} ${name}`,
      cell(name, scenario, ['requestsPerSecond', 0]),
      cell(name, scenario, ['responseP50Ms', 2]),
      cell(name, scenario, ['responseP99Ms', 2]),
      cell(name, scenario, ['ttftP50Ms', 2]),
      cell(name, scenario, ['ttftP99Ms', 2]),
      formatNumber(
        over(rounds, round => addedTtftMs(round, name, scenario, 'ttftP50Ms')),
        2,
      ),
      formatNumber(
        over(rounds, round => addedTtftMs(round, name, scenario, 'ttftP99Ms')),
        2,
      ),
      cell(name, scenario, ['tokenGapP99Ms', 1]),
      cell(name, scenario, ['gatewayCpuUs', 0]),
      formatNumber(over(rounds, round => rssMb(round, name, scenario))),
    ]),
  )
  const head = [
    'clients, path',
    'answers/s',
    'p50 ms',
    'p99 ms',
    'TTFT p50',
    'p99',
    'added p50',
    'p99',
    'gap p99',
    'CPU µs',
    'RSS MB',
  ]
  return formatTable([head, ...rows])
}
