/**
 * Engines, timeline and the production scheduler beside the theory of queues: mean times that are known
 * exactly must come out of the simulation.
 */
import type { Estimate } from '../experiment/comparison.ts'
import { estimateOf } from '../experiment/statistics.ts'
import {
  BATCHES_OF_ONE,
  manyPlaces,
  PROMPT_READER,
  SHARED_STEPS,
  shortestQueue,
} from './queue-engines.ts'
import { batchMeansOf, type QueueRun } from './queue-run.ts'
import { responseOfSharingMs, waitOfManyServersMs, waitOfOneServerMs } from './queueing-theory.ts'
import { CONSTANT, EXPONENTIAL, MIXED, type ServiceTime } from './service-time.ts'
import { responseOfShortestQueueMs } from './shortest-queue-theory.ts'

/** How far the whole confidence interval may be from theory. */
const ERROR_MAX_RATIO = 0.02

/** Each so many requests long, so that the means of neighbours know little of each other. */
const BATCH_COUNT = 40

export interface QueueCase extends QueueRun {
  /** As Kendall writes it, and what is simulated. */
  readonly name: string
  readonly expectedMs: number
  /** Requests that make the interval about half as wide as it may be. */
  readonly jobCount: number
}

export interface Validation {
  readonly name: string
  readonly measure: QueueRun['measure']
  readonly load: number
  readonly jobCount: number
  readonly expectedMs: number
  /** With its 95 % confidence interval. */
  readonly foundMs: Estimate
  /** By which the far end of the interval differs from theory, relative to it. */
  readonly errorRatio: number
  readonly holds: boolean
}

const MILLION = 1_000_000

function oneServer(service: ServiceTime, load: number, jobCount: number): QueueCase {
  return {
    name: `M/G/1, ${service.name}: prompts, one place`,
    ...{ engine: PROMPT_READER, service, load, servers: 1, measure: 'wait', jobCount },
    expectedMs: waitOfOneServerMs(load, service),
  }
}

function batches(load: number, jobCount: number): QueueCase {
  return {
    ...oneServer(MIXED, load, jobCount),
    name: `M/G/1, ${MIXED.name}: batches of one`,
    engine: BATCHES_OF_ONE,
  }
}

function manyServers(servers: number, load: number, jobCount: number): QueueCase {
  return {
    name: `M/M/${servers}: answers, ${servers} ${servers === 1 ? 'place' : 'places'}`,
    ...{ engine: manyPlaces(servers), service: EXPONENTIAL, load, servers, measure: 'wait' },
    expectedMs: waitOfManyServersMs(servers, load, EXPONENTIAL.meanMs),
    jobCount,
  }
}

function sharing(service: ServiceTime, load: number, jobCount: number): QueueCase {
  return {
    name: `M/G/1-PS, ${service.name}: steps that all share`,
    ...{ engine: SHARED_STEPS, service, load, servers: 1, measure: 'response', jobCount },
    expectedMs: responseOfSharingMs(load, service.meanMs),
  }
}

function joinShortest(servers: number, load: number, jobCount: number): QueueCase {
  return {
    name: `JSQ, ${servers} × M/M/1: least-queue of the production scheduler`,
    ...{ engine: shortestQueue(servers), service: EXPONENTIAL, load, servers, jobCount },
    measure: 'response',
    expectedMs: responseOfShortestQueueMs(servers, load, EXPONENTIAL.meanMs),
  }
}

export function queueCases(): readonly QueueCase[] {
  return [
    oneServer(EXPONENTIAL, 0.5, 1.5 * MILLION),
    oneServer(EXPONENTIAL, 0.8, 7 * MILLION),
    oneServer(CONSTANT, 0.8, 5 * MILLION),
    oneServer(MIXED, 0.7, 9 * MILLION),
    batches(0.7, 9 * MILLION),
    manyServers(1, 0.7, 3 * MILLION),
    manyServers(4, 0.7, 6 * MILLION),
    manyServers(16, 0.8, 20 * MILLION),
    sharing(CONSTANT, 0.7, MILLION),
    sharing(EXPONENTIAL, 0.8, 3 * MILLION),
    sharing(MIXED, 0.7, 3 * MILLION),
    joinShortest(2, 0.8, 3 * MILLION),
    joinShortest(3, 0.7, 1.5 * MILLION),
    joinShortest(4, 0.7, MILLION),
  ]
}

/** @param share Of the requests of the case. */
export function validate(each: QueueCase, seed: number, share = 1): Validation {
  const { name, measure, load, expectedMs } = each
  const jobCount = Math.ceil(share * each.jobCount)
  const foundMs = estimateOf(batchMeansOf(each, { seed, jobCount, batchCount: BATCH_COUNT }))
  const errorRatio = (Math.abs(foundMs.mean - expectedMs) + foundMs.halfWidth) / expectedMs
  return {
    ...{ name, measure, load, jobCount, expectedMs, foundMs, errorRatio },
    holds: errorRatio <= ERROR_MAX_RATIO,
  }
}
