/**
 * NVIDIA's management library (NVML), called through a foreign-function interface.
 *
 * A function that the driver does not have yet, or no longer has, is as one that the GPU does not
 * support. Every call may block for as long as the driver likes, and may never come back: only the
 * process of `nvml-program.ts` makes any.
 *
 * Source: nvml.h of CUDA 12 (NVIDIA/go-nvml, gen/nvml/nvml.h); NVML API reference.
 */
import koffi, { type LibraryHandle } from 'koffi'
import type { GpuReading } from '../node/gpu-source.ts'

/** nvmlReturn_t. */
const SUCCESS = 0
const NO_PERMISSION = 4
const FUNCTION_NOT_FOUND = 13
const GPU_IS_LOST = 15
const RESET_REQUIRED = 16

/** NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE. */
const TEXT_BYTES = 96

/** Handles, and everything that is written to. */
const POINTER = 'void *'
/** Also the enumerations. */
const NUMBER = 'uint32'

/** Parameters. All return an nvmlReturn_t. */
const FUNCTIONS = {
  nvmlInit_v2: [],
  nvmlSystemGetDriverVersion: [POINTER, NUMBER],
  nvmlDeviceGetCount_v2: [POINTER],
  nvmlDeviceGetHandleByIndex_v2: [NUMBER, POINTER],
  nvmlDeviceGetName: [POINTER, POINTER, NUMBER],
  nvmlDeviceGetUUID: [POINTER, POINTER, NUMBER],
  nvmlDeviceGetMemoryInfo: [POINTER, POINTER],
  nvmlDeviceGetUtilizationRates: [POINTER, POINTER],
  nvmlDeviceGetTemperature: [POINTER, NUMBER, POINTER],
  nvmlDeviceGetPowerUsage: [POINTER, POINTER],
  nvmlDeviceGetEnforcedPowerLimit: [POINTER, POINTER],
  nvmlDeviceGetTotalEccErrors: [POINTER, NUMBER, NUMBER, POINTER],
  nvmlDeviceGetRetiredPagesPendingStatus: [POINTER, POINTER],
  nvmlDeviceGetRemappedRows: [POINTER, POINTER, POINTER, POINTER, POINTER],
  // Named so since driver 535; before it, as the next.
  nvmlDeviceGetCurrentClocksEventReasons: [POINTER, POINTER],
  nvmlDeviceGetCurrentClocksThrottleReasons: [POINTER, POINTER],
  nvmlDeviceGetMPSComputeRunningProcesses_v3: [POINTER, POINTER, POINTER],
  nvmlDeviceGetMaxMigDeviceCount: [POINTER, POINTER],
  nvmlDeviceGetMigMode: [POINTER, POINTER, POINTER],
  nvmlDeviceGetMigDeviceHandleByIndex: [POINTER, NUMBER, POINTER],
  nvmlDeviceGetCurrPcieLinkGeneration: [POINTER, POINTER],
  nvmlDeviceGetCurrPcieLinkWidth: [POINTER, POINTER],
  nvmlDeviceGetNvLinkState: [POINTER, NUMBER, POINTER],
} as const

export type NvmlFunction = keyof typeof FUNCTIONS

type Argument = bigint | number | Buffer | null

type Foreign = (...args: readonly Argument[]) => number

/** nvmlDevice_t. */
export type Device = bigint

type Defect = NonNullable<GpuReading['defect']>

/** A call said that the GPU itself is at fault. */
export class DefectError extends Error {
  override readonly name = 'DefectError'
  readonly defect: Defect

  constructor(defect: Defect) {
    super(`the driver says of a GPU: ${defect}`)
    this.defect = defect
  }
}

export class Nvml {
  readonly #functions: ReadonlyMap<NvmlFunction, Foreign>

  /**
   * @param path As the system's loader takes it.
   * @throws Error if there is no such library.
   */
  constructor(path: string) {
    const library = koffi.load(path)
    const names = Object.keys(FUNCTIONS) as readonly NvmlFunction[]
    this.#functions = new Map(
      names.flatMap(name => {
        const found = bind(library, name)
        return found === undefined ? [] : [[name, found]]
      }),
    )
  }

  /** @returns nvmlReturn_t. @throws DefectError. */
  call(name: NvmlFunction, ...args: readonly Argument[]): number {
    const code = this.#functions.get(name)?.(...args) ?? FUNCTION_NOT_FOUND
    if (code === GPU_IS_LOST) throw new DefectError('lost')
    if (code === RESET_REQUIRED) throw new DefectError('needs-reset')
    return code
  }

  /** A number that a call leaves at its last parameter. `undefined`: it is not told. */
  number(name: NvmlFunction, ...args: readonly Argument[]): number | undefined {
    const out = Buffer.alloc(8)
    return this.call(name, ...args, out) === SUCCESS ? Number(out.readBigUInt64LE()) : undefined
  }

  /** Several numbers that it leaves there side by side, `byteCount` each. */
  numbers(
    name: NvmlFunction,
    device: Device,
    { count, byteCount }: { readonly count: number; readonly byteCount: 4 | 8 },
  ): readonly number[] | undefined {
    const out = Buffer.alloc(count * byteCount)
    if (this.call(name, device, out) !== SUCCESS) return undefined
    return Array.from({ length: count }, (_, place) =>
      byteCount === 4 ? out.readUInt32LE(place * 4) : Number(out.readBigUInt64LE(place * 8)),
    )
  }

  /** Several numbers, each at a parameter of its own. */
  each(name: NvmlFunction, device: Device, count: number): readonly number[] | undefined {
    const outs = Array.from({ length: count }, () => Buffer.alloc(4))
    if (this.call(name, device, ...outs) !== SUCCESS) return undefined
    return outs.map(out => out.readUInt32LE())
  }

  text(name: NvmlFunction, ...args: readonly Argument[]): string | undefined {
    const out = Buffer.alloc(TEXT_BYTES)
    if (this.call(name, ...args, out, TEXT_BYTES) !== SUCCESS) return undefined
    const end = out.indexOf(0)
    return out.toString('utf8', 0, end === -1 ? TEXT_BYTES : end)
  }

  /**
   * `undefined`: it is not for this process, as in a container that has some of the GPUs only.
   *
   * @throws DefectError also if it cannot be had for another reason.
   */
  device(index: number): Device | undefined {
    const out = Buffer.alloc(8)
    const code = this.call('nvmlDeviceGetHandleByIndex_v2', index, out)
    if (code === NO_PERMISSION) return undefined
    if (code !== SUCCESS) throw new DefectError('broken')
    return out.readBigUInt64LE()
  }

  /** `undefined`: there is no instance at that place. */
  instance(device: Device, place: number): Device | undefined {
    const out = Buffer.alloc(8)
    const code = this.call('nvmlDeviceGetMigDeviceHandleByIndex', device, place, out)
    return code === SUCCESS ? out.readBigUInt64LE() : undefined
  }
}

/** `undefined`: this driver does not have it. */
function bind(library: LibraryHandle, name: NvmlFunction): Foreign | undefined {
  try {
    return library.func(name, 'int', [...FUNCTIONS[name]])
  } catch {
    // koffi throws for a symbol that is not there, and drivers of other years lack some.
    return undefined
  }
}
