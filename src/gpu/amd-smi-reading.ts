/**
 * What `amd-smi … --json` prints of each GPU, as readings.
 *
 * A list of GPUs in ROCm 6, an object with the list at `gpu_data` in ROCm 7. Numbers stand there
 * as such, or with their unit, or as `N/A`; of a card that does not have a sensor the whole group
 * may be `N/A`.
 *
 * Source: ROCm/amdsmi, docs/how-to/amdsmi-cli-tool.md and amdsmi_cli/amdsmi_commands.py (6.0 to
 * 7.1); outputs in henrygd/beszel#737 and nathaninline/ajean#39.
 */
import type { GpuReading } from '../node/gpu-source.ts'
import { amountOf, at, parseLoose, ratioOf, textOf } from './loose-json.ts'

/** Of `amd-smi list` and `amd-smi static`, by the index of the GPU: what stays. */
export type AmdFacts = ReadonlyMap<
  number,
  Pick<GpuReading, 'uuid' | 'driverVersion' | 'powerLimitWatts'> & { readonly name?: string }
>

const MEBIBYTE = 1_048_576

/** Of memory; `MB` are mebibytes there. */
const UNITS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1_024,
  mb: MEBIBYTE,
  gb: 1_024 * MEBIBYTE,
}

/** GT/s of one lane, from the first generation on. */
const PCIE_SPEEDS = [2.5, 5, 8, 16, 32, 64]

/** @throws SyntaxError. */
export function readAmdFacts(listText: string, staticText: string): AmdFacts {
  const uuids = new Map(gpusOf(listText).map(([index, gpu]) => [index, textOf(at(gpu, 'uuid'))]))
  return new Map(
    gpusOf(staticText).map(([index, gpu]) => {
      const name = textOf(at(gpu, 'asic', 'market_name'), at(gpu, 'board', 'product_name'))
      return [
        index,
        {
          uuid: uuids.get(index),
          driverVersion: textOf(at(gpu, 'driver', 'version'), at(gpu, 'driver', 'driver_version')),
          powerLimitWatts: amountOf(
            at(gpu, 'limit', 'ppt0', 'socket_power_limit'),
            at(gpu, 'limit', 'socket_power'),
            at(gpu, 'limit', 'power_cap'),
          ),
          ...(name !== undefined && { name }),
        },
      ]
    }),
  )
}

/**
 * @param text Of `amd-smi metric`.
 * @throws SyntaxError.
 */
export function readAmdSmi(text: string, facts: AmdFacts): readonly GpuReading[] {
  return gpusOf(text).map(([index, gpu]) => ({
    index,
    name: 'AMD GPU',
    ...facts.get(index),
    ...memoryOf(at(gpu, 'mem_usage')),
    utilizationRatio: ratioOf(at(gpu, 'usage', 'gfx_activity')),
    memoryUtilizationRatio: ratioOf(at(gpu, 'usage', 'umc_activity')),
    // The hottest place; the edge is an average.
    temperatureCelsius: amountOf(
      ...['hotspot', 'junction', 'edge'].map(place => at(gpu, 'temperature', place)),
    ),
    powerWatts: amountOf(
      at(gpu, 'power', 'socket_power'),
      at(gpu, 'power', 'average_socket_power'),
      at(gpu, 'power', 'current_socket_power'),
    ),
    eccUncorrectableCount: amountOf(
      at(gpu, 'ecc', 'total_uncorrectable_count'),
      at(gpu, 'ecc', 'total_uncorrectable'),
    ),
    throttleReasons: at(gpu, 'power', 'throttle_status') === 'THROTTLED' ? ['by the firmware'] : [],
    pcieGeneration: generationOf(amountOf(at(gpu, 'pcie', 'speed'))),
    pcieWidth: amountOf(at(gpu, 'pcie', 'width')),
  }))
}

function gpusOf(text: string): readonly (readonly [index: number, gpu: unknown])[] {
  const found = parseLoose(text)
  const list = Array.isArray(found) ? found : at(found, 'gpu_data')
  if (!Array.isArray(list)) throw new SyntaxError('expected a list of GPUs, found none')
  return list.flatMap((gpu: unknown) => {
    const index = at(gpu, 'gpu')
    return typeof index === 'number' && Number.isSafeInteger(index) ? [[index, gpu] as const] : []
  })
}

function memoryOf(usage: unknown): Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes'> {
  const vramTotalBytes = bytesOf(at(usage, 'total_vram'))
  return {
    vramTotalBytes,
    vramUsedBytes: Math.min(bytesOf(at(usage, 'used_vram')), vramTotalBytes),
  }
}

function bytesOf(amount: unknown): number {
  const unit = textOf(at(amount, 'unit'))?.toLowerCase() ?? 'mb'
  return Math.round((amountOf(amount) ?? 0) * (UNITS[unit] ?? MEBIBYTE))
}

function generationOf(speed: number | undefined): number | undefined {
  const place = speed === undefined ? -1 : PCIE_SPEEDS.indexOf(speed)
  return place === -1 ? undefined : place + 1
}
