/**
 * Runs a queue on virtual time, and says how long its requests took on average.
 *
 * One long run, of which the beginning is left out, is cut into batches: their means are as good as
 * independent, and their spread gives the interval.
 *
 * Source: A. Law, "Simulation Modeling and Analysis", 5th edition, section 9.5.3.
 */
import { exponential, forkRandom } from '../chance.ts'
import { Timeline } from '../kernel/timeline.ts'
import { type QueueEngine, queueJob } from './queue-engines.ts'
import type { ServiceTime } from './service-time.ts'

/** What is random, each for itself. */
const ARRIVALS = 1
const SERVICE = 2
const CHOICE = 3

/** Of the requests that are measured; as many more come before them. */
const WARM_UP_SHARE = 0.05

export interface QueueRun {
  readonly engine: QueueEngine
  readonly service: ServiceTime
  /** Share of the time in which each server is busy. */
  readonly load: number
  readonly servers: number
  /** What is measured: until service begins, or until the end. */
  readonly measure: 'wait' | 'response'
}

export interface RunLength {
  readonly seed: number
  readonly jobCount: number
  readonly batchCount: number
}

/** Mean time of each batch, in the order of arrival, in ms. */
export function batchMeansOf(run: QueueRun, { seed, jobCount, batchCount }: RunLength): number[] {
  const { engine, service, measure } = run
  const timeline = new Timeline()
  const arrivals = forkRandom(seed, ARRIVALS)
  const services = forkRandom(seed, SERVICE)
  const firstIndex = Math.round(WARM_UP_SHARE * jobCount)
  const batchSize = Math.floor(jobCount / batchCount)
  const sums = new Float64Array(batchCount)
  const queue = engine.create({
    timeline,
    random: forkRandom(seed, CHOICE),
    onEnd: ({ index, atMs, serviceMs }) => {
      const batch = Math.floor((index - firstIndex) / batchSize)
      if (batch < 0 || batch >= batchCount) return
      const responseMs = timeline.nowMs - atMs
      sums[batch] = (sums[batch] as number) + responseMs - (measure === 'wait' ? serviceMs : 0)
    },
  })
  const meanGapMs = service.meanMs / (run.load * run.servers)
  let arrivedCount = 0
  const arrive = () => {
    const serviceMs = service.drawMs(services)
    queue.submit(queueJob({ index: arrivedCount, atMs: timeline.nowMs, serviceMs }, engine))
    arrivedCount += 1
    if (arrivedCount < firstIndex + jobCount)
      timeline.after(exponential(arrivals, meanGapMs), arrive)
  }
  timeline.after(exponential(arrivals, meanGapMs), arrive)
  timeline.runAll()
  return Array.from(sums, sum => sum / batchSize)
}
