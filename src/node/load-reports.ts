/**
 * How busy this peer is, told to the others, and what they tell us with their answers.
 *
 *     our engines --changed, at most every 50 ms--> membership --> gossip
 *         '-------at the end of every answer------> the peer that asked --> its scheduler
 */
import type { PeerId } from '../core/ids.ts'
import { NEVER } from '../core/machine.ts'
import type { PeerLoad } from '../core/peer-state.ts'
import { TRAILER_MAX_BYTES } from '../protocols/lane.ts'
import { decodeLoad, encodeLoad } from '../protocols/peer-state-codec.ts'
import type { Scheduler } from '../scheduler/scheduler.ts'
import type { Clock } from './clock.ts'
import type { Engines } from './engines.ts'
import type { Logger } from './log.ts'

/** How often the load is told to membership at most; membership paces what is gossiped. */
const INTERVAL_MIN_MS = 50

export interface LoadReportsDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly engines: Pick<Engines, 'load'>
  readonly scheduler: Pick<Scheduler, 'step'>
  /** Tells membership. */
  readonly tell: (load: PeerLoad) => void
}

export class LoadReports {
  readonly #deps: LoadReportsDeps
  readonly #loadIntervalMs: number
  #reportAtMs = NEVER
  #cancelReport = () => {}
  #isClosed = false
  #hasWarned = false

  constructor(deps: LoadReportsDeps, { loadIntervalMs }: { readonly loadIntervalMs: number }) {
    this.#deps = deps
    this.#loadIntervalMs = loadIntervalMs
  }

  /** Our engines got or ended a request: membership is told soon; many changes make one report. */
  changed(): void {
    this.#reportWithin(INTERVAL_MIN_MS)
  }

  /**
   * What goes with the end of an answer of ours. Of many models how busy they are goes before what
   * they have in their caches, which the others learn by gossip all the same.
   */
  trailer(): Uint8Array {
    this.changed()
    const load = this.#deps.engines.load()
    const whole = encodeLoad(load)
    if (whole.length <= TRAILER_MAX_BYTES) return whole
    const models = load.models.map(({ hotPrefixes, ...rest }) => rest)
    const short = encodeLoad({ ...load, models })
    if (short.length <= TRAILER_MAX_BYTES) return short
    this.#warnOnce(short.length, models.length)
    return new Uint8Array()
  }

  /** What came with the end of a peer's answer. */
  received(peer: PeerId, trailer: Uint8Array): void {
    const load = this.#decode(peer, trailer)
    if (load === undefined) return
    const { scheduler, clock } = this.#deps
    scheduler.step({ type: 'load-reported', peer, load }, clock.nowMs())
  }

  close(): void {
    this.#isClosed = true
    this.#cancelReport()
  }

  /** Much changes that nobody tells us, such as the memory of a GPU: it is read anew each time. */
  #reportWithin(withinMs: number): void {
    const { clock, engines, tell } = this.#deps
    const atMs = clock.nowMs() + withinMs
    if (this.#isClosed || this.#reportAtMs <= atMs) return
    this.#cancelReport()
    this.#reportAtMs = atMs
    this.#cancelReport = clock.wakeAt(atMs, () => {
      this.#reportAtMs = NEVER
      tell(engines.load())
      this.#reportWithin(this.#loadIntervalMs)
    })
  }

  #warnOnce(bytes: number, models: number): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    const facts = { bytes, bytesMax: TRAILER_MAX_BYTES, models }
    this.#deps.logger.warn('answers go without a load report: there are too many models', facts)
  }

  /** A report that cannot be read costs us the report, not the answer it came with. */
  #decode(peer: PeerId, trailer: Uint8Array): PeerLoad | undefined {
    try {
      return decodeLoad(trailer)
    } catch (error) {
      this.#deps.logger.warn('a load report could not be read', { peer, error })
      return undefined
    }
  }
}
