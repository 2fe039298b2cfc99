/**
 * Distributions of service for queues whose theory is known, each with the moments that theory needs.
 */
import type { Random } from '../../src/core/random.ts'
import { exponential, isHit } from '../chance.ts'
import type { ServiceMoments } from './queueing-theory.ts'

export interface ServiceTime extends ServiceMoments {
  readonly name: string
  readonly drawMs: (random: Random) => number
}

/** Long enough that engines, which count in whole tokens, may round it. */
export const SERVICE_MEAN_MS = 1_000

const square = (value: number) => value * value

export const CONSTANT: ServiceTime = {
  name: 'constant',
  meanMs: SERVICE_MEAN_MS,
  squareMs2: square(SERVICE_MEAN_MS),
  drawMs: () => SERVICE_MEAN_MS,
}

export const EXPONENTIAL: ServiceTime = {
  name: 'exponential',
  meanMs: SERVICE_MEAN_MS,
  squareMs2: 2 * square(SERVICE_MEAN_MS),
  drawMs: random => exponential(random, SERVICE_MEAN_MS),
}

const SHORT_MEAN_MS = 500
const LONG_MEAN_MS = 3_000
const LONG_SHARE = 0.2

/** Four short ones for a long one: a variance 3.5 times that of the exponential with the same mean. */
export const MIXED: ServiceTime = {
  name: 'short and long',
  meanMs: LONG_SHARE * LONG_MEAN_MS + (1 - LONG_SHARE) * SHORT_MEAN_MS,
  squareMs2: 2 * (LONG_SHARE * square(LONG_MEAN_MS) + (1 - LONG_SHARE) * square(SHORT_MEAN_MS)),
  drawMs: random => exponential(random, isHit(random, LONG_SHARE) ? LONG_MEAN_MS : SHORT_MEAN_MS),
}
