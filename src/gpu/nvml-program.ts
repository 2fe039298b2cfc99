/**
 * The process that calls NVML, so that a driver which hangs or crashes takes nothing else with it.
 *
 *     node nvml-program.ts LIBRARY
 *     stdin:   a line for each look that is wanted
 *     stdout:  {"gpus": [...]} for each, or {"failure": "..."}; {"absent": "..."} and the end
 *
 * It ends with its input and with nothing else, so it never outlives the peer, unless the driver
 * holds it, and the signals that a terminal or a service manager sends to all of us do not end it
 * before the peer.
 */
import { createInterface } from 'node:readline'
import type { GpuReading } from '../node/gpu-source.ts'
import { NvmlDevices } from './nvml-devices.ts'

/** What it answers. */
export type NvmlAnswer =
  | { readonly gpus: readonly GpuReading[] }
  | { readonly failure: string }
  | { readonly absent: string }

function answer(line: NvmlAnswer): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The interface to foreign functions may be missing too, where it has no binary. */
async function open(path: string): Promise<NvmlDevices> {
  const { Nvml } = await import('./nvml-library.ts')
  return new NvmlDevices(new Nvml(path))
}

async function main(path: string): Promise<void> {
  process.on('SIGINT', () => {}).on('SIGTERM', () => {})
  let devices: NvmlDevices | undefined
  for await (const _look of createInterface({ input: process.stdin })) {
    try {
      devices ??= await open(path)
    } catch (error) {
      answer({ absent: textOf(error) })
      return
    }
    try {
      answer({ gpus: devices.read() })
    } catch (error) {
      answer({ failure: textOf(error) })
    }
  }
}

await main(process.argv[2] ?? '')
process.stdin.destroy()
