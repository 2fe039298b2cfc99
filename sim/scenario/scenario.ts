/**
 * A scenario: everything that a simulated run depends on, in one file. Equal scenarios and seeds give
 * equal results, to the last digit.
 */
import { z } from 'zod'
import { count, durationMs } from '../../src/core/option-fields.ts'
import { STRATEGIES } from '../../src/scheduler/options.ts'
import { faults } from './faults.ts'
import { gpuProfile } from './hardware.ts'
import { network, topology } from './topology.ts'
import { workload } from './workload.ts'

/** What is compared: those of production, and one that no mesh can have. */
export const CONTESTANTS = [...STRATEGIES, 'clairvoyant'] as const

export type ContestantStrategy = (typeof CONTESTANTS)[number]

const milliseconds = () => z.number().min(0).max(600_000).meta({ unit: 'ms' })

/** Without defaults: what a contestant leaves out is as for all. */
const signalFields = {
  updateIntervalMs: durationMs(0, 600_000)
    .optional()
    .describe(
      'Shortest time between two reports of one node. Left out: as production paces them, which depends on the number of peers. 0: each change at once.',
    ),
  refreshMs: durationMs(10, 600_000).describe(
    'A report is made after so long even if nothing has changed.',
  ),
  delayMinMs: milliseconds()
    .optional()
    .describe(
      'Of a report until it is at an ingress, at least. Left out with `delayMaxMs`: as it spreads over the links, hop by hop.',
    ),
  delayMaxMs: milliseconds().optional().describe('At most; any time between is as likely.'),
  lossRatio: z
    .number()
    .min(0)
    .max(1)
    .meta({ unit: 'ratio' })
    .describe('Reports that never reach an ingress.'),
  isOnAnswers: z.boolean().describe('Whether answers bring the load of their node.'),
}

const signals = z
  .strictObject({
    updateIntervalMs: signalFields.updateIntervalMs,
    refreshMs: signalFields.refreshMs.default(2_000),
    delayMinMs: signalFields.delayMinMs,
    delayMaxMs: signalFields.delayMaxMs,
    lossRatio: signalFields.lossRatio.default(0),
    isOnAnswers: signalFields.isOnAnswers.default(true),
  })
  .refine(({ delayMinMs = 0, delayMaxMs = delayMinMs }) => delayMinMs <= delayMaxMs, {
    error: 'expected at most `delayMaxMs`',
    path: ['delayMinMs'],
  })

const contestant = z.strictObject({
  name: z.string().min(1).max(64).describe('As the report calls it.'),
  strategy: z.enum(CONTESTANTS).describe('How a peer is chosen.'),
  scheduler: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Options of the scheduler that differ from the defaults, as in the configuration.'),
  signals: z.strictObject(signalFields).partial().default({}).describe('What it hears otherwise.'),
  isFresh: z
    .boolean()
    .default(false)
    .describe('Each ingress knows the load of every node at the moment of the decision.'),
  isForgetful: z
    .boolean()
    .default(false)
    .describe('An ingress does not count what it has sent until the node tells of it.'),
})

const named = z.union([z.enum(CONTESTANTS), contestant])

export const scenario = z.strictObject({
  name: z.string().min(1).max(128).describe('As the report calls it.'),
  description: z.string().max(4_096).default('').describe('What it is to show.'),
  level: z
    .enum(['full', 'aggregate'])
    .default('aggregate')
    .describe(
      '`full`: every node runs membership and gossip. `aggregate`: reports arrive after a time drawn from what `signals` says.',
    ),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1)
    .describe('Of the first run.'),
  runs: count(1, 1_000, 'runs')
    .default(3)
    .describe('Runs of each strategy, with one seed after the other, the same for all.'),
  durationMs: durationMs(100, 86_400_000).default(60_000).describe('In which requests come.'),
  warmUpMs: durationMs(0, 86_400_000)
    .default(5_000)
    .describe('Requests that come before this are served and not measured.'),
  drainMaxMs: durationMs(0, 86_400_000)
    .default(600_000)
    .describe('How long requests may still take when no more come.'),
  gpus: z.record(z.string().min(1).max(64), gpuProfile).describe('Kinds of GPUs by name.'),
  topology: topology.describe('Where GPUs stand.'),
  network: network.prefault({}).describe('Between peers.'),
  ingresses: z
    .strictObject({
      count: count(1, 4_096, 'peers').default(4).describe('Peers that take requests.'),
    })
    .prefault({})
    .describe('Each has its own view. They stand in the cells in turn and run no engine.'),
  signals: signals.prefault({}).describe('How what nodes say of themselves gets to the ingresses.'),
  workload: workload.describe('Requests.'),
  faults: faults.describe('What goes wrong.'),
  scheduler: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Options of the scheduler of all contestants, as in the configuration.'),
  strategies: z
    .array(named)
    .min(1)
    .max(64)
    .default(['mesh', 'prequal', 'least-queue', 'round-robin'])
    .describe('What is compared: names of strategies, or variants of them.'),
})

export type ScenarioInput = z.input<typeof scenario>
export type Scenario = z.output<typeof scenario>
export type Signals = Scenario['signals']
export type Contestant = z.output<typeof contestant>

/** Every contestant in its long form. */
export function contestantsOf({ strategies }: Scenario): readonly Contestant[] {
  return strategies.map(each =>
    typeof each === 'string'
      ? {
          ...{ name: each, strategy: each, scheduler: {}, signals: {} },
          ...{ isFresh: false, isForgetful: false },
        }
      : each,
  )
}
