/**
 * Long runs of the simulated world: `npm run soak -- membership --seeds 1000`.
 *
 * Seeds are shared out among one process for each core. Prints each failure with the command that
 * replays it, then a table of what was measured, then one line of JSON.
 *
 *     --seeds N        the seeds 1 to N (10)      --seed S        only this one
 *     --peers 5|20|50  the size of the mesh (by the seed)
 *     --scenario name  only this one (all)        --duration-ms   how long faults strike
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { MEMBERSHIP_SCENARIOS, type MembershipScenario } from '../sim/membership/scenarios.ts'
import { type Outcome, runSeed, type SeedRun, summary, table } from '../sim/soak-run.ts'

const USAGE = `usage: npm run soak -- membership [--seeds N | --seed S] [--peers N] [--scenario NAME] [--duration-ms MS]
scenarios: ${Object.keys(MEMBERSHIP_SCENARIOS).join(', ')}
`

/** How often progress is told. */
const PROGRESS_EVERY = 50

interface Plan {
  readonly runs: readonly SeedRun[]
  readonly isChild: boolean
}

/** @returns `undefined`: the command line is wrong. */
function readPlan(args: readonly string[]): Plan | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seeds: { type: 'string', default: '10' },
      seed: { type: 'string' },
      peers: { type: 'string' },
      scenario: { type: 'string' },
      'duration-ms': { type: 'string' },
      share: { type: 'string' },
    },
  })
  const names = Object.keys(MEMBERSHIP_SCENARIOS) as MembershipScenario[]
  const scenarios = names.filter(name => (values.scenario ?? name) === name)
  if (positionals.join() !== 'membership' || scenarios.length === 0) return undefined
  const seedCount = Number(values.seeds)
  const seeds =
    values.seed === undefined
      ? Array.from({ length: seedCount }, (_, index) => index + 1)
      : [Number(values.seed)]
  const change = {
    ...(values.peers === undefined ? {} : { peerCount: Number(values.peers) }),
    ...(values['duration-ms'] === undefined ? {} : { durationMs: Number(values['duration-ms']) }),
  }
  const all = seeds.flatMap(seed => scenarios.map(scenario => ({ scenario, seed, ...change })))
  const [part, of] = (values.share ?? '0/1').split('/').map(Number)
  const runs = all.filter((_, index) => index % (of ?? 1) === part)
  return { runs, isChild: values.share !== undefined }
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

async function main(args: readonly string[]): Promise<number> {
  const plan = readPlan(args)
  if (plan === undefined) {
    process.stderr.write(USAGE)
    return 2
  }
  if (plan.isChild) {
    await runShare(plan.runs)
    return 0
  }
  const outcomes = await runAll(args, plan.runs.length)
  process.stdout.write(`${table(outcomes)}\n${JSON.stringify(summary(outcomes))}\n`)
  return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0
}

process.exitCode = await main(process.argv.slice(2))
