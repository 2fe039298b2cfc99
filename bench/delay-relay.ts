/**
 * A TCP relay that makes a nearby peer far away: every byte arrives later, in order, and now and
 * then nothing arrives for a while, which is what loss looks like above TCP.
 *
 *     dialler <--> relay --delay--> target
 *                    '<---delay---'
 *
 * A delay changes from chunk to chunk; what comes later never overtakes. The end of a connection
 * is delayed like its bytes.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface Distance {
  /** One way. */
  readonly delayMs: number
  /** Each delay is up to so much more or less. */
  readonly jitterMs: number
  /** Mean time from one stall of a direction of a connection to the next. */
  readonly stallIntervalMs: number
  /** The longest; each is a random part of it. */
  readonly stallMaxMs: number
}

export interface DelayRelayOptions {
  readonly targetPort: number
  readonly distance: Distance
  /** From 0 to below 1. */
  readonly random: () => number
}

/** Chunks on the way in one direction; more are not read meanwhile. */
const QUEUE_MAX = 1_024

interface Delayed {
  readonly atMs: number
  readonly act: () => void
}

export class DelayRelay {
  readonly #server: Server
  readonly #options: DelayRelayOptions
  readonly #sockets = new Set<Socket>()
  #stallCount = 0

  private constructor(options: DelayRelayOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: true }, dialler => this.#accept(dialler))
  }

  /** Listens on 127.0.0.1, on any free port. */
  static async start(options: DelayRelayOptions): Promise<DelayRelay> {
    const relay = new DelayRelay(options)
    relay.#server.listen(0, '127.0.0.1')
    await once(relay.#server, 'listening')
    return relay
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Stalls so far, of all connections in both directions. */
  get stallCount(): number {
    return this.#stallCount
  }

  async stop(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }

  #accept(dialler: Socket): void {
    const target = connect({
      port: this.#options.targetPort,
      host: '127.0.0.1',
      allowHalfOpen: true,
    })
    for (const socket of [dialler, target]) {
      socket.setNoDelay(true)
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    this.#pass(dialler, target)
    this.#pass(target, dialler)
  }

  /** One direction. */
  #pass(from: Socket, to: Socket): void {
    const { distance, random } = this.#options
    const queue: Delayed[] = []
    let isTimerSet = false
    let arriveAtMs = 0
    let stallAtMs = performance.now() + this.#untilStall()
    const deliver = () => {
      isTimerSet = false
      while (queue[0] !== undefined && queue[0].atMs <= performance.now()) queue.shift()?.act()
      if (queue.length < QUEUE_MAX) from.resume()
      waitForNext()
    }
    // One timer for the whole queue: two timers may fire in the other order.
    const waitForNext = () => {
      const next = queue[0]
      if (next === undefined || isTimerSet) return
      isTimerSet = true
      setTimeout(deliver, Math.max(0, next.atMs - performance.now()))
    }
    const later = (act: () => void) => {
      const nowMs = performance.now()
      const jitterMs = distance.jitterMs * (2 * random() - 1)
      arriveAtMs = Math.max(arriveAtMs, nowMs + distance.delayMs + jitterMs)
      if (nowMs >= stallAtMs) {
        arriveAtMs += distance.stallMaxMs * random()
        stallAtMs = nowMs + this.#untilStall()
        this.#stallCount += 1
      }
      queue.push({ atMs: arriveAtMs, act })
      if (queue.length >= QUEUE_MAX) from.pause()
      waitForNext()
    }
    from.on('data', chunk => later(() => to.write(chunk)))
    from.on('end', () => later(() => to.end()))
    from.on('error', () => later(() => to.resetAndDestroy()))
    from.on('close', () => later(() => to.destroy()))
  }

  /** Times between stalls as those of independent events. */
  #untilStall(): number {
    return -Math.log(1 - this.#options.random()) * this.#options.distance.stallIntervalMs
  }
}
