/**
 * How long an engine goes on making tokens for a client that has gone away.
 *
 * One stream at a time: after its third token the client closes the connection, and the engine
 * says when its own connection was closed, on the clock that both share. What passes between is
 * wasted GPU time.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Benchmark, type BenchmarkResult, formatNumber, formatTable } from './benchmark.ts'
import {
  CHAT_PATH,
  type GatewayPath,
  PATH_NAMES,
  type PathName,
  startPath,
} from './gateway-path.ts'
import { requestBytes } from './load-run.ts'
import { MOCK_MODEL } from './mock-engine.ts'
import { monotonicNowMs } from './monotonic-clock.ts'
import { type Percentiles, percentiles, ratio } from './statistics.ts'

const STREAM_COUNT = 100
const STREAM_COUNT_QUICK = 10

const TOKENS_BEFORE_LEAVING = 3
/** Far more than are made before the client leaves: 10 s of them. */
const TOKENS_PER_STREAM = 1000

/** An engine that has not been told within this counts as never told. */
const TOLD_MAX_MS = 2000
const POLL_INTERVAL_MS = 5

const STREAM_START_MAX_MS = 5000

/** After as many in a row the way is taken to tell no engine, and left. */
const UNTOLD_MAX = 5

interface Outcome {
  readonly delayMs: Percentiles
  /** Share of the streams whose engine was told at all. */
  readonly toldRatio: number
}

export const cancel: Benchmark = {
  summary: 'how soon an engine stops when the client of a stream goes away (about 1 minute)',

  async run(options, note) {
    const names = options.paths ?? PATH_NAMES
    const streamCount = options.isQuick ? STREAM_COUNT_QUICK : STREAM_COUNT
    const outcomes: Partial<Record<PathName, Outcome>> = {}
    for (const name of names) {
      note(name)
      const path = await startPath(name, options)
      try {
        outcomes[name] = await cancelStreams(path, streamCount)
      } finally {
        await path.stop()
      }
    }
    return summarize(names, outcomes)
  },
}

function summarize(
  names: readonly PathName[],
  outcomes: Readonly<Partial<Record<PathName, Outcome>>>,
): BenchmarkResult {
  const { mesh, fastify } = outcomes
  const rows = names.map(name => [
    name,
    formatNumber(outcomes[name]?.delayMs.p50, 2),
    formatNumber(outcomes[name]?.delayMs.p99, 2),
    formatNumber(outcomes[name]?.toldRatio, 2),
  ])
  const figures = names.map(name => {
    const outcome = outcomes[name]
    const { p50, p99 } = outcome?.delayMs ?? {}
    return [name, { delayP50Ms: p50, delayP99Ms: p99, toldRatio: outcome?.toldRatio }]
  })
  return {
    table: formatTable([['path', 'p50 ms', 'p99 ms', 'told'], ...rows]),
    figures: Object.fromEntries(figures),
    ratios: {
      meshToFastifyDelayP50: ratio(mesh?.delayMs.p50, fastify?.delayMs.p50),
      meshToFastifyDelayP99: ratio(mesh?.delayMs.p99, fastify?.delayMs.p99),
    },
    errors: [],
  }
}

async function cancelStreams(path: GatewayPath, streamCount: number): Promise<Outcome> {
  const delaysMs: number[] = []
  let triedCount = 0
  for (let untoldInRow = 0; triedCount < streamCount && untoldInRow < UNTOLD_MAX; triedCount += 1) {
    const before = await cancelledAt(path)
    const leftAtMs = await leaveStream(path)
    const toldAtMs = await whenTold(path, before.count)
    if (toldAtMs !== undefined) delaysMs.push(toldAtMs - leftAtMs)
    untoldInRow = toldAtMs === undefined ? untoldInRow + 1 : 0
  }
  return { delayMs: percentiles(delaysMs), toldRatio: delaysMs.length / triedCount }
}

/** Opens a stream, reads some tokens and closes the connection. @returns When it did. */
async function leaveStream({ port, headers }: GatewayPath): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const body = JSON.stringify({
    model: MOCK_MODEL,
    messages: [{ role: 'user', content: 'Say something about geese, please.' }],
    max_tokens: TOKENS_PER_STREAM,
    stream: true,
  })
  socket.write(requestBytes({ port, path: CHAT_PATH, headers, body }))
  const signal = AbortSignal.timeout(STREAM_START_MAX_MS)
  let text = ''
  while (text.split('"content":"').length <= TOKENS_BEFORE_LEAVING) {
    const [bytes] = await once(socket, 'data', { signal })
    text += String(bytes)
  }
  const leftAtMs = monotonicNowMs()
  socket.destroy()
  return leftAtMs
}

async function whenTold(path: GatewayPath, countBefore: number): Promise<number | undefined> {
  const deadline = AbortSignal.timeout(TOLD_MAX_MS)
  while (!deadline.aborted) {
    const { count, lastAtMs } = await cancelledAt(path)
    if (count > countBefore) return lastAtMs
    await sleep(POLL_INTERVAL_MS)
  }
  return undefined
}

async function cancelledAt({ enginePort }: GatewayPath) {
  const response = await fetch(`http://127.0.0.1:${enginePort}/mock/cancelled`)
  return (await response.json()) as { readonly count: number; readonly lastAtMs: number }
}
