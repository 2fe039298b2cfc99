/**
 * One connection between two processes: two ends, a pipe each way, and the streams on it.
 *
 * All streams share the pipes, so what one sends delays the others, as on one TCP connection. An
 * end that closes tells the other in order; a host that vanishes tells nothing. Bytes that reach
 * a host whose process is gone are answered with a reset.
 */
import type { PeerId } from '../../src/core/ids.ts'
import type { EventLog } from '../event-log.ts'
import type { Process } from '../process.ts'
import type { VirtualTime } from '../virtual-time.ts'
import { SimChannel } from './channel.ts'
import type { Link } from './link.ts'
import { Pipe } from './pipe.ts'
import type { Traffic, TrafficClass } from './traffic.ts'

/** How long a closed socket still reads, and drops, what comes. */
const LINGER_MS = 5_000

/** Whoever holds an end. */
export interface EndOwner {
  readonly peer: PeerId
  readonly hostIndex: number
  readonly process: Process
  readonly traffic: Traffic
  readonly log: EventLog
  /** The end is closed, by either side. */
  closed(end: ConnectionEnd): void
}

export class ConnectionEnd<Owner extends EndOwner = EndOwner> {
  readonly owner: Owner
  readonly time: VirtualTime
  #other: ConnectionEnd<Owner> | undefined
  #pipe: Pipe | undefined
  /** To the other side. */
  #link: Link | undefined
  readonly #channels = new Set<SimChannel>()
  #isOpen = true
  /** When the socket is gone that reads what still comes. */
  #readsUntilMs = Number.POSITIVE_INFINITY

  private constructor(owner: Owner, time: VirtualTime) {
    this.owner = owner
    this.time = time
  }

  /** Both ends of a new connection; the first one dialled. */
  static connect<Side extends EndOwner>(
    [dialer, listener]: readonly [Side, Side],
    [there, back]: readonly [Link, Link],
    time: VirtualTime,
  ): readonly [ConnectionEnd<Side>, ConnectionEnd<Side>] {
    const ours = new ConnectionEnd(dialer, time)
    const theirs = new ConnectionEnd(listener, time)
    ours.#other = theirs
    theirs.#other = ours
    ours.#link = there
    theirs.#link = back
    ours.#pipe = new Pipe(there, time, () => ours.reset())
    theirs.#pipe = new Pipe(back, time, () => theirs.reset())
    return [ours, theirs]
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get other(): ConnectionEnd<Owner> {
    return this.#other as ConnectionEnd<Owner>
  }

  get pipe(): Pipe {
    return this.#pipe as Pipe
  }

  /** Sends bytes; `arrive` runs in the other process, unless the connection is gone by then. */
  send(kind: TrafficClass, bytes: number, arrive: () => void): void {
    if (!this.#isOpen) return
    this.owner.traffic.sent(kind, bytes)
    this.pipe.send(bytes, () => this.other.receive(kind, bytes, arrive))
  }

  /** Bytes are at this host. */
  receive(kind: TrafficClass, bytes: number, arrive: () => void): void {
    const { process, traffic } = this.owner
    traffic.received(kind, bytes)
    if (process.isGone || this.time.nowMs > this.#readsUntilMs) this.#answerReset()
    else if (this.#isOpen) {
      process.arrival(() => {
        if (this.#isOpen) arrive()
      })
    }
  }

  /** Adds both ends of a stream. */
  openChannel(): SimChannel {
    const [ours, theirs] = SimChannel.pair(this, this.other)
    this.#channels.add(ours)
    this.other.#channels.add(theirs)
    return ours
  }

  /** A stream has ended. */
  forget(channel: SimChannel): void {
    this.#channels.delete(channel)
  }

  /** We end it; the other side hears of it when what was sent before has arrived. */
  close(): void {
    if (!this.#isOpen) return
    this.#readsUntilMs = this.time.nowMs + LINGER_MS
    this.pipe.send(0, () => this.other.reset())
    this.#end(undefined)
  }

  /** We end it at once: what is under way is lost, and the other side is told if it can be. */
  abort(error: Error): void {
    if (!this.#isOpen) return
    this.#readsUntilMs = this.time.nowMs
    this.#answerReset()
    this.pipe.close()
    this.#end(error)
  }

  /** It is gone: reset by the other side, by TCP, or by something between. */
  reset(): void {
    if (!this.#isOpen) return
    this.#readsUntilMs = this.time.nowMs
    this.pipe.close()
    this.#end(new Error('the connection was reset'))
  }

  /** The process is gone. `isTold`: its kernel lives and closes what it had. */
  die(isTold: boolean): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    if (isTold) this.pipe.send(0, () => this.other.reset())
    else this.pipe.close()
  }

  #end(error: Error | undefined): void {
    this.#isOpen = false
    const { process } = this.owner
    const channels = [...this.#channels]
    this.#channels.clear()
    // Never from within what closed it: the owner hears of it as of anything else.
    this.time.after(0, () =>
      process.arrival(() => {
        for (const channel of channels) channel.ended(error)
        this.owner.closed(this)
      }),
    )
  }

  /** By the kernel, which knows no such connection. If it is lost, so will the next bytes ask. */
  #answerReset(): void {
    const atMs = this.#link?.isOpen ? this.#link.transit(0, this.time.nowMs) : undefined
    if (atMs !== undefined) this.time.at(atMs, () => this.other.reset())
  }
}
