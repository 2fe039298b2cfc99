/**
 * Looks again and again, in the first way that works on this machine.
 *
 *     [library, program, …] -- absent --> the next one … --> the end: no such GPUs here
 *            |      ^
 *         deadline  '---- refreshIntervalMs; longer and longer while it fails
 *            |
 *         readings, or a failure: the last ones hold, until `failuresMax` in a row
 *
 * The look and its deadline race, so one that hangs for good is a failure like any other.
 */
import type { Clock } from '../node/clock.ts'
import type { GpuReading } from '../node/gpu-source.ts'
import type { Logger } from '../node/log.ts'
import type { GpuOptions } from './options.ts'
import type { GpuProbe } from './probe.ts'

/** What does not answer for long is not asked often. */
const BACK_OFF_MAX_MS = 60_000

export interface ProbeChainDeps {
  readonly clock: Clock
  readonly log: Logger
  /** There are new readings, or the last ones hold no longer. */
  readonly onReadings: () => void
  /** None of the ways exists on this machine, or it has no GPUs. Nothing follows. */
  readonly onEnd: () => void
}

export class ProbeChain {
  readonly #options: GpuOptions
  readonly #deps: ProbeChainDeps
  #probes: readonly GpuProbe[]
  #readings: readonly GpuReading[] = []
  #failuresInRow = 0
  #failureCount = 0
  #isFirst = true
  #isClosed = false
  #cancelWake = () => {}

  constructor(probes: readonly GpuProbe[], options: GpuOptions, deps: ProbeChainDeps) {
    this.#probes = probes
    this.#options = options
    this.#deps = deps
  }

  /** The last known. */
  get readings(): readonly GpuReading[] {
    return this.#readings
  }

  /** Whether they are too old to hold: nothing is known since. */
  get hasLapsed(): boolean {
    return this.#failuresInRow >= this.#options.failuresMax
  }

  get failureCount(): number {
    return this.#failureCount
  }

  start(): void {
    const [probe] = this.#probes
    if (probe === undefined) this.#deps.onEnd()
    else this.#look(probe)
  }

  close(): void {
    this.#isClosed = true
    this.#cancelWake()
    for (const probe of this.#probes) probe.close()
  }

  #look(probe: GpuProbe): void {
    const { clock } = this.#deps
    const deadline = new AbortController()
    const { timeoutMs } = this.#options
    const late = new Promise<never>((_, reject) => {
      this.#cancelWake = clock.wakeAt(clock.nowMs() + timeoutMs, () => {
        const error = new Error(`${probe.name} did not answer within ${timeoutMs} ms`)
        deadline.abort(error)
        reject(error)
      })
    })
    Promise.race([probe.read(deadline.signal), late]).then(
      found => this.#unlessClosed(() => this.#looked(probe, found)),
      (error: unknown) => this.#unlessClosed(() => this.#failed(probe, error)),
    )
  }

  #unlessClosed(run: () => void): void {
    this.#cancelWake()
    if (!this.#isClosed) run()
  }

  #looked(probe: GpuProbe, found: readonly GpuReading[] | 'absent'): void {
    if (found === 'absent') this.#tryNext(probe)
    else if (this.#isFirst && found.length === 0) this.#end()
    else {
      this.#isFirst = false
      this.#failuresInRow = 0
      this.#readings = found
      this.#deps.onReadings()
      this.#lookLater(probe)
    }
  }

  #tryNext(probe: GpuProbe): void {
    this.#deps.log.debug('GPUs cannot be read in this way here', { probe: probe.name })
    probe.close()
    this.#probes = this.#probes.slice(1)
    this.start()
  }

  /** A driver without GPUs: none will come. */
  #end(): void {
    this.close()
    this.#deps.onEnd()
  }

  #failed(probe: GpuProbe, error: unknown): void {
    this.#failuresInRow += 1
    this.#failureCount += 1
    if (this.#failuresInRow === 1) {
      this.#deps.log.warn('GPUs cannot be read', { probe: probe.name, error })
    }
    if (this.#failuresInRow === this.#options.failuresMax) this.#deps.onReadings()
    this.#lookLater(probe)
  }

  #lookLater(probe: GpuProbe): void {
    const { clock } = this.#deps
    const { refreshIntervalMs, slowIntervalMs, failuresMax } = this.#options
    const usualMs = probe.isSlow ? Math.max(slowIntervalMs, refreshIntervalMs) : refreshIntervalMs
    const doublings = Math.max(0, this.#failuresInRow - failuresMax)
    const waitMs = Math.max(usualMs, Math.min(BACK_OFF_MAX_MS, usualMs * 2 ** doublings))
    this.#cancelWake = clock.wakeAt(clock.nowMs() + waitMs, () => this.#look(probe))
  }
}
