/**
 * Runs what was planned on all cores, with a line on the terminal that says how far it is, and puts the
 * results of each scenario together.
 */
import { availableParallelism } from 'node:os'
import { assembleComparison } from '../../../sim/experiment/compare.ts'
import type { Comparison } from '../../../sim/experiment/comparison.ts'
import { jobsOf, type PlannedScenario } from '../../../sim/experiment/plan.ts'
import { VERSION } from '../../node/version.ts'
import type { Io } from '../io.ts'
import { stopRequest } from '../stop-request.ts'
import { progressText } from './progress-bar.ts'
import { type Progress, runJobs, simulatorProgram } from './worker-pool.ts'

/** Between two changes of the line on the terminal. */
const SHOWN_INTERVAL_MS = 100

const MICROSECONDS = 1e6

export interface ExperimentOptions {
  /** `undefined`: one per core. */
  readonly threadCount: number | undefined
}

/**
 * @returns of each scenario what it came to.
 * @throws MeshError ERR_STOPPING at the first signal, and what a run threw.
 */
export async function runExperiment(
  planned: readonly PlannedScenario[],
  io: Io,
  { threadCount = availableParallelism() }: ExperimentOptions,
): Promise<readonly Comparison[]> {
  const stop = stopRequest(io)
  // Of this process with all its threads.
  const before = process.cpuUsage()
  try {
    const results = await runJobs(jobsOf(planned), {
      threadCount,
      program: simulatorProgram(),
      signal: stop.signal,
      onProgress: progressLine(io),
    })
    const { user, system } = process.cpuUsage(before)
    const cpuSeconds = (user + system) / MICROSECONDS
    let from = 0
    return planned.map(({ scenario }) => {
      const to = from + jobsOf([{ scenario, trace: undefined }]).length
      const runs = results.slice(from, to)
      from = to
      const share = runs.length / results.length
      return assembleComparison({
        version: VERSION,
        scenario,
        runs,
        cpuSeconds: cpuSeconds * share,
      })
    })
  } finally {
    io.showStatus?.('')
    stop.release()
  }
}

/** Nothing is shown where nobody watches. */
function progressLine({ showStatus, nowMs }: Io): (progress: Progress) => void {
  if (showStatus === undefined) return () => {}
  const beginMs = nowMs()
  let shownMs = Number.NEGATIVE_INFINITY
  return progress => {
    if (nowMs() - shownMs < SHOWN_INTERVAL_MS) return
    shownMs = nowMs()
    showStatus(progressText(progress, shownMs - beginMs))
  }
}
