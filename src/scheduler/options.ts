/**
 * Options of the scheduler: one declaration gives the type, the defaults, the bounds and the
 * page in docs/reference/config.md.
 */
import { z } from 'zod'
import { count, durationMs } from '../core/option-fields.ts'
import { admissionFields } from './admission/options.ts'
import { breakerFields } from './breaker-options.ts'
import { budgetFields } from './budget-options.ts'
import { hedgeFields } from './hedge-options.ts'

export const STRATEGIES = [
  'mesh',
  'round-robin',
  'random',
  'least-queue',
  'least-work',
  'power-of-two',
  'prequal',
  'sticky',
] as const

export type StrategyName = (typeof STRATEGIES)[number]

const tokensPerSecond = () => z.number().min(0.01).max(10_000_000).meta({ unit: 'tokens/s' })

export const schedulerOptions = z
  .strictObject({
    strategy: z
      .enum(STRATEGIES)
      .default('mesh')
      .describe(
        'How a peer is chosen. `mesh` scores a small sample; the others are there to compare with.',
      ),

    sampleSize: count(1, 64, 'peers')
      .default(3)
      .describe(
        'Eligible peers scored per request. More follow stale data more closely and so herd.',
      ),

    surveyedMax: count(0, 10_000, 'peers')
      .default(64)
      .describe(
        'A decision looks at all peers that serve the model while they are no more than this; of more, it looks at those it draws.',
      ),

    stickyPrefillTokensMax: count(0, 10_000_000, 'tokens')
      .default(32_768)
      .describe(
        'Prompt tokens that may wait at the peer that has a prompt’s beginning in its cache before others are preferred.',
      ),

    stickyPatience: z
      .number()
      .min(0)
      .max(1_000)
      .meta({ unit: 'times' })
      .default(8)
      .describe(
        'How much worse its score may be than the best of the sample, in times that the best needs to read the prompt. While one reads, all others in its batch wait: more keeps caches warmer and slow peers busier.',
      ),

    kvKneeRatio: z
      .number()
      .gt(0)
      .max(1)
      .meta({ unit: 'ratio' })
      .default(0.45)
      .describe(
        'Free share of the KV cache below which a peer is avoided: well before requests wait there for memory.',
      ),

    vramKneeRatio: z
      .number()
      .gt(0)
      .max(1)
      .meta({ unit: 'ratio' })
      .default(0.2)
      .describe(
        'The same of the memory of a GPU, where no KV cache is reported. Many engines take most of it when they start.',
      ),

    stateMaxAgeMs: durationMs(100, 600_000)
      .default(60_000)
      .describe(
        'Nothing is sent to a peer whose load was neither told nor confirmed for longer than this.',
      ),

    queueLengthMax: count(1, 100_000, 'requests')
      .default(128)
      .describe('Requests that may wait at one peer for one model before it is passed over.'),

    attemptsMax: count(1, 16, 'attempts')
      .default(3)
      .describe('Peers one request is sent to at most while nothing of an answer has arrived.'),

    requestsMax: count(1, 1_000_000, 'requests')
      .default(10_000)
      .describe('Requests this node dispatches at once; further ones are refused as overload.'),

    peersMax: count(1, 1_000_000, 'peers')
      .default(2_048)
      .describe('Peers looked at. Beyond it, new ones are ignored.'),

    modelsMax: count(1, 100_000, 'models')
      .default(1_024)
      .describe(
        'Models whose usual answer length is remembered. Beyond it, the oldest is dropped.',
      ),

    decisionsKept: count(1, 1_000_000, 'decisions')
      .default(1_000)
      .describe('Decisions kept in memory to be explained. Beyond it, the oldest is dropped.'),

    candidatesKept: count(1, 10_000, 'peers')
      .default(64)
      .describe('Candidates listed in one decision; it says how many more there were.'),

    prefillDefaultTokensPerSecond: tokensPerSecond()
      .default(1_000)
      .describe(
        'Speed of reading a prompt that is assumed of a model’s peers until one has measured its own.',
      ),

    decodeDefaultTokensPerSecond: tokensPerSecond()
      .default(30)
      .describe(
        'Speed of one answer that is assumed of a model’s peers until one has measured its own.',
      ),

    outputDefaultTokens: count(1, 1_000_000, 'tokens')
      .default(256)
      .describe('Length of answer that is expected of a model until some have been seen.'),

    outputSmoothingRatio: z
      .number()
      .gt(0)
      .max(1)
      .meta({ unit: 'ratio' })
      .default(0.1)
      .describe('Weight of the newest answer in the moving average of a model’s answer length.'),

    inputSmoothingRatio: z
      .number()
      .gt(0)
      .max(1)
      .meta({ unit: 'ratio' })
      .default(0.1)
      .describe(
        'Weight of the newest prompt in the moving average of how many tokens a model makes of a text.',
      ),

    coldDefaultMs: durationMs(0, 3_600_000)
      .default(30_000)
      .describe(
        'Time that a model which is not in memory is taken to need until it answers, if its peer does not say.',
      ),

    rttDefaultMs: durationMs(0, 10_000)
      .default(10)
      .describe('Round trip that is assumed of a peer until one is measured.'),

    retryAfterMinMs: durationMs(1, 600_000)
      .default(1_000)
      .describe('Shortest wait that is advised to a caller who is refused as overload.'),

    retryAfterMaxMs: durationMs(1, 3_600_000)
      .default(60_000)
      .describe('Longest wait that is advised to a caller who is refused as overload.'),

    ...breakerFields,
    ...budgetFields,
    ...hedgeFields,
    ...admissionFields,
  })
  .refine(options => options.retryAfterMinMs <= options.retryAfterMaxMs, {
    error: 'retryAfterMinMs must not be larger than retryAfterMaxMs',
    path: ['retryAfterMinMs'],
  })
  .refine(options => options.breakerBackoffMinMs <= options.breakerBackoffMaxMs, {
    error: 'breakerBackoffMinMs must not be larger than breakerBackoffMaxMs',
    path: ['breakerBackoffMinMs'],
  })
  .refine(options => options.memoryAcceptRatio <= options.memoryRejectRatio, {
    error: 'memoryAcceptRatio must not be larger than memoryRejectRatio',
    path: ['memoryAcceptRatio'],
  })

export type SchedulerOptions = z.output<typeof schedulerOptions>
