/**
 * Which strategy is the default and why: `npm run strategy-choice` runs the comparisons and writes
 * docs/internals/strategy-choice.md.
 *
 *     --quick          a tenth of the time, one seed, printed and not written
 *     --only NAME      one experiment, printed and not written
 *     --threads N      as many as there are cores
 *
 * Every figure is of the simulator that comes with this package; equal versions give equal figures on
 * any machine. What was compared stands in `strategy-choice/experiments.ts`.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { assembleComparison } from '../sim/experiment/compare.ts'
import type { Comparison } from '../sim/experiment/comparison.ts'
import { jobsOf, type PlannedScenario } from '../sim/experiment/plan.ts'
import { scenario } from '../sim/scenario/scenario.ts'
import { ownTraceFolder, readTrace } from '../src/cli/simulate/trace-file.ts'
import { runJobs, simulatorProgram } from '../src/cli/simulate/worker-pool.ts'
import { VERSION } from '../src/node/version.ts'
import { EXPERIMENTS, type Experiment } from './strategy-choice/experiments.ts'
import { pageOf, sectionOf } from './strategy-choice/page.ts'

const PAGE = new URL('../docs/internals/strategy-choice.md', import.meta.url)

/** Share of the time of each run. */
const QUICK_RATIO = 0.1

function readFlags(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      threads: { type: 'string' },
    },
  })
  const { quick: isQuick, only, threads } = values
  const known = EXPERIMENTS.map(({ name }) => name)
  if (only !== undefined && !known.includes(only)) {
    throw new Error(`expected one of ${known.join(', ')} after --only, found ${only}`)
  }
  const threadCount = threads === undefined ? availableParallelism() : Number(threads)
  if (!(Number.isInteger(threadCount) && threadCount > 0)) {
    throw new Error(`expected a whole number above 0 after --threads, found ${threads}`)
  }
  return { isQuick, only, threadCount }
}

function plannedOf({ points }: Experiment, isQuick: boolean): readonly PlannedScenario[] {
  return points.map(({ input }) => {
    const { durationMs = 0, warmUpMs = 0 } = input
    const short = {
      runs: 1,
      durationMs: durationMs * QUICK_RATIO,
      warmUpMs: warmUpMs * QUICK_RATIO,
    }
    const parsed = scenario.parse({ ...input, ...(isQuick ? short : {}) })
    return { scenario: parsed, trace: readTrace(parsed, ownTraceFolder()) }
  })
}

async function comparisonsOf(
  experiment: Experiment,
  { isQuick, threadCount }: { readonly isQuick: boolean; readonly threadCount: number },
): Promise<readonly Comparison[]> {
  const planned = plannedOf(experiment, isQuick)
  const startMs = performance.now()
  const results = await runJobs(jobsOf(planned), {
    ...{ threadCount, program: simulatorProgram(), signal: new AbortController().signal },
    onProgress: () => {},
  })
  const seconds = (performance.now() - startMs) / 1_000
  console.error(`${experiment.name}: ${results.length} runs in ${seconds.toFixed(0)} s`)
  let first = 0
  return planned.map(each => {
    const count = jobsOf([each]).length
    const runs = results.slice(first, first + count)
    first += count
    return assembleComparison({ version: VERSION, scenario: each.scenario, runs, cpuSeconds: 0 })
  })
}

async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args)
  const chosen = EXPERIMENTS.filter(({ name }) => flags.only === undefined || name === flags.only)
  const sections: string[] = []
  for (const experiment of chosen) {
    sections.push(sectionOf(experiment, await comparisonsOf(experiment, flags)))
  }
  if (flags.isQuick || flags.only !== undefined) console.log(sections.join('\n'))
  else writeFileSync(PAGE, pageOf(sections))
}

await main(process.argv.slice(2))
