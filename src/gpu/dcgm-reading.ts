/**
 * What dcgm-exporter tells Prometheus of each GPU, as readings.
 *
 *     DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-…",modelName="…"[,GPU_I_ID="1",GPU_I_PROFILE="1g.10gb"]} 312
 *
 * Which fields there are is up to a file of its administrator; what is missing is not told. Of a GPU
 * that is cut into instances, each instance has lines of its own, and those of the whole GPU stand
 * there once for each instance. DCGM says that it does not know with very large numbers.
 *
 * Source: NVIDIA/dcgm-exporter 4.x, etc/default-counters.csv and
 * internal/pkg/rendermetrics/render_metrics.go; DCGM API, "Field Identifiers" and dcgm_structs.h
 * (DCGM_INT32_BLANK, the smallest of the blanks).
 */
import type { GpuReading, MigInstance } from '../node/gpu-source.ts'
import { throttleReasons } from './throttle-reasons.ts'

const MEBIBYTE = 1_048_576

/** 0x7ffffff0. */
const BLANK_MIN = 2_147_483_632

/** XID 79: the GPU has fallen off the bus. */
const XID_LOST = 79

/** Names that a field has had. */
const FIELDS = {
  usedMib: ['DCGM_FI_DEV_FB_USED'],
  freeMib: ['DCGM_FI_DEV_FB_FREE'],
  reservedMib: ['DCGM_FI_DEV_FB_RESERVED'],
  utilizationPercent: ['DCGM_FI_DEV_GPU_UTIL'],
  activeRatio: ['DCGM_FI_PROF_GR_ENGINE_ACTIVE'],
  memoryPercent: ['DCGM_FI_DEV_MEM_COPY_UTIL'],
  temperature: ['DCGM_FI_DEV_GPU_TEMP'],
  powerWatts: ['DCGM_FI_DEV_POWER_USAGE'],
  powerLimitWatts: ['DCGM_FI_DEV_ENFORCED_POWER_LIMIT', 'DCGM_FI_DEV_POWER_MGMT_LIMIT'],
  eccErrors: ['DCGM_FI_DEV_ECC_DBE_VOL_TOTAL'],
  retiring: ['DCGM_FI_DEV_RETIRED_PENDING'],
  remapping: ['DCGM_FI_DEV_ROW_REMAP_PENDING'],
  remapFailed: ['DCGM_FI_DEV_ROW_REMAP_FAILURE'],
  reasons: ['DCGM_FI_DEV_CLOCKS_EVENT_REASONS', 'DCGM_FI_DEV_CLOCK_THROTTLE_REASONS'],
  pcieGeneration: ['DCGM_FI_DEV_PCIE_LINK_GEN'],
  pcieWidth: ['DCGM_FI_DEV_PCIE_LINK_WIDTH'],
  xid: ['DCGM_FI_DEV_XID_ERRORS'],
} as const

type Field = keyof typeof FIELDS

/** One line, as whoever reads the text format gives it. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Sorted by index. */
export function readDcgm(samples: readonly Sample[]): readonly GpuReading[] {
  const known = samples.filter(({ name, value }) => name.startsWith('DCGM_') && value < BLANK_MIN)
  return [...grouped(known, 'gpu')]
    .filter(([index]) => /^\d{1,4}$/.test(index))
    .map(([index, own]) => readGpu(Number(index), own))
    .toSorted((a, b) => a.index - b.index)
}

function readGpu(index: number, samples: readonly Sample[]): GpuReading {
  const whole = samples.filter(({ labels }) => labels['GPU_I_ID'] === undefined)
  const parts = instancesOf(samples)
  // What is of the whole GPU, though it stands with an instance.
  const value = (field: Field) => firstOf(whole, field) ?? firstOf(samples, field)
  const label = (name: string) => samples.find(({ labels }) => labels[name])?.labels[name]
  const reading: GpuReading = {
    index,
    name: label('modelName') ?? 'NVIDIA GPU',
    uuid: label('UUID') ?? label('uuid'),
    driverVersion: label('DCGM_FI_DRIVER_VERSION'),
    ...(firstOf(whole, 'usedMib') === undefined ? sumOf(parts) : memoryOf(whole)),
    utilizationRatio: utilizationOf(samples),
    memoryUtilizationRatio: ratio(value('memoryPercent')),
    temperatureCelsius: value('temperature'),
    powerWatts: value('powerWatts'),
    powerLimitWatts: value('powerLimitWatts'),
    eccUncorrectableCount: value('eccErrors'),
    isRepairPending: (value('retiring') ?? 0) > 0 || (value('remapping') ?? 0) > 0,
    hasRepairFailed: (value('remapFailed') ?? 0) > 0,
    throttleReasons: throttleReasons(value('reasons') ?? 0),
    pcieGeneration: value('pcieGeneration'),
    pcieWidth: value('pcieWidth'),
    defect: value('xid') === XID_LOST ? 'lost' : undefined,
  }
  return parts.length === 0 ? reading : { ...reading, migInstances: parts }
}

function instancesOf(samples: readonly Sample[]): readonly MigInstance[] {
  return [...grouped(samples, 'GPU_I_ID')].map(([id, own]) => ({
    name: `${own[0]?.labels['GPU_I_PROFILE'] ?? 'instance'} (${id})`,
    ...memoryOf(own),
  }))
}

type Memory = Pick<GpuReading, 'vramTotalBytes' | 'vramUsedBytes'>

function memoryOf(samples: readonly Sample[]): Memory {
  const [usedMib = 0, freeMib = 0, reservedMib = 0] = (
    ['usedMib', 'freeMib', 'reservedMib'] as const
  ).map(field => firstOf(samples, field))
  return {
    vramTotalBytes: (usedMib + freeMib + reservedMib) * MEBIBYTE,
    vramUsedBytes: (usedMib + reservedMib) * MEBIBYTE,
  }
}

function sumOf(parts: readonly MigInstance[]): Memory {
  return parts.reduce(
    (sum, part) => ({
      vramTotalBytes: sum.vramTotalBytes + part.vramTotalBytes,
      vramUsedBytes: sum.vramUsedBytes + part.vramUsedBytes,
    }),
    { vramTotalBytes: 0, vramUsedBytes: 0 },
  )
}

/** Instances have the profiled share only, which is of each of them. */
function utilizationOf(samples: readonly Sample[]): number | undefined {
  const percent = firstOf(samples, 'utilizationPercent')
  if (percent !== undefined) return ratio(percent)
  const shares = samples.filter(({ name }) => name === FIELDS.activeRatio[0])
  if (shares.length === 0) return undefined
  return Math.min(1, Math.max(...shares.map(({ value }) => value)))
}

function firstOf(samples: readonly Sample[], field: Field): number | undefined {
  const names: readonly string[] = FIELDS[field]
  return samples.find(({ name, value }) => names.includes(name) && value >= 0)?.value
}

/** Those that have the label, by its value. */
function grouped(samples: readonly Sample[], label: string): ReadonlyMap<string, Sample[]> {
  const groups = new Map<string, Sample[]>()
  for (const sample of samples) {
    const value = sample.labels[label]
    if (value === undefined || value === '') continue
    const group = groups.get(value)
    if (group === undefined) groups.set(value, [sample])
    else group.push(sample)
  }
  return groups
}

const ratio = (percent: number | undefined) =>
  percent === undefined ? undefined : Math.min(1, percent / 100)
