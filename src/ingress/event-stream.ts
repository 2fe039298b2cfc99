/**
 * Server-sent events of something that has no end: first what is kept, then each as it happens.
 *
 *     read: what is kept --> wait: news | silence | stop --> read: what is new --> ...
 *                              '-- the client is slow: its stream alone waits, and what it reads
 *                                  from tells it afterwards what it missed
 *
 * Source: WHATWG HTML, section 9.2 "Server-sent events", which also advises the comment every
 * 15 s, since some proxies close a connection that is silent.
 */
import { MeshError } from '../core/errors.ts'
import type { Clock } from '../node/clock.ts'
import type { Metrics } from '../node/metrics.ts'
import { AnswerWriter } from './answer-writer.ts'
import type { Exchange } from './exchange.ts'
import type { IngressOptions } from './options.ts'

export const EVENT_STREAM = 'text/event-stream'

/** Proxies must neither keep it nor hold it back until it is whole. */
export const UNCACHED = { 'cache-control': 'no-cache', 'x-accel-buffering': 'no' }

const KEEP_ALIVE_INTERVAL_MS = 15_000

const KEEP_ALIVE = Buffer.from(': still here\n\n')

const HEAD = {
  status: 200,
  isEvents: true,
  headers: { 'content-type': EVENT_STREAM, ...UNCACHED },
}

/** What a stream reads from. It holds what waits, so that a slow client costs us nothing. */
export interface EventSource {
  /** The text of the next event; `undefined`: there is none yet. */
  next(): string | undefined
  close(): void
}

export interface EventStreamsDeps {
  readonly options: IngressOptions
  readonly metrics: Metrics
  readonly clock: Clock
  /** Aborted when the peer stops: then every stream ends. */
  readonly stopping: AbortSignal
}

/** The streams of one peer, of all kinds together. */
export class EventStreams {
  readonly #deps: EventStreamsDeps
  #count = 0

  constructor(deps: EventStreamsDeps) {
    this.#deps = deps
  }

  /**
   * Resolves when the client is gone or the peer stops.
   *
   * @param open Begins to read; calls back when there is news after `next` gave nothing.
   * @throws MeshError ERR_OVERLOADED.
   */
  async follow(exchange: Exchange, open: (onNews: () => void) => EventSource): Promise<void> {
    const { eventStreamsMax } = this.#deps.options
    if (this.#count >= eventStreamsMax) throw tooMany(eventStreamsMax)
    this.#count += 1
    try {
      await follow(exchange, open, this.#deps)
    } finally {
      this.#count -= 1
    }
  }
}

function tooMany(eventStreamsMax: number): MeshError {
  return new MeshError(`This peer already streams events to ${eventStreamsMax} clients.`, {
    code: 'ERR_OVERLOADED',
    hint: 'Ask another peer, or for the list with ?follow=false; ingress.eventStreamsMax sets the bound.',
  })
}

async function follow(
  exchange: Exchange,
  open: (onNews: () => void) => EventSource,
  { options, metrics, clock, stopping }: EventStreamsDeps,
): Promise<void> {
  const { request, response } = exchange
  const { slowClientTimeoutMs } = options
  const writer = new AnswerWriter(exchange, HEAD, { metrics, slowClientTimeoutMs })
  let wake = () => {}
  const onWake = () => wake()
  const source = open(onWake)
  stopping.addEventListener('abort', onWake)
  response.once('close', onWake)

  /** Until something has happened. There was nothing when it is called, in the same turn. */
  const isSilent = () =>
    new Promise<boolean>(resolve => {
      const cancel = clock.wakeAt(clock.nowMs() + KEEP_ALIVE_INTERVAL_MS, () => resolve(true))
      wake = () => {
        cancel()
        resolve(false)
      }
    })

  try {
    // Whoever asks for the head alone has it.
    while (request.method !== 'HEAD' && !stopping.aborted && !response.destroyed) {
      const text = source.next()
      if (text !== undefined) {
        if (!writer.push(Buffer.from(text))) await writer.drained()
      } else if ((await isSilent()) && !writer.push(KEEP_ALIVE)) await writer.drained()
    }
  } finally {
    source.close()
    stopping.removeEventListener('abort', onWake)
  }
  if (!response.destroyed) writer.end()
}
