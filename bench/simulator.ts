/**
 * How fast the fleet simulator is: events a second of one core, at both levels; all strategies over the
 * preset `small`; and the largest fleet.
 *
 * An event is what `RunResult.eventCount` counts: one that happened on the timeline, or a step of a
 * machine (schedulers; at the full level membership and gossip too). Beside it stand, from the same
 * run, the timeline with events that do nothing, and the same fleet with the simplest strategy. Each
 * case is a process of its own, cases take turns, and processor time counts: the first turn of a
 * process, in which code is compiled, is left out, and of the others the median is taken.
 */
import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jobsOf } from '../sim/experiment/plan.ts'
import { presetScenario } from '../sim/scenario/presets.ts'
import { type ScenarioInput, scenario as schema } from '../sim/scenario/scenario.ts'
import { runJobs, simulatorProgram } from '../src/cli/simulate/worker-pool.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import type { SimulatorCase, SimulatorReport } from './simulator-process.ts'
import { median, ratio } from './statistics.ts'

const PROGRAM = fileURLToPath(new URL('./simulator-process.ts', import.meta.url))

/** Of one case. */
const CASE_MAX_MS = 400_000

/** Turns of each process, the first of which does not count; and processes of each case. */
const TURNS = 3
const QUICK_TURNS = 2
const ROUNDS = 2

/** Shorter than their presets: what is measured is the rate. */
const AGGREGATE_MS = 20_000
const FULL_MS = 600
const QUICK_MS = 300

/** As InferMesh's goal has it, instead of bursts. */
const LARGE_PER_SECOND = 800
const LARGE_MS = 60_000
const QUICK_LARGE_MS = 2_000
const QUICK_SMALL_MS = 5_000

const BYTES_PER_GIB = 1_024 ** 3

interface Levels {
  readonly [name: string]: SimulatorCase
}

function levelsOf(isQuick: boolean): Levels {
  const turns = isQuick ? QUICK_TURNS : TURNS
  const azure = (strategy: 'mesh' | 'random', changes: Partial<ScenarioInput>): SimulatorCase => ({
    preset: 'azure-mixed',
    changes: { ...changes, warmUpMs: 100, strategies: [strategy] },
    turns,
  })
  const aggregate = { level: 'aggregate', durationMs: isQuick ? 2_000 : AGGREGATE_MS } as const
  const full = { level: 'full', durationMs: isQuick ? QUICK_MS : FULL_MS } as const
  return {
    timeline: { turns },
    'aggregate, mesh': azure('mesh', aggregate),
    'aggregate, random': azure('random', aggregate),
    'full, mesh': azure('mesh', full),
    'full, random': azure('random', full),
  }
}

async function runCase(what: SimulatorCase): Promise<SimulatorReport> {
  const run = promisify(execFile)
  const args = [PROGRAM, JSON.stringify(what)]
  const { stdout } = await run(process.execPath, args, { timeout: CASE_MAX_MS })
  return JSON.parse(stdout) as SimulatorReport
}

/** Events a second of processor time, each case in turn. */
async function measureLevels(isQuick: boolean, note: (line: string) => void) {
  const rates = new Map<string, number[]>()
  for (let round = 1; round <= (isQuick ? 1 : ROUNDS); round += 1) {
    for (const [name, what] of Object.entries(levelsOf(isQuick))) {
      note(`round ${round}: ${name}`)
      const { turns } = await runCase(what)
      const own = turns.slice(1).map(({ eventCount, cpuMs }) => (1_000 * eventCount) / cpuMs)
      rates.set(name, [...(rates.get(name) ?? []), ...own])
    }
  }
  return new Map([...rates].map(([name, each]) => [name, median(each)]))
}

/** Every strategy once, on all cores, as `skein sim run small --runs 1` does. */
async function measureSmall(isQuick: boolean, note: (line: string) => void) {
  const changes = isQuick ? { durationMs: QUICK_SMALL_MS, warmUpMs: 1_000 } : {}
  const scenario = schema.parse({ ...presetScenario('small'), ...changes, runs: 1 })
  const jobs = jobsOf([{ scenario, trace: undefined }])
  note(`small: ${jobs.length} strategies`)
  const threadCount = availableParallelism()
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  await runJobs(jobs, {
    ...{ threadCount, program: simulatorProgram(), onProgress: () => undefined },
    signal: AbortSignal.timeout(CASE_MAX_MS),
  })
  const { user, system } = process.cpuUsage(cpu)
  const wallSeconds = (performance.now() - startMs) / 1_000
  return { strategyCount: jobs.length, threadCount, wallSeconds, cpuSeconds: (user + system) / 1e6 }
}

/** 131,072 nodes: those strategies that do not look at everybody for each request. */
async function measureLarge(isQuick: boolean, note: (line: string) => void) {
  const large = presetScenario('large')
  const arrivals = { type: 'poisson', requestsPerSecond: LARGE_PER_SECOND } as const
  note('large: 131,072 nodes')
  const { turns, rssBytes } = await runCase({
    preset: 'large',
    changes: {
      ...{ durationMs: isQuick ? QUICK_LARGE_MS : LARGE_MS, warmUpMs: 1_000, strategies: ['mesh'] },
      workload: { ...large.workload, arrivals },
    },
    turns: 1,
  })
  const [turn] = turns
  const seconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000)
  return {
    wallSeconds: seconds(turn?.wallMs),
    cpuSeconds: seconds(turn?.cpuMs),
    requestCount: turn?.arrivedCount,
    rssGib: rssBytes / BYTES_PER_GIB,
  }
}

export const simulator: Benchmark = {
  summary: 'events a second of both levels, all strategies, 131,072 nodes (about 7 minutes)',

  async run({ isQuick }, note) {
    const rates = await measureLevels(isQuick, note)
    const small = await measureSmall(isQuick, note)
    const large = await measureLarge(isQuick, note)
    const timeline = rates.get('timeline')
    const rows = [...rates].map(([name, rate]) => [
      ...[name, formatNumber(rate), formatNumber(ratio(rate, timeline), 3)],
    ])
    const text = (value: number | undefined) => formatNumber(value, 1)
    const table = [
      formatTable([['level, strategy', 'events/s of a core', 'of the timeline'], ...rows]),
      `small, ${small.strategyCount} strategies on ${small.threadCount} threads: ${text(small.wallSeconds)} s, ${text(small.cpuSeconds)} s of CPU`,
      `131,072 nodes, ${large.requestCount} requests: ${text(large.wallSeconds)} s, ${text(large.cpuSeconds)} s of CPU, ${text(large.rssGib)} GiB`,
    ]
    const ratios = Object.fromEntries(
      [...rates].flatMap(([name, rate]) => [[`${name} to timeline`, ratio(rate, timeline)]]),
    )
    for (const level of ['aggregate', 'full']) {
      const [mesh, random] = [rates.get(`${level}, mesh`), rates.get(`${level}, random`)]
      ratios[`${level}, mesh to random`] = ratio(mesh, random)
    }
    const figures = { eventsPerSecond: Object.fromEntries(rates), small, large }
    return { table: table.join('\n\n'), figures, ratios, errors: [] }
  },
}
