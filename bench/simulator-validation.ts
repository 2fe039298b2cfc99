/**
 * Whether the simulator says what a mesh does: four real peers, two of them with an embedded engine of
 * one thread, are asked at all four; the mesh is calibrated by what one round measured, and further
 * rounds are recorded and simulated.
 *
 *     round 1 --record--> trace --calibrate--> scenario
 *     round n --record--> trace --simulate with that scenario--> p50 and p95, beside the measured ones
 *
 * The scenario knows nothing of the rounds that it is judged by but when requests came and how long
 * they were. Engines are busy for a third of the time, so that two cores are enough for them, the
 * peers and us. A round in which others use the machine is not counted, since nobody could know of them.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { exponential } from '../sim/chance.ts'
import { runOnce } from '../sim/fleet/run.ts'
import { parseScenario } from '../sim/scenario/parse.ts'
import { contestantsOf, type Scenario } from '../sim/scenario/scenario.ts'
import { parseTrace } from '../sim/workload/parse-trace.ts'
import { skeinTraceRow } from '../sim/workload/skein-trace.ts'
import { Random } from '../src/core/random.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import { ask, MODEL, READY_MAX_MS, urlOf, whenServedBy } from './chat-load.ts'
import { type Child, startChild } from './child-process.ts'
import { machineBusyMs, processUsage } from './process-usage.ts'
import { median, nearestRank, ratio } from './statistics.ts'

const PROGRAM = fileURLToPath(new URL('../bin/skein.js', import.meta.url))

/** As little as makes requests meet at an engine now and then. */
const LOAD_RATIO = 0.35

/** Undisturbed, the first of them to calibrate by; and how many are tried. */
const ROUNDS = 4
const QUICK_ROUNDS = 2
const TRIES_MAX = 12
const QUICK_TRIES_MAX = 4
const ROUND_MS = 40_000
const QUICK_ROUND_MS = 10_000

const WARM_UP_COUNT = 6
const PACE_COUNT = 12

/** Times over which the simulated figures are averaged: chance decides who takes a request in. */
const SEEDS = [1, 2, 3, 4, 5] as const

const WORDS_MIN = 8
const WORDS_MAX = 60
const ANSWER_TOKENS_MIN = 16
const ANSWER_TOKENS_MAX = 64

/** Of one core, that others may use in a round. */
const OTHERS_MAX_RATIO = 0.15

/** As the goal has it. */
const TOLERANCE_RATIO = 0.15

const FIGURES = ['ttftP50Ms', 'ttftP95Ms', 'endToEndP50Ms', 'endToEndP95Ms'] as const

type Figures = Readonly<Record<(typeof FIGURES)[number], number | undefined>>

interface Round {
  readonly requestCount: number
  readonly measured: Figures
  readonly simulated: Figures
}

export const simulatorValidation: Benchmark = {
  summary: 'times of a real mesh of four beside those of its simulation (about 4 minutes)',

  async run({ isQuick }, note) {
    const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
    const children: Child[] = []
    try {
      const urls = await startMesh(folder, children)
      const gapMs = await meanGapOf(urls)
      note(`a request every ${formatNumber(gapMs)} ms`)
      const roundMs = isQuick ? QUICK_ROUND_MS : ROUND_MS
      const triesMax = isQuick ? QUICK_TRIES_MAX : TRIES_MAX
      const wantedCount = isQuick ? QUICK_ROUNDS : ROUNDS
      const rounds: Round[] = []
      const errors: string[] = []
      let scenario: Scenario | undefined
      let disturbedCount = 0
      for (let number = 1; number <= triesMax && rounds.length < wantedCount; number += 1) {
        const trace = join(folder, `round-${number}.jsonl`)
        const others = await record(urls, trace, () =>
          drive(urls, { gapMs, roundMs, seed: number }, errors),
        )
        note(`round ${number}: others used ${formatNumber(others, 2)} of a core`)
        if (others > OTHERS_MAX_RATIO) {
          disturbedCount += 1
          continue
        }
        scenario ??= await calibrate(urls, folder, trace)
        rounds.push(roundOf(scenario, readFileSync(trace, 'utf8')))
      }
      if (rounds.length < wantedCount) {
        errors.push(`others used the machine in ${disturbedCount} of ${triesMax} rounds`)
      }
      return summarize(rounds, scenario, errors)
    } finally {
      await Promise.all(children.map(child => child.stop()))
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function startMesh(folder: string, children: Child[]): Promise<readonly string[]> {
  const config = join(folder, 'config.json')
  const embedded = { alias: MODEL, parallelMax: 2, threads: 1, queueMax: 1_000 }
  writeFileSync(config, JSON.stringify({ embedded }))
  const peer = async (name: string, verb: readonly string[], served: string) => {
    const child = await startChild({
      name,
      args: [
        ...[PROGRAM, ...verb, '--json', '--name', name, '--engine', served],
        ...['--p2p-host', '127.0.0.1', '--http-port', '0', '--p2p-port', '0'],
        ...['--data-dir', join(folder, name), '--config', config],
      ],
      readyMaxMs: READY_MAX_MS,
    })
    children.push(child)
    return child
  }
  const first = await peer('first', ['up'], 'embedded')
  const join_ = ['join', String(first.ready['ticket'])]
  const others = [
    await peer('second', join_, 'embedded'),
    await peer('third', join_, 'none'),
    await peer('fourth', join_, 'none'),
  ]
  const urls = [first, ...others].map(urlOf)
  await Promise.all(urls.map(url => whenServedBy(url, 2)))
  return urls
}

/** By how long requests take that are alone. */
async function meanGapOf(urls: readonly string[]): Promise<number> {
  const random = new Random(3)
  const one = async () => {
    const { startMs, endMs } = await ask(anyOf(urls, random), answerTokens(random), prompt(random))
    return endMs - startMs
  }
  for (let left = WARM_UP_COUNT; left > 0; left -= 1) await one()
  let sumMs = 0
  for (let left = PACE_COUNT; left > 0; left -= 1) sumMs += await one()
  const engineCount = 2
  return sumMs / PACE_COUNT / engineCount / LOAD_RATIO
}

const anyOf = (urls: readonly string[], random: Random) => urls[random.nextIndex(urls.length)] ?? ''

const answerTokens = (random: Random) =>
  ANSWER_TOKENS_MIN + random.nextIndex(ANSWER_TOKENS_MAX - ANSWER_TOKENS_MIN)

/** Different from the first word on, so that no cache helps. */
function prompt(random: Random): string {
  const count = WORDS_MIN + random.nextIndex(WORDS_MAX - WORDS_MIN)
  const words = Array.from({ length: count }, () => `goose ${random.nextIndex(1_000)}`)
  return `Tell me a story about ${words.join(' and ')}.`
}

interface Driven {
  readonly gapMs: number
  readonly roundMs: number
  readonly seed: number
}

/** At moments that do not wait for answers. Resolves when all have come. */
async function drive(
  urls: readonly string[],
  { gapMs, roundMs, seed }: Driven,
  errors: string[],
): Promise<void> {
  const random = new Random(seed)
  const pending: Promise<unknown>[] = []
  const beginMs = performance.now()
  for (let atMs = 0; ; ) {
    atMs += exponential(random, gapMs)
    if (atMs > roundMs) break
    await sleep(Math.max(0, beginMs + atMs - performance.now()))
    const asked = ask(anyOf(urls, random), answerTokens(random), prompt(random))
    pending.push(asked.catch((error: unknown) => errors.push(`seed ${seed}: ${error}`)))
  }
  await Promise.all(pending)
}

/**
 * `skein sim record` beside the mesh while something runs.
 *
 * @returns what others used of the machine meanwhile, in cores.
 */
async function record(
  urls: readonly string[],
  path: string,
  run: () => Promise<void>,
): Promise<number> {
  const args = [PROGRAM, 'sim', 'record', '--node', urls[0] ?? '', '-o', path]
  const child = spawn(process.execPath, [...args, '--duration-ms', '600000'], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve, reject) => {
    child.once('exit', code =>
      code === 0 ? resolve() : reject(new Error(`the recording ended with ${code}`)),
    )
  })
  const signal = AbortSignal.timeout(READY_MAX_MS)
  while (!existsSync(path)) await sleep(20, undefined, { signal })
  const before = usedByOthers()
  await run()
  const after = usedByOthers()
  // As by Ctrl-C.
  child.kill('SIGINT')
  await ended
  return (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs)
}

function usedByOthers() {
  const ownMs = processUsage([process.pid])?.cpuMs ?? 0
  return { cpuMs: Math.max(0, (machineBusyMs() ?? 0) - ownMs), atMs: performance.now() }
}

async function calibrate(
  urls: readonly string[],
  folder: string,
  trace: string,
): Promise<Scenario> {
  const path = join(folder, 'scenario.yaml')
  const args = ['sim', 'calibrate', '--node', urls[0] ?? '', '--trace', trace, '-o', path]
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'ignore' })
  const code = await new Promise(resolve => child.once('exit', resolve))
  if (code !== 0) throw new Error(`calibration ended with ${code}`)
  return parseScenario(readFileSync(path, 'utf8'), path)
}

function roundOf(scenario: Scenario, text: string): Round {
  const lines = text.trimEnd().split('\n').slice(1)
  const rows = lines.map(line => skeinTraceRow.parse(JSON.parse(line)))
  const lastMs = Math.max(...rows.map(({ atMs }) => atMs))
  const trace = parseTrace('skein', text, MODEL)
  const replayed = { ...scenario, warmUpMs: 0, durationMs: Math.ceil(lastMs) + 1 }
  const [contestant] = contestantsOf(replayed)
  if (contestant === undefined) throw new Error('a scenario has a contestant')
  const runs = SEEDS.map(seed => runOnce({ scenario: replayed, contestant, seed, trace }).summaries)
  const mean = (of: (run: (typeof runs)[number]) => number) =>
    runs.reduce((sum, run) => sum + of(run), 0) / runs.length
  const ttfts = rows.flatMap(({ ttftMs }) => ttftMs ?? [])
  const totals = rows.flatMap(({ endToEndMs }) => endToEndMs ?? [])
  return {
    requestCount: rows.length,
    measured: {
      ttftP50Ms: nearestRank(ttfts, 0.5),
      ttftP95Ms: nearestRank(ttfts, 0.95),
      endToEndP50Ms: nearestRank(totals, 0.5),
      endToEndP95Ms: nearestRank(totals, 0.95),
    },
    simulated: {
      ttftP50Ms: mean(({ ttftMs }) => ttftMs.p50),
      ttftP95Ms: mean(({ ttftMs }) => ttftMs.p95),
      endToEndP50Ms: mean(({ endToEndMs }) => endToEndMs.p50),
      endToEndP95Ms: mean(({ endToEndMs }) => endToEndMs.p95),
    },
  }
}

/** The first round is the one that was calibrated by: it shows the model, the others the prediction. */
function summarize(
  [calibration, ...rounds]: readonly Round[],
  scenario: Scenario | undefined,
  errors: readonly string[],
) {
  const rows = FIGURES.map(name => {
    const measured = median(rounds.map(round => round.measured[name]))
    const simulated = median(rounds.map(round => round.simulated[name]))
    const shares = rounds.map(round => ratio(round.simulated[name], round.measured[name]))
    const fitted = ratio(calibration?.simulated[name], calibration?.measured[name])
    return { name, measured, simulated, share: median(shares), shares, fitted }
  })
  const within = rows.filter(
    ({ share }) => share !== undefined && Math.abs(share - 1) <= TOLERANCE_RATIO,
  )
  const head = [
    '',
    'measured ms',
    'simulated ms',
    'simulated by measured',
    'of each round',
    'of the first',
  ]
  const table = rows.map(({ name, measured, simulated, share, shares, fitted }) => [
    ...[name.replace('Ms', ''), formatNumber(measured, 1), formatNumber(simulated, 1)],
    ...[formatNumber(share, 2), shares.map(each => formatNumber(each, 2)).join(' ')],
    formatNumber(fitted, 2),
  ])
  return {
    table: formatTable([head, ...table]),
    figures: {
      calibration,
      rounds,
      speeds: scenario === undefined ? undefined : Object.values(scenario.gpus).map(gpu => gpu.llm),
      networkMs: scenario?.network.intraCell.rttMs,
      withinCount: within.length,
    },
    ratios: Object.fromEntries(rows.map(({ name, share }) => [name, share])),
    errors,
  }
}
