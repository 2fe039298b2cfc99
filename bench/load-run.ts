/**
 * A closed loop: a fixed number of connections, each with one request at a time.
 *
 *     connect, warm up --warmUpMs--> window opens --windowMs--> window closes, answers end
 *
 * Streams should start spread, for otherwise all of equal length begin together for ever, and the
 * time to the first token is the length of that queue.
 */
import { LoadConnection } from './load-connection.ts'
import { LoadRecorder, type LoadResult } from './load-recorder.ts'
import { monotonicNowMs } from './monotonic-clock.ts'

export interface LoadJob {
  readonly port: number
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Set if the answer is a stream. */
  readonly tokensPerStream?: number | undefined
  readonly connectionCount: number
  /** Within which the connections start, evenly spread. At most `warmUpMs`, if there is one. */
  readonly spreadMs: number
  readonly warmUpMs: number
  /** With `requestsPerConnection` the longest it may take. */
  readonly windowMs: number
  /** Ends the window as soon as each connection has sent this many. Needs `warmUpMs` 0. */
  readonly requestsPerConnection?: number | undefined
  /** An answer that takes longer is an error. */
  readonly responseMaxMs: number
}

/** How often answers that take too long are looked for. */
const EXPIRY_CHECK_INTERVAL_MS = 250

/** A request as it goes over the wire. */
export function requestBytes({
  port,
  path,
  headers,
  body,
}: Pick<LoadJob, 'port' | 'path' | 'headers' | 'body'>): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** Told when the window of measurement opens and closes. */
export interface WindowWatch {
  readonly onOpen: () => void
  readonly onClose: () => void
}

export async function runLoad(job: LoadJob, watch: WindowWatch): Promise<LoadResult> {
  const recorder = new LoadRecorder()
  const request = requestBytes(job)
  let becomeIdle = () => {}
  const allIdle = new Promise<void>(resolve => {
    becomeIdle = resolve
  })
  let isStopping = false
  let idleCount = 0
  const connections = Array.from({ length: job.connectionCount }, () => {
    let leftCount = job.requestsPerConnection ?? Number.POSITIVE_INFINITY
    return new LoadConnection({
      port: job.port,
      request,
      tokensPerStream: job.tokensPerStream,
      recorder,
      mayContinue: () => !isStopping && leftCount-- > 0,
      onIdle() {
        idleCount += 1
        if (idleCount === job.connectionCount) becomeIdle()
      },
    })
  })

  const expiry = setInterval(() => {
    const atMs = monotonicNowMs() - job.responseMaxMs
    for (const connection of connections) connection.expire(atMs)
  }, EXPIRY_CHECK_INTERVAL_MS)

  try {
    for (const [index, connection] of connections.entries()) {
      setTimeout(() => connection.start(), (job.spreadMs * index) / job.connectionCount)
    }
    await elapsed(job.warmUpMs)
    recorder.setOpen(true)
    const openedAtMs = monotonicNowMs()
    watch.onOpen()
    await Promise.race([allIdle, elapsed(job.windowMs)])
    recorder.setOpen(false)
    const windowMs = monotonicNowMs() - openedAtMs
    watch.onClose()
    isStopping = true
    await Promise.race([allIdle, elapsed(job.responseMaxMs + EXPIRY_CHECK_INTERVAL_MS)])
    for (const connection of connections) connection.close()
    return recorder.result(windowMs)
  } finally {
    clearInterval(expiry)
  }
}

function elapsed(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms).unref()
  })
}
