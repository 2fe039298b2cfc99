/**
 * The HTTP side of one engine: a bounded pool of connections that stay open, no pipelining, and
 * one exchange per request.
 */
import { buildConnector, type Dispatcher, Pool } from 'undici'
import type { MeshError } from '../../core/errors.ts'
import type { Clock } from '../../node/clock.ts'
import {
  Exchange,
  type ExchangeHead,
  type ExchangeLimits,
  type ExchangeObserver,
} from './exchange.ts'

/**
 * Under the 5 s after which uvicorn (vLLM, SGLang) and cpp-httplib (llama-server) close an idle
 * connection, so that it is we who close it.
 */
const KEEP_ALIVE_MS = 4_000

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** From the root of the origin. */
  readonly path: string
  readonly headers: readonly string[]
  readonly body?: Uint8Array
}

export interface OpenExchange {
  readonly head: ExchangeHead
  readonly exchange: Exchange
}

export interface EngineClientOptions {
  readonly origin: string
  readonly connections: number
  readonly connectTimeoutMs: number
}

/** What a connection that the other side closed ends with. */
const LOSS_CODES = ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']

const ignore = () => {}

function isLoss(error: Error): boolean {
  return 'code' in error && LOSS_CODES.includes(String(error.code))
}

export class EngineClient {
  readonly #pool: Pool
  readonly #clock: Clock
  readonly #live = new Set<Exchange>()
  /**
   * Errors of connections that had carried an answer before: an engine may close an idle one
   * just as we send on it. A fresh one that is lost is another matter: the request itself may
   * have brought the engine down.
   */
  readonly #staleErrors = new WeakSet<Error>()

  constructor(options: EngineClientOptions, clock: Clock) {
    this.#clock = clock
    // HTTP/2 would put all answers on one connection, and one slow reader before all others.
    const allowH2 = false
    const connect = buildConnector({ timeout: options.connectTimeoutMs, allowH2 })
    this.#pool = new Pool(options.origin, {
      connections: options.connections,
      pipelining: 1,
      allowH2,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // The clock port's wakes watch over both, see `Exchange`.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (target, done) =>
        connect(target, (error, socket) => {
          if (error !== null) return done(error, null)
          socket.once('error', failure => {
            if (socket.bytesRead > 0 && isLoss(failure)) this.#staleErrors.add(failure)
          })
          done(null, socket)
        }),
    })
  }

  /**
   * Sends a request and waits for the head of its answer.
   *
   * @throws MeshError ERR_ENGINE, ERR_DEADLINE_EXCEEDED, ERR_INVALID_REQUEST (bad header), or
   * the signal's reason.
   */
  async open(
    request: EngineRequest,
    limits: ExchangeLimits,
    signal: AbortSignal,
    observer: Partial<ExchangeObserver> = {},
  ): Promise<OpenExchange> {
    const exchange = this.#exchange(request, { limits, observer }, signal)
    return { head: await exchange.head, exchange }
  }

  /** Fails all that runs with `reason` and closes the connections. */
  async close(reason: MeshError): Promise<void> {
    for (const exchange of [...this.#live]) exchange.fail(reason)
    await this.#pool.destroy(reason)
  }

  #exchange(
    { method, path, headers, body }: EngineRequest,
    { limits, observer }: { limits: ExchangeLimits; observer: Partial<ExchangeObserver> },
    signal: AbortSignal,
  ): Exchange {
    const options: Dispatcher.DispatchOptions = {
      method,
      path,
      headers: [...headers],
      body: body ?? null,
    }
    const deps = {
      clock: this.#clock,
      onHead: observer.onHead ?? ignore,
      onChunk: observer.onChunk ?? ignore,
      onPause: observer.onPause ?? ignore,
      onRelease: (isWhole: boolean) => {
        this.#live.delete(exchange)
        observer.onRelease?.(isWhole)
      },
      resend: (error: Error) => {
        if (!this.#staleErrors.has(error)) return false
        // Not at once: the pool is in the middle of giving the connection up.
        queueMicrotask(() => this.#pool.dispatch(options, exchange))
        return true
      },
    }
    const exchange = new Exchange(deps, limits, signal)
    this.#live.add(exchange)
    this.#pool.dispatch(options, exchange)
    return exchange
  }
}

/** The bytes of a body, or `undefined` if there are more than `maxBytes`: then it is given up. */
export async function readBody(
  exchange: Exchange,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let lengthBytes = 0
  for await (const chunk of exchange) {
    lengthBytes += chunk.length
    if (lengthBytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
