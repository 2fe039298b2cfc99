/**
 * Options of the circuit breakers. What the policy names (`settings/breaker`) holds before them.
 */
import { z } from 'zod'
import { count, durationMs } from '../core/option-fields.ts'

const HOUR_MS = 3_600_000

export const breakerFields = {
  breakerFailuresMax: count(1, 1_000, 'failures')
    .default(5)
    .describe(
      'Failures in a row after which a peer gets no requests for that model. `settings/breaker` of the policy holds before it.',
    ),

  breakerOpenMs: durationMs(100, HOUR_MS)
    .default(60_000)
    .describe(
      'How long it gets none the first time. `settings/breaker` of the policy holds before it.',
    ),

  breakerProbesMax: count(1, 100, 'requests')
    .default(3)
    .describe(
      'Requests it is then tried with, all of which must succeed. `settings/breaker` of the policy holds before it.',
    ),

  breakerBackoffMinMs: durationMs(100, 24 * HOUR_MS)
    .default(300_000)
    .describe('How long it gets none the second time. Twice as long each time after that.'),

  breakerBackoffMaxMs: durationMs(100, 24 * HOUR_MS)
    .default(1_200_000)
    .describe('How long it gets none at most. After as long without a relapse, all is forgiven.'),

  breakerSlowStartMs: durationMs(0, HOUR_MS)
    .default(30_000)
    .describe('How long a peer that is well again takes to get its full share of requests.'),

  breakersMax: count(1, 1_000_000, 'breakers')
    .default(10_000)
    .describe(
      'Peers and models whose failures are counted. Beyond it, one that is not open is forgotten.',
    ),
}

const breakerOptions = z.object(breakerFields)

export type BreakerOptions = z.output<typeof breakerOptions>
