/**
 * The thread of `skein sim` that runs the simulator. It gets the jobs as `workerData`.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Job } from '../../../sim/experiment/plan.ts'
import { runOnce } from '../../../sim/fleet/run.ts'
import { assert } from '../../core/assert.ts'
import { serveJobs } from './serve-jobs.ts'

assert(parentPort !== null, 'this file runs as a thread')
// From `worker-pool.ts`, which has them of this type.
serveJobs(parentPort, workerData as readonly Job[], runOnce)
