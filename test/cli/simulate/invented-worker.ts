/**
 * A thread like that of `skein sim`, whose runs are invented. What the description of a scenario says
 * goes wrong.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Job, RunJob } from '../../../sim/experiment/plan.ts'
import { serveJobs } from '../../../src/cli/simulate/serve-jobs.ts'
import { assert } from '../../../src/core/assert.ts'
import { MeshError } from '../../../src/core/errors.ts'
import { inventedRun } from '../../sim/experiment/invented-run.ts'

/** Long enough for the other threads to take part, whoever starts first. */
const SPINS = 20_000_000

/** The first seeds take longest, so that later ones are done before them. */
function spin(seed: number): number {
  let sum = 0
  for (let index = 0; index < SPINS / seed; index += 1) sum += Math.sqrt(index)
  return sum
}

const run: RunJob = ({ scenario, contestant, seed, onProgress }) => {
  spin(seed)
  const { description, durationMs } = scenario
  if (description === 'config') {
    throw new MeshError('expected more, found less', { code: 'ERR_CONFIG', hint: 'Do it.' })
  }
  if (description === 'bug') assert(seed !== 2, 'seeds are not 2')
  if (description === 'exit') process.exit(3)
  while (description === 'endless') onProgress?.(durationMs / 2)
  onProgress?.(durationMs)
  return inventedRun({ contestant: contestant.name, seed, ttftP99Ms: 100 + seed })
}

assert(parentPort !== null, 'this file runs as a thread')
const jobs = workerData as readonly Job[]
if (jobs[0]?.scenario.description === 'memory') {
  // As Node says it.
  throw Object.assign(new Error('out of memory'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })
}
serveJobs(parentPort, jobs, run)
