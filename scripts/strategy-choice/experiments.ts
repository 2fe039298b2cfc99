/**
 * What is compared for docs/internals/strategy-choice.md.
 *
 * Each experiment changes one thing about one setting and asks the same contestants. The setting is the
 * preset `azure-mixed`; what is swept is swept on a quarter of it, so that all of it runs in half an hour.
 */

import type { EstimateName } from '../../sim/experiment/comparison.ts'
import { presetScenario } from '../../sim/scenario/presets.ts'
import type { ScenarioInput } from '../../sim/scenario/scenario.ts'

type StrategyInput = NonNullable<ScenarioInput['strategies']>[number]

export interface Point {
  /** As the table calls it. */
  readonly label: string
  readonly input: ScenarioInput
}

/** One scenario, and a row for each contestant. */
export interface Ranking {
  readonly kind: 'ranking'
}

/** One row for each point, and a column for each contestant. */
export interface Sweep {
  readonly kind: 'sweep'
  /** What the points differ in. */
  readonly axis: string
}

/** What `mesh` is to reach beside another contestant. */
export interface Goal {
  readonly estimate: EstimateName
  readonly against: string
  /** At most so many times what the other has. */
  readonly factorMax: number
}

export interface Experiment {
  readonly name: string
  readonly title: string
  /** What the tables are to show. */
  readonly text: string
  readonly form: Ranking | Sweep
  readonly points: readonly Point[]
  readonly goals?: readonly Goal[]
}

const FRESH: StrategyInput = { name: 'least-queue-fresh', strategy: 'least-queue', isFresh: true }

const ALL: readonly StrategyInput[] = [
  ...['mesh', 'prequal', 'power-of-two', 'least-work', 'least-queue'],
  FRESH,
  ...['random', 'round-robin', 'clairvoyant'],
] as const as readonly StrategyInput[]

const SWEPT: readonly StrategyInput[] = [
  ...['mesh', 'prequal', 'power-of-two', 'least-work'],
  FRESH,
  'clairvoyant',
] as const as readonly StrategyInput[]

const WHOLE = presetScenario('azure-mixed')

/** GPUs of each kind in one cell of so many. */
function fleetOf(gpuCount: number): ScenarioInput['topology'] {
  const [h100, a100] = [gpuCount / 4, (3 * gpuCount) / 8]
  const nodes = [
    { count: h100, gpu: 'h100-80g' },
    { count: a100, gpu: 'a100-80g' },
    { count: gpuCount - h100 - a100, gpu: 'l40s-48g' },
  ]
  return { cells: [{ nodes }] }
}

/** A quarter of the whole, for half of its time. */
function quarter(change: Partial<ScenarioInput> = {}): ScenarioInput {
  return {
    ...WHOLE,
    ...{ durationMs: 60_000, warmUpMs: 15_000, runs: 2, topology: fleetOf(64) },
    strategies: [...SWEPT],
    ...change,
  }
}

function withLoad(loadRatio: number, copies = 16): ScenarioInput['workload'] {
  const { arrivals, ...rest } = WHOLE.workload
  if (arrivals.type !== 'trace') throw new Error('the setting replays a trace')
  return { ...rest, arrivals: { ...arrivals, loadRatio, copies } }
}

function withSignals(change: ScenarioInput['signals']): ScenarioInput['signals'] {
  return { ...WHOLE.signals, ...change }
}

const variant = (name: string, change: object): StrategyInput =>
  ({ name, strategy: 'mesh', ...change }) as StrategyInput

const beside = (against: string, factorMax: number): readonly Goal[] => [
  { estimate: 'slowdown.p99', against, factorMax },
  { estimate: 'ttftMs.p99', against, factorMax },
]

export const EXPERIMENTS: readonly Experiment[] = [
  {
    name: 'goal',
    title: 'The setting',
    text: 'Preset `azure-mixed`: 256 GPUs of three kinds at 0.8 of what they can do, arrivals and sizes of the Azure conversation trace, 16 ingresses, reports every 0.5 s at most and up to 0.2 s late, slow-downs by chance. 60 s are measured, three times.',
    form: { kind: 'ranking' },
    points: [{ label: '', input: { ...WHOLE, durationMs: 80_000, runs: 3, strategies: [...ALL] } }],
    goals: [
      ...beside('prequal', 1),
      ...beside('least-queue-fresh', 1),
      ...beside('round-robin', 1),
      ...beside('clairvoyant', 1.15),
    ],
  },
  {
    name: 'load',
    title: 'Load',
    text: 'A quarter of the setting (64 GPUs), at other loads.',
    form: { kind: 'sweep', axis: 'load' },
    points: [0.5, 0.7, 0.8, 0.9, 0.95].map(load => ({
      label: String(load),
      input: quarter({ workload: withLoad(load) }),
    })),
  },
  {
    name: 'size',
    title: 'GPUs',
    text: 'From 16 to 1,024 GPUs; the two largest once, and the largest for 10 s.',
    form: { kind: 'sweep', axis: 'GPUs' },
    points: [16, 64, 256, 1_024].map(count => ({
      label: count.toLocaleString('en'),
      input: quarter({
        topology: fleetOf(count),
        ...(count >= 1_024 ? { durationMs: 14_000, warmUpMs: 4_000, runs: 1 } : {}),
        ...(count === 256 ? { runs: 1 } : {}),
      }),
    })),
  },
  {
    name: 'ingresses',
    title: 'Ingresses',
    text: 'One peer that takes all requests, or 64 that each know only what they hear.',
    form: { kind: 'sweep', axis: 'ingresses' },
    points: [1, 4, 16, 64].map(count => ({
      label: String(count),
      input: quarter({ ingresses: { count } }),
    })),
  },
  {
    name: 'staleness',
    title: 'Age of what is known',
    text: 'How often a node tells of itself at most. The last row is what production allows 80 peers, all of which share 40 reports a second.',
    form: { kind: 'sweep', axis: 'every' },
    points: [
      ...[50, 200, 500, 1_000, 2_000].map(updateIntervalMs => ({
        label: `${updateIntervalMs} ms`,
        input: quarter({ signals: withSignals({ updateIntervalMs }) }),
      })),
      { label: 'as paced', input: quarter({ signals: { delayMinMs: 0, delayMaxMs: 200 } }) },
    ],
  },
  {
    name: 'fleet',
    title: 'Kinds of GPUs, and slow-downs',
    text: 'The same load on equal GPUs, on the mixed fleet, and without slow-downs.',
    form: { kind: 'sweep', axis: 'fleet' },
    points: [
      {
        label: '64 A100',
        input: quarter({ topology: { cells: [{ nodes: [{ count: 64, gpu: 'a100-80g' }] }] } }),
      },
      { label: 'mixed', input: quarter() },
      { label: 'mixed, none slow', input: quarter({ faults: {} }) },
      {
        label: '64 A100, none slow',
        input: quarter({
          topology: { cells: [{ nodes: [{ count: 64, gpu: 'a100-80g' }] }] },
          faults: {},
        }),
      },
    ],
  },
  {
    name: 'edge',
    title: 'Sites far apart',
    text: 'Preset `edge-wan`: 60 GPUs, many of them small, at 15 sites, conversations, faults.',
    form: { kind: 'ranking' },
    points: [
      {
        label: '',
        input: { ...presetScenario('edge-wan'), runs: 3, strategies: [...ALL, 'sticky'] },
      },
    ],
  },
  {
    name: 'prefixes',
    title: 'Prompts that begin alike',
    text: 'Preset `mooncake`: prompts of 15,000 tokens, most of which some node has read before.',
    form: { kind: 'ranking' },
    points: [
      {
        label: '',
        input: { ...presetScenario('mooncake'), runs: 3, strategies: [...ALL, 'sticky'] },
      },
    ],
    goals: ['prequal', 'power-of-two', 'least-queue', 'least-queue-fresh', 'random'].map(
      against => ({
        ...{ estimate: 'ttftMs.p90', against, factorMax: 0.5 },
      }),
    ),
  },
  {
    name: 'seed',
    title: 'A fleet with nothing to do',
    text: 'Preset `small`, 512 GPUs at 0.3 % of what they can do: the comparison that a predecessor published figures of. Nothing can be told apart here.',
    form: { kind: 'ranking' },
    points: [
      {
        label: '',
        input: {
          ...presetScenario('small'),
          ...{ durationMs: 30_000, warmUpMs: 5_000, runs: 3 },
          strategies: ['mesh', 'prequal', 'random', 'round-robin'],
        },
      },
    ],
  },
  {
    name: 'ablation',
    title: 'What each part of `mesh` is worth',
    text: 'The quarter of the setting, eight runs, with one thing changed at a time.',
    form: { kind: 'ranking' },
    points: [
      {
        label: '',
        input: quarter({
          runs: 8,
          strategies: [
            'mesh',
            variant('fresh loads', { isFresh: true }),
            variant('reports every 2 s', { signals: { updateIntervalMs: 2_000 } }),
            variant('no load on answers', { signals: { isOnAnswers: false } }),
            variant('own picks forgotten', { isForgetful: true }),
            variant('no bounces', { scheduler: { bouncesMax: 0 } }),
            variant('1 sampled', { scheduler: { sampleSize: 1 } }),
            variant('2 sampled', { scheduler: { sampleSize: 2 } }),
            variant('4 sampled', { scheduler: { sampleSize: 4 } }),
            variant('8 sampled', { scheduler: { sampleSize: 8 } }),
            { name: 'all looked at', strategy: 'least-work' },
            variant('knee at 0.05', { scheduler: { kvKneeRatio: 0.05 } }),
            variant('hedging', { scheduler: { isHedging: true } }),
          ],
        }),
      },
    ],
  },
  {
    name: 'affinity',
    title: 'What affinity is worth',
    text: 'Preset `mooncake`, with other patience for the homes of a prompt.',
    form: { kind: 'ranking' },
    points: [
      {
        label: '',
        input: {
          ...presetScenario('mooncake'),
          runs: 6,
          strategies: [
            'mesh',
            ...[0, 2, 4, 16, 64].map(stickyPatience =>
              variant(`patience ${stickyPatience}`, { scheduler: { stickyPatience } }),
            ),
          ],
        },
      },
    ],
  },
]
