/**
 * What NVML says of each GPU, in the form that all readings have.
 *
 * What hardly ever changes is asked for at the first look and every `SLOW_EVERY` looks: a GPU with
 * eighteen links would else cost more calls for them than for all the rest. What is known of a GPU
 * stands in for it when it is lost, since then it does not even tell its name.
 *
 * Source: NVML API reference; nvml.h of CUDA 12 (NVIDIA/go-nvml, gen/nvml/nvml.h).
 */
import type { GpuReading, MigInstance } from '../node/gpu-source.ts'
import { DefectError, type Device, type Nvml } from './nvml-library.ts'
import { throttleReasons } from './throttle-reasons.ts'

const SLOW_EVERY = 15

/** More than any machine has, should a driver say so. */
const DEVICES_MAX = 64

/** NVML_TEMPERATURE_GPU. */
const DIE = 0

/** NVML_MEMORY_ERROR_TYPE_UNCORRECTED, NVML_VOLATILE_ECC. */
const ERRORS = [1, 0] as const

/** NVML_ERROR_INSUFFICIENT_SIZE. */
const INSUFFICIENT_SIZE = 7

/** NVML_NVLINK_MAX_LINKS. */
const LINKS_MAX = 18

/** More than a GPU can be cut into. */
const MIG_INSTANCES_MAX = 16

type Slow = Pick<
  GpuReading,
  | 'name'
  | 'uuid'
  | 'powerLimitWatts'
  | 'hasRepairFailed'
  | 'isRepairPending'
  | 'pcieGeneration'
  | 'pcieWidth'
  | 'nvlinkActiveCount'
>

const UNKNOWN: Slow = { name: 'NVIDIA GPU' }

export class NvmlDevices {
  readonly #nvml: Nvml
  readonly #driverVersion: string | undefined
  /** Index → what hardly changes of it. */
  readonly #slow = new Map<number, Slow>()
  #lookCount = 0

  /** @throws Error if NVML cannot work here: no driver, or one of another version. */
  constructor(nvml: Nvml) {
    const code = nvml.call('nvmlInit_v2')
    if (code !== 0) throw new Error(`nvmlInit returned ${code}`)
    this.#nvml = nvml
    this.#driverVersion = nvml.text('nvmlSystemGetDriverVersion')
  }

  read(): readonly GpuReading[] {
    const count = this.#nvml.number('nvmlDeviceGetCount_v2')
    if (count === undefined) throw new Error('NVML does not say how many GPUs there are')
    if (this.#lookCount % SLOW_EVERY === 0) this.#forgetSlow()
    this.#lookCount += 1
    const indexes = Array.from({ length: Math.min(count, DEVICES_MAX) }, (_, index) => index)
    return indexes.flatMap(index => this.#device(index) ?? [])
  }

  /** Names stay, for GPUs that no longer tell theirs. */
  #forgetSlow(): void {
    for (const [index, { name, uuid }] of this.#slow) this.#slow.set(index, { name, uuid })
  }

  /** `undefined`: it is not for us. */
  #device(index: number): GpuReading | undefined {
    const driver = { index, driverVersion: this.#driverVersion }
    try {
      const device = this.#nvml.device(index)
      if (device === undefined) return undefined
      return { ...driver, ...this.#slowOf(index, device), ...this.#fastOf(device) }
    } catch (error) {
      if (!(error instanceof DefectError)) throw error
      const known = this.#slow.get(index) ?? UNKNOWN
      return { ...driver, ...known, ...NOTHING, defect: error.defect }
    }
  }

  #slowOf(index: number, device: Device): Slow {
    const known = this.#slow.get(index)
    if (known !== undefined && 'nvlinkActiveCount' in known) return known
    const nvml = this.#nvml
    const [, , isPending, hasFailed] = nvml.each('nvmlDeviceGetRemappedRows', device, 4) ?? []
    const retiring = nvml.number('nvmlDeviceGetRetiredPagesPendingStatus', device)
    const limitMilliwatts = nvml.number('nvmlDeviceGetEnforcedPowerLimit', device)
    const slow: Slow = {
      name: nvml.text('nvmlDeviceGetName', device) ?? UNKNOWN.name,
      uuid: nvml.text('nvmlDeviceGetUUID', device),
      powerLimitWatts: thousandth(limitMilliwatts),
      isRepairPending: isPending === 1 || retiring === 1,
      hasRepairFailed: hasFailed === 1,
      pcieGeneration: nvml.number('nvmlDeviceGetCurrPcieLinkGeneration', device),
      pcieWidth: nvml.number('nvmlDeviceGetCurrPcieLinkWidth', device),
      nvlinkActiveCount: this.#activeLinks(device),
    }
    this.#slow.set(index, slow)
    return slow
  }

  #activeLinks(device: Device): number | undefined {
    const states: number[] = []
    for (let link = 0; link < LINKS_MAX; link += 1) {
      const state = this.#nvml.number('nvmlDeviceGetNvLinkState', device, link)
      // Links are numbered without gaps, so the rest is not there either.
      if (state === undefined) break
      states.push(state)
    }
    return states.length === 0 ? undefined : states.filter(state => state === 1).length
  }

  #fastOf(device: Device): Omit<GpuReading, 'index' | 'name'> {
    const nvml = this.#nvml
    const rates = nvml.numbers('nvmlDeviceGetUtilizationRates', device, { count: 2, byteCount: 4 })
    return {
      ...this.#memory(device),
      utilizationRatio: ratio(rates?.[0]),
      memoryUtilizationRatio: ratio(rates?.[1]),
      temperatureCelsius: nvml.number('nvmlDeviceGetTemperature', device, DIE),
      powerWatts: thousandth(nvml.number('nvmlDeviceGetPowerUsage', device)),
      eccUncorrectableCount: nvml.number('nvmlDeviceGetTotalEccErrors', device, ...ERRORS),
      throttleReasons: throttleReasons(
        nvml.number('nvmlDeviceGetCurrentClocksEventReasons', device) ??
          nvml.number('nvmlDeviceGetCurrentClocksThrottleReasons', device) ??
          0,
      ),
      migInstances: this.#migInstances(device),
      mpsProcessCount: this.#mpsProcesses(device),
    }
  }

  #memory(device: Device): Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes'> {
    // nvmlMemory_t: total, free, used.
    const three = { count: 3, byteCount: 8 } as const
    const [totalBytes = 0, , usedBytes = 0] =
      this.#nvml.numbers('nvmlDeviceGetMemoryInfo', device, three) ?? []
    return { vramTotalBytes: totalBytes, vramUsedBytes: Math.min(usedBytes, totalBytes) }
  }

  #migInstances(device: Device): readonly MigInstance[] | undefined {
    const nvml = this.#nvml
    const [isEnabled = 0] = nvml.each('nvmlDeviceGetMigMode', device, 2) ?? []
    if (isEnabled !== 1) return undefined
    const max = nvml.number('nvmlDeviceGetMaxMigDeviceCount', device) ?? 0
    const places = Array.from({ length: Math.min(max, MIG_INSTANCES_MAX) }, (_, place) => place)
    return places.flatMap(place => {
      const part = nvml.instance(device, place)
      if (part === undefined) return []
      const name = nvml.text('nvmlDeviceGetName', part) ?? `instance ${place}`
      return [{ name, uuid: nvml.text('nvmlDeviceGetUUID', part), ...this.#memory(part) }]
    })
  }

  /** The call says how many there are if it is given no room for them. */
  #mpsProcesses(device: Device): number | undefined {
    const count = Buffer.alloc(4)
    const list = 'nvmlDeviceGetMPSComputeRunningProcesses_v3'
    const code = this.#nvml.call(list, device, count, null)
    return code === 0 || code === INSUFFICIENT_SIZE ? count.readUInt32LE() : undefined
  }
}

const NOTHING = { vramTotalBytes: 0, vramUsedBytes: 0, throttleReasons: [] } as const

const ratio = (percent: number | undefined) =>
  percent === undefined ? undefined : Math.min(1, percent / 100)

const thousandth = (value: number | undefined) => (value === undefined ? undefined : value / 1_000)
