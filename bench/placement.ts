/**
 * Where requests land: two engines of different speed behind four peers, requests at all four, by
 * chance and at 0.7 of what both engines can do together, and the scheduler as it is.
 *
 * The engine of each speed takes requests in order of arrival, so what was possible is known for
 * each request: the time at which it would have ended at either engine, given what was there. It
 * landed well if that of the engine that it got is within a fifth of the best.
 *
 *     embedded   llama.cpp in a peer, one request at a time; how fast, is measured first
 *     paced      `paced-engine.ts`, of a given speed
 *
 * Two more rounds choose by chance and in turn, to see what the scheduler is worth.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Landed, Oracle } from '../sim/placement/oracle.ts'
import type { EngineSpeed } from '../sim/sim-engine.ts'
import { Random } from '../src/core/random.ts'
import { type Benchmark, formatNumber, formatTable } from './benchmark.ts'
import { ask, MODEL, promptOf, READY_MAX_MS, urlOf, whenServedBy } from './chat-load.ts'
import { type Child, startChild } from './child-process.ts'
import { nearestRank, ratio } from './statistics.ts'

const PACED: EngineSpeed = {
  slotCount: 4,
  prefillTokensPerSecond: 4_000,
  decodeTokensPerSecond: 100,
}

const LOAD_RATIO = 0.7
const REQUEST_COUNT = 300
const QUICK_COUNT = 40
const CALIBRATION_COUNT = 8

/** Of an answer: from here to twice as far. */
const ANSWER_TOKENS_MIN = 16

const STRATEGIES = ['mesh', 'round-robin', 'random'] as const

const PROGRAM = fileURLToPath(new URL('../bin/skein.js', import.meta.url))

interface Mesh {
  readonly urls: readonly string[]
  /** Peer → the engine behind it. */
  readonly engineOf: ReadonlyMap<string, string>
  readonly embedded: EngineSpeed
}

interface Round {
  readonly wellRatio: number
  readonly slowdownP50: number | undefined
  readonly slowdownP95: number | undefined
  readonly durationP50Ms: number | undefined
  readonly durationP95Ms: number | undefined
  readonly embeddedShare: number
}

export const placement: Benchmark = {
  summary: 'how many requests land within a fifth of the best possible end (about 3 minutes)',

  async run({ isQuick }, note) {
    const rounds = new Map<string, Round>()
    const errors: string[] = []
    for (const strategy of STRATEGIES) {
      const folder = mkdtempSync(join(tmpdir(), 'skein-bench-'))
      const children: Child[] = []
      try {
        note(`${strategy}: start`)
        const mesh = await startMesh(folder, strategy, children)
        note(`${strategy}: the embedded engine makes ${showRate(mesh.embedded)} tokens/s`)
        const landed = await drive(mesh, isQuick ? QUICK_COUNT : REQUEST_COUNT, errors)
        rounds.set(strategy, roundOf(landed))
      } finally {
        await Promise.all(children.map(child => child.stop()))
        rmSync(folder, { recursive: true, force: true })
      }
    }
    return summarize(rounds, errors)
  },
}

const showRate = ({ decodeTokensPerSecond }: EngineSpeed) => decodeTokensPerSecond.toFixed(0)

async function startMesh(folder: string, strategy: string, children: Child[]): Promise<Mesh> {
  const start = async (name: string, args: readonly string[]) => {
    const child = await startChild({ name, args, readyMaxMs: READY_MAX_MS })
    children.push(child)
    return child
  }
  const config = join(folder, 'config.json')
  const embedded = { alias: MODEL, parallelMax: 1, queueMax: 1_000 }
  writeFileSync(config, JSON.stringify({ scheduler: { strategy }, embedded }))
  const peer = (name: string, verb: readonly string[], served: string) =>
    start(name, [
      ...[PROGRAM, ...verb, '--json', '--name', name, '--engine', served],
      ...['--p2p-host', '127.0.0.1', '--http-port', '0', '--p2p-port', '0'],
      ...['--data-dir', join(folder, name), '--config', config],
    ])
  const first = await peer('embedded', ['up'], 'embedded')
  await whenServedBy(urlOf(first), 1)
  const speed = await calibrate(urlOf(first))
  const script = fileURLToPath(new URL('./paced-engine.ts', import.meta.url))
  const engine = await start('the paced engine', [
    ...[script, '--model', MODEL, '--slots', `${PACED.slotCount}`],
    ...['--prefill', `${PACED.prefillTokensPerSecond}`],
    ...['--decode', `${PACED.decodeTokensPerSecond}`],
  ])
  const join_ = ['join', String(first.ready['ticket'])]
  const second = await peer('paced', join_, `http://127.0.0.1:${engine.ready['port']}`)
  const others = [await peer('third', join_, 'none'), await peer('fourth', join_, 'none')]
  const engineOf = new Map([
    [String(first.ready['peerId']), 'embedded'],
    [String(second.ready['peerId']), 'paced'],
  ])
  const urls = [first, second, ...others].map(urlOf)
  await Promise.all(urls.map(url => whenServedBy(url, engineOf.size)))
  return { urls, engineOf, embedded: speed }
}

/** One after the other, with nobody else in the mesh. */
async function calibrate(url: string): Promise<EngineSpeed> {
  await ask(url, 4)
  let tokenCount = 0
  let decodeMs = 0
  let prefillMs = 0
  for (let left = CALIBRATION_COUNT; left > 0; left -= 1) {
    const asked = await ask(url, 2 * ANSWER_TOKENS_MIN)
    tokenCount += asked.tokenCount - 1
    decodeMs += asked.endMs - asked.firstMs
    prefillMs += asked.firstMs - asked.startMs
  }
  const promptTokens = promptOf(0).length / 4
  return {
    slotCount: 1,
    prefillTokensPerSecond: (promptTokens * CALIBRATION_COUNT * 1_000) / prefillMs,
    decodeTokensPerSecond: (tokenCount * 1_000) / decodeMs,
  }
}

async function drive(mesh: Mesh, count: number, errors: string[]): Promise<readonly Landed[]> {
  const random = new Random(11)
  const meanTokens = ANSWER_TOKENS_MIN * 1.5
  const speeds = new Map([
    ['embedded', mesh.embedded],
    ['paced', PACED],
  ])
  const oracle = new Oracle(speeds)
  const perSecond = [...speeds.values()].reduce(
    (sum, speed) => sum + oracle.requestsPerSecond(speed, promptOf(0).length / 4, meanTokens),
    0,
  )
  const meanGapMs = 1_000 / (LOAD_RATIO * perSecond)
  const pending: Promise<void>[] = []
  for (let number = 1; number <= count; number += 1) {
    await sleep(-Math.log(1 - random.next()) * meanGapMs)
    const tokenCount = ANSWER_TOKENS_MIN + random.nextIndex(ANSWER_TOKENS_MIN)
    const url = mesh.urls[random.nextIndex(mesh.urls.length)] ?? ''
    const asked = ask(url, tokenCount, promptOf(number)).then(
      done => {
        const engine = mesh.engineOf.get(done.peer) ?? ''
        oracle.landed({ ...done, engine, promptTokens: promptOf(number).length / 4 })
      },
      (error: unknown) => {
        errors.push(`request ${number}: ${error}`)
      },
    )
    pending.push(asked)
  }
  await Promise.all(pending)
  return oracle.judge()
}

function roundOf(landed: readonly Landed[]): Round {
  const slowdowns = landed.map(({ slowdown }) => slowdown)
  const durations = landed.map(({ durationMs }) => durationMs)
  const embedded = landed.filter(({ engine }) => engine === 'embedded')
  return {
    wellRatio: slowdowns.filter(slowdown => slowdown <= 1.2).length / landed.length,
    slowdownP50: nearestRank(slowdowns, 0.5),
    slowdownP95: nearestRank(slowdowns, 0.95),
    durationP50Ms: nearestRank(durations, 0.5),
    durationP95Ms: nearestRank(durations, 0.95),
    embeddedShare: embedded.length / landed.length,
  }
}

function summarize(rounds: ReadonlyMap<string, Round>, errors: readonly string[]) {
  const rows = [...rounds].map(([strategy, round]) => [
    strategy,
    `${formatNumber(100 * round.wellRatio)} %`,
    formatNumber(round.slowdownP50, 2),
    formatNumber(round.slowdownP95, 2),
    formatNumber(round.durationP50Ms),
    formatNumber(round.durationP95Ms),
    `${formatNumber(100 * round.embeddedShare)} %`,
  ])
  const head = [
    ...['strategy', 'within a fifth', 'slowdown p50', 'p95', 'duration p50 ms', 'p95 ms'],
    'embedded',
  ]
  const p95Of = (strategy: string) => rounds.get(strategy)?.durationP95Ms
  return {
    table: formatTable([head, ...rows]),
    figures: Object.fromEntries(rounds),
    ratios: {
      meshToRoundRobinP95: ratio(p95Of('mesh'), p95Of('round-robin')),
      meshToRandomP95: ratio(p95Of('mesh'), p95Of('random')),
    },
    errors,
  }
}
