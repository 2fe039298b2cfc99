/**
 * Asks an engine about itself: lists, metrics, control. Apart from the connections that carry
 * answers, so that neither waits for the other, and bounded in size and time.
 */
import { MeshError } from '../../core/errors.ts'
import type { Clock } from '../../node/clock.ts'
import type { EngineQuestion, EngineReply } from '../engines/engine-profile.ts'
import { type EngineAddress, originAt } from './base-url.ts'
import { EngineClient, type OpenExchange, readBody } from './engine-client.ts'
import { headerOf, requestHeaders } from './headers.ts'

/** A list of a thousand models with all their details fits, and any engine's metrics. */
const REPLY_MAX_BYTES = 4_194_304

/** A look at the models, a scrape, an action, and one to spare. */
const CONNECTIONS = 4

const BUFFER_MAX_BYTES = 65_536

/** Ports that one engine has. A profile names each in its code. */
const PORTS_MAX = 4

export interface EngineAskOptions {
  readonly address: EngineAddress
  readonly connectTimeoutMs: number
}

export class EngineAsk {
  readonly #options: EngineAskOptions
  readonly #clock: Clock
  /** By the offset of the port. */
  readonly #clients = new Map<number, EngineClient>()
  credential: string | undefined

  constructor(options: EngineAskOptions, clock: Clock) {
    this.#options = options
    this.#clock = clock
  }

  /**
   * @param timeoutMs For all of it, to the last byte: one that trickles has not answered.
   * @throws MeshError ERR_ENGINE, ERR_DEADLINE_EXCEEDED, or the signal's reason.
   */
  async ask(
    { method, path, portOffset = 0, json }: EngineQuestion,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<EngineReply> {
    const body = json === undefined ? {} : { body: Buffer.from(JSON.stringify(json)) }
    const request = {
      method,
      path: `${this.#options.address.rootPath}${path}`,
      headers: requestHeaders({}, this.credential),
      ...body,
    }
    const limits = {
      bufferMaxBytes: BUFFER_MAX_BYTES,
      firstByteTimeoutMs: timeoutMs,
      chunkTimeoutMs: timeoutMs,
    }
    const client = this.#clientAt(portOffset)
    const deadline = new AbortController()
    const cancelWake = this.#clock.wakeAt(this.#clock.nowMs() + timeoutMs, () =>
      deadline.abort(late(path, timeoutMs)),
    )
    try {
      const until = AbortSignal.any([signal, deadline.signal])
      return await readReply(await client.open(request, limits, until), path)
    } finally {
      cancelWake()
    }
  }

  async close(reason: MeshError): Promise<void> {
    await Promise.all([...this.#clients.values()].map(client => client.close(reason)))
  }

  #clientAt(portOffset: number): EngineClient {
    const known = this.#clients.get(portOffset)
    if (known !== undefined) return known
    if (this.#clients.size >= PORTS_MAX) {
      throw new MeshError(`expected an engine of at most ${PORTS_MAX} ports`, {
        code: 'ERR_ENGINE',
      })
    }
    const { address, connectTimeoutMs } = this.#options
    const origin = originAt(address.origin, portOffset)
    const client = new EngineClient(
      { origin, connections: CONNECTIONS, connectTimeoutMs },
      this.#clock,
    )
    this.#clients.set(portOffset, client)
    return client
  }
}

async function readReply({ head, exchange }: OpenExchange, path: string): Promise<EngineReply> {
  const bytes = await readBody(exchange, REPLY_MAX_BYTES)
  if (bytes === undefined) {
    throw new MeshError(`expected at most ${REPLY_MAX_BYTES} bytes at ${path}, found more`, {
      code: 'ERR_ENGINE',
    })
  }
  const headers = Object.keys(head.headers).map(name => [name, headerOf(head.headers, name) ?? ''])
  return {
    status: head.status,
    headers: Object.fromEntries(headers),
    text: new TextDecoder().decode(bytes),
  }
}

function late(path: string, timeoutMs: number): MeshError {
  return new MeshError(
    `expected a whole answer at ${path} from the engine within ${timeoutMs} ms, found none`,
    { code: 'ERR_DEADLINE_EXCEEDED', details: { timeoutMs } },
  )
}
