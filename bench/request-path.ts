/**
 * What a gateway costs on the way of one request: rate and latency of JSON answers, time to the
 * first token of paced streams, processor time per request.
 *
 * The ways are measured in turns, several rounds, each round beginning with another one, so that
 * a machine that gets slower or faster meanwhile does so for all. Ratios are taken within a round;
 * every figure is the median over the rounds.
 */
import type { Benchmark, BenchmarkOptions } from './benchmark.ts'
import {
  CHAT_PATH,
  type GatewayPath,
  PATH_NAMES,
  type PathName,
  startPath,
} from './gateway-path.ts'
import { LoadProcess } from './load-process.ts'
import type { LoadResult } from './load-recorder.ts'
import { MOCK_MODEL } from './mock-engine.ts'
import { processUsage } from './process-usage.ts'
import {
  KINDS,
  type Measurement,
  nameOf,
  type Round,
  SCENARIOS,
  type Scenario,
  type ScenarioName,
  summarize,
} from './request-path-summary.ts'

/** At the engine's pace of 10 ms a stream lasts 190 ms. */
const TOKENS_PER_STREAM = 20

interface Plan {
  readonly roundCount: number
  /** After the start, for the compilers of the gateways. */
  readonly firstWarmUpMs: number
  readonly warmUpMs: number
  readonly windowMs: number
}

const FULL: Plan = { roundCount: 3, firstWarmUpMs: 1500, warmUpMs: 400, windowMs: 2800 }
const QUICK: Plan = { roundCount: 1, firstWarmUpMs: 500, warmUpMs: 250, windowMs: 800 }

/** An answer takes milliseconds here. */
const RESPONSE_MAX_MS = 5000

export const requestPath: Benchmark = {
  summary: 'one request through a peer, two peers, and other gateways (about 6 minutes)',

  async run(options, note) {
    const plan = options.isQuick ? QUICK : FULL
    const names = options.paths ?? PATH_NAMES
    const rounds: Round[] = []
    const errors: string[] = []
    const load = await LoadProcess.start()
    try {
      for (let round = 0; round < plan.roundCount; round += 1) {
        const order = names.map((_, index) => names[(index + round) % names.length] as PathName)
        const measured: Round = {}
        for (const name of order) {
          note(`round ${round + 1} of ${plan.roundCount}: ${name}`)
          measured[name] = await measurePath({ name, options, plan, load, errors })
        }
        rounds.push(measured)
      }
    } finally {
      await load.stop()
    }
    return summarize(names, rounds, errors)
  },
}

interface PathRun {
  readonly name: PathName
  readonly options: BenchmarkOptions
  readonly plan: Plan
  readonly load: LoadProcess
  /** Filled. */
  readonly errors: string[]
}

async function measurePath({ name, options, plan, load, errors }: PathRun) {
  const path = await startPath(name, options)
  const measurements: Partial<Record<ScenarioName, Measurement>> = {}
  try {
    const warmUp = { ...plan, warmUpMs: 0, windowMs: plan.firstWarmUpMs }
    for (const kind of KINDS) {
      await load.run(jobFor(path, { kind, connectionCount: 32 }, warmUp))
    }
    for (const scenario of SCENARIOS) {
      let before = processUsage(path.gatewayPids)
      let after = before
      const result = await load.run(jobFor(path, scenario, plan), {
        onOpen: () => {
          before = processUsage(path.gatewayPids)
        },
        onClose: () => {
          after = processUsage(path.gatewayPids)
        },
      })
      const cpuMs = before && after ? after.cpuMs - before.cpuMs : undefined
      measurements[nameOf(scenario)] = measurementOf(path, result, cpuMs)
      for (const [what, count] of Object.entries(result.errors)) {
        errors.push(`${name} ${nameOf(scenario)}: ${count} × ${what}`)
      }
    }
  } finally {
    await path.stop()
  }
  return measurements
}

function jobFor(path: GatewayPath, { kind, connectionCount }: Scenario, plan: Plan) {
  const isStream = kind === 'sse'
  return {
    port: path.port,
    path: CHAT_PATH,
    headers: path.headers,
    body: JSON.stringify({
      model: MOCK_MODEL,
      messages: [{ role: 'user', content: 'Say something about geese, please.' }],
      max_tokens: TOKENS_PER_STREAM,
      ...(isStream && { stream: true }),
    }),
    tokensPerStream: isStream ? TOKENS_PER_STREAM : undefined,
    connectionCount,
    spreadMs: isStream ? plan.warmUpMs : 0,
    warmUpMs: plan.warmUpMs,
    windowMs: plan.windowMs,
    responseMaxMs: RESPONSE_MAX_MS,
  }
}

function measurementOf(
  path: GatewayPath,
  result: LoadResult,
  cpuMs: number | undefined,
): Measurement {
  const { ingressPid } = path
  const seconds = result.windowMs / 1000
  const isMeasurable = cpuMs !== undefined && ingressPid !== undefined && result.answeredCount > 0
  return {
    requestsPerSecond: result.answeredCount / seconds,
    tokensPerSecond: result.tokenCount / seconds,
    responseP50Ms: result.responseMs.p50,
    responseP99Ms: result.responseMs.p99,
    ttftP50Ms: result.ttftMs.p50,
    ttftP99Ms: result.ttftMs.p99,
    tokenGapP50Ms: result.tokenGapMs.p50,
    tokenGapP99Ms: result.tokenGapMs.p99,
    gatewayCpuUs: isMeasurable ? (cpuMs * 1000) / result.answeredCount : undefined,
    ingressRssBytes: ingressPid === undefined ? undefined : processUsage([ingressPid])?.rssBytes,
  }
}
