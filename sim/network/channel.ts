/**
 * One end of a stream: a `LaneChannel` whose bytes travel on a simulated connection.
 */
import type { LaneChannel, LaneChannelListener } from '../../src/node/network.ts'
import type { ConnectionEnd } from './connection.ts'

/** Bytes under way before the sender must wait: the window of a yamux stream. */
const WINDOW_BYTES = 256 * 1024

type Delivery = (listener: LaneChannelListener) => void

export class SimChannel implements LaneChannel {
  readonly isDialer: boolean
  readonly #end: ConnectionEnd
  #other: SimChannel | undefined
  /** What came before anybody listened. */
  #early: Delivery[] = []
  #listener: LaneChannelListener | undefined
  #underWayBytes = 0
  #isFull = false
  #isClosed = false

  private constructor(end: ConnectionEnd, isDialer: boolean) {
    this.#end = end
    this.isDialer = isDialer
  }

  static pair(ours: ConnectionEnd, theirs: ConnectionEnd): readonly [SimChannel, SimChannel] {
    const opened = new SimChannel(ours, true)
    const accepted = new SimChannel(theirs, false)
    opened.#other = accepted
    accepted.#other = opened
    return [opened, accepted]
  }

  get other(): SimChannel {
    return this.#other as SimChannel
  }

  send(bytes: Uint8Array): boolean {
    if (this.#isClosed) return true
    this.#underWayBytes += bytes.length
    this.#end.send('lane', bytes.length, () => {
      this.other.#receive(bytes)
      this.#taken(bytes.length)
    })
    this.#isFull = this.#underWayBytes >= WINDOW_BYTES
    return !this.#isFull
  }

  abort(error: Error): void {
    if (this.#isClosed) return
    this.#end.send('lane', 0, () => this.other.ended(undefined))
    this.#end.forget(this)
    const { process } = this.#end.owner
    this.#end.time.after(0, () => process.arrival(() => this.ended(error)))
    this.#isClosed = true
  }

  attach(listener: LaneChannelListener): void {
    this.#listener = listener
    const early = this.#early
    this.#early = []
    for (const deliver of early) deliver(listener)
  }

  /** It is over: by the other side, with the connection, or by ourselves. */
  ended(error: Error | undefined): void {
    this.#isClosed = true
    this.#end.forget(this)
    this.#deliver(listener => listener.onClose(error))
  }

  #receive(bytes: Uint8Array): void {
    if (this.#isClosed) return
    const { owner, time } = this.#end
    owner.log.event(time.nowMs, { kind: 'lane', node: owner.hostIndex, bytes })
    this.#deliver(listener => listener.onBytes(bytes))
  }

  /** The other side has read them: its window update makes room. */
  #taken(bytes: number): void {
    this.#underWayBytes -= bytes
    if (!this.#isFull || this.#underWayBytes >= WINDOW_BYTES) return
    this.#isFull = false
    const { process } = this.#end.owner
    this.#end.time.after(0, () => process.arrival(() => this.#deliver(each => each.onDrain())))
  }

  #deliver(delivery: Delivery): void {
    if (this.#listener === undefined) this.#early.push(delivery)
    else delivery(this.#listener)
  }
}
