/**
 * Whether a GPU may be used, judged from one reading and from what was judged before.
 *
 * A *fault* quarantines it, a *warning* is for people. A limit on something
 * that fluctuates holds until the value is clearly below it, so that a GPU at the limit does not
 * change its grade with every reading:
 *
 *     warned at > 80 °C ... until 75 °C        quarantined at > 90 °C ... until 85 °C
 *
 * How full the memory is counts for nothing here, unlike in the system that the limits come from:
 * an LLM server takes nearly all of it when it starts, for its KV cache, and is well. Whether there
 * is room for a request is for the scheduler to say, from the KV cache first.
 *
 * Both name the limit and not the value, so that they stay the same as long as they hold.
 *
 * Source: InferMesh, crates/mesh-adapter-gpu (temperature 80/90 °C, power 95 %, 10 ECC errors).
 * NVIDIA, "GPU Memory Error Management": rows to remap need a reset at the next occasion; a remap
 * that failed needs another board.
 */
import type { GpuDetail, GpuReading } from '../node/gpu-source.ts'
import type { GpuOptions } from './options.ts'

export type GradingOptions = Pick<
  GpuOptions,
  | 'temperatureWarnCelsius'
  | 'temperatureMaxCelsius'
  | 'temperatureReturnCelsius'
  | 'powerWarnRatio'
  | 'eccErrorsMax'
>

export type Grading = Pick<GpuDetail, 'grade' | 'faults' | 'warnings'>

/** How far below its limit the power must be for the warning to end, as a share of the limit. */
const POWER_RETURN_RATIO = 0.05

const DEFECTS = {
  lost: 'it has fallen off the bus; restart the machine',
  'needs-reset': 'it needs a reset',
  broken: 'its driver reports errors instead of values',
} as const

interface Limit {
  readonly value: number | undefined
  readonly above: number
  /** How far below it must come again. */
  readonly returnBelow: number
  readonly reason: string
}

/** @param before What the same GPU had at the reading before. `undefined`: none is known. */
export function gradeGpu(
  reading: GpuReading,
  options: GradingOptions,
  before?: Grading | undefined,
): Grading {
  const known = new Set([...(before?.faults ?? []), ...(before?.warnings ?? [])])
  const reasonsOf = (limits: readonly Limit[]) =>
    limits.filter(limit => isBeyond(limit, known.has(limit.reason))).map(({ reason }) => reason)
  const faults = [...defects(reading), ...reasonsOf(graveLimits(reading, options))]
  const warnings = [
    ...reasonsOf(slightLimits(reading, options)),
    ...(reading.isRepairPending === true ? ['bad memory waits for a reset to be set aside'] : []),
    ...reading.throttleReasons.map(reason => `throttled: ${reason}`),
  ]
  const slight = warnings.length > 0 ? 'warn' : 'ok'
  return { grade: faults.length > 0 ? 'quarantined' : slight, faults, warnings }
}

function defects({ defect, hasRepairFailed }: GpuReading): string[] {
  return [
    ...(defect === undefined ? [] : [DEFECTS[defect]]),
    ...(hasRepairFailed === true ? ['bad memory could not be set aside'] : []),
  ]
}

function graveLimits(reading: GpuReading, options: GradingOptions): Limit[] {
  const { temperatureMaxCelsius, temperatureReturnCelsius, eccErrorsMax } = options
  return [
    {
      value: reading.temperatureCelsius,
      above: temperatureMaxCelsius,
      returnBelow: temperatureReturnCelsius,
      reason: `hotter than ${temperatureMaxCelsius} °C`,
    },
    {
      value: reading.eccUncorrectableCount,
      above: eccErrorsMax,
      returnBelow: 0,
      reason: `more than ${eccErrorsMax} uncorrectable memory errors`,
    },
  ]
}

function slightLimits(reading: GpuReading, options: GradingOptions): Limit[] {
  const { temperatureWarnCelsius, temperatureReturnCelsius, powerWarnRatio } = options
  const { powerWatts, powerLimitWatts = 0 } = reading
  const powerRatio =
    powerWatts === undefined || powerLimitWatts === 0 ? undefined : powerWatts / powerLimitWatts
  return [
    {
      value: reading.temperatureCelsius,
      above: temperatureWarnCelsius,
      returnBelow: temperatureReturnCelsius,
      reason: `hotter than ${temperatureWarnCelsius} °C`,
    },
    {
      value: powerRatio,
      above: powerWarnRatio,
      returnBelow: POWER_RETURN_RATIO,
      reason: `more than ${Math.round(powerWarnRatio * 100)} % of its power limit`,
    },
    {
      value: reading.eccUncorrectableCount,
      above: 0,
      returnBelow: 0,
      reason: 'uncorrectable memory errors',
    },
  ]
}

/** A value that is not told is not beyond anything. */
function isBeyond({ value, above, returnBelow }: Limit, wasBeyond: boolean): boolean {
  return value !== undefined && value > (wasBeyond ? above - returnBelow : above)
}
