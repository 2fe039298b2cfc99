/**
 * AMD GPUs by asking `amd-smi`, or its predecessor `rocm-smi`. Both start Python each time and are
 * asked seldom.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { type AmdFacts, readAmdFacts, readAmdSmi } from './amd-smi-reading.ts'
import type { GpuProbe } from './probe.ts'
import { ROCM_SMI_ARGS, readRocmSmi } from './rocm-smi-reading.ts'
import { Program } from './run-program.ts'

const METRIC_ARGS = [
  ...['metric', '--usage', '--power', '--temperature', '--mem-usage', '--ecc', '--pcie', '--json'],
]

export class AmdSmiProbe implements GpuProbe {
  readonly name = 'amd-smi'
  readonly isSlow = true
  readonly #program: Program
  #facts: AmdFacts | undefined

  constructor(command: string) {
    this.#program = new Program(command)
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'> {
    const output = await textOf(this.#program, METRIC_ARGS, signal)
    if (output === undefined) return 'absent'
    this.#facts ??= await this.#readFacts(signal)
    return readAmdSmi(output, this.#facts)
  }

  close(): void {
    this.#program.kill()
  }

  async #readFacts(signal: AbortSignal): Promise<AmdFacts> {
    const list = await textOf(this.#program, ['list', '--json'], signal)
    const stays = await textOf(this.#program, ['static', '--json'], signal)
    return readAmdFacts(list ?? '[]', stays ?? '[]')
  }
}

export class RocmSmiProbe implements GpuProbe {
  readonly name = 'rocm-smi'
  readonly isSlow = true
  readonly #program: Program

  constructor(command: string) {
    this.#program = new Program(command)
  }

  async read(signal: AbortSignal): Promise<readonly GpuReading[] | 'absent'> {
    const output = await textOf(this.#program, ROCM_SMI_ARGS, signal)
    return output === undefined ? 'absent' : readRocmSmi(output)
  }

  close(): void {
    this.#program.kill()
  }
}

/** `undefined`: there is no such program. @throws if it fails. */
async function textOf(
  program: Program,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const output = await program.run(args, signal)
  if (output === 'absent') return undefined
  if (output.error !== null) throw output.error
  return output.stdout
}
