/**
 * The ways to learn of GPUs that this machine may have, in the order in which they are tried.
 */
import { AmdSmiProbe, RocmSmiProbe } from './amd.ts'
import { DcgmProbe } from './dcgm.ts'
import type { Sample } from './dcgm-reading.ts'
import { NvidiaSmiProbe } from './nvidia-smi.ts'
import { NvmlProbe } from './nvml.ts'
import type { GpuOptions } from './options.ts'
import { SystemGraphicsProbe } from './system-graphics.ts'
import type { GpuProbes } from './watch-gpus.ts'

/** @param parseExposition Reads the Prometheus text format; throws if it is too long. */
export function systemProbes(
  options: GpuOptions,
  parseExposition: (text: string) => readonly Sample[],
): GpuProbes {
  const { dcgmUrl, nvmlPath, nvidiaSmi, amdSmi, rocmSmi } = options
  const nvidia =
    dcgmUrl === null
      ? [new NvmlProbe(nvmlPath), new NvidiaSmiProbe(nvidiaSmi)]
      : [new DcgmProbe(dcgmUrl, parseExposition)]
  const amd = [new AmdSmiProbe(amdSmi), new RocmSmiProbe(rocmSmi)]
  return { chains: [nvidia, amd], lastResort: [new SystemGraphicsProbe()] }
}
