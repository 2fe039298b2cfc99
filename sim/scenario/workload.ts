/**
 * What a scenario says of requests: when they come, what they are, whose they are.
 */
import { z } from 'zod'
import { count, durationMs } from '../../src/core/option-fields.ts'
import { PRIORITIES } from '../../src/scheduler/admission/priority.ts'
import { distribution } from './distribution.ts'

/** One of the two is given: how many requests, or how busy the fleet is to be. */
const rate = {
  requestsPerSecond: z
    .number()
    .gt(0)
    .max(10_000_000)
    .optional()
    .describe('Mean number of requests in a second. Give this or `loadRatio`.'),
  loadRatio: z
    .number()
    .gt(0)
    .max(10)
    .optional()
    .describe('As many as keep the fleet busy for this share of what it can do. 0.8 is busy.'),
}

export const TRACE_FORMATS = ['azure', 'mooncake', 'skein'] as const

const arrivals = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('poisson'), ...rate }),
  z.strictObject({
    type: z.literal('mmpp'),
    ...rate,
    states: z
      .array(
        z.strictObject({
          weight: z.number().min(0).max(1e6).describe('Rate of the state, relative to the others.'),
          dwellMs: durationMs(1, 86_400_000).describe('Mean time in it.'),
        }),
      )
      .min(2)
      .max(64)
      .refine(states => states.some(({ weight }) => weight > 0), 'expected a weight above 0')
      .describe('Each in turn.'),
    dwell: z
      .enum(['exponential', 'constant'])
      .default('exponential')
      .describe('Whether the time in a state is by chance.'),
  }),
  z.strictObject({
    type: z.literal('diurnal'),
    ...rate,
    periodMs: durationMs(1_000, 604_800_000).default(86_400_000).describe('Of one day.'),
    peakRatio: z.number().min(1).max(100).default(3).describe('Highest rate by lowest.'),
  }),
  z.strictObject({
    type: z.literal('trace'),
    ...rate,
    format: z.enum(TRACE_FORMATS).describe('How the file is written.'),
    file: z
      .string()
      .min(1)
      .max(4_096)
      .describe(
        'Path, relative to the scenario; packed with gzip if it ends in `.gz`. Of a trace that comes with Skein, its name.',
      ),
    copies: count(1, 10_000, 'copies')
      .default(1)
      .describe('How often the trace is laid over itself, each time moved by chance.'),
    begin: z
      .enum(['anywhere', 'first'])
      .default('anywhere')
      .describe(
        'Where in the trace a run begins: by chance, another place with another seed, or with its first request.',
      ),
  }),
])

const requestClass = z.strictObject({
  kind: z.enum(['llm', 'vision', 'asr']).describe('Which engine it needs.'),
  model: z.string().min(1).max(128).describe('Name of the model.'),
  share: z.number().gt(0).max(1e6).describe('Of all requests, relative to other classes.'),
  inputTokens: distribution
    .default({ type: 'lognormal', mu: 5.5, sigma: 1 })
    .describe('Of the prompt. With a trace, the trace says.'),
  outputTokens: distribution
    .default({ type: 'lognormal', mu: 4.8, sigma: 0.8 })
    .describe('Of the answer. With a trace, the trace says.'),
  units: distribution
    .default({ type: 'constant', value: 1 })
    .describe('Megapixels of an image, or seconds of sound.'),
  outputTokensMax: count(1, 1_000_000, 'tokens')
    .optional()
    .describe('Bound that clients set. Left out: none, and nobody knows how long answers get.'),
})

const tenants = z.strictObject({
  count: count(1, 1_000_000, 'tenants').default(1).describe('Tenants. 1: nobody’s in particular.'),
  zipfExponent: z
    .number()
    .min(0)
    .max(5)
    .default(0)
    .describe('How unequal their shares of the requests are. 0: all alike.'),
})

const sessions = z.strictObject({
  turns: distribution
    .default({ type: 'constant', value: 1 })
    .describe('Requests of one conversation, each with all before it as its beginning.'),
  contextTokensMax: count(1, 1_000_000, 'tokens')
    .default(32_768)
    .describe('A conversation ends before its prompt and answer become longer than this.'),
  thinkMs: distribution
    .default({ type: 'exponential', mean: 10_000 })
    .describe('From a request to the next of its conversation.'),
  sharedPrefixCount: count(0, 1_000_000, 'prompts')
    .default(0)
    .describe('System prompts; each conversation begins with one of them. 0: none is shared.'),
  sharedPrefixTokens: distribution
    .default({ type: 'constant', value: 1_024 })
    .describe('Length of a system prompt, beside `inputTokens`.'),
  sharedPrefixZipfExponent: z.number().min(0).max(5).default(1).describe('How unequally used.'),
})

export const workload = z
  .strictObject({
    arrivals: arrivals.describe('When requests come.'),
    classes: z.array(requestClass).min(1).max(64).describe('Kinds of requests.'),
    tenants: tenants.prefault({}).describe('Whose requests they are.'),
    sessions: sessions
      .prefault({})
      .describe('What prompts have in common. Not with a trace, which knows it.'),
    priorities: z
      .partialRecord(z.enum(PRIORITIES), z.number().min(0).max(1e6))
      .refine(shares => Object.values(shares).some(share => share > 0), 'expected a share above 0')
      .default({ normal: 1 })
      .describe('Shares of `low`, `normal`, `high` and `critical` requests.'),
    beginWithinMs: durationMs(1, 86_400_000)
      .optional()
      .describe('Deadline for the first token. Left out: none.'),
    slo: z
      .strictObject({
        ttftMs: durationMs(1, 3_600_000).default(2_000).describe('First token within.'),
        tpotMs: z.number().gt(0).max(60_000).default(100).describe('Mean time per further token.'),
        unitsMs: durationMs(1, 3_600_000).default(2_000).describe('Of images and sound, all.'),
      })
      .prefault({})
      .describe('What counts as good service.'),
  })
  .refine(
    ({ arrivals: { requestsPerSecond, loadRatio, type } }) =>
      type === 'trace'
        ? requestsPerSecond === undefined || loadRatio === undefined
        : (requestsPerSecond === undefined) !== (loadRatio === undefined),
    {
      error: 'expected one of requestsPerSecond and loadRatio (a trace may have neither)',
      path: ['arrivals'],
    },
  )

export type WorkloadScenario = z.output<typeof workload>
export type ArrivalsScenario = WorkloadScenario['arrivals']
export type RequestClass = WorkloadScenario['classes'][number]
