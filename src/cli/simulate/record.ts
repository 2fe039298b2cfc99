/**
 * `skein sim record`: a trace of what a mesh serves, for the simulator.
 *
 *     every ingress --pages of counts and hashes--> rows in the order they came --> a file
 *
 * Hashes are made by the peers with a salt that is drawn for this recording and kept nowhere.
 */
import type { MeasuredRequest } from '../../../sim/calibrate/observations.ts'
import type { SkeinTraceHead, SkeinTraceRow } from '../../../sim/workload/skein-trace.ts'
import { clientFlags, createClient } from '../client.ts'
import { defineCommand } from '../command.ts'
import { type Io, writeJson, writeLine } from '../io.ts'
import { wholeNumber } from '../policy-path.ts'
import { stopRequest } from '../stop-request.ts'
import { type FollowedRequest, type Gap, ServedFollower } from './follow-served.ts'

/** A day. */
const DURATION_MAX_MS = 86_400_000

const DURATION_DEFAULT_MS = 60_000

/** A peer keeps 4096: this follows 8000 requests a second of each. */
const POLL_INTERVAL_MS = 500

/** How long requests that came in time may take when the time is over. */
const DRAIN_MAX_MS = 60_000

const FILE_DEFAULT = 'trace.jsonl'

const told = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** What makes tokens; others are no work for a language model. */
export const GENERATING: ReadonlySet<string> = new Set(['chat/completions', 'completions'])

export const simRecord = defineCommand({
  name: 'sim record',
  summary: 'Write a trace of what the mesh serves: counts and hashes, no text and no names.',
  flags: {
    'duration-ms': {
      type: 'string',
      value: 'MS',
      meaning: `How long. Default: ${DURATION_DEFAULT_MS}; Ctrl-C ends it before.`,
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      meaning: `Where to. Default: ${FILE_DEFAULT}.`,
    },
    ...clientFlags,
  },
  notes: [
    'Asks one peer, which asks the others: every ingress is recorded. Needs a key with the role operator where keys are needed.',
    'What could not be had is said, and stands in the first line of the file. A file that is there already stays as it is.',
  ],

  async run({ flags }, io) {
    const max = { flag: '--duration-ms', min: 100, max: DURATION_MAX_MS }
    const durationMs = wholeNumber(flags['duration-ms'], max) ?? DURATION_DEFAULT_MS
    const path = flags.output ?? FILE_DEFAULT
    const { writeNew, writeOutput } = await import('./output-folder.ts')
    const client = createClient(io, flags)
    const follower = new ServedFollower({ client, io, salt: newSalt() })
    const fromWallMs = io.wallMs()
    await follower.poll()
    // Nobody records for a day to hear that nothing can be kept.
    writeNew(path, '')
    const elapsedMs = await follow(follower, durationMs, io)
    const toWallMs = fromWallMs + elapsedMs
    const served = follower.requests(fromWallMs, toWallMs)
    const rows = served.filter(({ endpoint }) => GENERATING.has(endpoint))
    const gaps = follower.gaps(toWallMs)
    writeOutput(path, traceText(rows, { gaps, fromWallMs, durationMs: elapsedMs }))
    const others = served.length - rows.length
    const ingresses = follower.ingressCount
    if (flags.json) {
      const counts = { requestCount: rows.length, ingressCount: ingresses, otherCount: others }
      writeJson(io, { file: path, ...counts, durationMs: elapsedMs, gaps })
      return 0
    }
    const seconds = (elapsedMs / 1_000).toFixed(1)
    writeLine(
      io,
      `${told(rows.length, 'request')} at ${told(ingresses, 'peer')} in ${seconds} s: ${path}`,
    )
    if (others > 0) writeLine(io, `Left out: ${others} that make no tokens, such as embeddings.`)
    for (const gap of gaps) writeLine(io, `Missing: ${gapText(gap)}`)
    return 0
  },
})

export function newSalt(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')
}

/** Until the time is over or somebody ends it, and then until what came in time has ended. */
async function follow(follower: ServedFollower, durationMs: number, io: Io): Promise<number> {
  const stop = stopRequest(io)
  const beginMs = io.nowMs()
  const pause = (signal: AbortSignal) =>
    io.wait(POLL_INTERVAL_MS, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  try {
    const beginWallMs = io.wallMs()
    while (!stop.signal.aborted && io.nowMs() - beginMs < durationMs && !follower.isFull) {
      await pause(stop.signal)
      await follower.poll()
      io.showStatus?.(`${follower.requestCount} requests`)
    }
    const elapsedMs = Math.min(durationMs, io.nowMs() - beginMs)
    const endMs = io.nowMs() + DRAIN_MAX_MS
    const never = new AbortController().signal
    while (!follower.hasAllBefore(beginWallMs + elapsedMs) && io.nowMs() < endMs) {
      await pause(never)
      await follower.poll()
    }
    return elapsedMs
  } finally {
    io.showStatus?.('')
    stop.release()
  }
}

interface Recorded {
  readonly gaps: readonly Gap[]
  readonly fromWallMs: number
  readonly durationMs: number
}

function traceText(
  requests: readonly FollowedRequest[],
  { gaps, fromWallMs, durationMs }: Recorded,
): string {
  const head: SkeinTraceHead = {
    ...{ skeinTrace: 1, durationMs: Math.round(durationMs), requestCount: requests.length },
    gaps: [...gaps],
  }
  const rows = requests.map(each => traceRow(each, fromWallMs))
  return [head, ...rows].map(each => `${JSON.stringify(each)}\n`).join('')
}

/** To a hundredth of a millisecond: more is noise, and digits. */
const rounded = (value: number) => Math.round(value * 100) / 100

export function traceRow(request: FollowedRequest, fromWallMs: number): SkeinTraceRow {
  const { atWallMs, model, prefix, tenant, priority, ttftMs, outputTokensMax } = request
  return {
    atMs: rounded(atWallMs - fromWallMs),
    model,
    inputTokens: Math.round(request.inputTokens),
    outputTokens: Math.round(request.outputTokens),
    ...(prefix === undefined ? {} : { prefix }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(priority === 'normal' ? {} : { priority }),
    ...(outputTokensMax === undefined ? {} : { outputTokensMax }),
    ...(ttftMs === undefined ? {} : { ttftMs: rounded(ttftMs) }),
    endToEndMs: rounded(request.endToEndMs),
    peer: request.peer,
    ingress: request.ingress,
  }
}

/** `[]`: it was no stream. */
export function measuredOf(row: SkeinTraceRow): readonly MeasuredRequest[] {
  const { atMs, inputTokens, outputTokens, ttftMs, endToEndMs, peer } = row
  if (ttftMs === undefined || endToEndMs === undefined || peer === undefined) return []
  return [{ peer, atMs, inputTokens, outputTokens, ttftMs, endToEndMs }]
}

function gapText({ peer, reason, count }: Gap): string {
  const many = count === null ? 'nobody knows how many' : `${count}`
  return `${many} at ${peer}: ${reason}`
}
