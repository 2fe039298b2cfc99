/**
 * One dial: TCP, noise, yamux and hello, in as many round trips as production takes.
 *
 *     dialer ---- SYN ----> kernel            refused at once if nothing listens
 *            <--------------
 *            ---- noise, multistream, hello -> process     a paused one answers late
 *            <---- welcome: the listener's claims
 *     admits ---- claims ------------------> admits, or gives up after the exchange timeout
 *
 * A hop whose link is cut is lost, and the dial ends with its timeout.
 */
import { MeshError } from '../../src/core/errors.ts'
import type { PeerId } from '../../src/core/ids.ts'
import type { PlannedEvent } from '../event-queue.ts'
import { ConnectionEnd } from './connection.ts'
import type { Internet, InternetHost } from './internet.ts'
import type { SimNetwork } from './sim-network.ts'

/** As in src/node/libp2p: of a whole dial, and of one exchange on the listener's side. */
export const DIAL_TIMEOUT_MS = 5_000
export const EXCHANGE_TIMEOUT_MS = 5_000

/** After the SYN and before the last word: noise, multistream, yamux, multistream, hello. */
const ROUND_TRIPS = 4

/** Of one hop of the handshake: a quarter of what noise, identify and hello send. */
const HOP_BYTES = 400

/** Round trips that make up the hello's own measure. */
const MEASURED_ROUND_TRIPS = 1

export interface DialTarget {
  readonly peer: PeerId
  readonly addresses: readonly string[]
}

export class Dialing {
  readonly #internet: Internet
  readonly #from: SimNetwork
  readonly #target: DialTarget
  readonly #settle: { resolve: () => void; reject: (error: Error) => void }
  #timeout: PlannedEvent | undefined
  #isOver = false
  #lastTripMs = 0

  constructor(
    internet: Internet,
    from: SimNetwork,
    target: DialTarget,
    settle: { resolve: () => void; reject: (error: Error) => void },
  ) {
    this.#internet = internet
    this.#from = from
    this.#target = target
    this.#settle = settle
  }

  start(): void {
    const { time } = this.#internet
    this.#timeout = time.after(DIAL_TIMEOUT_MS, () => this.#fail('no answer in time'))
    const { addresses } = this.#target
    const host = addresses.map(address => this.#internet.hostAt(address)).find(Boolean)
    if (host === undefined) return
    this.#hop([this.#from.hostIndex, host.index], () => this.#syn(host))
  }

  /** At the listener's kernel. */
  #syn(host: InternetHost): void {
    const { listening } = host
    const back = [host.index, this.#from.hostIndex] as const
    if (listening === undefined) {
      this.#hop(back, () => this.#refused())
    } else {
      this.#hop(back, () => this.#trip(listening, ROUND_TRIPS))
    }
  }

  /** At the dialer, with some round trips left. */
  #trip(listener: SimNetwork, left: number): void {
    if (this.#isOver) return
    const there = [this.#from.hostIndex, listener.hostIndex] as const
    const back = [listener.hostIndex, this.#from.hostIndex] as const
    const sentAtMs = this.#internet.time.nowMs
    this.#hop(there, () =>
      listener.process.arrival(() => {
        const refusal = left === MEASURED_ROUND_TRIPS ? this.#refusal(listener) : undefined
        this.#hop(back, () =>
          this.#from.process.arrival(() => {
            this.#lastTripMs = this.#internet.time.nowMs - sentAtMs
            if (refusal !== undefined) this.#reject(refusal)
            else if (left > 1) this.#trip(listener, left - 1)
            else this.#welcomed(listener)
          }),
        )
      }),
    )
  }

  #refusal(listener: SimNetwork): MeshError | undefined {
    if (listener.peer !== this.#target.peer) {
      return unreachable(this.#target, { found: 'a peer with another identity' })
    }
    return listener.checkWallClock(this.#from) ?? listener.checkInstance(this.#from)
  }

  /** At the dialer: the listener has admitted us and sent its claims. */
  #welcomed(listener: SimNetwork): void {
    if (this.#isOver || listener.process.isGone) return
    const { time } = this.#internet
    const there = this.#internet.link(this.#from.hostIndex, listener.hostIndex)
    const back = this.#internet.link(listener.hostIndex, this.#from.hostIndex)
    const [ours, theirs] = ConnectionEnd.connect([this.#from, listener], [there, back], time)
    const rttMs = this.#lastTripMs
    const claims = this.#from.claims()
    const patience = time.after(EXCHANGE_TIMEOUT_MS, () => theirs.close())
    ours.send('handshake', bytesOf(claims), () => {
      time.cancel(patience)
      listener.admit(theirs, { claims, rttMs })
    })
    this.#over()
    this.#from.admit(ours, { claims: listener.claims(), rttMs })
    this.#settle.resolve()
  }

  /** Runs `arrive` at the other host, unless the way is cut. */
  #hop([from, to]: readonly [number, number], arrive: () => void): void {
    const { time } = this.#internet
    const link = this.#internet.link(from, to)
    if (this.#isOver || !link.isOpen) return
    if (from === this.#from.hostIndex) this.#from.traffic.sent('handshake', HOP_BYTES)
    else this.#from.traffic.received('handshake', HOP_BYTES)
    time.at(link.transit(HOP_BYTES, time.nowMs), arrive)
  }

  #fail(found: string): void {
    this.#from.process.arrival(() => this.#reject(unreachable(this.#target, { found })))
  }

  #refused(): void {
    const found = 'nobody listening there (connection refused)'
    const error = unreachable(this.#target, { found, isRefused: true })
    this.#from.process.arrival(() => this.#reject(error))
  }

  #reject(error: Error): void {
    if (this.#isOver) return
    this.#over()
    this.#settle.reject(error)
  }

  #over(): void {
    this.#isOver = true
    if (this.#timeout !== undefined) this.#internet.time.cancel(this.#timeout)
  }
}

const bytesOf = (claims: readonly Uint8Array[]) =>
  claims.reduce((total, claim) => total + claim.length, 0)

function unreachable(
  { peer, addresses }: DialTarget,
  { found, isRefused = false }: { found: string; isRefused?: boolean },
): MeshError {
  return new MeshError(`expected ${peer} to answer at ${addresses.join(', ')}, found ${found}`, {
    code: 'ERR_UNREACHABLE',
    details: { peer, addresses, isRefused },
  })
}
