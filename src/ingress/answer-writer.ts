/**
 * Writes the chunks of one answer to one client, no faster than the client takes them.
 *
 *     push --> batch --(end of this turn of the event loop)--> response.write
 *
 * Chunks that arrive in one turn leave in one write, without waiting for more. `push` says when to
 * stop: then the caller pulls nothing from the engine until `drained`, so at most `BATCH_BYTES`
 * and one chunk wait here, plus what Node keeps for the socket (its high-water mark).
 *
 * The head of an event stream leaves in the turn it arrives. That of any other answer waits for the second chunk
 * or the end: most have a single chunk, which then goes out with its length in one write; and an
 * engine that fails before is still answered with a status.
 */
import type { Metrics } from '../node/metrics.ts'
import type { Exchange, Headers } from './exchange.ts'

/** A batch that reaches this is written at once. One socket buffer, about. */
const BATCH_BYTES = 64 * 1024

const LINE_FEED = 10

export interface AnswerHead {
  readonly status: number
  readonly headers: Headers
  /** Server-sent events. */
  readonly isEvents: boolean
}

export class AnswerWriter {
  readonly #exchange: Exchange
  readonly #head: AnswerHead
  readonly #metrics: Metrics['ingress']
  readonly #slowClientTimeoutMs: number
  #batch: Uint8Array[] = []
  #batchBytes = 0
  /** Whether what was pushed so far ends with an empty line, as every event does. */
  #isBetweenEvents = true

  constructor(
    exchange: Exchange,
    head: AnswerHead,
    options: { readonly metrics: Metrics; readonly slowClientTimeoutMs: number },
  ) {
    this.#exchange = exchange
    this.#head = head
    this.#metrics = options.metrics.ingress
    this.#slowClientTimeoutMs = options.slowClientTimeoutMs
    if (!head.isEvents) return
    exchange.begin(head.status, head.headers)
    process.nextTick(() => this.#flushHead())
  }

  /** Takes a chunk. False: call `drained` before the next. */
  push(chunk: Uint8Array): boolean {
    const { response } = this.#exchange
    if (this.#head.isEvents) this.#isBetweenEvents = endsEvent(chunk)
    this.#batch.push(chunk)
    this.#batchBytes += chunk.length
    this.#metrics.outputChunks.inc()
    this.#metrics.outputBytes.inc(chunk.length)

    if (!response.headersSent) {
      if (this.#batch.length === 1) return true
      this.#exchange.begin(this.#head.status, this.#head.headers)
      this.#flush()
    } else if (this.#batchBytes >= BATCH_BYTES) {
      this.#flush()
    } else if (this.#batch.length === 1) {
      process.nextTick(() => this.#flush())
    }
    return !response.writableNeedDrain
  }

  /** Resolves when the client took what waits, or is gone. Cuts a client that takes nothing. */
  drained(): Promise<void> {
    const { response } = this.#exchange
    return new Promise(resolve => {
      const done = () => {
        response.off('drain', done).off('close', done)
        this.#watchClient(0)
        resolve()
      }
      response.once('drain', done).once('close', done)
      this.#watchClient(this.#slowClientTimeoutMs)
    })
  }

  end(): void {
    const { response } = this.#exchange
    if (response.headersSent) {
      this.#flush()
      response.end()
    } else {
      const { status, headers } = this.#head
      this.#exchange.send(status, headers, Buffer.concat(this.#batch))
    }
    if (response.writableLength > 0) this.#watchClient(this.#slowClientTimeoutMs)
  }

  /** Ends an answer that failed after its head was written. */
  endWithError(body: unknown): void {
    const { response } = this.#exchange
    if (!this.#head.isEvents) {
      // A status cannot be taken back: only a broken body tells the client that it is not whole.
      response.destroy()
      return
    }
    const gap = this.#isBetweenEvents ? '' : '\n\n'
    this.#batch.push(Buffer.from(`${gap}data: ${JSON.stringify(body)}\n\n`))
    this.end()
  }

  /** With the first chunks in one write, if they came with it. */
  #flushHead(): void {
    const { response } = this.#exchange
    if (this.#batch.length > 0) this.#flush()
    else if (!(response.destroyed || response.writableEnded)) response.flushHeaders()
  }

  #flush(): void {
    const { response } = this.#exchange
    const batch = this.#batch
    const [first] = batch
    if (first === undefined) return
    this.#batch = []
    this.#batchBytes = 0
    if (!response.destroyed) response.write(batch.length === 1 ? first : Buffer.concat(batch))
  }

  /**
   * The socket's own timer: it looks at the bytes that the system took, so a client that takes
   * little by little is not cut, which a wait for `drain` could not tell.
   */
  #watchClient(timeoutMs: number): void {
    const { response } = this.#exchange
    response.off('timeout', this.#cut)
    if (timeoutMs > 0) response.once('timeout', this.#cut)
    if (!response.destroyed) response.setTimeout(timeoutMs)
  }

  readonly #cut = (): void => {
    this.#metrics.slowClients.inc()
    this.#exchange.response.destroy()
  }
}

/** Whether a chunk of server-sent events ends with an empty line. */
function endsEvent(chunk: Uint8Array): boolean {
  const last = chunk.length - 1
  if (chunk[last] !== LINE_FEED) return false
  return chunk[last - 1] === LINE_FEED || chunk[last - 2] === LINE_FEED
}
