/**
 * NVIDIA GPUs by asking `nvidia-smi`: everywhere a driver is, but it costs a process each time.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { EVENT_REASONS, queryOf, readGpus, THROTTLE_REASONS } from './nvidia-smi-reading.ts'
import type { GpuProbe } from './probe.ts'
import { type Output, Program } from './run-program.ts'

/** Return codes of nvidia-smi(1). */
const INVALID_ARGUMENT = 2
const GPU_LOST = 15

export class NvidiaSmiProbe implements GpuProbe {
  readonly name = 'nvidia-smi'
  readonly #program: Program
  #reasonsField = EVENT_REASONS
  #known: readonly GpuReading[] = []

  constructor(command: string) {
    this.#program = new Program(command)
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'> {
    const output = await this.#ask(signal)
    if (output === 'absent') return 'absent'
    const { error, stdout } = output
    if (error?.code === INVALID_ARGUMENT && this.#reasonsField === EVENT_REASONS) {
      this.#reasonsField = THROTTLE_REASONS
      return await this.read(signal)
    }
    const readings = readGpus(stdout)
    if (error?.code === GPU_LOST) this.#known = this.#withLost(readings ?? [])
    else if (error !== null) throw error
    else if (readings === undefined) throw new Error('the output is not what was asked for')
    else this.#known = readings
    return this.#known
  }

  close(): void {
    this.#program.kill()
  }

  #ask(signal: AbortSignal): Promise<Output | 'absent'> {
    const query = `--query-gpu=${queryOf(this.#reasonsField)}`
    return this.#program.run([query, '--format=csv,noheader,nounits'], signal)
  }

  /** A GPU fell off the bus: those that we knew and that are no longer listed. */
  #withLost(rest: readonly GpuReading[]): readonly GpuReading[] {
    const found = new Map(this.#known.map(gpu => [gpu.index, { ...gpu, defect: 'lost' as const }]))
    const all = new Map<number, GpuReading>(found)
    for (const reading of rest) all.set(reading.index, reading)
    return [...all.values()].toSorted((a, b) => a.index - b.index)
  }
}
