/**
 * What a thousand streams at once cost an ingress in resident memory, and whether it gives the
 * memory back.
 *
 *     cold → all streams once → rest: before → all streams again: peak → rest: after
 *
 * A process that has worked keeps more than one that has not, whatever it works on, so *after* is
 * held against *before*, which has seen the same work; the cold figure is reported as well. The
 * peers run as users run them, with no collection forced.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Benchmark, type BenchmarkResult, formatNumber, formatTable } from './benchmark.ts'
import { CHAT_PATH, type GatewayPath, startPath } from './gateway-path.ts'
import { LoadProcess } from './load-process.ts'
import type { LoadResult } from './load-recorder.ts'
import { MOCK_MODEL } from './mock-engine.ts'
import { processUsage } from './process-usage.ts'
import { ratio } from './statistics.ts'

const STREAM_COUNT = 1000
const TOKEN_INTERVAL_MS = 100
/** Streams start within this, and last far longer, so that all are open at once. */
const SPREAD_MS = 2000

const PEAK_LIMIT_BYTES = 600e6
const AFTER_TO_BEFORE_MAX = 1.2

const SAMPLE_INTERVAL_MS = 100
/** Memory has come to rest when it has moved by less than 1 % for this long. */
const REST_MS = 3000
const REST_RATIO = 0.01
const REST_MAX_MS = 20_000

/** Beyond the stream's own length. */
const STREAM_LATE_MAX_MS = 30_000

export const memory: Benchmark = {
  summary: `resident memory of an ingress with ${STREAM_COUNT} streams at once (about 1 minute)`,

  async run(options, note) {
    const tokensPerStream = options.isQuick ? 30 : 120
    const [name = 'mesh'] = options.paths ?? []
    const load = await LoadProcess.start()
    try {
      const path = await startPath(name, options)
      try {
        const coldBytes = rssOf(path)
        note(`${STREAM_COUNT} streams through ${name}, to warm up`)
        const warmUp = await withPeak(path, runStreams(load, path, tokensPerStream))
        const beforeBytes = await restingRss(path)
        note(`${STREAM_COUNT} streams through ${name}, measured`)
        const measured = await withPeak(path, runStreams(load, path, tokensPerStream))
        const afterBytes = await restingRss(path)
        return summarize({ coldBytes, beforeBytes, afterBytes, warmUp, measured })
      } finally {
        await path.stop()
      }
    } finally {
      await load.stop()
    }
  },
}

function runStreams(load: LoadProcess, path: GatewayPath, tokensPerStream: number) {
  const streamMs = tokensPerStream * TOKEN_INTERVAL_MS
  return load.run({
    port: path.port,
    path: CHAT_PATH,
    headers: path.headers,
    body: JSON.stringify({
      model: MOCK_MODEL,
      messages: [{ role: 'user', content: 'Say something about geese, please.' }],
      max_tokens: tokensPerStream,
      stream: true,
      user: `token-interval-ms=${TOKEN_INTERVAL_MS}`,
    }),
    tokensPerStream,
    connectionCount: STREAM_COUNT,
    spreadMs: SPREAD_MS,
    warmUpMs: 0,
    windowMs: SPREAD_MS + streamMs + STREAM_LATE_MAX_MS,
    requestsPerConnection: 1,
    responseMaxMs: streamMs + STREAM_LATE_MAX_MS,
  })
}

function rssOf({ ingressPid }: GatewayPath): number {
  const usage = ingressPid === undefined ? undefined : processUsage([ingressPid])
  if (usage === undefined) throw new Error('memory is read from /proc, and of a gateway: use Linux')
  return usage.rssBytes
}

interface Run {
  readonly result: LoadResult
  readonly peakBytes: number
}

async function withPeak(path: GatewayPath, running: Promise<LoadResult>): Promise<Run> {
  let peakBytes = rssOf(path)
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, rssOf(path))
  }, SAMPLE_INTERVAL_MS)
  try {
    return { result: await running, peakBytes }
  } finally {
    clearInterval(timer)
  }
}

async function restingRss(path: GatewayPath): Promise<number> {
  const deadline = AbortSignal.timeout(REST_MAX_MS)
  let restingBytes = rssOf(path)
  for (let restedMs = 0; restedMs < REST_MS && !deadline.aborted; restedMs += SAMPLE_INTERVAL_MS) {
    await sleep(SAMPLE_INTERVAL_MS)
    const nowBytes = rssOf(path)
    if (Math.abs(nowBytes - restingBytes) <= restingBytes * REST_RATIO) continue
    restingBytes = nowBytes
    restedMs = 0
  }
  return rssOf(path)
}

interface Observed {
  readonly coldBytes: number
  readonly beforeBytes: number
  readonly afterBytes: number
  readonly warmUp: Run
  readonly measured: Run
}

function summarize(observed: Observed): BenchmarkResult {
  const { coldBytes, beforeBytes, afterBytes, warmUp, measured } = observed
  const { openStreamsMax } = measured.result
  const peakBytes = Math.max(warmUp.peakBytes, measured.peakBytes)
  const mb = (bytes: number) => formatNumber(bytes / 1e6)
  const verdict = (isKept: boolean) => (isKept ? 'yes' : 'NO')
  const errors = [warmUp, measured].flatMap(({ result }) =>
    Object.entries(result.errors).map(([what, count]) => `${count} × ${what}`),
  )
  if (openStreamsMax < STREAM_COUNT) {
    errors.push(`only ${openStreamsMax} of ${STREAM_COUNT} streams were open at once`)
  }
  return {
    table: formatTable([
      ['ingress', 'RSS MB'],
      ['cold', mb(coldBytes)],
      ['peak of the warm-up', mb(warmUp.peakBytes)],
      ['before', mb(beforeBytes)],
      ['peak', mb(measured.peakBytes)],
      ['after', mb(afterBytes)],
      [`peak below ${mb(PEAK_LIMIT_BYTES)} MB`, verdict(peakBytes < PEAK_LIMIT_BYTES)],
      ['after within 20 % of before', verdict(afterBytes <= beforeBytes * AFTER_TO_BEFORE_MAX)],
      ['after within 20 % of cold', verdict(afterBytes <= coldBytes * AFTER_TO_BEFORE_MAX)],
    ]),
    figures: {
      openStreamsMax,
      coldRssBytes: coldBytes,
      beforeRssBytes: beforeBytes,
      peakRssBytes: peakBytes,
      afterRssBytes: afterBytes,
      bytesPerStream: (measured.peakBytes - beforeBytes) / STREAM_COUNT,
    },
    ratios: {
      peakToLimit: ratio(peakBytes, PEAK_LIMIT_BYTES),
      afterToBefore: ratio(afterBytes, beforeBytes),
      afterToCold: ratio(afterBytes, coldBytes),
    },
    errors,
  }
}
