/**
 * Two lanes, joined by streams that slice, delay and fill up as a seed says.
 *
 * Each step does one thing that could happen next: a lane's flush, the arrival of a slice, a
 * stream that has drained, a reader that goes on. Between two steps everything that waits for
 * promises runs. So a seed replays a run, and a world where nothing can happen is quiet.
 */
import { assert } from 'vitest'
import { Random } from '../../src/core/random.ts'
import {
  Lane,
  type LaneAnswer,
  type LaneCall,
  type LaneTransport,
} from '../../src/protocols/lane.ts'
import type { LaneOptions } from '../../src/protocols/options.ts'
import { settled } from './lane-peer.ts'

/** Far more than any run needs: reaching it means that something goes round in circles. */
const STEPS_MAX = 100_000

/** One way between two lanes. */
class SimulatedStream implements LaneTransport {
  readonly #roomBytes: number
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  isFull = false
  isCut = false

  constructor(roomBytes: number) {
    this.#roomBytes = roomBytes
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get hasDrained(): boolean {
    return this.isFull && this.#waitingBytes <= this.#roomBytes / 2
  }

  send(bytes: Uint8Array): boolean {
    assert.isFalse(this.isFull, 'nothing is sent while the stream is full')
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.isFull = this.#waitingBytes > this.#roomBytes
    return !this.isFull
  }

  abort(error: Error): void {
    throw error
  }

  take(bytes: number): Uint8Array {
    const all = Buffer.concat(this.#waiting)
    this.#waiting = [all.subarray(bytes)]
    this.#waitingBytes = Math.max(0, all.length - bytes)
    return all.subarray(0, bytes)
  }
}

export type Serve = (call: LaneCall, signal: AbortSignal) => Promise<LaneAnswer>

export class LaneWorld {
  readonly lanes: { readonly dialer: Lane; readonly listener: Lane }
  readonly closed: (Error | undefined)[] = []
  /** What each side got from the other. */
  readonly messages = { dialer: [] as Uint8Array[], listener: [] as Uint8Array[] }
  bufferedMaxBytes = 0
  readonly #random: Random
  readonly #flushes: (() => void)[] = []
  /** Readers and engines that wait to go on. */
  readonly #gates: (() => void)[] = []
  readonly #ways: readonly { readonly stream: SimulatedStream; readonly to: Lane; from: Lane }[]

  constructor(seed: number, options: LaneOptions, serve: Serve) {
    this.#random = new Random(seed)
    const streams = [this.#newStream(), this.#newStream()] as const
    const laneOn = (transport: LaneTransport, isDialer: boolean) =>
      new Lane(
        {
          transport,
          isDialer,
          serve,
          scheduleFlush: flush => this.#flushes.push(flush),
          trailer: () => new Uint8Array(10),
          onTrailer: () => {},
          onMessage: message => this.messages[isDialer ? 'dialer' : 'listener'].push(message),
          onLongMessage: () => {},
          onClosed: error => this.closed.push(error),
        },
        options,
      )
    const dialer = laneOn(streams[0], true)
    const listener = laneOn(streams[1], false)
    this.lanes = { dialer, listener }
    this.#ways = [
      { stream: streams[0], from: dialer, to: listener },
      { stream: streams[1], from: listener, to: dialer },
    ]
  }

  /** Resolves at a step of the world's choice. */
  gate(): Promise<void> {
    return new Promise(resolve => {
      this.#gates.push(resolve)
    })
  }

  /** The connection is gone: what is on its way is lost. */
  cut(): void {
    for (const { stream, from } of this.#ways) {
      stream.isCut = true
      from.close(new Error('connection reset'))
    }
  }

  /** Lets things happen until nothing can, or for so many steps. */
  async run(steps = STEPS_MAX): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await settled()
      this.#measure()
      const possible = this.#possible()
      if (possible.length === 0) return
      possible[this.#random.nextIndex(possible.length)]?.()
      this.#measure()
    }
    assert.isBelow(steps, STEPS_MAX, 'the world comes to rest')
  }

  #newStream(): SimulatedStream {
    return new SimulatedStream(1 + this.#random.nextIndex(50_000))
  }

  #possible(): (() => void)[] {
    const possible = [
      ...this.#flushes.map((flush, index) => () => {
        this.#flushes.splice(index, 1)
        flush()
      }),
      ...this.#gates.map((open, index) => () => {
        this.#gates.splice(index, 1)
        open()
      }),
    ]
    for (const { stream, from, to } of this.#ways) {
      if (stream.isCut) continue
      if (stream.waitingBytes > 0) possible.push(() => to.receive(stream.take(this.#sliceBytes())))
      if (!stream.hasDrained) continue
      possible.push(() => {
        stream.isFull = false
        from.drained()
      })
    }
    return possible
  }

  /** Now and then so short that it cuts a length or a tag in two. */
  #sliceBytes(): number {
    const mostBytes = this.#random.nextIndex(3) === 0 ? 6 : 30_000
    return 1 + this.#random.nextIndex(mostBytes)
  }

  #measure(): void {
    const { dialer, listener } = this.lanes
    const bytes = Math.max(dialer.bufferedBytes, listener.bufferedBytes)
    this.bufferedMaxBytes = Math.max(this.bufferedMaxBytes, bytes)
  }
}
