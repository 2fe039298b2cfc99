/**
 * NVIDIA GPUs, by asking `nvidia-smi` every few seconds.
 *
 * A reading that fails or takes too long leaves the last values in place; several in a row, and
 * there are none. A program that hangs in the driver cannot even be killed, so no second one is
 * started as long as one lives. Without the program there are no GPUs, and no more looking.
 */
import { type ChildProcess, type ExecFileException, execFile } from 'node:child_process'
import type { GpuLoad } from '../core/peer-state.ts'
import type { Clock } from '../node/clock.ts'
import type { GpuSource } from '../node/gpu-source.ts'
import type { Logger } from '../node/log.ts'
import {
  EVENT_REASONS,
  type GpuReading,
  queryOf,
  readGpus,
  THROTTLE_REASONS,
} from './nvidia-reading.ts'
import type { GpuOptions } from './options.ts'

/** A hundred GPUs fit many times. */
const OUTPUT_MAX_BYTES = 262_144

/** Return codes of nvidia-smi(1). */
const INVALID_ARGUMENT = 2
const GPU_LOST = 15

export interface NvidiaDeps {
  readonly clock: Clock
  readonly log: Logger
  /** Folders to look for the program in, as in PATH. `undefined`: those of this process. */
  readonly searchPath?: string | undefined
}

interface Output {
  readonly error: ExecFileException | null
  readonly stdout: string
}

/** Looks at once, in the background: the first values come when the program has answered. */
export function watchNvidiaGpus(options: GpuOptions, deps: NvidiaDeps): GpuSource {
  return new NvidiaGpus(options, deps)
}

class NvidiaGpus implements GpuSource {
  readonly #options: GpuOptions
  readonly #deps: NvidiaDeps
  #readings: readonly GpuReading[] = []
  #gpus: readonly GpuLoad[] = []
  #reasonsField = EVENT_REASONS
  #failureCount = 0
  #child: ChildProcess | undefined
  #isClosed = false
  #cancelWake = () => {}

  constructor(options: GpuOptions, deps: NvidiaDeps) {
    this.#options = options
    this.#deps = deps
    this.#look()
  }

  read(): readonly GpuLoad[] {
    return this.#gpus
  }

  close(): Promise<void> {
    this.#isClosed = true
    this.#cancelWake()
    this.#child?.kill('SIGKILL')
    return Promise.resolve()
  }

  #look(): void {
    if (this.#isAlive) {
      this.#failed('the last reading still hangs')
      this.#lookLater()
      return
    }
    const stop = new AbortController()
    const { command, timeoutMs } = this.#options
    const { clock, searchPath } = this.#deps
    const format = '--format=csv,noheader,nounits'
    this.#child = execFile(
      command,
      [`--query-gpu=${queryOf(this.#reasonsField)}`, format],
      {
        signal: stop.signal,
        killSignal: 'SIGKILL',
        maxBuffer: OUTPUT_MAX_BYTES,
        windowsHide: true,
        ...(searchPath === undefined ? {} : { env: { PATH: searchPath } }),
      },
      (error, stdout) => {
        this.#cancelWake()
        if (!this.#isClosed) this.#onOutput({ error, stdout })
      },
    )
    this.#cancelWake = clock.wakeAt(clock.nowMs() + timeoutMs, () => stop.abort())
  }

  /** Whether the last program has not exited, although it may have been told to. */
  get #isAlive(): boolean {
    const child = this.#child
    if (child?.pid === undefined) return false
    return child.exitCode === null && child.signalCode === null
  }

  #lookLater(): void {
    const { clock } = this.#deps
    const atMs = clock.nowMs() + this.#options.refreshIntervalMs
    this.#cancelWake = clock.wakeAt(atMs, () => this.#look())
  }

  #onOutput({ error, stdout }: Output): void {
    if (error?.code === 'ENOENT') {
      this.#deps.log.debug('no nvidia-smi, so no GPUs are read', { error })
      return
    }
    if (error?.code === INVALID_ARGUMENT && this.#reasonsField === EVENT_REASONS) {
      this.#reasonsField = THROTTLE_REASONS
      this.#look()
      return
    }
    if (error?.code === GPU_LOST) this.#lost(readGpus(stdout) ?? [])
    else this.#onReadings(error === null ? readGpus(stdout) : undefined, error)
    this.#lookLater()
  }

  #onReadings(readings: readonly GpuReading[] | undefined, error: unknown): void {
    if (readings === undefined) {
      this.#failed(error ?? 'the output is not what was asked for')
      return
    }
    this.#failureCount = 0
    this.#replace(readings)
  }

  /** A GPU fell off the bus: those that we knew and that are no longer listed. */
  #lost(rest: readonly GpuReading[]): void {
    const known = new Map(this.#readings.map(reading => [reading.index, reading]))
    for (const [index, { load }] of known) {
      known.set(index, { index, load: { ...load, isFaulty: true } })
    }
    for (const reading of rest) known.set(reading.index, reading)
    this.#replace([...known.values()].toSorted((a, b) => a.index - b.index))
  }

  #failed(error: unknown): void {
    this.#failureCount += 1
    if (this.#failureCount === 1) this.#deps.log.warn('GPUs cannot be read', { error })
    if (this.#failureCount >= this.#options.failuresMax) this.#replace([])
  }

  #replace(readings: readonly GpuReading[]): void {
    this.#readings = readings
    this.#gpus = readings.map(reading => reading.load)
  }
}
