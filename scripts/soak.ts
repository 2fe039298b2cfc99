/**
 * Long runs of the simulated world: `npm run soak -- membership --seeds 1000`, or `consensus`.
 *
 * Seeds are shared out among one process for each core. Prints each failure with the command that
 * replays it, then a table of what was measured, then one line of JSON.
 *
 *     --seeds N        the seeds 1 to N (10)      --seed S        only this one; N from it on
 *     --peers N        the size of the mesh (by the seed)
 *     --scenario name  only this one (all; `any`: for each seed the one that it stands for)
 *     --duration-ms    how long faults strike
 *
 * `npm run soak -- scale --peers 10,100,1000` measures what a mesh of each size costs instead.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { measureScale } from '../sim/membership/scale.ts'
import {
  type Outcome,
  runSeed,
  type SeedRun,
  SUBJECTS,
  type SubjectName,
  scenarioNames,
  scenarioOf,
  summary,
  table,
} from '../sim/soak-run.ts'

const NAMES = Object.keys(SUBJECTS) as SubjectName[]

const USAGE = `usage: npm run soak -- ${NAMES.join('|')} [--seed S] [--seeds N] [--peers N] [--scenario NAME|any] [--duration-ms MS]
       npm run soak -- scale [--seed S] [--peers N,N,…] [--duration-ms MS]
${NAMES.map(name => `scenarios of ${name}: ${scenarioNames(name).join(', ')}\n`).join('')}`

/** How often progress is told. */
const PROGRESS_EVERY = 50

const DEFAULT_SEEDS = 10

/** Stands for the one scenario that each seed chooses. */
const ANY_SCENARIO = 'any'

interface Plan {
  readonly runs: readonly SeedRun[]
  readonly isChild: boolean
}

function readFlags(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: 'string' },
      seed: { type: 'string' },
      peers: { type: 'string' },
      scenario: { type: 'string' },
      'duration-ms': { type: 'string' },
      share: { type: 'string' },
    },
  })
  const durationMs = values['duration-ms']
  return {
    ...values,
    subject: positionals.join(' '),
    duration: durationMs === undefined ? {} : { durationMs: Number(durationMs) },
  }
}

type Flags = ReturnType<typeof readFlags>

function readSeeds({ seed, seeds }: Flags): readonly number[] {
  const first = Number(seed ?? 1)
  const count = Number(seeds ?? (seed === undefined ? DEFAULT_SEEDS : 1))
  return Array.from({ length: count }, (_, index) => first + index)
}

/** @returns `undefined`: there is no such scenario. */
function readPlan(subject: SubjectName, flags: Flags): Plan | undefined {
  const { peers, scenario, duration, share } = flags
  const names = scenarioNames(subject)
  const isAny = scenario === ANY_SCENARIO
  const chosen = names.filter(name => isAny || (scenario ?? name) === name)
  if (chosen.length === 0) return undefined
  const change = { ...duration, ...(peers === undefined ? {} : { peerCount: Number(peers) }) }
  const all = readSeeds(flags).flatMap(seed =>
    (isAny ? [scenarioOf(subject, seed)] : chosen).map(name => ({
      ...{ subject, scenario: name, seed },
      ...change,
    })),
  )
  const [part, of] = (share ?? '0/1').split('/').map(Number)
  return {
    runs: all.filter((_, index) => index % (of ?? 1) === part),
    isChild: share !== undefined,
  }
}

/** Runs its share, and tells each outcome as a line of JSON. */
async function runShare(runs: readonly SeedRun[]): Promise<void> {
  for (const run of runs) {
    const startMs = performance.now()
    const outcome = await runSeed(run)
    const tookMs = performance.now() - startMs
    process.stdout.write(`${JSON.stringify({ ...outcome, tookMs })}\n`)
  }
}

/** Runs all shares in processes of their own. */
async function runAll(args: readonly string[], count: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const partCount = Math.min(count, availableParallelism())
  const children = Array.from({ length: partCount }, (_, part) => {
    const [, script = ''] = process.argv
    const childArgs = [script, ...args, '--share', `${part}/${partCount}`]
    return spawn(process.execPath, childArgs, { stdio: ['ignore', 'pipe', 'inherit'] })
  })
  await Promise.all(
    children.map(child =>
      follow(child, outcome => {
        outcomes.push(outcome)
        tell(outcome, { done: outcomes.length, count })
      }),
    ),
  )
  return outcomes
}

async function follow(child: ChildProcess, onOutcome: (outcome: Outcome) => void): Promise<void> {
  const ended = new Promise<number | null>(resolve => {
    child.on('exit', resolve)
  })
  if (child.stdout === null) throw new Error('expected the child to have an output')
  for await (const line of createInterface({ input: child.stdout })) onOutcome(JSON.parse(line))
  const code = await ended
  if (code !== 0) throw new Error(`expected a share to end with 0, found ${code}`)
}

function tell(outcome: Outcome, { done, count }: { done: number; count: number }): void {
  if (outcome.failure !== undefined) {
    process.stdout.write(`✗ ${outcome.scenario} seed ${outcome.seed}: ${outcome.failure}\n`)
    process.stdout.write(`  replay: ${outcome.replay}\n`)
  }
  if (done % PROGRESS_EVERY === 0) process.stdout.write(`${done} of ${count} runs\n`)
}

async function soak(subject: SubjectName, flags: Flags, args: readonly string[]): Promise<number> {
  const plan = readPlan(subject, flags)
  if (plan === undefined) return misused()
  if (plan.isChild) {
    await runShare(plan.runs)
    return 0
  }
  const outcomes = await runAll(args, plan.runs.length)
  process.stdout.write(`${table(outcomes)}\n${JSON.stringify(summary(outcomes))}\n`)
  return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0
}

/** One size after another, for each takes all the memory there is. */
async function measure({ seed = '1', peers = '10,100,1000', duration }: Flags): Promise<number> {
  const reports = []
  for (const peerCount of peers.split(',').map(Number)) {
    process.stdout.write(`measuring ${peerCount} peers\n`)
    const startMs = performance.now()
    const report = await measureScale({ seed: Number(seed), peerCount, ...duration })
    const tookSeconds = Math.round((performance.now() - startMs) / 1_000)
    const memoryMegabytes = Math.round(process.memoryUsage().rss / 1e6)
    reports.push({ ...report, tookSeconds, memoryMegabytes })
    for (const [name, value] of Object.entries(reports.at(-1) ?? {})) {
      process.stdout.write(`${name.padEnd(22)} ${value}\n`)
    }
  }
  process.stdout.write(`${JSON.stringify(reports)}\n`)
  return 0
}

function misused(): number {
  process.stderr.write(USAGE)
  return 2
}

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args)
  const subject = NAMES.find(name => name === flags.subject)
  if (subject !== undefined) return await soak(subject, flags, args)
  if (flags.subject === 'scale') return await measure(flags)
  return misused()
}

process.exitCode = await main(process.argv.slice(2))
