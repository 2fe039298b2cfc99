/**
 * Random numbers of a workload: a stream for each purpose, so that all contestants meet the same
 * requests, and a change of one part of a scenario leaves the other parts as they were.
 */
import type { Random } from '../../src/core/random.ts'
import { forkRandom } from '../chance.ts'

const PURPOSES = [
  'arrivals',
  'classes',
  'inputTokens',
  'outputTokens',
  'units',
  'turns',
  'thinkMs',
  'sharedPrefixes',
  'tenants',
  'priorities',
  'ingresses',
  'traceOffsets',
] as const

export type StreamPurpose = (typeof PURPOSES)[number]

export type Streams = Readonly<Record<StreamPurpose, Random>>

/** Purposes of the fleet are below. */
const FIRST_PURPOSE = 10_000

export function createStreams(seed: number): Streams {
  const pairs = PURPOSES.map(
    (purpose, index) => [purpose, forkRandom(seed, FIRST_PURPOSE + index)] as const,
  )
  return Object.fromEntries(pairs) as Streams
}
